"""What was withdrawn or merged answers in every format, and says who did it, when and why.

The present data have no such case, so a real build of them is made with some.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from entente.build.pipeline import build
from entente.core.manifest import read_manifest
from entente.core.settings import read_settings
from entente.core.terms import CLAIM, DCTERMS, ID, PROV
from tests.protocol.writable import Writable, run_writable
from tests.web.site import FORMATS, HTML, Site, run_site

RETRACTED = "claim/2025-06-27-unn-061"
SUCCESSOR = "claim/2025-06-27-unn-062"
CASES = """
@base <https://w3id.org/entente/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<graph/curation> {
    <claim/2025-06-27-unn-061>
        prov:wasInvalidatedBy <id/activity/2026-11-22-review> .

    <claim/2025-06-27-unn-062>
        ent:supersedes <claim/2025-06-27-unn-061> .

    <id/activity/2026-11-22-review>
        a prov:Activity ;
        skos:prefLabel "Review of November 2026"@en ;
        dcterms:description "Told twice under two names."@en ;
        prov:endedAtTime "2026-11-22T10:00:00Z"^^xsd:dateTime ;
        prov:wasAssociatedWith <id/org/entente-project> .

    <id/facility/ghost>
        skos:prefLabel "Uzina fantomă din Brașov"@en ;
        prov:wasInvalidatedBy <id/activity/2026-11-22-review> .

    <id/org/north-atlantic-alliance>
        skos:prefLabel "North Atlantic Alliance"@en ;
        dcterms:isReplacedBy <id/org/nato> ;
        prov:wasInvalidatedBy <id/activity/2026-11-22-review> .
}
"""


@pytest.fixture(scope="module")
def curated(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a real build of the real data with withdrawals and a merge."""
    place = tmp_path_factory.mktemp("curated")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(root / name, place / name)
    curation = place / "data" / "curation.trig"
    curation.write_text(curation.read_text("utf-8") + CASES, encoding="utf-8")
    article = place / "data" / "articles" / "2025" / "2025-06-27-unn-defence-city.trig"
    before, start, rest = article.read_text("utf-8").partition("\n    claim:2025-06-27-unn-061\n")
    rest = rest.replace("curation-status/accepted", "curation-status/retracted", 1)
    article.write_text(before + start + rest, encoding="utf-8")
    settings = read_settings({"state": place / "state"}, environment={})
    build(place, settings)
    dataset = settings.artifact / read_manifest(settings.artifact).files["dataset"]
    with run_site(place / "served", quads=dataset.read_bytes()) as site:
        yield site


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """Serve a graph from which a write has taken a thing away."""
    with run_writable(tmp_path_factory.mktemp("written")) as writable:
        graph = "https://w3id.org/entente/graph/entities"
        insert = f'INSERT DATA {{ GRAPH <{graph}> {{ <{ID}place/atlantis> <{ID}p> "x" }} }}'
        assert writable.update(insert).status == 200
        delete = f"DELETE WHERE {{ GRAPH <{graph}> {{ <{ID}place/atlantis> ?p ?o }} }}"
        assert writable.update(delete, search="?why=It+never+was").status == 200
        yield writable


def triples_of(body: bytes, form: ox.RdfFormat) -> set[tuple[str, str]]:
    return {
        (str(one.subject), one.predicate.value)
        for one in ox.parse(body, format=form)
        if not isinstance(one.subject, ox.BlankNode)
    }


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("path", [RETRACTED, "id/facility/ghost"])
def test_what_was_withdrawn_is_gone_in_every_format(
    curated: Site, path: str, extension: str
) -> None:
    media_type, form = FORMATS[extension]
    iri = f"<https://w3id.org/entente/{path}>"
    for address, headers in (
        (f"/{path}.{extension}", {}),
        (f"/{path}", {"Accept": media_type}),
    ):
        reply = curated.ask(address, headers=headers)
        assert (reply.status, reply.type) == (410, media_type), address
        found = triples_of(reply.body, form)
        assert (iri, PROV + "wasInvalidatedBy") in found
        activity = f"<{ID}activity/2026-11-22-review>"
        assert {
            (activity, PROV + "endedAtTime"),
            (activity, PROV + "wasAssociatedWith"),
            (activity, DCTERMS + "description"),
        } <= found
        head = curated.ask(address, method="HEAD", headers=headers)
        assert (head.status, head.body, head.type) == (410, b"", media_type)


@pytest.mark.parametrize("path", [f"/{RETRACTED}", "/id/facility/ghost", "/page/facility/ghost"])
def test_a_tombstone_tells_people_who_when_and_why(curated: Site, path: str) -> None:
    reply = curated.ask(path, headers=HTML)
    assert (reply.status, reply.type) == (410, "text/html")
    for expected in ("withdrawn", "Told twice under two names.", "2026-11-22", "Entente project"):
        assert expected in reply.text


def test_the_tombstone_of_a_claim_names_what_replaced_it(curated: Site) -> None:
    reply = curated.ask(f"/{RETRACTED}", headers=HTML)
    assert f'href="/{SUCCESSOR}"' in reply.text
    data = curated.ask(f"/{RETRACTED}.nt")
    assert f"<{CLAIM}2025-06-27-unn-062> " in data.text


def test_a_name_that_is_not_ascii_is_an_extended_value(curated: Site) -> None:
    header = curated.ask("/id/facility/ghost", method="HEAD").headers["X-PrefLabel"]
    assert header.isascii()
    assert header.startswith("UTF-8''")
    assert unquote(header.removeprefix("UTF-8''")) == "Uzina fantomă din Brașov"


@pytest.mark.parametrize(
    ("asked", "accept", "target"),
    [
        ("/id/org/north-atlantic-alliance", "text/turtle", "/id/org/nato"),
        ("/id/org/north-atlantic-alliance", "text/html", "/id/org/nato"),
        ("/page/org/north-atlantic-alliance", "text/html", "/page/org/nato"),
        ("/data/org/north-atlantic-alliance", "text/turtle", "/data/org/nato.ttl"),
        *(
            (f"/id/org/north-atlantic-alliance.{extension}", "*/*", f"/data/org/nato.{extension}")
            for extension in FORMATS
        ),
    ],
)
def test_what_was_merged_redirects_for_good(
    curated: Site, asked: str, accept: str, target: str
) -> None:
    reply = curated.ask(asked, headers={"Accept": accept})
    assert (reply.status, reply.headers["Location"]) == (308, target)
    assert reply.body
    assert any(
        link == '</id/org/nato>; rel="successor-version"'
        for link in reply.headers.get_all("Link") or []
    )
    assert curated.ask(target, headers={"Accept": accept}).status in (200, 303)
    if accept == "text/html":
        assert "Merged into" in reply.text


def test_the_sitemap_leaves_out_what_is_gone(curated: Site) -> None:
    listed = curated.ask("/sitemap.xml").text
    assert f"/{SUCCESSOR}<" in listed
    for path in (RETRACTED, "page/facility/ghost", "page/org/north-atlantic-alliance"):
        assert f"/{path}<" not in listed


def test_a_tombstone_stays_one_as_of_a_day(curated: Site) -> None:
    assert curated.ask(f"/{RETRACTED}?asOf=2025-07-31").status == 410


@pytest.mark.parametrize("extension", FORMATS)
def test_what_a_write_removed_is_gone_with_its_reason(written: Writable, extension: str) -> None:
    media_type, form = FORMATS[extension]
    reply = written.site.ask(f"/id/place/atlantis.{extension}")
    assert (reply.status, reply.type) == (410, media_type)
    found = {str(one.object) for one in ox.parse(reply.body, format=form)}
    assert any("It never was" in text for text in found)
    assert any(re.search(r"by \S+", text) for text in found)


def test_a_person_reads_who_removed_a_thing(written: Writable) -> None:
    reply = written.site.ask("/id/place/atlantis", headers=HTML)
    assert (reply.status, reply.type) == (410, "text/html")
    assert "It never was" in reply.text


def test_what_never_was_is_not_found_and_not_gone(written: Writable) -> None:
    assert written.site.ask("/id/place/lemuria").status == 404


def test_what_comes_back_is_gone_no_more(written: Writable) -> None:
    graph = "https://w3id.org/entente/graph/entities"
    text = f'INSERT DATA {{ GRAPH <{graph}> {{ <{ID}place/avalon> <{ID}p> "x" }} }}'
    delete = f"DELETE WHERE {{ GRAPH <{graph}> {{ <{ID}place/avalon> ?p ?o }} }}"
    statuses = []
    for update in (text, delete, text):
        assert written.update(update).status == 200
        statuses.append(written.site.ask("/data/place/avalon.ttl").status)
    assert statuses == [200, 410, 200]


def test_a_graph_that_a_write_dropped_is_gone(written: Writable) -> None:
    body = b"<http://example.org/s> <http://example.org/p> 1 ."
    made = written.ask("PUT", "/graphs/passing", body, Content_Type="text/turtle")
    there = written.site.ask("/graph/passing", headers=HTML)
    dropped = written.ask("DELETE", "/graphs/passing")
    assert (made.status, there.status, dropped.status) == (201, 200, 204)
    assert written.site.ask("/graph/passing", headers=HTML).status == 410
    assert written.site.ask("/graphs/passing").status == 404
