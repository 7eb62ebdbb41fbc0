"""Limits a client meets: how often it may ask, how long its queries run, who may end them."""

import threading
import time
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from urllib.parse import urlencode

import pytest

from entente.core.tokens import Tokens
from entente.web.rate import Buckets
from tests.protocol.writable import Writable
from tests.web.site import ENDLESS, Reply, Site, run_site

QUICK = "/sparql?query=ASK%7B%7D"


def in_background(site: Site, replies: list[Reply], **headers: str) -> threading.Thread:
    """Ask an endless query and keep its answer."""
    body = f"# {len(replies)} {time.monotonic()}\n{ENDLESS}".encode()
    fields = {"Content-Type": "application/sparql-query", **headers}

    def ask() -> None:
        replies.append(site.ask("/sparql", method="POST", body=body, headers=fields))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_who_asks_too_often_is_answered_429_and_told_when_to_come_again(tmp_path: Path) -> None:
    with run_site(tmp_path, client_rate=0.5, client_burst=3) as site:
        replies = [site.ask(QUICK) for _ in range(5)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429, 429]
        late = replies[-1]
        assert 1 <= int(late.headers["Retry-After"]) <= 2
        assert late.fields()["title"] == "Too many requests"
        assert [site.ask(path).status for path in ("/healthz", "/readyz", "/metrics")] == [200] * 3


def test_what_a_client_says_of_its_address_is_not_believed(tmp_path: Path) -> None:
    with run_site(tmp_path, client_rate=0.01, client_burst=1) as site:
        statuses = [
            site.ask(QUICK, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status for n in range(3)
        ]
    assert statuses == [200, 429, 429]


def test_behind_a_proxy_its_word_counts_and_not_what_the_client_put_before(
    tmp_path: Path,
) -> None:
    with run_site(tmp_path, client_rate=0.01, client_burst=1, proxies=1) as site:
        statuses = [
            site.ask(QUICK, headers={"X-Forwarded-For": seen}).status
            for seen in ("10.0.0.1", "10.0.0.2", "10.0.0.9, 10.0.0.1")
        ]
    assert statuses == [200, 200, 429]


def test_behind_a_proxy_addresses_are_those_that_clients_use(tmp_path: Path) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "graph.example"}
    with run_site(tmp_path, proxies=1) as site:
        text = site.ask("/sparql", headers={**headers, "Accept": "text/turtle"}).text
    assert "https://graph.example/sparql" in text


def test_a_bucket_fills_again_and_no_more_than_its_burst() -> None:
    buckets = Buckets(rate=2.0, burst=2)
    assert [buckets.take("a", now=0.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert buckets.take("a", now=0.5) == 0.0
    assert [buckets.take("a", now=1000.0) for _ in range(3)] == [0.0, 0.0, 0.5]
    assert buckets.take("b", now=0.0) == 0.0


def test_a_holder_sees_and_ends_queries_of_its_own(writable: Writable) -> None:
    tokens = Tokens(writable.site.settings.tokens)
    headers = {"Authorization": f"Bearer {tokens.new('reader two', 'read')}"}
    replies: list[Reply] = []
    thread = in_background(writable.site, replies, **headers)
    seen: list[dict[str, object]] = []
    until = time.monotonic() + 3
    while not seen and time.monotonic() < until:
        found = writable.site.ask("/queries", headers=headers).json()
        assert isinstance(found, list)
        seen = found
        time.sleep(0.02)
    (entry,) = seen
    assert entry["client"] == "reader two"
    assert str(entry["query"]).startswith("# ")
    assert writable.ask("GET", "/queries", scope="read").json() == []
    assert writable.ask("DELETE", f"/queries/{entry['id']}", scope="read").status == 404
    began = time.monotonic()
    ended = writable.site.ask(f"/queries/{entry['id']}", method="DELETE", headers=headers)
    thread.join()
    assert ended.status == 204
    assert time.monotonic() - began < 4, "by itself it would end after five seconds"
    (reply,) = replies
    assert reply.status == 503
    assert "ended by its holder" in str(reply.fields()["detail"])
    assert writable.site.ask("/queries", headers=headers).json() == []


def test_an_administrator_sees_and_ends_all(writable: Writable) -> None:
    replies: list[Reply] = []
    thread = in_background(writable.site, replies)
    found: list[dict[str, object]] = []
    until = time.monotonic() + 3
    while not found and time.monotonic() < until:
        listed = writable.ask("GET", "/queries", scope="admin").json()
        assert isinstance(listed, list)
        found = listed
    assert writable.ask("DELETE", f"/queries/{found[0]['id']}", scope="admin").status == 204
    thread.join()
    assert replies[0].status == 503


def test_the_list_of_queries_needs_a_token(site: Site) -> None:
    assert site.ask("/queries").status == 401
    assert site.ask("/queries/0", method="DELETE").status == 401


def test_supervision_is_answered_when_every_thread_is_at_work(tmp_path: Path) -> None:
    with run_site(tmp_path, threads=2, readers=1, query_seconds=8.0) as site:
        replies: list[Reply] = []
        threads = [in_background(site, replies) for _ in range(6)]
        time.sleep(0.5)
        began = time.monotonic()
        assert site.ask("/healthz").status == 200
        assert site.ask("/readyz").status == 200
        metrics = site.ask("/metrics")
        assert time.monotonic() - began < 6, "the queries at work take eight seconds"
        assert "entente_requests_waiting 4" in metrics.text
        for thread in threads:
            thread.join()
    assert {reply.status for reply in replies} == {503}


TRIPLES = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.mark.parametrize("accept", ["json", "xml", "csv", "tsv"])
def test_an_answer_with_a_row_too_many_is_refused_and_none_is_cut_short(
    tmp_path: Path, accept: str
) -> None:
    with run_site(tmp_path, result_rows=20) as site:
        whole = site.query("SELECT * { ?s ?p ?o } LIMIT 20", format=accept)
        refused = site.query("SELECT * { ?s ?p ?o } LIMIT 21", format=accept)
        counted = site.ask("/metrics").text
    assert whole.status == 200
    assert (refused.status, refused.type) == (400, "application/problem+json")
    assert str(refused.fields()["type"]).endswith("#answer-too-long")
    assert "more than 20 rows; add LIMIT" in str(refused.fields()["detail"])
    assert refused.headers["Retry-After"] is None, "the same query will never be answered"
    assert 'entente_queries_total{outcome="rows"} 1' in counted


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_triples_are_held_to_the_same_limit(tmp_path: Path, name: str) -> None:
    with run_site(tmp_path, result_rows=20) as site:
        assert site.query(f"{TRIPLES} LIMIT 20", format=name).status == 200
        refused = site.query(f"{TRIPLES} LIMIT 21", format=name)
    assert refused.status == 400
    assert "more than 20 triples; add LIMIT" in str(refused.fields()["detail"])


@pytest.mark.parametrize("accept", ["json", "xml", "csv", "tsv"])
def test_a_row_too_many_after_the_first_byte_breaks_the_answer_off(
    tmp_path: Path, accept: str
) -> None:
    with run_site(tmp_path, result_rows=20_000) as site:
        query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
        connection = HTTPConnection(site.host, site.port, timeout=30)
        connection.request("GET", "/sparql?" + urlencode({"query": query, "format": accept}))
        response = connection.getresponse()
        assert response.status == 200
        with pytest.raises(IncompleteRead):
            response.read()
        connection.close()


def test_an_answer_with_a_byte_too_many_is_the_clients_to_mend_too(tmp_path: Path) -> None:
    with run_site(tmp_path, result_bytes=1000) as site:
        refused = site.query("SELECT * { ?s ?p ?o }")
    assert refused.status == 400
    assert "longer than 1000 bytes; add LIMIT" in str(refused.fields()["detail"])
