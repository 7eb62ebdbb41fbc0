"""Queries over HTTP: how they come, in which formats they are answered."""

import csv
import io
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from entente.core.terms import ENT, ID
from tests.web.site import FACTORIES, Site

BRASOV = ID + "place/brasov"
ROMANIA = ID + "country/romania"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{ID}facility/brasov-drone-factory> <{ENT}locatedIn> ?p }}"
FORM = "application/x-www-form-urlencoded"
RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


def test_a_query_by_get_is_answered_in_json_results(site: Site) -> None:
    reply = site.query(FACTORIES)
    assert (reply.status, reply.type) == (200, "application/sparql-results+json")
    assert reply.terms("p") == [ROMANIA, BRASOV]
    assert int(reply.headers["Content-Length"]) == len(reply.body)


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_a_query_by_form_is_answered(site: Site, path: str) -> None:
    body = urlencode({"query": FACTORIES}).encode()
    reply = site.ask(path, method="POST", body=body, headers={"Content-Type": FORM})
    assert (reply.status, reply.terms("p")) == (200, [ROMANIA, BRASOV])


@pytest.mark.parametrize(
    "content_type", ["application/sparql-query", "application/sparql-query; charset=UTF-8"]
)
def test_a_query_by_direct_post_is_answered(site: Site, content_type: str) -> None:
    reply = site.ask(
        "/sparql", method="POST", body=FACTORIES.encode(), headers={"Content-Type": content_type}
    )
    assert (reply.status, reply.terms("p")) == (200, [ROMANIA, BRASOV])


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/x-unheard-of, text/csv", "text/csv"),
        ("nonsense, text/csv", "text/csv"),
    ],
)
def test_rows_come_in_the_format_that_accept_prefers(
    site: Site, accept: str, expected: str
) -> None:
    reply = site.query(FACTORIES, accept=accept)
    assert (reply.status, reply.type) == (200, expected)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/turtle", "text/turtle"),
        ("application/turtle, text/turtle", "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/trig", "application/trig"),
        ("application/n-quads", "application/n-quads"),
        ("*/*", "text/turtle"),
    ],
)
def test_triples_come_in_the_format_that_accept_prefers(
    site: Site, accept: str, expected: str
) -> None:
    reply = site.query(CONSTRUCT, accept=accept)
    assert (reply.status, reply.type) == (200, expected)
    triples = list(ox.parse(reply.body, format=RDF[expected]))
    assert {
        str(triple.object.value) for triple in triples if not isinstance(triple.object, ox.Triple)
    } == {
        BRASOV,
        ROMANIA,
    }


@pytest.mark.parametrize(
    ("name", "expected", "extension"),
    [
        ("json", "application/sparql-results+json", "srj"),
        ("xml", "application/sparql-results+xml", "srx"),
        ("csv", "text/csv", "csv"),
        ("tsv", "text/tab-separated-values", "tsv"),
        ("application/sparql-results+xml", "application/sparql-results+xml", "srx"),
    ],
)
@pytest.mark.parametrize("parameter", ["format", "output"])
def test_a_parameter_beats_accept_and_names_a_download(
    site: Site, name: str, expected: str, extension: str, parameter: str
) -> None:
    reply = site.query(FACTORIES, accept="text/html", **{parameter: name})
    assert (reply.status, reply.type) == (200, expected)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="entente.{extension}"'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ttl", "text/turtle"),
        ("turtle", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("json-ld", "application/ld+json"),
        ("nt", "application/n-triples"),
        ("nq", "application/n-quads"),
        ("trig", "application/trig"),
        ("rdf", "application/rdf+xml"),
        ("xml", "application/rdf+xml"),
        ("json", "application/ld+json"),
    ],
)
def test_a_parameter_names_the_format_of_triples(site: Site, name: str, expected: str) -> None:
    reply = site.query(CONSTRUCT, format=name)
    assert (reply.status, reply.type) == (200, expected)


def test_ask_is_answered_in_json_xml_csv_and_tsv(site: Site) -> None:
    assert site.query("ASK {}", format="json").fields()["boolean"] is True
    assert b"<boolean>true</boolean>" in site.query("ASK {}", format="xml").body
    assert site.query("ASK {}", format="csv").status == 200


def test_answers_keep_language_and_datatype(site: Site) -> None:
    reply = site.query(
        f"SELECT ?o {{ VALUES ?p {{ <{ENT}value> <http://www.w3.org/2004/02/skos/core#altLabel> }} "
        "?s ?p ?o }"
    )
    bindings = reply.fields()["results"]
    assert isinstance(bindings, dict)
    values = [row["o"] for row in bindings["bindings"]]
    assert {"type": "literal", "xml:lang": "uk", "value": "Україна"} in values
    assert {
        "type": "literal",
        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
        "value": "50000000",
    } in values


def test_csv_is_read_by_a_csv_reader(site: Site) -> None:
    reply = site.query(FACTORIES, accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["p"] for row in rows] == [ROMANIA, BRASOV]


@pytest.mark.parametrize("text", ["a%2Bb", "a+b", "50%25", "%C3%A9"])
def test_percent_encoding_is_decoded_exactly_once(site: Site, text: str) -> None:
    query = f'SELECT ("{text}" AS ?x) {{}}'
    by_address = site.query(query)
    form = ("query=" + quote(query, safe="")).encode()
    by_form = site.ask("/sparql", method="POST", body=form, headers={"Content-Type": FORM})
    assert (by_address.terms("x"), by_form.terms("x")) == ([text], [text])


def test_a_plus_sign_in_a_form_is_a_space(site: Site) -> None:
    form = b"query=SELECT+%28%22a+b%22+AS+%3Fx%29+%7B%7D"
    reply = site.ask("/sparql", method="POST", body=form, headers={"Content-Type": FORM})
    assert reply.terms("x") == ["a b"]


def test_unknown_parameters_are_ignored(site: Site) -> None:
    assert site.query("ASK {}", results="json", infer="true", debug="on").status == 200


def test_relative_iris_resolve_against_the_endpoint(site: Site) -> None:
    assert site.query("SELECT (<x> AS ?i) {}").terms("i") == [f"{site.url}/x"]


def test_default_graph_uri_narrows_the_dataset(site: Site) -> None:
    graph = "https://w3id.org/entente/graph/current"
    reply = site.query(FACTORIES, **{"default-graph-uri": graph})
    assert reply.terms("p") == []
    text = f"SELECT ?p {{ <{ID}facility/brasov-drone-factory> <{ENT}locatedIn> ?p }}"
    assert site.query(text, **{"default-graph-uri": graph}).terms("p") == [BRASOV]


def test_default_graph_uri_may_be_repeated_and_stands_in_the_address_of_a_post(site: Site) -> None:
    graphs = [f"https://w3id.org/entente/graph/{name}" for name in ("current", "entities")]
    search = urlencode([("default-graph-uri", graph) for graph in graphs])
    reply = site.ask(
        f"/sparql?{search}",
        method="POST",
        body=FACTORIES.encode(),
        headers={"Content-Type": "application/sparql-query"},
    )
    assert reply.terms("p") == [BRASOV]


def test_named_graph_uri_replaces_the_named_graphs_of_the_query(site: Site) -> None:
    named = "https://w3id.org/entente/graph/inferred"
    other = "https://w3id.org/entente/graph/current"
    text = f"SELECT DISTINCT ?g FROM NAMED <{other}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert site.query(text, **{"named-graph-uri": named}).terms("g") == [named]


def test_head_has_the_headers_of_get_and_no_body(site: Site) -> None:
    path = "/sparql?" + urlencode({"query": FACTORIES})
    got, headed = site.ask(path), site.ask(path, method="HEAD")
    assert (headed.status, headed.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "X-Dataset-Revision"):
        assert headed.headers[name] == got.headers[name]


def test_options_tells_the_methods(site: Site) -> None:
    reply = site.ask("/sparql", method="OPTIONS")
    assert reply.status == 204
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(reply.headers["Allow"].split(", "))


def test_a_long_answer_comes_in_chunks(site: Site) -> None:
    reply = site.query("SELECT * { ?a ?b ?c . ?d ?e ?f }", accept="text/csv")
    assert reply.status == 200
    assert reply.headers["Transfer-Encoding"] == "chunked"
    assert len(reply.body) > 1_000_000
    assert reply.body.endswith(b"\n")


def test_a_long_answer_to_head_is_not_read_to_its_end(site: Site) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
    assert site.ask(path, method="HEAD", seconds=3).status == 200


def test_a_person_gets_a_page_of_rows(site: Site) -> None:
    reply = site.query(FACTORIES, accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (reply.status, reply.type) == (200, "text/html")
    assert 'href="/id/place/brasov"' in reply.text
    assert "format=csv" in reply.text
    assert "SELECT ?f ?p" in reply.text


def test_a_person_gets_a_page_of_triples(site: Site) -> None:
    reply = site.query(CONSTRUCT, format="html")
    assert (reply.status, reply.type) == (200, "text/html")
    assert "ent:locatedIn" in reply.text


def test_the_page_without_query_has_a_form_and_needs_no_script(site: Site) -> None:
    reply = site.ask("/sparql", headers={"Accept": "text/html"})
    assert (reply.status, reply.type) == (200, "text/html")
    assert "<textarea" in reply.text
    assert 'action="/sparql" method="get"' in reply.text
    assert reply.text.count("<script") <= 1  # that of the search box


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_without_query_programs_get_the_service_description(
    site: Site, accept: str | None, expected: str
) -> None:
    reply = site.ask("/sparql", headers={"Accept": accept} if accept else {})
    assert (reply.status, reply.type) == (200, expected)
    found = {triple.predicate.value for triple in ox.parse(reply.body, format=RDF[expected])}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert {sd + "endpoint", sd + "feature", sd + "supportedLanguage", sd + "namedGraph"} <= found
