"""What crawlers, assistants and clients of linked data find."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest

from entente.core.terms import DCAT, GRAPH_META, VOID
from entente.web.discovery import sitemap_of
from tests.web.site import Site

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# The three queries that SIB's editor asks of every endpoint.
PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix
"""
EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
  ?sq a sh:SPARQLExecutable ;
    rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq
"""
CLASSES = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype
WHERE {
  {
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?objectClass ] }
      UNION
      { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
    }
  } UNION {
    ?ls void:subjectsTarget/void:class ?subjectClass ;
      void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] .
  }
}
"""


def test_an_editor_finds_the_prefixes(real: Site) -> None:
    rows = real.query(PREFIXES)
    assert {"ent", "voc", "id", "claim", "skos"} <= set(rows.terms("prefix"))


def test_an_editor_finds_the_example_queries(real: Site) -> None:
    rows = real.query(EXAMPLES)
    assert len(rows.terms("sq")) > 60
    assert all(rows.terms("comment"))


def test_an_editor_finds_what_each_class_has(real: Site) -> None:
    rows = real.query(CLASSES)
    found = rows.fields()["results"]
    assert isinstance(found, dict)
    ent = "https://w3id.org/entente/ontology/"
    pairs = {
        (row["subjectClass"]["value"], row["prop"]["value"], kind, row[kind]["value"])
        for row in found["bindings"]
        for kind in ("objectClass", "objectDatatype")
        if kind in row
    }
    assert (ent + "Factory", ent + "locatedIn", "objectClass", ent + "City") in pairs
    date = "http://www.w3.org/2001/XMLSchema#date"
    assert (ent + "Claim", ent + "reportedOn", "objectDatatype", date) in pairs


def test_partitions_count_what_is_stated(real: Site) -> None:
    """The number of a property partition is that of the triples; so is that of a datatype."""
    name = f"{GRAPH_META}#dataset-class-ent-Claim-property-ent-reportedOn"
    told = real.query(
        f"SELECT ?n {{ VALUES ?p {{ <{name}> <{name}-datatype-xsd-date> }} ?p <{VOID}triples> ?n }}"
    )
    counted = real.query(
        "PREFIX ent: <https://w3id.org/entente/ontology/> "
        "SELECT (COUNT(*) AS ?n) { ?claim a ent:Claim ; ent:reportedOn ?on }"
    )
    assert told.terms("n") == counted.terms("n") * 2


def test_the_well_known_address_leads_to_void_and_dcat(real: Site) -> None:
    reply = real.ask("/.well-known/void")
    assert reply.status == 303
    data = real.ask(reply.headers["Location"], headers={"Accept": "application/n-triples"})
    assert data.status == 200
    for term in (
        f"<{VOID}sparqlEndpoint>",
        f"<{VOID}dataDump>",
        f"<{DCAT}distribution>",
        f"<{DCAT}DataService>",
    ):
        assert term in data.text


def test_the_service_description_names_dataset_and_frames(site: Site) -> None:
    reply = site.ask("/sparql", headers={"Accept": "application/n-triples"})
    assert f"<{DCAT}servesDataset> <{GRAPH_META}#dataset>" in reply.text
    frames = [
        triple.subject.value
        for triple in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)
        if isinstance(triple.subject, ox.NamedNode) and "/frames/" in triple.subject.value
    ]
    assert frames
    assert site.ask(urlsplit(frames[0]).path).status == 200


def test_robots_may_read_pages_and_find_the_sitemap(site: Site) -> None:
    reply = site.ask("/robots.txt")
    assert (reply.status, reply.type) == (200, "text/plain")
    assert f"Sitemap: {site.url}/sitemap.xml" in reply.text
    assert "Disallow: /sparql" in reply.text


def test_every_address_of_the_sitemap_answers(site: Site) -> None:
    reply = site.ask("/sitemap.xml")
    assert (reply.status, reply.type) == (200, "application/xml")
    root = ElementTree.fromstring(reply.body)
    assert root.tag == SITEMAP + "urlset"
    locations = [found.text or "" for found in root.iter(SITEMAP + "loc")]
    assert len(locations) > 20
    assert {urlsplit(location).netloc for location in locations} == {urlsplit(site.url).netloc}
    failing = [
        location
        for location in locations
        if site.ask(urlsplit(location).path, headers={"Accept": "text/html"}).status != 200
    ]
    assert failing == []


def test_the_sitemap_is_dated_by_the_revision(site: Site) -> None:
    root = ElementTree.fromstring(site.ask("/sitemap.xml").body)
    (date,) = {found.text or "" for found in root.iter(SITEMAP + "lastmod")}
    made = datetime.fromisoformat(date)
    assert made <= datetime.now(UTC)
    assert abs(made.timestamp() - site.service.snapshot.path.stat().st_mtime) < 2


def test_a_long_sitemap_is_an_index_of_its_parts() -> None:
    pages = tuple(f"/page/{number}" for number in range(5))
    text = sitemap_of(pages, root="https://x.example/", date="2026-11-22T00:00:00Z", most=2)
    root = ElementTree.fromstring(text)
    assert root.tag == SITEMAP + "sitemapindex"
    locations = [found.text for found in root.iter(SITEMAP + "loc")]
    assert locations == [f"https://x.example/sitemap-{part}.xml" for part in (1, 2, 3)]


def test_a_part_that_is_not_there_is_404(site: Site) -> None:
    assert site.ask("/sitemap-1.xml").status == 200
    assert site.ask("/sitemap-2.xml").status == 404
    assert site.ask("/sitemap-0.xml").status == 404


def test_assistants_read_how_to_ask(real: Site) -> None:
    reply = real.ask("/llms.txt")
    assert (reply.status, reply.type) == (200, "text/markdown")
    assert reply.text.startswith("# Entente\n\n> ")
    assert "PREFIX ent: <https://w3id.org/entente/ontology/>" in reply.text
    assert "```sparql" in reply.text


def test_every_link_and_every_query_for_assistants_answers(real: Site) -> None:
    text = real.ask("/llms.txt").text
    paths = {
        target.removeprefix(real.url)
        for target in (part.partition(")")[0] for part in text.split("](")[1:])
        if target.startswith(real.url)
    }
    needs_parameters = {"/api/explain", "/api/search"}
    assert len(paths) > 15
    for path in sorted(paths - needs_parameters):
        assert real.ask(path).status in (200, 303), path
    queries = [part.partition("```")[0] for part in text.split("```sparql\n")[2:]]
    assert queries
    assert {real.query(query).status for query in queries} == {200}


@pytest.mark.parametrize("path", ["/context.jsonld", "/context", "/frames/agreement", "/frames/"])
def test_context_and_frames_answer_and_are_not_sent_twice(site: Site, path: str) -> None:
    first = site.ask(path)
    again = site.ask(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
