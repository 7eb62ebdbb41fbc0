"""The OpenAPI document is whole: every route is described, every description has a route."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from entente.web.app import create_app
from tests.web.site import Site

PARTS = (
    "/api",
    "/sparql",
    "/update",
    "/graphs",
    "/reconcile",
    "/releases",
    "/nanopub",
    "/dataset",
)
UNDESCRIBED = {"HEAD", "OPTIONS", "QUERY"}
PARAMETER = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?\w+>|\{\w+\}|(?<=/)latest")


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    reply = site.ask("/api/openapi.json")
    assert (reply.status, reply.type) == (200, "application/json")
    return reply.fields()


def described(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (spelt(path), method)
        for path, operations in document["paths"].items()
        for method in operations
    }


def routes(site: Site) -> set[tuple[str, str]]:
    return {
        (spelt(rule.rule), method.lower())
        for rule in create_app(site.service, site.settings).url_map.iter_rules()
        if rule.rule.startswith(PARTS)
        for method in (rule.methods or set()) - UNDESCRIBED
    }


def spelt(path: str) -> str:
    """Write an address without names of parameters, and without the slash that it may end with."""
    return PARAMETER.sub("{}", path).rstrip("/")


def test_every_route_is_described_and_every_description_has_a_route(
    site: Site, document: dict[str, Any]
) -> None:
    assert routes(site) - described(document) == set()
    assert described(document) - routes(site) == set()


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_every_reference_leads_to_a_component_and_every_component_is_used(
    document: dict[str, Any],
) -> None:
    named = {
        f"#/components/{kind}/{name}"
        for kind, held in document["components"].items()
        if kind != "securitySchemes"
        for name in held
    }
    assert named == set(references(document))


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def test_every_parameter_is_described(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            for one in operation["parameters"]:
                assert "$ref" in one or (one["description"] and one["schema"])


def test_every_operation_documents_its_problems(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            assert {"400", "406", "429", "500", "503"} <= set(operation["responses"])
            assert ("security" in operation) is ("401" in operation["responses"]) or (
                operation["operationId"] == "post-sparql"
            )


def test_the_overview_for_people_names_every_operation(
    site: Site, document: dict[str, Any]
) -> None:
    page = site.ask("/api", headers={"Accept": "text/html"})
    assert page.type == "text/html"
    paths = [path for path in document["paths"] if not path.endswith(".{suffix}")]
    assert [path for path in paths if f"<code>{path}</code>" not in page.text] == []


def test_programs_that_ask_the_overview_get_the_document(
    site: Site, document: dict[str, Any]
) -> None:
    reply = site.ask("/api", headers={"Accept": "application/json"})
    assert json.loads(reply.body) == document


@pytest.mark.parametrize("path", ["/", "/sparql", "/api", "/api/agreements"])
def test_the_document_is_linked(site: Site, path: str) -> None:
    links = " ".join(site.ask(path).headers.get_all("Link") or [])
    assert f'<{site.url}/api/openapi.json>; rel="service-desc"; type="application/json"' in links


def test_the_document_is_not_sent_twice(site: Site) -> None:
    tag = site.ask("/api/openapi.json").headers["ETag"]
    assert site.ask("/api/openapi.json", headers={"If-None-Match": tag}).status == 304
