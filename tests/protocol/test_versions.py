"""RDF 1.2 and SPARQL 1.2 over HTTP, and a description of the service that is true."""

import pyoxigraph as ox
import pytest

from entente.core.terms import SD
from tests.protocol.writable import Writable
from tests.web.site import Site

TRIPLE = "<<( <a:s> <a:p> <a:o> )>>"
CONSTRUCT = f"CONSTRUCT {{ <a:claim> <a:says> {TRIPLE} }} WHERE {{}}"


def test_a_triple_term_is_a_value_of_a_query(site: Site) -> None:
    reply = site.query(f"SELECT ?s {{ BIND({TRIPLE} AS ?t) BIND(SUBJECT(?t) AS ?s) }}")
    assert reply.terms("s") == ["a:s"]


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_a_version_that_is_asked_for_is_named(
    site: Site, media_type: str, syntax: ox.RdfFormat
) -> None:
    reply = site.query(CONSTRUCT, accept=f"{media_type}; version=1.2, */*;q=0.1")
    assert reply.headers["Content-Type"].endswith("; version=1.2")
    (quad,) = ox.parse(reply.body, format=syntax)
    assert isinstance(quad.object, ox.Triple)


def test_rows_have_their_version_too(site: Site) -> None:
    accept = 'application/sparql-results+json;version="1.2"'
    reply = site.query(f"SELECT ({TRIPLE} AS ?t) {{}}", accept=accept)
    assert reply.headers["Content-Type"] == "application/sparql-results+json; version=1.2"


@pytest.mark.parametrize("accept", ["text/turtle", "text/turtle;version=1.1", "*/*;version=1.2"])
def test_without_the_wish_no_version_is_named(site: Site, accept: str) -> None:
    assert "version" not in site.query(CONSTRUCT, accept=accept).headers["Content-Type"]


def objects(site: Site, name: str) -> set[str]:
    """Give the objects of one property of the service description."""
    reply = site.ask("/sparql", headers={"Accept": "text/turtle"})
    return {
        quad.object.value
        for quad in ox.parse(reply.body, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == SD + name and isinstance(quad.object, ox.NamedNode)
    }


def test_the_description_names_updates_only_where_they_are_taken(
    site: Site, writable: Writable
) -> None:
    assert SD + "SPARQL11Update" not in objects(site, "supportedLanguage")
    assert objects(site, "inputFormat") == set()
    assert SD + "SPARQL11Update" in objects(writable.site, "supportedLanguage")
    assert len(objects(writable.site, "inputFormat")) == 6
    assert objects(site, "feature") == {SD + "UnionDefaultGraph"}


def test_the_description_names_a_new_graph(writable: Writable) -> None:
    graph = "http://example.org/described"
    assert graph not in objects(writable.site, "name")
    writable.graph("PUT", graph, b"<a:a> <a:b> <a:c> .")
    assert graph in objects(writable.site, "name")


def test_void_is_found_where_it_is_looked_for(site: Site) -> None:
    reply = site.ask("/.well-known/void")
    assert (reply.status, reply.headers["Location"]) == (303, "/graph/meta")
