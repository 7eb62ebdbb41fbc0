"""Real clients read and write: curl, rdflib, SPARQLWrapper, pandas and Comunica."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from rdflib.query import ResultRow

from entente.core.terms import ENT, ID
from tests.engines.clients import Client, find_comunica, find_python_clients
from tests.protocol.suites.writable import Writable, run_writable
from tests.web.site import FACTORIES, Site, run_site
from tests.without import do_without

HERE: Final = Path(__file__).parent
PLACES: Final = [ID + "country/romania", ID + "place/brasov"]
CONSTRUCT: Final = f"CONSTRUCT WHERE {{ ?f <{ENT}locatedIn> ?p }}"
S, P = "http://example.org/s", "http://example.org/p"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over the tests' dataset, to read from."""
    with run_site(tmp_path_factory.mktemp("reading")) as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A server over nothing, to write to."""
    with run_writable(tmp_path_factory.mktemp("writing"), default_graph="union") as running:
        yield running


@pytest.fixture(scope="module")
def python_clients() -> Client:
    return find_python_clients(HERE / "use_python_clients.py")


@pytest.fixture(scope="module")
def comunica() -> Client:
    return find_comunica(HERE / "use_comunica.mjs")


def endpoint(site: Site) -> str:
    return f"{site.url}/sparql"


def insert(name: str) -> str:
    return f"INSERT DATA {{ GRAPH <http://example.org/{name}> {{ <{S}> <{P}> '{name}' }} }}"


def written(server: Writable, name: str) -> list[str]:
    query = f"SELECT ?o {{ GRAPH <http://example.org/{name}> {{ ?s <{P}> ?o }} }}"
    return server.site.query(query, accept="application/sparql-results+json").terms("o")


def curl(*arguments: str, given: str = "") -> str:
    if shutil.which("curl") is None:
        do_without("curl")
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--fail-with-body", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--get", "--data-urlencode", "query@-"],
        ["--data-urlencode", "query@-"],
        ["--header", "Content-Type: application/sparql-query", "--data-binary", "@-"],
        ["-X", "QUERY", "-H", "Content-Type: application/sparql-query", "--data-binary", "@-"],
    ],
    ids=["GET", "form", "POST", "QUERY"],
)
def test_curl_reads(site: Site, arguments: list[str]) -> None:
    text = curl("--header", "Accept: text/csv", *arguments, endpoint(site), given=FACTORIES)
    assert [line.partition(",")[2] for line in text.splitlines()[1:]] == PLACES


def test_curl_writes_a_graph_and_deletes_it(server: Writable, tmp_path: Path) -> None:
    """A graph goes up as a file, comes back with a tag, and is deleted under that tag."""
    turtle = tmp_path / "graph.ttl"
    turtle.write_text(f"<{S}> <{P}> 'curl' .\n", encoding="utf-8")
    token = ["--header", f"Authorization: Bearer {server.secret}"]
    graph = f"{server.site.url}/graphs?graph={quote('http://example.org/curl', safe='')}"
    curl(*token, "--header", "Content-Type: text/turtle", "--upload-file", str(turtle), graph)
    assert "'curl'" in curl("--header", "Accept: text/turtle", graph).replace('"', "'")
    curl(*token, "--data-urlencode", "update@-", f"{server.site.url}/update", given=insert("curl"))
    assert written(server, "curl") == ["curl"]
    head = curl("--head", graph)
    (tag,) = [line[6:].strip() for line in head.splitlines() if line.lower().startswith("etag:")]
    curl(*token, "--request", "DELETE", "--header", f"If-Match: {tag}", graph)
    assert written(server, "curl") == []


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads(site: Site, method: str) -> None:
    store = SPARQLStore(endpoint(site), method=method)
    rows = [str(row["p"]) for row in store.query(FACTORIES) if isinstance(row, ResultRow)]
    assert rows == PLACES


def test_rdflib_writes(server: Writable) -> None:
    """Triples are added and removed through the graph interface, and by an update."""
    store = SPARQLUpdateStore(
        endpoint(server.site),
        f"{server.site.url}/update",
        headers={"Authorization": f"Bearer {server.secret}"},
    )
    graph = Graph(store, identifier=URIRef("http://example.org/rdflib"))
    graph.add((URIRef(S), URIRef(P), Literal("one")))
    graph.add((URIRef(S), URIRef(P), Literal("two")))
    graph.remove((URIRef(S), URIRef(P), Literal("one")))
    assert written(server, "rdflib") == ["two"]
    assert {str(value) for value in graph.objects(URIRef(S), URIRef(P))} == {"two"}
    store.update(insert("rdflib"))
    assert sorted(written(server, "rdflib")) == ["rdflib", "two"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_rows(
    site: Site, python_clients: Client, form: str, method: str
) -> None:
    found = python_clients.run(
        client="wrapper", endpoint=endpoint(site), query=FACTORIES, format=form, method=method
    )
    if form == "json":
        assert [row["p"]["value"] for row in found["results"]["bindings"]] == PLACES
    else:
        assert all(place in found for place in PLACES)


@pytest.mark.parametrize("form", ["turtle", "xml", "n3", "json-ld"])
def test_sparqlwrapper_reads_triples(site: Site, python_clients: Client, form: str) -> None:
    found = python_clients.run(
        client="wrapper", endpoint=endpoint(site), query=CONSTRUCT, format=form
    )
    if isinstance(found, str):
        found = [*Graph().parse(data=found, format="turtle")]
    assert len(found) == 3


def test_sparqlwrapper_writes(server: Writable, python_clients: Client) -> None:
    asked = {"update": f"{server.site.url}/update", "token": server.secret, "method": "POST"}
    text = insert("wrapper")
    assert python_clients.run(client="wrapper", endpoint="", query=text, **asked) in (200, 204)
    assert written(server, "wrapper") == ["wrapper"]


@pytest.mark.parametrize("asked", [{"accept": "text/csv"}, {"parameters": {"format": "csv"}}])
def test_pandas_reads(site: Site, python_clients: Client, asked: dict[str, Any]) -> None:
    found = python_clients.run(client="frame", endpoint=endpoint(site), query=FACTORIES, **asked)
    assert found["p"] == PLACES


def test_comunica_reads(site: Site, comunica: Client) -> None:
    """The address alone is given: Comunica finds out by itself that it is an endpoint."""
    at = endpoint(site)
    rows = comunica.run(kind="rows", endpoint=at, query=FACTORIES)
    assert [row["p"] for row in rows] == PLACES
    assert comunica.run(kind="ask", endpoint=at, query="ASK { ?s ?p ?o }") is True
    assert len(comunica.run(kind="triples", endpoint=at, query=CONSTRUCT)) == 3


def test_comunica_joins_an_endpoint_and_a_document(site: Site, comunica: Client) -> None:
    """Two sources of one server: the endpoint, and the ontology's document by negotiation."""
    query = (
        f"SELECT ?label {{ ?f a ?class ; <{ENT}locatedIn> <{PLACES[1]}> . "
        "?class <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    )
    sources = [endpoint(site), f"{site.url}/ontology/Factory"]
    rows = comunica.run(kind="rows", sources=sources, query=query)
    assert "Factory" in {row["label"] for row in rows}


@pytest.mark.parametrize("address", ["/api/facilities", "/api/facilities.jsonld"])
def test_comunica_reads_a_list_of_the_api(site: Site, comunica: Client, address: str) -> None:
    """The address of a list is a source like any document of linked data."""
    query = f"SELECT ?p {{ <{ID}facility/brasov-drone-factory> <{ENT}locatedIn> ?p }} ORDER BY ?p"
    rows = comunica.run(kind="rows", sources=[site.url + address], query=query)
    assert [row["p"] for row in rows] == PLACES


def test_comunica_joins_a_list_and_the_document_of_a_thing_in_it(
    site: Site, comunica: Client
) -> None:
    query = (
        f"SELECT ?name {{ <{ID}facility/brasov-drone-factory> <{ENT}locatedIn> ?place . "
        "?place <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } ORDER BY ?name"
    )
    sources = [f"{site.url}/api/facilities", f"{site.url}/id/place/brasov"]
    rows = comunica.run(kind="rows", sources=sources, query=query)
    assert "Brasov" in {row["name"] for row in rows}


def test_comunica_writes(server: Writable, comunica: Client) -> None:
    asked = {"update": f"{server.site.url}/update", "token": server.secret}
    assert comunica.run(kind="update", query=insert("comunica"), **asked) == "done"
    assert json.dumps(written(server, "comunica")) == '["comunica"]'
