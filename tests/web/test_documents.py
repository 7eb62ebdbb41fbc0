"""Dereferencing: every IRI under the public base answers, in every format."""

import json
import re
import socket
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from entente.core.terms import ART, CLAIM, ENT, GRAPH, ID, VOC
from tests.web.site import FORMATS, HTML, Site, run_site

FACTORY = ID + "facility/brasov-drone-factory"
DOCUMENTS = [
    "ontology/Factory",
    "ontology/locatedIn",
    "vocab/lifecycle",
    "vocab/lifecycle/planned",
    "article/2025-01-02-courier-factory",
    "claim/2025-01-02-courier-001",
    "shapes/FactoryShape",
    "graph/current",
    "graph/article/2025-01-02-courier-factory",
]


@pytest.mark.parametrize("extension", FORMATS)
def test_a_thing_redirects_to_its_data(site: Site, extension: str) -> None:
    media_type, form = FORMATS[extension]
    reply = site.ask("/id/facility/brasov-drone-factory", headers={"Accept": media_type})
    assert reply.status == 303
    location = reply.headers["Location"]
    assert location == f"/data/facility/brasov-drone-factory.{extension}"
    data = site.ask(location)
    assert (data.status, data.type) == (200, media_type)
    assert any(str(triple.subject) == f"<{FACTORY}>" for triple in ox.parse(data.body, format=form))


def test_a_thing_redirects_a_person_to_its_page(site: Site) -> None:
    reply = site.ask("/id/facility/brasov-drone-factory", headers=HTML)
    assert (reply.status, reply.headers["Location"]) == (303, "/page/facility/brasov-drone-factory")
    assert "Accept" in reply.headers["Vary"]


def test_without_wish_a_thing_redirects_to_turtle(site: Site) -> None:
    reply = site.ask("/id/facility/brasov-drone-factory")
    assert reply.headers["Location"].endswith(".ttl")


@pytest.mark.parametrize(
    "path", ["/id/facility/brasov-drone-factory", *("/" + d for d in DOCUMENTS)]
)
@pytest.mark.parametrize("extension", FORMATS)
def test_suffixes_name_the_format(site: Site, path: str, extension: str) -> None:
    media_type, form = FORMATS[extension]
    reply = site.ask(f"{path}.{extension}", headers=HTML)
    assert (reply.status, reply.type) == (200, media_type)
    assert list(ox.parse(reply.body, format=form))
    assert reply.headers["Content-Location"].endswith(f".{extension}")
    assert reply.headers["ETag"]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_answer_themselves(site: Site, path: str) -> None:
    data, page = site.ask(f"/{path}"), site.ask(f"/{path}", headers=HTML)
    assert (data.status, data.type) == (200, "text/turtle")
    assert data.headers["Content-Location"] == f"/{path}.ttl"
    assert (page.status, page.type) == (200, "text/html")
    assert page.headers["Content-Location"] == f"/{path}.html"
    links = data.headers.get_all("Link") or []
    assert any(
        f'</{path}.jsonld>; rel="alternate"; type="application/ld+json"' in link for link in links
    )
    assert site.ask(f"/{path}.html").type == "text/html"


@pytest.mark.parametrize(
    "path", ["/ontology", "/ontology/", "/vocab/", "/shapes/", "/ontology.rdf"]
)
def test_folders_are_whole_graphs(site: Site, path: str) -> None:
    reply = site.ask(path, headers={"Accept": "application/rdf+xml"})
    assert (reply.status, reply.type) == (200, "application/rdf+xml")
    assert len(list(ox.parse(reply.body, format=ox.RdfFormat.RDF_XML))) > 3
    page = site.ask("/ontology/", headers=HTML)
    assert (page.status, page.type) == (200, "text/html")


@pytest.mark.parametrize("path", ["/id/", "/page/", "/data/", "/claim/", "/article/"])
def test_a_namespace_without_document_leads_to_a_page(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status == 303
    assert site.ask(reply.headers["Location"]).status == 200


def test_protege_reads_the_ontology_from_its_version(site: Site) -> None:
    accept = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1"
    reply = site.ask("/ontology/1.0.0", headers={"Accept": accept})
    assert (reply.status, reply.type) == (200, "application/rdf+xml")
    graph = Graph().parse(data=reply.body, format="xml")
    assert len(graph) > 50


def test_json_ld_is_short_and_holds_the_same_triples(site: Site) -> None:
    short = site.ask("/id/facility/brasov-drone-factory.jsonld")
    document = json.loads(short.body)
    assert document["iri"] == "id:facility/brasov-drone-factory"
    assert "Factory" in document["type"]
    plain = site.ask("/id/facility/brasov-drone-factory.nt")
    expected = {str(triple) for triple in ox.parse(plain.body, format=ox.RdfFormat.N_TRIPLES)}
    found = {str(triple) for triple in ox.parse(short.body, format=ox.RdfFormat.JSON_LD)}
    assert expected == found


def test_the_data_of_a_thing_holds_its_claims(site: Site) -> None:
    reply = site.ask("/data/facility/brasov-drone-factory.nt")
    assert f"<{CLAIM}2025-01-02-courier-001> <{ENT}statement>" in reply.text
    assert f"<{ART}2025-01-02-courier-factory#char=100,180> <{ENT}charStart>" in reply.text


def test_the_data_of_a_graph_is_all_of_it(site: Site) -> None:
    reply = site.ask("/graph/current.nt")
    expected = site.query(f"SELECT * {{ GRAPH <{GRAPH}current> {{ ?s ?p ?o }} }}").terms("s")
    assert len(reply.text.splitlines()) == len(expected)


@pytest.mark.parametrize(
    "path",
    [
        "/id/none/such",
        "/page/none/such",
        "/data/none/such.ttl",
        "/ontology/NoSuchTerm",
        "/vocab/none",
        "/graph/none",
        "/nowhere",
        "/id/%00",
        "/id/a%20b",
        "/id/%3Cscript%3E",
        "/id/%FF%FE",
        "/id/a%7Bb%7D",
        "/id//facility/brasov-drone-factory",
        "/id/../../../../etc/passwd",
        "/id/..%2f..%2fetc/passwd",
        "/static/..%2f..%2fapp.py",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/%00",
        "/ontology.docx",
        "/id/con.ttl",
        "/article/x%0d%0aSet-Cookie:a=b",
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_what_the_graph_does_not_know_is_404(site: Site, path: str, accept: str) -> None:
    reply = site.ask(path, headers={"Accept": accept})
    assert reply.status == 404, path
    assert reply.headers["Set-Cookie"] is None
    assert reply.type == ("text/html" if accept == "text/html" else "application/problem+json")


def test_an_absolute_address_reaches_no_file(site: Site) -> None:
    with socket.create_connection((site.host, site.port), timeout=5) as client:
        client.sendall(b"GET //etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404")


def test_a_missing_page_offers_its_words_and_the_way_home(site: Site) -> None:
    reply = site.ask("/id/facility/brasov-factory", headers=HTML)
    assert "/sparql?query=" in reply.text
    assert 'href="/"' in reply.text


@pytest.mark.parametrize("path", ["/id/facility/brasov-drone-factory", "/ontology/Factory"])
def test_an_accept_that_nothing_satisfies_is_406(site: Site, path: str) -> None:
    reply = site.ask(path, headers={"Accept": "image/png"})
    assert reply.status == 406


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/agreements",
        "/page/facility/brasov-drone-factory",
        "/ontology/Factory",
        "/vocab/",
        "/data/facility/brasov-drone-factory.ttl",
    ],
)
def test_what_is_known_is_not_sent_again(site: Site, path: str) -> None:
    first = site.ask(path)
    again = site.ask(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    head = site.ask(path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == first.headers["Content-Length"]


def test_iris_under_another_base_are_links_to_elsewhere(tmp_path: Path) -> None:
    with run_site(tmp_path, public_base="https://other.example/", readers=1) as site:
        assert site.ask("/id/place/brasov").status == 404
        page = site.query(f"SELECT * {{ VALUES ?it {{ <{ID}place/brasov> }} }}", format="html")
        assert f'href="{ID}place/brasov"' in page.text


def test_every_link_of_every_page_answers(site: Site) -> None:
    """Follow all local links from the home page; each must answer, none by a failure."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop()
        reply = site.ask(path, headers=HTML)
        assert reply.status in (200, 303), (path, reply.status)
        links = (
            set(re.findall(r'(?:href|src)="(/[^"#]*)', reply.text))
            if reply.type == "text/html"
            else set()
        )
        links |= {reply.headers["Location"]} if reply.status == 303 else set()
        for link in sorted(links - seen):
            seen.add(link)
            waiting.append(link.replace("&amp;", "&"))
    assert len(seen) > 60
    assert any(VOC.removeprefix("https://w3id.org/entente") in link for link in seen)
