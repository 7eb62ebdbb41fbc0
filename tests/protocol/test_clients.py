"""Clients as they are: rdflib's store, and the headers that others send."""

from urllib.parse import urlencode

import pytest
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow

from entente.core.terms import ENT, ID
from tests.web.site import FACTORIES, Site

CONSTRUCT = f"CONSTRUCT WHERE {{ ?f <{ENT}locatedIn> ?p }}"
SPARQLWRAPPER = (
    "application/x-sparqlstar-results+json,application/sparql-results+json,application/json,"
    "text/javascript,application/javascript"
)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_rows_and_triples(site: Site, method: str) -> None:
    store = SPARQLStore(f"{site.url}/sparql", method=method)
    rows = {str(row["p"]) for row in store.query(FACTORIES) if isinstance(row, ResultRow)}
    assert rows == {ID + "place/brasov", ID + "country/romania"}
    factory, located = URIRef(ID + "facility/brasov-drone-factory"), URIRef(ENT + "locatedIn")
    found = {str(triple[2]) for triple, _ in store.triples((factory, located, None))}
    assert found == rows


def test_rdflib_reads_a_graph(site: Site) -> None:
    store = SPARQLStore(f"{site.url}/sparql", returnFormat="application/rdf+xml")
    graph = store.query(CONSTRUCT).graph
    assert graph is not None
    assert len(graph) == 3


def test_sparqlwrapper_gets_json(site: Site) -> None:
    search = urlencode({"query": FACTORIES, "format": "json", "output": "json", "results": "json"})
    reply = site.ask(f"/sparql?{search}", headers={"Accept": SPARQLWRAPPER})
    assert reply.type == "application/sparql-results+json"


def test_sparqlwrapper_gets_turtle(site: Site) -> None:
    search = urlencode({"query": CONSTRUCT, "format": "turtle", "output": "turtle"})
    reply = site.ask(f"/sparql?{search}", headers={"Accept": "application/turtle,text/turtle"})
    assert (reply.status, reply.type) == (200, "text/turtle")


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("application/sparql-results+json,*/*;q=0.9", FACTORIES, "application/sparql-results+json"),
        ("application/n-triples,*/*;q=0.9", CONSTRUCT, "application/n-triples"),
        (
            "application/n-quads,application/trig;q=0.95,text/turtle;q=0.9,text/html;q=0.1,*/*;q=0",
            CONSTRUCT,
            "application/n-quads",
        ),
        (
            "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, "
            "*/*; q=0.09",
            CONSTRUCT,
            "application/rdf+xml",
        ),
    ],
    ids=["YASGUI rows", "YASGUI triples", "Comunica", "Protégé"],
)
def test_accept_headers_of_known_clients(
    site: Site, accept: str, query: str, expected: str
) -> None:
    assert site.query(query, accept=accept).type == expected
