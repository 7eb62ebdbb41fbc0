"""Headers of answers: caches, other origins, browsers, proxies."""

from urllib.parse import urlencode

import pytest
from flask import Flask

from entente.query.answer import KeptAnswer
from entente.query.cache import Kept
from entente.web.answers import stream
from tests.web.site import ENDLESS, FACTORIES, Site

PATH = "/sparql?" + urlencode({"query": FACTORIES})
ORIGIN = {"Origin": "https://other.example"}


@pytest.mark.parametrize(
    "path", [PATH, "/sparql", "/sparql?query=SELECT", "/", "/healthz", "/no/such/thing"]
)
def test_every_origin_may_read_every_answer_without_credentials(site: Site, path: str) -> None:
    reply = site.ask(path, headers=ORIGIN)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Access-Control-Allow-Credentials"] is None
    exposed = reply.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "X-Query-Id", "X-Dataset-Revision", "Retry-After"} <= set(exposed)


def test_a_preflight_is_answered_and_kept_for_a_day(site: Site) -> None:
    reply = site.ask(
        "/sparql",
        method="OPTIONS",
        headers={
            **ORIGIN,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Access-Control-Max-Age"] == "86400"
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert reply.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize("path", [PATH, "/sparql", "/sparql?query=SELECT"])
def test_negotiated_answers_vary(site: Site, path: str) -> None:
    varied = {name.strip() for name in site.ask(path).headers["Vary"].split(",")}
    assert {"Accept", "Accept-Encoding", "Origin"} <= varied


def test_a_query_is_not_evaluated_again_for_who_has_its_answer(site: Site) -> None:
    """The tag is made before evaluation: even an endless query is answered at once."""
    tag = site.ask(PATH).headers["ETag"]
    reply = site.ask(PATH, headers={"If-None-Match": f'"other", {tag}'})
    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", tag)
    assert reply.headers["X-Query-Id"] is None


def test_another_variant_another_dataset_another_query_have_another_tag(site: Site) -> None:
    graph = {"default-graph-uri": "https://w3id.org/entente/graph/current"}
    tags = {
        site.query(FACTORIES).headers["ETag"],
        site.query(FACTORIES, accept="text/csv").headers["ETag"],
        site.query(FACTORIES, format="xml").headers["ETag"],
        site.query(FACTORIES, accept="text/html").headers["ETag"],
        site.query(FACTORIES, **graph).headers["ETag"],
        site.query(FACTORIES + " ").headers["ETag"],
    }
    assert len(tags) == 6
    assert None not in tags


def test_a_tag_of_another_variant_does_not_match(site: Site) -> None:
    tag = site.ask(PATH).headers["ETag"]
    reply = site.ask(PATH, headers={"If-None-Match": tag, "Accept": "text/csv"})
    assert reply.status == 200


@pytest.mark.parametrize(
    "path", ["/llms.txt", "/robots.txt", "/problems", "/reconcile", "/frames/"]
)
def test_what_is_of_no_revision_is_not_sent_again_either(site: Site, path: str) -> None:
    tag = site.ask(path).headers["ETag"]
    for method in ("GET", "HEAD"):
        known = site.ask(path, method=method, headers={"If-None-Match": f'"x", {tag}'})
        assert (known.status, known.body, known.headers["ETag"]) == (304, b"", tag)
    assert site.ask(path, headers={"If-None-Match": '"x"'}).status == 200


def test_an_answer_of_a_newer_revision_does_not_carry_the_older_tag() -> None:
    """A write may come between the making of the tag and the answer."""
    kept = Kept(form="ask", format="csv", body=b"true", seconds=0.1)
    app = Flask(__name__)
    for revision, tag in ((1, 'W/"1-abc"'), (11, None)):
        with app.test_request_context("/sparql"):
            response = stream(KeptAnswer("q", kept, revision=revision), tag="1-abc")
        assert response.headers["X-Dataset-Revision"] == str(revision)
        assert response.headers.get("ETag") == tag


def test_nothing_has_no_type(site: Site) -> None:
    assert site.ask("/sparql", method="OPTIONS").headers["Content-Type"] is None


def test_a_star_does_not_spare_the_evaluation_of_a_query(site: Site) -> None:
    reply = site.ask("/sparql?query=SELECT", headers={"If-None-Match": "*"})
    assert reply.status == 400


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID ( )"])
def test_what_may_differ_the_next_time_has_no_tag(site: Site, call: str) -> None:
    assert site.query(f"SELECT ({call} AS ?x) {{}}").headers["ETag"] is None


def test_a_post_is_not_answered_304(site: Site) -> None:
    headers = {
        "Content-Type": "application/sparql-query",
        "If-None-Match": site.ask(PATH).headers["ETag"],
    }
    assert (
        site.ask("/sparql", method="POST", body=FACTORIES.encode(), headers=headers).status == 200
    )


def test_an_answer_names_its_query_its_time_and_the_revision(site: Site) -> None:
    reply = site.query(FACTORIES + " # asked for the first time")
    assert len(reply.headers["X-Query-Id"]) == 16
    assert reply.headers["Server-Timing"].startswith("query;dur=")
    assert reply.headers["X-Dataset-Revision"] == str(site.service.revision)


def test_an_answer_that_was_kept_says_so(site: Site) -> None:
    fresh, kept = (site.query(FACTORIES + " # asked twice") for _ in range(2))
    assert fresh.headers["Age"] is None
    assert kept.headers["Age"] == "0"
    assert kept.headers["Server-Timing"] == "cache;desc=hit"
    assert kept.body == fresh.body
    assert kept.headers["ETag"] == fresh.headers["ETag"]
    assert kept.headers["X-Query-Id"] != fresh.headers["X-Query-Id"]


def test_errors_are_not_cached(site: Site) -> None:
    assert site.ask("/sparql?query=SELECT").headers["Cache-Control"] == "no-store"
    assert site.query(ENDLESS, timeout="0.1").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("accept", ["text/html", "application/sparql-results+json"])
def test_browsers_run_nothing_and_guess_nothing(site: Site, accept: str) -> None:
    reply = site.query(FACTORIES, accept=accept)
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
