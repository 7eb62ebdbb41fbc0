"""What cannot be answered: each refusal with its status, its words and its headers."""

import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.canary import Canary
from tests.web.site import ENDLESS, Reply, Site, run_site

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def post(site: Site, body: bytes, content_type: str | None, search: str = "") -> Reply:
    headers = {"Content-Type": content_type} if content_type else {}
    return site.ask("/sparql" + search, method="POST", body=body, headers=headers)


def assert_problem(reply: Reply, status: int) -> dict[str, object]:
    assert (reply.status, reply.type) == (status, "application/problem+json"), reply.text
    fields = reply.fields()
    assert fields["status"] == status
    assert {"type", "title", "detail"} <= set(fields)
    return fields


@pytest.mark.parametrize(
    "search",
    [
        "query=ASK%7B%7D&query=ASK%7B%7D",
        "query=",
        "query=%20",
        "query=ASK%7B%7D&update=CLEAR+ALL",
        "query=%FF",
        "query=ASK%7B%7D&timeout=soon",
        "query=ASK%7B%7D&timeout=-1",
        "query=ASK%7B%7D&default-graph-uri=no-iri",
        "query=ASK%7B%7D&named-graph-uri=http://a/%20b",
    ],
)
def test_malformed_parameters_are_answered_400(site: Site, search: str) -> None:
    assert_problem(site.ask(f"/sparql?{search}"), 400)


def test_a_query_in_address_and_body_is_given_twice(site: Site) -> None:
    assert_problem(post(site, b"ASK {}", DIRECT, "?query=ASK%7B%7D"), 400)


def test_a_form_without_query_is_answered_400(site: Site) -> None:
    assert_problem(post(site, b"format=json", FORM), 400)


@pytest.mark.parametrize(
    ("body", "content_type", "search"),
    [
        (b"update=CLEAR+ALL", FORM, ""),
        (b"CLEAR ALL", "application/sparql-update", ""),
        (b"CLEAR ALL", "application/sparql-update; charset=UTF-8", "?using-graph-uri=http://a/"),
    ],
)
def test_an_update_is_answered_403(site: Site, body: bytes, content_type: str, search: str) -> None:
    reply = post(site, body, content_type, search)
    assert_problem(reply, 403)
    assert reply.headers["Access-Control-Allow-Origin"] is None


def test_an_update_by_get_is_answered_403(site: Site) -> None:
    assert_problem(site.ask("/sparql?update=CLEAR+ALL"), 403)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/sparql-query; charset=UTF-16",
        "application/x-www-form-urlencoded; charset=latin-1",
    ],
)
def test_another_content_type_or_charset_is_answered_415(
    site: Site, content_type: str | None
) -> None:
    assert_problem(post(site, b"ASK {}", content_type), 415)


def test_a_compressed_body_is_answered_415(site: Site) -> None:
    headers = {"Content-Type": DIRECT, "Content-Encoding": "gzip"}
    assert_problem(site.ask("/sparql", method="POST", body=b"\x1f\x8b", headers=headers), 415)


def test_a_body_that_is_not_utf_8_is_answered_400(site: Site) -> None:
    assert_problem(post(site, b"ASK { ?s ?p '\xff' }", DIRECT), 400)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_answered_405_with_allow(site: Site, method: str) -> None:
    reply = site.ask("/sparql?query=ASK%7B%7D", method=method)
    assert_problem(reply, 405)
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(reply.headers["Allow"].split(", "))


def test_an_accept_that_nothing_satisfies_is_answered_406_with_offers(site: Site) -> None:
    reply = site.query("ASK {}", accept="image/png")
    offers = assert_problem(reply, 406)["offers"]
    assert isinstance(offers, list)
    assert {"application/sparql-results+json", "text/turtle"} <= set(offers)


@pytest.mark.parametrize(
    ("query", "accept", "offered"),
    [
        ("SELECT * {}", "text/turtle", "text/csv"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", "application/ld+json"),
    ],
)
def test_a_format_of_the_other_form_is_answered_406(
    site: Site, query: str, accept: str, offered: str
) -> None:
    offers = assert_problem(site.query(query, accept=accept), 406)["offers"]
    assert isinstance(offers, list)
    assert offered in offers


def test_an_unknown_format_is_answered_406(site: Site) -> None:
    assert_problem(site.query("ASK {}", format="docx"), 406)


def test_a_body_too_large_is_answered_413(site: Site) -> None:
    assert_problem(post(site, b"#" * (site.settings.body_bytes + 1), DIRECT), 413)
    assert_problem(post(site, b"#" * (site.settings.body_bytes + 10_000_000), DIRECT), 413)


def test_an_address_too_long_is_answered_414(site: Site) -> None:
    for length in (site.settings.query_bytes + 1, site.settings.query_bytes + 200_000):
        assert_problem(site.ask("/sparql?query=" + "%23" * (length // 3)), 414)


def test_a_query_too_long_is_refused(site: Site) -> None:
    assert_problem(post(site, b"#" * (site.settings.query_bytes + 1) + b"\nASK {}", DIRECT), 400)


def test_a_syntax_error_tells_line_column_and_excerpt(site: Site) -> None:
    fields = assert_problem(site.query("SELECT * {\n  ?s ?p \n}"), 400)
    assert isinstance(fields["line"], int)
    assert isinstance(fields["column"], int)
    excerpt = fields["excerpt"]
    assert isinstance(excerpt, str)
    assert excerpt.splitlines()[1].strip() == "^"


def test_an_undeclared_prefix_is_named(site: Site) -> None:
    fields = assert_problem(site.query("SELECT * { ?s a ent:Factory }"), 400)
    assert "ent:" in str(fields["detail"])


@pytest.mark.parametrize("depth", [200, 20_000])
def test_deep_nesting_is_refused_and_the_next_query_answered(site: Site, depth: int) -> None:
    query = "ASK " + "{" * depth + "}" * depth
    assert post(site, query.encode(), DIRECT).status in (400, 503)
    assert site.query("ASK {}").status == 200


def test_service_is_refused(site: Site, canary: Canary) -> None:
    reply = site.query(f"SELECT * {{ SERVICE <{canary.address}> {{ ?s ?p ?o }} }}")
    assert_problem(reply, 400)
    assert not canary.was_reached()


def test_from_a_file_reads_nothing(site: Site) -> None:
    reply = site.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")
    assert reply.status in (200, 400)
    assert b"root:" not in reply.body


def test_a_query_over_its_time_is_answered_503_with_retry_after(site: Site) -> None:
    began = time.monotonic()
    reply = site.query(ENDLESS, timeout="0.5")
    assert time.monotonic() - began < 4, "the server's own limit is five seconds"
    assert_problem(reply, 503)
    assert int(reply.headers["Retry-After"]) >= 1
    assert site.query("ASK {}").status == 200


def test_a_wish_for_more_time_than_allowed_gets_what_is_allowed(tmp_path: Path) -> None:
    with run_site(tmp_path, query_seconds=0.3, readers=1) as site:
        assert site.query(ENDLESS, timeout="9999").status == 503


def test_errors_are_plain_text_where_the_client_prefers_it(site: Site) -> None:
    reply = site.query("SELECT", accept="text/plain")
    assert (reply.status, reply.type) == (400, "text/plain")
    assert reply.text.splitlines()[0].startswith("Not SPARQL: ")


def test_errors_are_pages_where_the_client_prefers_them(site: Site) -> None:
    reply = site.query("SELECT <script>", accept="text/html")
    assert (reply.status, reply.type) == (400, "text/html")
    assert "<script>" not in reply.text
    assert "SELECT &lt;script&gt;" in reply.text


def test_yasgui_gets_its_error_as_json(site: Site) -> None:
    reply = site.query("SELECT", accept="application/sparql-results+json,*/*;q=0.9")
    assert_problem(reply, 400)


def test_an_error_names_no_path_and_no_stack(site: Site) -> None:
    for path in ("/sparql?query=SELECT", "/id/none", "/sparql?" + urlencode({"query": "{"})):
        text = site.ask(path).text
        assert "Traceback" not in text
        assert str(site.settings.state) not in text
