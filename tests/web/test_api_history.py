"""The API about time over the real graph: a real server, real readers, a real explainer."""

import os
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from entente.core.terms import ART, ENT, ID
from entente.logic.explanation import Evidence
from entente.store.patches import read_patch
from tests.web.site import Reply, Site

JULY_TO_OCTOBER = {"from": "2025-07-18", "to": "2025-10-01"}


def get(site: Site, path: str, fields: dict[str, str], accept: str = "*/*") -> Reply:
    return site.ask(f"/api/{path}?{urlencode(fields)}", headers={"Accept": accept})


def test_changes_name_the_articles_and_facts_that_came(graph: Site) -> None:
    fields = get(graph, "changes", JULY_TO_OCTOBER).fields()
    assert fields["articles"] == [ART + "2025-10-01-kyivindependent-romania-joint-drones"]
    facts = fields["facts"]
    assert isinstance(facts, list)
    minister = {fact["text"]: fact["change"] for fact in facts if "current holder" in fact["text"]}
    assert minister["Defence Minister of Ukraine current holder Denys Shmyhal"] == "new"
    assert minister["Defence Minister of Ukraine current holder Rustem Umerov"] == "gone"


def test_changes_are_told_in_plain_words(graph: Site) -> None:
    reply = get(graph, "changes", JULY_TO_OCTOBER, "text/plain")
    assert reply.type == "text/plain"
    assert "+ Defence Minister of Ukraine current holder Denys Shmyhal" in reply.text.split("\n")


def test_the_patch_leads_from_the_graph_of_one_day_to_that_of_the_other(
    graph: Site, dataset_path: Path
) -> None:
    reply = get(graph, "changes", {**JULY_TO_OCTOBER, "format": "patch"})
    assert (reply.status, reply.type) == (200, "application/rdf-patch")
    patch = read_patch(reply.body)
    quads = list(ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS))
    before, after = (
        Evidence(quads, as_of=date.fromisoformat(JULY_TO_OCTOBER[end])).dataset()
        for end in ("from", "to")
    )
    assert patch.removed <= before
    assert (before - patch.removed) | patch.added == after


DAYS = ("2025-06-04", "2025-06-05", "2025-06-27", "2025-07-18", "2025-10-01", "2025-11-30")
ALL_PAIRS = tuple(combinations(DAYS, 2))
PAIRS = ALL_PAIRS if os.environ.get("ENTENTE_LONG") else (*pairwise(DAYS), (DAYS[0], DAYS[-1]))


@cache
def state_of(graph: Site, day: str) -> frozenset[ox.Quad]:
    """Give the whole dataset as the server dumps it as of a day.

    Blank nodes, which no day changes, have other names in each dump: of the quads that name one
    only the number counts.
    """
    reply = graph.ask(f"/dataset.nq?asOf={day}", seconds=60)
    assert reply.status == 200, reply.text
    quads = list(ox.parse(reply.body, format=ox.RdfFormat.N_QUADS))
    named = frozenset(quad for quad in quads if not has_blank(quad))
    count = ox.Literal(len(quads) - len(named))
    number = ox.NamedNode("urn:test:blank")
    return named | {ox.Quad(number, number, count, number)}


def has_blank(quad: ox.Quad) -> bool:
    return any(isinstance(term, ox.BlankNode) for term in (quad.subject, quad.object))


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_a_patch_turns_the_state_of_one_day_into_that_of_another(
    graph: Site, start: str, end: str
) -> None:
    reply = get(graph, "changes", {"from": start, "to": end}, "application/rdf-patch")
    assert (reply.status, reply.type) == (200, "application/rdf-patch")
    patch = read_patch(reply.body)
    before, after = state_of(graph, start), state_of(graph, end)
    assert (before - patch.removed) | patch.added == after
    assert patch.removed <= before
    assert patch.added & before == frozenset()
    assert patch
    assert not any(map(has_blank, patch.added | patch.removed))


def test_between_a_day_and_itself_nothing_changes(graph: Site) -> None:
    fields = get(graph, "changes", {"from": "2025-07-18", "to": "2025-07-18"}).fields()
    assert (fields["articles"], fields["facts"]) == ([], [])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"from": "2025-07-18"},
        {"from": "2025-10-01", "to": "2025-07-18"},
        {"from": "July", "to": "October"},
    ],
)
def test_changes_need_two_days_in_order(graph: Site, fields: dict[str, str]) -> None:
    reply = get(graph, "changes", fields)
    assert (reply.status, reply.type) == (400, "application/problem+json")


def test_the_time_map_lists_a_memento_for_each_day_of_reports(graph: Site) -> None:
    original = f"{graph.url}/api/totals?funder=id%3Acountry%2Fnorway"
    reply = get(graph, "timemap", {"uri": original})
    assert (reply.status, reply.type) == (200, "application/link-format")
    links = reply.text.split(",\n")
    assert links[0] == f'<{original}>;rel="original timegate"'
    mementos = [link for link in links if "memento" in link]
    assert len(mementos) == 5
    assert 'rel="first memento";datetime="Thu, 05 Jun 2025 23:59:59 GMT"' in mementos[0]
    address = mementos[0][1:].partition(">")[0]
    found = graph.ask(address.removeprefix(graph.url))
    assert found.headers["Memento-Datetime"] == "Thu, 05 Jun 2025 23:59:59 GMT"


def test_the_time_map_is_linked_from_what_it_is_about(graph: Site) -> None:
    reply = get(graph, "totals", {"asOf": "2025-07-31"})
    (link,) = [one for one in reply.headers.get_all("Link") or [] if 'rel="timemap"' in one]
    address = link[1:].partition(">")[0].removeprefix(graph.url)
    assert graph.ask(address).type == "application/link-format"


def test_there_is_no_time_map_of_other_hosts(graph: Site) -> None:
    assert get(graph, "timemap", {"uri": "http://example.org/"}).status == 400


def test_claims_of_a_day_are_those_reported_by_then(graph: Site) -> None:
    fields = {
        "subject": ID + "post/defence-minister-of-ukraine",
        "predicate": ENT + "currentHolder",
        "asOf": "2025-06-27",
    }
    claims = get(graph, "claims", fields).fields()["claims"]
    assert isinstance(claims, list)
    assert {claim["object"] for claim in claims} == {ID + "person/rustem-umerov"}


@pytest.mark.parametrize("day", ["2025-06-27", "2025-06-30", "2025-07-18", "2025-07-31"])
def test_the_endpoint_answers_questions_as_of_a_day(
    graph: Site, root: Path, dataset_path: Path, day: str
) -> None:
    """CQ25 to CQ29, against a store of what `test_proof_known` holds to the articles up to then."""
    quads = list(ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS))
    store = ox.Store()
    known = Evidence(quads, as_of=date.fromisoformat(day)).dataset()
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in known)
    for name in ("cq25", "cq26", "cq27", "cq28", "cq29"):
        query = (root / "queries" / "questions" / f"{name}.rq").read_text("utf-8")
        reply = graph.query(query, accept="application/n-triples,text/csv", asOf=day)
        assert reply.status == 200, reply.text
        expected = store.query(query)
        assert isinstance(expected, ox.QuerySolutions)
        content = expected.serialize(format=ox.QueryResultsFormat.CSV)
        assert content is not None
        assert reply.text == content.decode()


def test_an_answer_as_of_a_day_is_a_memento_with_a_tag_of_its_own(graph: Site) -> None:
    query = f"ASK {{ <{ID}facility/brasov-drone-factory> ?p ?o }}"
    now, then = graph.query(query), graph.query(query, asOf="2025-06-30")
    assert (now.fields()["boolean"], then.fields()["boolean"]) == (True, False)
    assert now.headers["ETag"] != then.headers["ETag"]
    assert "Memento-Datetime" not in now.headers
    assert then.headers["Memento-Datetime"] == "Mon, 30 Jun 2025 23:59:59 GMT"
    search = urlencode({"query": query})
    wish = {"Accept-Datetime": "Mon, 30 Jun 2025 08:00:00 GMT"}
    wished = graph.ask(f"/sparql?{search}", headers=wish)
    assert wished.fields()["boolean"] is False
    assert wished.headers["Content-Location"].endswith("asOf=2025-06-30")
    again = {"If-None-Match": then.headers["ETag"]}
    known = graph.ask(f"/sparql?{search}&asOf=2025-06-30", headers=again)
    assert known.status == 304


def test_a_form_may_name_the_day_too(graph: Site) -> None:
    query = f"ASK {{ <{ID}facility/brasov-drone-factory> ?p ?o }}"
    reply = graph.ask(
        "/sparql",
        method="POST",
        body=urlencode({"query": query, "asOf": "2025-06-30"}).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert reply.fields()["boolean"] is False


@pytest.mark.parametrize("day", ["soon", "2025-02-30", "30.06.2025"])
def test_a_day_that_is_none_is_refused(graph: Site, day: str) -> None:
    reply = graph.query("ASK { ?s ?p ?o }", asOf=day)
    assert (reply.status, reply.type) == (400, "application/problem+json")
