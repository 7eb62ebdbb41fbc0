"""Search over HTTP: JSON, JSON-LD, and a page that needs no script."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from entente.core.terms import BASE, SCHEMA
from tests.web.site import Site

FACTORY = BASE + "id/facility/brasov-drone-factory"
HTML = {"Accept": "text/html"}


def found(site: Site, q: str, **fields: str) -> dict[str, Any]:
    search = urlencode({"q": q, **fields}, quote_via=quote)
    reply = site.ask(f"/api/search?{search}")
    assert (reply.status, reply.type) == (200, "application/json")
    answer: dict[str, Any] = json.loads(reply.body)
    return answer


def test_a_thing_is_found_by_a_misspelt_name(site: Site) -> None:
    answer = found(site, "Brașow drone")
    (result,) = [each for each in answer["results"] if each["id"] == FACTORY]
    assert answer["revision"] == site.service.revision
    assert answer["totalIs"] == "exact"
    assert (result["kind"], result["match"], result["page"]) == (
        "thing",
        "fuzzy",
        "/id/facility/brasov-drone-factory",
    )
    assert [each["label"] for each in result["types"]] == ["Factory"]
    text = result["matched"]["text"]
    assert "Brasov" in [text[start:end] for start, end in result["matched"]["highlights"]]


def test_results_come_in_pages(site: Site) -> None:
    whole = found(site, "a", limit="100")["results"]
    assert len(whole) > 2
    parts = [found(site, "a", limit="1", offset=str(i))["results"][0] for i in range(2)]
    assert whole[:2] == parts


@pytest.mark.parametrize(
    "search",
    [
        "",
        "q=",
        "q=a&limit=101",
        "q=a&limit=-1",
        "q=a&offset=100000",
        "q=a&kind=thin",
        "q=a&type=nothing",
        "q=a&lang=x+y",
        "q=a&q=b",
        "q=" + "a" * 301,
        "q=a&asOf=today",
    ],
)
def test_a_malformed_parameter_is_named(site: Site, search: str) -> None:
    reply = site.ask(f"/api/search?{search}")
    assert (reply.status, reply.type) == (400, "application/problem+json")


def test_json_ld_is_a_list_of_schema_org(site: Site) -> None:
    reply = site.ask("/api/search?q=brasov", headers={"Accept": "application/ld+json"})
    assert reply.type == "application/ld+json"
    triples = {
        (quad.subject, quad.predicate.value, quad.object)
        for quad in ox.parse(reply.body, format=ox.RdfFormat.JSON_LD)
    }
    items = {o.value for _, p, o in triples if p == SCHEMA + "item" and hasattr(o, "value")}
    assert FACTORY in items
    name = ox.Literal("Drone factory in Brasov", language="en")
    assert (ox.NamedNode(FACTORY), SCHEMA + "name", name) in triples


def test_other_formats_are_not_acceptable(site: Site) -> None:
    assert site.ask("/api/search?q=a", headers={"Accept": "text/turtle"}).status == 406
    assert site.ask("/api/search?q=a&format=xml").status == 406


def test_an_unchanged_answer_is_304(site: Site) -> None:
    reply = site.ask("/api/search?q=brasov")
    again = site.ask("/api/search?q=brasov", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status == 304


def test_suggestions_are_few_and_quick_to_read(site: Site) -> None:
    reply = site.ask("/api/suggest?q=dro&limit=1")
    (suggestion,) = json.loads(reply.body)["suggestions"]
    assert suggestion["id"] == FACTORY
    assert set(suggestion) == {"id", "label", "language", "kind", "types", "matched", "page"}
    assert json.loads(site.ask("/api/suggest").body)["suggestions"] == []


def test_search_as_of_a_day_knows_what_was_known_then(site: Site) -> None:
    before = found(site, "drone factory", asOf="1999-01-01")
    assert before["asOf"] == "1999-01-01"
    assert FACTORY not in [each["id"] for each in before["results"]]


def test_the_page_shows_results_and_claims_without_a_script(site: Site) -> None:
    reply = site.ask("/search?q=brasov", headers=HTML)
    assert (reply.status, reply.type) == (200, "text/html")
    assert '<a href="/id/facility/brasov-drone-factory"' in reply.text
    assert "<mark>Brasov</mark>" in reply.text
    assert "<h2>Claims</h2>" in reply.text


def test_what_is_typed_is_text(site: Site) -> None:
    reply = site.ask("/search?q=" + quote('"><script>alert(1)</script>'), headers=HTML)
    assert reply.status == 200
    assert "<script>alert" not in reply.text


def test_every_page_has_the_box_and_may_run_its_script_only(site: Site) -> None:
    reply = site.ask("/agreements", headers=HTML)
    assert '<form class="search" role="search" action="/search" method="get">' in reply.text
    policy = reply.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy
    assert "script-src" not in site.ask("/api/search?q=a").headers["Content-Security-Policy"]
    script = site.ask("/static/search.js")
    assert (script.status, script.type) == (200, "text/javascript")
