"""What a leaving, stalling or unlucky client costs the others: nothing."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.site import ENDLESS, Site, run_site

LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[Site]:
    """A server with one reader: who holds it holds all."""
    with run_site(tmp_path, readers=1, query_seconds=20) as site:
        yield site


def send(site: Site, query: str) -> socket.socket:
    client = socket.create_connection((site.host, site.port), timeout=10)
    search = urlencode({"query": query})
    client.sendall(f"GET /sparql?{search} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
    return client


def seconds_of_point_query(site: Site) -> float:
    began = time.monotonic()
    assert site.query("ASK {}").status == 200
    return time.monotonic() - began


def test_a_client_that_leaves_frees_its_reader(lonely: Site) -> None:
    client = send(lonely, ENDLESS)
    time.sleep(0.3)
    client.close()
    assert seconds_of_point_query(lonely) < 1.5


def test_a_client_that_leaves_midway_frees_its_reader(lonely: Site) -> None:
    client = send(lonely, LONG)
    assert client.recv(100).startswith(b"HTTP/1.1 200")
    client.close()
    assert seconds_of_point_query(lonely) < 1.5


def test_clients_that_leave_while_waiting_are_not_evaluated(lonely: Site) -> None:
    clients = [send(lonely, ENDLESS) for _ in range(10)]
    time.sleep(0.3)
    for client in clients:
        client.close()
    assert seconds_of_point_query(lonely) < 1.5


def test_a_limit_after_the_first_byte_cuts_the_connection(tmp_path: Path) -> None:
    with run_site(tmp_path, readers=1, result_bytes=500_000) as site, send(site, LONG) as client:
        answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200")
        assert len(answer) > 100_000
        assert not answer.endswith(b"0\r\n\r\n")
        assert site.query("ASK {}").status == 200


def test_a_client_that_stalls_loses_its_reader_at_the_deadline(tmp_path: Path) -> None:
    with run_site(tmp_path, readers=1, query_seconds=1.0) as site, send(site, LONG) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 200")
        time.sleep(1.2)
        assert seconds_of_point_query(site) < 20, "a stalled body is given up after a minute"


def test_600_stalled_posts_do_not_block_a_query(site: Site) -> None:
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 1000\r\n\r\nASK"
    )
    stalled = [socket.create_connection((site.host, site.port)) for _ in range(600)]
    try:
        for client in stalled:
            client.sendall(head)
        assert seconds_of_point_query(site) < 20, "a stalled body is given up after a minute"
    finally:
        for client in stalled:
            client.close()


def test_runaways_are_answered_503_within_their_limit(tmp_path: Path) -> None:
    """Twenty at once, two readers: whoever found no reader is answered in time too."""
    with run_site(tmp_path, readers=2, query_seconds=1.0) as site:
        found: list[tuple[int, float]] = []

        def run_away() -> None:
            began = time.monotonic()
            status = site.query(ENDLESS).status
            found.append((status, time.monotonic() - began))

        threads = [threading.Thread(target=run_away) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {status for status, _ in found} == {503}
        assert max(seconds for _, seconds in found) < 5, "in turn they would take ten seconds"
        assert seconds_of_point_query(site) < 5


def test_more_requests_than_threads_are_answered_within_their_limit(tmp_path: Path) -> None:
    with run_site(tmp_path, readers=1, threads=2, query_seconds=1.0) as site:
        clients = [send(site, ENDLESS) for _ in range(6)]
        began = time.monotonic()
        answers = [client.recv(65536) for client in clients]
        assert time.monotonic() - began < 4, "in turn they would take six seconds"
        assert all(answer.startswith(b"HTTP/1.1 503") for answer in answers)
        for client in clients:
            client.close()
