"""The suites of the protocols: requests in order, each with what its answer must be.

Owns the judgement of the tests in `protocol.json`: SPARQL protocol, Graph Store Protocol, service
description. `/sparql/` and `/gsp` of the suite are placeholders for our addresses.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from entente.core.terms import SD
from tests.protocol.suites.comparing import same
from tests.protocol.suites.manifest import suites_folder
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.results import Table, read_results
from tests.protocol.suites.writable import Writable
from tests.web.site import Reply

STATUSES: Final = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
EXTENSIONS: Final = {
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
    "application/sparql-results+json": ".srj",
    "application/sparql-results+xml": ".srx",
}
SERVICE: Final = SD + "Service"


@dataclass(frozen=True)
class Exchange:
    """One test; `fields` are its members as the suite has them."""

    suite: str
    id: str
    fields_json: str

    @property
    def fields(self) -> Any:  # JSON
        """The test as the suite has it."""
        return json.loads(self.fields_json)


@cache
def exchanges_of(suite: str, *kinds: str) -> tuple[Exchange, ...]:
    """Read the tests of some kinds; none where the suite is not at hand."""
    path = suites_folder() / "protocol.json"
    if not path.exists():
        return ()
    tests = json.loads(path.read_text())
    return tuple(
        Exchange(suite, test["id"], json.dumps(test)) for test in tests if test["kind"] in kinds
    )


def judge_exchange(server: Writable, test: Exchange) -> Outcome:
    """Run the requests of a test one after another."""
    server.put(
        quad
        for graph in test.fields["preload"]
        for quad in ox.parse(graph["data"], format=ox.RdfFormat.TURTLE, base_iri=graph["graph"])
        for quad in [ox.Quad(quad.subject, quad.predicate, quad.object, _named(graph["graph"]))]
    )
    places: dict[str, str] = {}
    seen = []
    for request in test.fields["requests"]:
        reply = _send(server, request, places)
        seen.append(f"{request['method']} {request['path']}: {reply.status}\n{reply.text[:2000]}")
        fault = _fault(request["expect"], reply)
        if fault:
            return Outcome("failed", "\n".join([*seen, fault]))
        place = request["expect"].get("location_var")
        if place:
            places[place] = reply.headers["Location"] or ""
    return Outcome("passed")


def _send(server: Writable, request: dict[str, Any], places: dict[str, str]) -> Reply:
    path = request["path"]
    for name, value in places.items():
        path = path.replace(name, quote(value, safe=""))
    if path.startswith("/gsp"):
        path = "/graphs" + path.removeprefix("/gsp")
    encoding = request.get("body_encoding") or "utf-8"
    body = (request.get("body") or "").encode(encoding)
    return server.send(request["method"], path, request.get("headers") or {}, body)


def _fault(expect: dict[str, Any], reply: Reply) -> str:
    """Say what is wrong with a reply; nothing where nothing is."""
    if not any(_is_status(name, reply.status) for name in expect["status"]):
        return f"expected one of {expect['status']}"
    for name, value in (expect.get("headers") or {}).items():
        if reply.headers[name] != value:
            return f"expected {name}: {value}, found {reply.headers[name]}"
    if expect.get("location_var") and not reply.headers["Location"]:
        return "expected a Location"
    wanted = expect.get("format")
    extension = EXTENSIONS.get(reply.type, "")
    found = read_results(reply.body, extension) if extension else None
    if wanted == "boolean" and found is not expect.get("boolean", found):
        return f"expected {expect['boolean']}"
    if wanted == "boolean" and not isinstance(found, bool):
        return "expected a boolean"
    if wanted == "tabular" and not isinstance(found, Table):
        return "expected rows"
    if wanted == "RDF" and not isinstance(found, ox.Dataset):
        return "expected RDF"
    if "body" in expect and expect["body"] is not None:
        body = read_results(expect["body"].encode(), ".ttl")
        if found is None or not same(body, found, in_order=False):
            return "expected another graph"
    if expect.get("contains_sd_endpoint") or expect.get("sd_schema"):
        return _description_fault(found)
    return ""


def _description_fault(found: object) -> str:
    """Hold a description to the schema: one service, its endpoint, things of its vocabulary."""
    assert isinstance(found, ox.Dataset)
    services = [q.subject for q in found.quads_for_object(ox.NamedNode(SERVICE))]
    endpoints = [
        q.object
        for q in found.quads_for_predicate(ox.NamedNode(SD + "endpoint"))
        if q.subject in services
    ]
    if not services or not endpoints or not all(isinstance(e, ox.NamedNode) for e in endpoints):
        return "expected a sd:Service with a sd:endpoint that is an IRI"
    for quad in found:
        if quad.predicate.value in _IRIS_ONLY and not isinstance(quad.object, ox.NamedNode):
            return f"expected an IRI as object of {quad.predicate}"
        if quad.predicate.value in _SERVICES_ONLY and quad.subject not in services:
            return f"expected a service as subject of {quad.predicate}"
    return ""


# Ranges and domains of https://www.w3.org/TR/sparql11-service-description/
_IRIS_ONLY: Final = frozenset(
    SD + name
    for name in (
        *("endpoint", "feature", "supportedLanguage", "languageExtension", "extensionFunction"),
        *("resultFormat", "inputFormat", "defaultEntailmentRegime", "name", "entailmentRegime"),
    )
)
_SERVICES_ONLY: Final = frozenset(
    SD + name
    for name in (
        *("endpoint", "feature", "supportedLanguage", "resultFormat", "inputFormat"),
        *("defaultEntailmentRegime", "defaultDataset", "availableGraphs"),
    )
)


def _is_status(name: str, status: int) -> bool:
    if name.startswith("StatusCode"):
        return status // 100 == int(name.removeprefix("StatusCode")[0])
    return STATUSES[name] == status


def _named(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)
