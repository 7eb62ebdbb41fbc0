"""Pages, documents and dumps as of a day, and the headers of Memento (RFC 7089)."""

import re
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from entente.core.terms import GRAPH_ARTICLE, GRAPH_CURRENT, GRAPH_META
from tests.web.site import Reply, Site

HTML = {"Accept": "text/html"}
DAY = "2025-07-31"
LAST_SECOND = "Thu, 31 Jul 2025 23:59:59 GMT"
FACTORY = "facility/brasov-drone-factory"
LATER = "article/undated-norway-drone-line"
LATER_CLAIM = "claim/undated-norway-018"


def quads_of(reply: Reply) -> set[str]:
    assert reply.status == 200
    return {str(quad) for quad in ox.parse(reply.body, format=ox.RdfFormat.N_QUADS)}


def links_of(reply: Reply) -> str:
    return ", ".join(reply.headers.get_all("Link") or [])


def test_a_page_tells_its_day_and_the_way_back(real: Site) -> None:
    reply = real.ask(f"/page/{FACTORY}?asOf={DAY}", headers=HTML)
    assert "As reported by" in reply.text
    assert "31 July 2025" in reply.text
    assert f'<a href="/page/{FACTORY}">' in reply.text
    assert f'<link rel="canonical" href="/page/{FACTORY}">' in reply.text
    assert "As reported by" not in real.ask(f"/page/{FACTORY}", headers=HTML).text


@pytest.mark.parametrize("path", ["/", "/agreements", "/graph/", f"/page/{FACTORY}", "/vocab/"])
def test_a_page_of_a_day_leads_to_pages_of_that_day(real: Site, path: str) -> None:
    text = real.ask(f"{path}?asOf={DAY}", headers=HTML).text
    main = text.partition('<main id="content">')[2].partition("</main>")[0]
    links = set(re.findall(r'href="(/[^"]*)"', main)) - {"/api", "/frames/", "/context.jsonld"}
    assert links
    assert [link for link in links if f"asOf={DAY}" not in link] == []
    assert "asOf" not in real.ask(path, headers=HTML).text


def test_what_was_not_known_yet_is_not_found(real: Site) -> None:
    assert real.ask(f"/{LATER_CLAIM}", headers=HTML).status == 200
    reply = real.ask(f"/{LATER_CLAIM}?asOf={DAY}", headers=HTML)
    assert reply.status == 404
    assert DAY in reply.text


def test_a_query_is_asked_as_of_the_day_of_its_page(real: Site) -> None:
    page = real.ask(f"/sparql?asOf={DAY}", headers=HTML).text
    assert "31 July 2025" in page
    assert f'<input type="hidden" name="asOf" value="{DAY}">' in page
    answer = real.query("SELECT * { ?s ?p ?o } LIMIT 1", format="html", asOf=DAY).text
    download = re.findall(r'<a href="(/sparql[^"]*)" rel="nofollow">', answer)
    assert download
    assert all(f"asOf={DAY}" in link for link in download)


def test_a_list_has_what_was_known(real: Site) -> None:
    then, now = (
        real.ask(path, headers=HTML).text for path in (f"/articles?asOf={DAY}", "/articles")
    )
    assert LATER in now
    assert LATER not in then


@pytest.mark.parametrize("extension", ["ttl", "nt", "jsonld", "rdf", "trig", "nq", "html"])
def test_a_document_of_a_day_is_a_memento(real: Site, extension: str) -> None:
    path = f"/id/{FACTORY}.{extension}"
    now, then = real.ask(path), real.ask(f"{path}?asOf={DAY}")
    assert (now.status, then.status) == (200, 200)
    assert then.headers["Memento-Datetime"] == LAST_SECOND
    assert now.headers["Memento-Datetime"] is None
    assert f'<{real.url}{path}>; rel="original timegate"' in links_of(then)
    for reply in (now, then):
        assert links_of(reply).count('rel="timemap"') == 1
        assert links_of(reply).count('rel="original timegate"') == 1
    assert then.headers["Content-Location"].endswith(f"asOf={DAY}")
    assert "immutable" in then.headers["Cache-Control"]
    assert "immutable" not in now.headers["Cache-Control"]
    assert now.headers["ETag"] != then.headers["ETag"]
    again = real.ask(f"{path}?asOf={DAY}", headers={"If-None-Match": then.headers["ETag"]})
    assert (again.status, again.headers["Memento-Datetime"]) == (304, LAST_SECOND)


def test_a_day_in_the_header_is_negotiated(real: Site) -> None:
    wish = {"Accept": "text/turtle", "Accept-Datetime": "Thu, 31 Jul 2025 12:00:00 GMT"}
    thing = real.ask(f"/id/{FACTORY}", headers=wish)
    assert (thing.status, thing.headers["Location"]) == (303, f"/data/{FACTORY}.ttl?asOf={DAY}")
    document = real.ask("/vocab/modality", headers=wish)
    assert document.headers["Memento-Datetime"] == LAST_SECOND
    assert document.headers["Content-Location"] == f"/vocab/modality.ttl?asOf={DAY}"
    assert "Accept-Datetime" in document.headers["Vary"]
    assert "immutable" not in document.headers["Cache-Control"]


def test_what_may_differ_the_next_time_is_not_kept_for_ever(real: Site) -> None:
    for query, lasts in (("ASK {}", True), ("SELECT (NOW() AS ?now) {}", False)):
        cached = real.query(query, asOf=DAY).headers["Cache-Control"]
        assert ("immutable" in cached) is lasts


def test_a_day_that_is_none_is_refused(real: Site) -> None:
    assert real.ask(f"/page/{FACTORY}?asOf=yesterday").status == 400


def test_today_is_not_kept_for_ever(real: Site) -> None:
    reply = real.ask("/articles?asOf=2999-01-01", headers=HTML)
    assert "immutable" not in reply.headers["Cache-Control"]
    assert LATER in reply.text


def test_a_document_of_a_day_says_what_the_endpoint_says_of_it(real: Site) -> None:
    """The facts of the thing itself, asked by SPARQL as of the same day."""
    iri = f"https://w3id.org/entente/id/{FACTORY}"
    document = real.ask(f"/id/{FACTORY}.nt?asOf={DAY}")
    found = {line for line in document.text.splitlines() if line.startswith(f"<{iri}> ")}
    query = f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"
    asked = real.query(query, accept="application/n-triples", asOf=DAY)
    assert found == set(asked.text.splitlines())
    assert found


@pytest.mark.parametrize(
    "address", ["/graph/current.nt", f"/graphs?graph={quote(GRAPH_CURRENT)}&format=nt"]
)
def test_a_graph_of_a_day_holds_what_was_known(real: Site, address: str) -> None:
    mark = "&" if "?" in address else "?"
    now, then = real.ask(address), real.ask(f"{address}{mark}asOf={DAY}")
    assert 0 < len(then.text.splitlines()) < len(now.text.splitlines())
    assert then.headers["Memento-Datetime"] == LAST_SECOND


def test_the_dump_is_the_dataset(real: Site, dataset_path: Path) -> None:
    reply = real.ask("/dataset.nq")
    served, built = reply.body.splitlines(), dataset_path.read_bytes().splitlines()
    assert len(served) == len(built)
    assert {one for one in served if b"_:" not in one} == {one for one in built if b"_:" not in one}
    assert 'filename="entente.nq"' in reply.headers["Content-Disposition"]


def test_the_dump_as_trig_holds_the_same_quads(real: Site) -> None:
    reply = real.ask("/dataset.trig")
    found = {str(quad) for quad in ox.parse(reply.body, format=ox.RdfFormat.TRIG)}
    plain = {line for line in quads_of(real.ask("/dataset.nq")) if "_:" not in line}
    assert {line for line in found if "_:" not in line} == plain


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld"])
def test_the_dump_without_graphs_is_the_union(real: Site, extension: str) -> None:
    reply = real.ask(f"/dataset.{extension}")
    assert reply.status == 200
    assert len(reply.body) > 100_000
    head = real.ask(f"/dataset.{extension}", method="HEAD")
    assert (head.status, head.body, head.type) == (200, b"", reply.type)


def test_the_dump_of_a_day_knows_no_later_article(real: Site) -> None:
    then = quads_of(real.ask(f"/dataset.nq?asOf={DAY}"))
    graphs = {line.rpartition("<")[2].strip(" >.") for line in then}
    assert f"{GRAPH_ARTICLE}2025-06-27-unn-defence-city" in graphs
    assert not any("undated-norway" in graph or "kyivindependent" in graph for graph in graphs)
    assert GRAPH_META not in graphs


def test_an_unknown_suffix_of_the_dump_is_404(real: Site) -> None:
    assert real.ask("/dataset.docx").status == 404


@pytest.mark.parametrize("path", [f"/id/{FACTORY}.ttl", f"/{LATER}", "/agreements"])
def test_every_memento_of_a_time_map_answers(real: Site, path: str) -> None:
    reply = real.ask(f"/api/timemap?uri={quote(real.url + path, safe='')}")
    assert (reply.status, reply.type) == (200, "application/link-format")
    mementos = re.findall(r"<([^>]*)>;rel=\"[^\"]*memento\"", reply.text)
    assert mementos
    for memento in mementos:
        answer = real.ask(memento.removeprefix(real.url), headers=HTML)
        assert answer.status in (200, 303), memento
        assert answer.headers["Memento-Datetime"]
