"""Reconciliation clients that others wrote, and the schemas that the specification publishes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest

from entente.core.terms import BASE, ENT
from tests.engines.clients import (
    COCODA,
    RECONCILERS,
    Client,
    find_npm_client,
    find_python_clients,
    find_specifications,
)
from tests.web.site import Site, run_site

HERE: Final = Path(__file__).parent
FACTORY: Final = BASE + "id/facility/brasov-drone-factory"
BRASOV: Final = BASE + "id/place/brasov"
JSON: Final = {"Content-Type": "application/json"}
EXTENSION: Final = {
    "ids": [FACTORY, BRASOV, "id:none"],
    "properties": [
        {"id": name}
        for name in ("ent:locatedIn", "skos:prefLabel", "rdf:type", "ent:lifecycleStatus")
    ],
}
ARTICLE: Final = BASE + "article/2025-01-02-courier-factory"
DATES: Final = {
    "ids": [ARTICLE],
    "properties": [{"id": "schema:datePublished"}, {"id": "ent:charCount"}],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over the tests' dataset."""
    with run_site(tmp_path_factory.mktemp("reconciled")) as running:
        yield running


@pytest.fixture(scope="module")
def python() -> Client:
    script = HERE / "use_reconcilers.py"
    return find_python_clients(script, packages=RECONCILERS, name="reconcilers")


def asked(site: Site, path: str) -> Any:
    reply = site.ask(path)
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


def sent(site: Site, path: str, body: object) -> Any:
    reply = site.ask(path, method="POST", headers=JSON, body=json.dumps(body).encode())
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


def old(site: Site, **fields: object) -> Any:
    texts = {name: json.dumps(value) for name, value in fields.items()}
    return asked(site, f"/reconcile?{urlencode(texts, quote_via=quote)}")


def wrong(python: Client, version: str, documents: list[tuple[str, Any]]) -> Any:
    folder = find_specifications() / version / "schemas"
    return python.run(do="validate", folder=str(folder), documents=documents)


def test_answers_of_0_2_are_as_the_published_schemas_say(site: Site, python: Client) -> None:
    queries = {
        "q0": {"query": "Brasov", "type": [ENT + "Place"], "type_strict": "should", "limit": 3},
        "q1": {"query": "drone", "properties": [{"pid": "ent:locatedIn", "v": ["Romania", 1]}]},
        "q2": {"query": "nothing is called so"},
    }
    documents = [
        ("manifest", asked(site, "/reconcile")),
        ("reconciliation-query-batch", queries),
        ("reconciliation-result-batch", old(site, queries=queries)),
        ("data-extension-query", EXTENSION),
        ("data-extension-response", old(site, extend=EXTENSION)),
        ("data-extension-response", old(site, extend=DATES)),
        ("suggest-entities-response", asked(site, "/reconcile/suggest/entity?prefix=d")),
        ("suggest-properties-response", asked(site, "/reconcile/suggest/property?prefix=")),
        ("suggest-types-response", asked(site, "/reconcile/suggest/type?prefix=")),
        (
            "data-extension-property-proposal",
            asked(site, "/reconcile/extend/propose?type=ent:Factory&limit=3"),
        ),
    ]
    assert wrong(python, "0.2", documents) == []


def test_answers_of_the_draft_are_as_the_published_schemas_say(site: Site, python: Client) -> None:
    root = "/reconcile/1.0-draft"
    located = {"matchType": "property", "propertyId": "ent:locatedIn"}
    batch = {
        "queries": [
            {"conditions": [{"matchType": "name", "propertyValue": "Brasov"}], "limit": 2},
            {
                "type": ENT + "Factory",
                "lang": "en",
                "conditions": [
                    {"matchType": "name", "propertyValue": ["drone", "factory"]},
                    {
                        **located,
                        "propertyValue": [{"id": BRASOV}, "Romania"],
                        "required": True,
                        "matchQuantifier": "all",
                    },
                ],
            },
            {"conditions": [{"matchType": "id", "propertyValue": FACTORY}]},
        ]
    }
    documents = [
        ("manifest", asked(site, root)),
        ("reconciliation-query-batch", batch),
        ("reconciliation-result-batch", sent(site, f"{root}/match", batch)),
        ("data-extension-response", sent(site, f"{root}/extend", EXTENSION)),
        ("data-extension-response", sent(site, f"{root}/extend", DATES)),
        ("suggest-entities-response", asked(site, f"{root}/suggest/entity?prefix=d&limit=3")),
        ("suggest-properties-response", asked(site, f"{root}/suggest/property?prefix=l")),
        ("suggest-types-response", asked(site, f"{root}/suggest/type?prefix=")),
        (
            "data-extension-property-proposal",
            asked(site, f"{root}/extend/propose?type=ent:Factory"),
        ),
    ]
    assert wrong(python, "1.0-draft", documents) == []


@pytest.mark.parametrize("version", ["0.2", "1.0-draft"])
def test_published_examples_of_batches_are_answered_or_refused_in_words(
    site: Site, python: Client, version: str
) -> None:
    """An example may name properties that are none here: the answer is 400 with its reason then."""
    folder = find_specifications() / version / "examples" / "reconciliation-query-batch"
    examples = sorted(folder.glob("valid/*.json"))
    assert examples
    for path in examples:
        text = path.read_text("utf-8")
        if version == "0.2":
            body = urlencode({"queries": text}).encode()
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            reply = site.ask("/reconcile", method="POST", headers=headers, body=body)
        else:
            reply = site.ask("/reconcile/match", method="POST", headers=JSON, body=text.encode())
        assert reply.status in (200, 400), (path.name, reply.text)
        answer = json.loads(reply.body)
        if reply.status == 400:
            assert "prefix:name" in answer["detail"] or "matchQualifier" in answer["detail"]
        else:
            assert wrong(python, version, [("reconciliation-result-batch", answer)]) == []


@pytest.mark.parametrize("version", ["0.2", "1.0-draft"])
def test_published_examples_that_are_no_batches_are_refused(site: Site, version: str) -> None:
    folder = find_specifications() / version / "examples" / "reconciliation-query-batch"
    examples = sorted(folder.glob("invalid/*.json"))
    assert examples
    for path in examples:
        text = path.read_text("utf-8")
        if version == "0.2":
            reply = site.ask(f"/reconcile?{urlencode({'queries': text}, quote_via=quote)}")
        else:
            reply = site.ask("/reconcile/match", method="POST", headers=JSON, body=text.encode())
        assert reply.status == 400, (path.name, reply.text)


def test_the_library_reconciler_matches_a_column(site: Site, python: Client) -> None:
    rows = python.run(
        do="reconcile",
        endpoint=f"{site.url}/reconcile",
        table={"name": ["Brașov", "Drone factory in Brasow", "Romania"]},
        column="name",
    )
    found = {row["input_value"]: (row["id"], row["match"]) for row in rows}
    assert found["Brașov"] == (BRASOV, True)
    assert found["Romania"] == (BASE + "id/country/romania", True)
    assert found["Drone factory in Brasow"][0] == FACTORY


def test_the_library_reconciler_uses_types_and_properties(site: Site, python: Client) -> None:
    rows = python.run(
        do="reconcile",
        endpoint=f"{site.url}/reconcile",
        table={"name": ["Drone factory"], "where": ["Romania"]},
        column="name",
        type=ENT + "Factory",
        properties={ENT + "locatedIn": "where"},
        top="all",
    )
    assert [row["id"] for row in rows] == [FACTORY]
    assert rows[0]["type"] == ["Factory"] or rows[0]["type"] == "Factory"


def test_the_library_of_cocoda_maps_a_concept(site: Site) -> None:
    client = find_npm_client(HERE / "use_cocoda.mjs", COCODA, "cocoda-sdk-3.6.1")
    found = client.run(endpoint=f"{site.url}/reconcile", label="Brasov")
    exact = "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert found[0] == {"uri": BRASOV, "type": exact}
