"""The HTTP QUERY method (draft-ietf-httpbis-safe-method-w-body): safe, with a body."""

import pytest

from tests.web.site import FACTORIES, Site

DIRECT = "application/sparql-query"


def ask(site: Site, body: bytes, **headers: str) -> tuple[int, bytes]:
    fields = {"Content-Type": DIRECT, **{n.replace("_", "-"): v for n, v in headers.items()}}
    reply = site.ask("/sparql", method="QUERY", body=body, headers=fields)
    return reply.status, reply.body


def test_a_query_in_the_body_is_answered_as_by_get(site: Site) -> None:
    assert ask(site, FACTORIES.encode()) == (200, site.query(FACTORIES).body)


def test_every_answer_of_the_endpoint_says_what_the_method_accepts(site: Site) -> None:
    for path in ("/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=SELECT"):
        assert site.ask(path).headers["Accept-Query"].split(", ")[0] == DIRECT


def test_an_answer_that_is_known_is_not_sent_again(site: Site) -> None:
    headers = {"Content-Type": DIRECT}
    first = site.ask("/sparql", method="QUERY", body=FACTORIES.encode(), headers=headers)
    headers["If-None-Match"] = first.headers["ETag"]
    again = site.ask("/sparql", method="QUERY", body=FACTORIES.encode(), headers=headers)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_a_body_of_another_type_is_answered_415(site: Site, content_type: str) -> None:
    assert ask(site, FACTORIES.encode(), Content_Type=content_type)[0] == 415


def test_an_update_by_query_is_refused(site: Site) -> None:
    assert ask(site, b"CLEAR ALL", Content_Type="application/sparql-update")[0] == 403


def test_a_preflight_allows_the_method(site: Site) -> None:
    reply = site.ask("/sparql", method="OPTIONS", headers={"Origin": "https://other.example"})
    assert "QUERY" in reply.headers["Access-Control-Allow-Methods"]
