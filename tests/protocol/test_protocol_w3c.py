"""The protocol tests of the W3C, where the suite is at hand (it is no part of the project)."""

import json
import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from entente.core.terms import SD
from tests.web.site import Reply, Site

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ENTENTE_SHARED", ROOT.parent / "shared"))
SUITE = SHARED / "suites" / "w3c" / "protocol.json"
RDF_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
}


def read_suite(kind: str) -> list[Any]:
    if not SUITE.exists():
        absent = pytest.mark.skip(reason="the W3C suite is not at hand")
        return [pytest.param(None, marks=absent)]
    tests = json.loads(SUITE.read_text())
    return [pytest.param(test, id=test["id"]) for test in tests if test["kind"] == kind]


def send(site: Site, request: dict[str, Any]) -> Reply:
    body = request.get("body") or ""
    return site.ask(
        request["path"],
        method=request["method"],
        headers=request.get("headers") or {},
        body=body.encode() if request["method"] == "POST" else None,
    )


def triples_of(reply: Reply) -> list[ox.Quad]:
    return list(ox.parse(reply.body, format=RDF_FORMATS[reply.type], base_iri="http://x/"))


@pytest.mark.parametrize("test", read_suite("protocol"))
def test_w3c_protocol(site: Site, test: dict[str, Any]) -> None:
    """Queries answer as the suite says; updates are refused, since the server is read-only.

    The datasets of the suite are on a host that the server never asks, so the answer of an ASK
    over them is not compared.
    """
    for request in test["requests"]:
        is_update = "update" in test["name"] or test["id"].startswith("protocol/update")
        reply = send(site, request)
        expected = request["expect"]
        if is_update:
            is_query = (request.get("headers") or {}).get("content-type", "").endswith("query")
            assert (reply.status == 200) if is_query else (400 <= reply.status < 500)
            continue
        classes = {status[-3:][0] for status in expected["status"]}
        assert str(reply.status)[0] in classes, reply.text
        if expected.get("format") == "boolean":
            assert isinstance(reply.fields()["boolean"], bool)
        if expected.get("format") == "tabular":
            assert "results" in reply.fields()
        if expected.get("format") == "RDF":
            triples_of(reply)


@pytest.mark.parametrize("test", read_suite("service-description"))
def test_w3c_service_description(site: Site, test: dict[str, Any]) -> None:
    """The description is RDF and has its endpoint, at the address that was asked."""
    reply = send(site, test["requests"][0])
    assert reply.status == 200
    found = {
        triple.object.value
        for triple in triples_of(reply)
        if triple.predicate.value == SD + "endpoint" and isinstance(triple.object, ox.NamedNode)
    }
    assert found == {f"{site.url}/sparql"}
