"""The reconciliation service over HTTP, in version 0.2 and in the draft of 1.0."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from entente.core.terms import BASE, ENT
from tests.web.site import Reply, Site

FACTORY = BASE + "id/facility/brasov-drone-factory"
BRASOV = BASE + "id/place/brasov"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def posted(site: Site, **fields: object) -> Any:
    body = urlencode({name: json.dumps(value) for name, value in fields.items()})
    return good(site.ask("/reconcile", method="POST", headers=FORM, body=body.encode()))


def matched(site: Site, *conditions: dict[str, Any], **fields: object) -> list[Any]:
    body = {"queries": [{"conditions": list(conditions), **fields}]}
    (result,) = sent(site, "/reconcile/match", body)["results"]
    candidates: list[Any] = result["candidates"]
    return candidates


def sent(site: Site, path: str, body: object) -> Any:
    text = json.dumps(body).encode()
    return good(site.ask(path, method="POST", headers=JSON, body=text))


def good(reply: Reply) -> Any:
    assert (reply.status, reply.type) == (200, "application/json"), reply.text
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(reply.body)


def name(text: str, **fields: object) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": text, **fields}


def located(value: object, **fields: object) -> dict[str, Any]:
    asked = {"matchType": "property", "propertyId": ENT + "locatedIn", "propertyValue": value}
    return {**asked, **fields}


def test_the_manifests_name_their_versions_and_lead_to_what_answers(site: Site) -> None:
    old, draft = (good(site.ask(f"/{root}")) for root in ("reconcile", "reconcile/1.0-draft"))
    assert (old["versions"], draft["versions"]) == (["0.2", "1.0-draft"], ["1.0-draft"])
    assert old["identifierSpace"] == BASE
    for service in old["suggest"].values():
        address = service["service_url"] + service["service_path"]
        assert good(site.ask(address.removeprefix(site.url) + "?prefix=a"))["result"]
    for template in (old["view"]["url"], old["preview"]["url"]):
        address = template.replace("{{id}}", quote(FACTORY, safe=""))
        assert site.ask(address.removeprefix(site.url)).status in (200, 303)
    assert site.ask(f"/reconcile/1.0-draft/view?id={quote(FACTORY)}").status == 303


def test_the_same_name_is_a_match(site: Site) -> None:
    result = posted(site, queries={"q0": {"query": "Brasov"}, "q1": {"query": "No such thing"}})
    best = result["q0"]["result"][0]
    assert (best["id"], best["score"], best["match"]) == (BRASOV, 100.0, True)
    assert best["type"] == [{"id": ENT + "City", "name": "City"}]
    assert not any(each["match"] for each in result["q1"]["result"])


def test_what_is_only_alike_is_a_candidate_and_no_match(site: Site) -> None:
    best = posted(site, queries={"q": {"query": "Brasov drone plant"}})["q"]["result"][0]
    assert best["id"] == FACTORY
    assert best["match"] is False
    assert 40 < best["score"] < 90


def test_scores_fall_and_say_what_they_are_made_of(site: Site) -> None:
    candidates = posted(site, queries={"q": {"query": "drone", "limit": 50}})["q"]["result"]
    scores = [each["score"] for each in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert {each["id"] for each in candidates[0]["features"]} == {"name", "connections"}


def test_a_limit_is_kept(site: Site) -> None:
    assert len(posted(site, queries={"q": {"query": "drone", "limit": 1}})["q"]["result"]) == 1


@pytest.mark.parametrize("identifier", [FACTORY, "id:facility/brasov-drone-factory"])
def test_an_identifier_as_name_gives_its_thing(site: Site, identifier: str) -> None:
    best = posted(site, queries={"q": {"query": identifier}})["q"]["result"][0]
    assert (best["id"], best["score"]) == (FACTORY, 100.0)


def test_types_restrict_or_weigh(site: Site) -> None:
    asked = {"query": "Brasov", "type": [ENT + "Factory"]}
    strict = posted(site, queries={"q": asked})["q"]["result"]
    assert [each["id"] for each in strict] == [FACTORY]
    soft = posted(site, queries={"q": {**asked, "type_strict": "should"}})["q"]["result"]
    assert BRASOV in [each["id"] for each in soft]
    features = {each["id"]: each["value"] for each in soft[0]["features"]}
    assert (features["type"], soft[0]["match"]) == (False, False)
    place = {"query": "Brasov", "type": "ent:City", "type_strict": "all"}
    assert posted(site, queries={"q": place})["q"]["result"][0]["id"] == BRASOV
    anything = {"query": "Brasov", "type": "http://www.w3.org/2002/07/owl#Thing"}
    assert posted(site, queries={"q": anything})["q"]["result"][0]["id"] == BRASOV


@pytest.mark.parametrize("value", ["Romania", {"id": BASE + "id/country/romania"}, "Brașov"])
def test_properties_count_also_by_what_follows(site: Site, value: object) -> None:
    asked = {"query": "Drone factory", "properties": [{"pid": "ent:locatedIn", "v": value}]}
    best = posted(site, queries={"q": asked})["q"]["result"][0]
    features = {each["id"]: each["value"] for each in best["features"]}
    assert (best["id"], features["property:ent:locatedIn"]) == (FACTORY, 100.0)


def test_a_wrong_property_forbids_the_match(site: Site) -> None:
    properties = [{"pid": "ent:locatedIn", "v": "Norway"}]
    asked = {"query": "Drone factory in Brasov", "properties": properties}
    best = posted(site, queries={"q": asked})["q"]["result"][0]
    assert (best["id"], best["match"]) == (FACTORY, False)
    assert best["score"] < 90


def test_properties_alone_find_things(site: Site) -> None:
    asked = {"properties": [{"pid": "ent:locatedIn", "v": "Brasov"}]}
    result = posted(site, queries={"q": asked})["q"]["result"]
    assert FACTORY in [each["id"] for each in result]


def test_the_draft_has_conditions_with_quantifiers(site: Site) -> None:
    assert matched(site, name("Brasov"))[0]["id"] == BRASOV
    assert matched(site, {"matchType": "id", "propertyValue": FACTORY})[0]["score"] == 100.0
    found = matched(site, name("Brasov"), located("Romania", required=True))
    assert found[0]["id"] in (BRASOV, FACTORY)
    nowhere = located("Romania", required=True, matchQuantifier="none")
    assert FACTORY not in [each["id"] for each in matched(site, name("Brasov"), nowhere)]
    both = located(["Brasov", "Romania"], required=True, matchQuantifier="all")
    assert [each["id"] for each in matched(site, name("Drone factory"), both)][:1] == [FACTORY]
    features = matched(site, name("Brasov"))[0]["features"]
    assert all(each["name"] for each in features)
    assert matched(site, name("Brasov"), type=ENT + "Factory")[0]["id"] == FACTORY


def test_a_table_is_extended_in_the_words_of_each_version(site: Site) -> None:
    asked = {
        "ids": [FACTORY, BASE + "id/none"],
        "properties": [{"id": "ent:locatedIn", "settings": {"limit": 1}}, {"id": "skos:prefLabel"}],
    }
    old = posted(site, extend=asked)
    draft = sent(site, "/reconcile/extend", asked)
    assert [each["id"] for each in old["meta"]] == ["ent:locatedIn", "skos:prefLabel"]
    assert old["meta"][0]["name"] == "located in"
    assert len(old["rows"][FACTORY]["ent:locatedIn"]) == 1
    assert old["rows"][FACTORY]["skos:prefLabel"] == [{"str": "Drone factory in Brasov"}]
    assert old["rows"][BASE + "id/none"] == {"ent:locatedIn": [], "skos:prefLabel": []}
    first = draft["rows"][0]
    assert first["id"] == FACTORY
    assert [each["id"] for each in first["properties"]] == ["ent:locatedIn", "skos:prefLabel"]
    assert first["properties"][1]["values"] == [{"str": "Drone factory in Brasov", "lang": "en"}]


def test_properties_are_proposed_for_a_type(site: Site) -> None:
    reply = good(site.ask("/reconcile/extend/propose?type=ent:Factory&limit=5"))
    assert (reply["type"], reply["limit"]) == ("ent:Factory", 5)
    assert ENT + "locatedIn" in [each["id"] for each in reply["properties"]]
    assert len(reply["properties"]) <= 5


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("entity?prefix=bras", BRASOV),
        (f"entity?prefix={quote(FACTORY)}", FACTORY),
        ("property?prefix=loc", ENT + "locatedIn"),
        ("property?prefix=&limit=50", ENT + "locatedIn"),
        ("type?prefix=fac", ENT + "Factory"),
        ("type?prefix=ent:Factory", ENT + "Factory"),
        ("type?prefix=&limit=50", ENT + "City"),
    ],
)
def test_fields_are_completed(site: Site, path: str, expected: str) -> None:
    result = good(site.ask(f"/reconcile/suggest/{path}"))["result"]
    assert expected in [each["id"] for each in result]


def test_a_cursor_skips_suggestions(site: Site) -> None:
    whole = good(site.ask("/reconcile/suggest/entity?prefix=d"))["result"]
    rest = good(site.ask("/reconcile/suggest/entity?prefix=d&cursor=1"))["result"]
    assert rest == whole[1:]


def test_a_preview_fits_into_the_frame_of_another_page(site: Site) -> None:
    reply = site.ask(f"/reconcile/preview?id={quote(FACTORY)}")
    assert (reply.status, reply.type) == (200, "text/html")
    assert "Drone factory in Brasov" in reply.text
    assert "frame-ancestors *" in reply.headers["Content-Security-Policy"]
    assert "script" not in reply.text
    assert len(reply.body) < 4096


def test_a_flyout_is_a_piece_of_html(site: Site) -> None:
    reply = good(site.ask(f"/reconcile/flyout/entity?id={quote(FACTORY)}"))
    assert reply["id"] == FACTORY
    assert reply["html"].startswith("<div>")
    assert site.ask(f"/reconcile/flyout/type?id={quote(FACTORY)}").status == 404


def test_names_of_others_are_text_in_html(site: Site) -> None:
    found = posted(site, queries={"q": {"query": "script"}})["q"]["result"]
    for each in found:
        page = site.ask(f"/reconcile/preview?id={quote(each['id'], safe='')}")
        assert "<script>" not in page.text


@pytest.mark.parametrize(
    "queries",
    [
        "{",
        "[]",
        "1",
        '{"q": 1}',
        '{"q": {}}',
        '{"q": {"query": ""}}',
        '{"q": {"query": 5}}',
        '{"q": {"query": "a", "limit": 0}}',
        '{"q": {"query": "a", "limit": NaN}}',
        '{"q": {"query": "a", "limit": "x"}}',
        '{"q": {"query": "a", "typ": "b"}}',
        '{"q": {"query": "a", "type": "no name"}}',
        '{"q": {"query": "a", "type": [[]]}}',
        '{"q": {"query": "a", "type_strict": "maybe"}}',
        '{"q": {"query": "a", "properties": {}}}',
        '{"q": {"properties": []}}',
        '{"q": {"properties": [{"pid": "ent:locatedIn"}]}}',
        '{"q": {"properties": [{"pid": "ent:locatedIn", "v": []}]}}',
        '{"q": {"properties": [{"pid": "<x y>", "v": 1}]}}',
        '{"q": {"query": "\\ud800"}}',
        '{"q": {"query": "' + "a" * 301 + '"}}',
        "[" * 5000,
    ],
)
def test_what_is_no_batch_is_refused(site: Site, queries: str) -> None:
    body = urlencode({"queries": queries}).encode()
    reply = site.ask("/reconcile", method="POST", headers=FORM, body=body)
    assert (reply.status, reply.type) == (400, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        ("/reconcile", FORM, "", 400),
        ("/reconcile", FORM, "queries={}&extend={}", 400),
        ("/reconcile", FORM, "queries={}&queries={}", 400),
        ("/reconcile/match", FORM, "queries={}", 415),
        ("/reconcile/match", JSON, "{}", 400),
        ("/reconcile/match", JSON, '{"queries": [{"conditions": []}]}', 400),
        ("/reconcile/extend", JSON, '{"ids": "a", "properties": []}', 400),
        ("/reconcile/extend", JSON, '{"ids": ["a b"], "properties": []}', 400),
    ],
)
def test_other_bodies_are_refused(
    site: Site, path: str, headers: dict[str, str], body: str, status: int
) -> None:
    assert site.ask(path, method="POST", headers=headers, body=body.encode()).status == status


def test_a_batch_that_is_too_large_is_413(site: Site) -> None:
    most = good(site.ask("/reconcile"))["batchSize"]
    queries = {str(i): {"query": "a"} for i in range(most + 1)}
    body = urlencode({"queries": json.dumps(queries)}).encode()
    assert site.ask("/reconcile", method="POST", headers=FORM, body=body).status == 413
    asked = {"ids": [f"{BASE}id/{i}" for i in range(501)], "properties": []}
    body = json.dumps(asked).encode()
    reply = site.ask("/reconcile/extend", method="POST", headers=JSON, body=body)
    assert reply.status == 413


def test_queries_may_come_by_get(site: Site) -> None:
    batch = quote(json.dumps({"q": {"query": "Brasov"}}))
    assert good(site.ask(f"/reconcile?queries={batch}"))["q"]["result"][0]["id"] == BRASOV


def test_a_preflight_lets_json_through(site: Site) -> None:
    reply = site.ask(
        "/reconcile/match",
        method="OPTIONS",
        headers={"Origin": "http://elsewhere", "Access-Control-Request-Method": "POST"},
    )
    assert reply.status == 204
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]


def test_what_has_no_name_is_not_found(site: Site) -> None:
    for part in ("view", "preview", "flyout/entity"):
        assert site.ask(f"/reconcile/{part}?id=id:none").status == 404
