import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.core.errors import Cancelled, LimitExceeded, NotAcceptable, QueryRefused, StoreError
from entente.core.settings import read_settings
from entente.query.service import QueryRequest, QueryService
from entente.store.snapshots import Snapshots
from tests.query.services import (
    POINT,
    POINT_ANSWER,
    RUNAWAY,
    answer,
    eventually,
    lives,
    running,
)
from tests.store.artifacts import numbered, write

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p <http://example.org/n1> }"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[QueryService]:
    with running(tmp_path, numbered(300)) as service:
        yield service


@pytest.mark.parametrize(
    ("name", "start"),
    [("json", '{"head":'), ("xml", "<?xml"), ("csv", "o\r\n"), ("tsv", "?o\n")],
)
def test_rows_come_in_each_format(name: str, start: str, shared_service: QueryService) -> None:
    with shared_service.open_query(QueryRequest(query=POINT, results_format=name)) as found:
        assert (found.form, found.format) == ("select", name)
        assert found.read().decode().startswith(start)
        assert found.revision == shared_service.revision == 1
        assert found.seconds > 0


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_a_graph_comes_in_each_format(name: str, shared_service: QueryService) -> None:
    with shared_service.open_query(QueryRequest(query=CONSTRUCT, graph_format=name)) as found:
        assert (found.form, found.format) == ("graph", name)
        assert b"http://example.org/s1" in found.read()


def test_json_ld_is_a_whole_document(shared_service: QueryService) -> None:
    with shared_service.open_query(QueryRequest(query=CONSTRUCT, graph_format="jsonld")) as found:
        assert json.loads(found.read()) == [
            {
                "@id": "http://example.org/s1",
                "http://example.org/p": [{"@id": "http://example.org/n1"}],
            }
        ]


def test_ask_is_answered(shared_service: QueryService) -> None:
    with shared_service.open_query(QueryRequest(query="ASK {}")) as found:
        assert found.form == "ask"
        assert json.loads(found.read())["boolean"] is True


@pytest.mark.parametrize(
    "request_",
    [
        QueryRequest(query=POINT, results_format=None),
        QueryRequest(query=CONSTRUCT, graph_format=None),
    ],
)
def test_a_form_without_an_accepted_format_is_not_acceptable(
    request_: QueryRequest, shared_service: QueryService
) -> None:
    with pytest.raises(NotAcceptable) as caught:
        shared_service.open_query(request_)
    assert len(caught.value.offers) >= 4


def test_relative_iris_resolve_against_the_base(shared_service: QueryService) -> None:
    query = "SELECT ?o { <s1> <p> ?o }"
    request = QueryRequest(query=query, results_format="csv", base_iri="http://example.org/sparql")
    with shared_service.open_query(request) as found:
        assert found.read().decode() == POINT_ANSWER


def test_a_long_answer_comes_in_chunks(shared_service: QueryService) -> None:
    request = QueryRequest(query="SELECT * { ?s ?p ?o }", results_format="json")
    with shared_service.open_query(request) as found:
        chunks = list(found)
    assert len(chunks) > 2
    assert len(json.loads(b"".join(chunks))["results"]["bindings"]) == 2000


def test_a_clients_time_limit_shortens_the_servers(shared_service: QueryService) -> None:
    with pytest.raises(LimitExceeded, match=r"longer than 0\.3 s"):
        answer(shared_service, RUNAWAY, timeout=0.3)


def test_a_clients_time_limit_cannot_lengthen_the_servers(tmp_path: Path) -> None:
    with (
        running(tmp_path, numbered(2000), query_seconds=0.3) as service,
        pytest.raises(LimitExceeded, match=r"longer than 0\.3 s"),
    ):
        answer(service, RUNAWAY, timeout=60)


def test_a_query_too_long_takes_no_reader(service: QueryService) -> None:
    with pytest.raises(QueryRefused, match="at most 262144"):
        answer(service, "#" * 262_145)


def test_cancelling_ends_the_query(service: QueryService) -> None:
    with pytest.raises(Cancelled):
        service.open_query(QueryRequest(query=RUNAWAY), cancelled=lambda: True)
    assert answer(service, POINT) == POINT_ANSWER


def test_a_service_that_is_not_started_is_not_ready(tmp_path: Path) -> None:
    service = QueryService(
        read_settings({"state": tmp_path}, environment={}),
        Snapshots(tmp_path / "store"),
        queries=tmp_path,
    )
    assert not service.ready()
    with pytest.raises(StoreError, match="not started"):
        answer(service, POINT)
    with pytest.raises(StoreError, match="no snapshot"):
        service.start()


def test_a_new_snapshot_is_served_after_a_reload(tmp_path: Path, service: QueryService) -> None:
    assert answer(service, COUNT) == "n\r\n300\r\n"
    write(tmp_path / "artifact", numbered(301))
    Snapshots(tmp_path / "store").load(tmp_path / "artifact")
    assert answer(service, COUNT) == "n\r\n300\r\n"
    assert service.reload() == service.revision == 2
    assert answer(service, COUNT) == "n\r\n301\r\n"
    assert service.reload() == 2


def test_a_reload_drops_no_query(tmp_path: Path, service: QueryService) -> None:
    """Each answer is whole and of one revision, and queries that run go on to their end."""
    seen: list[tuple[int, str]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            request = QueryRequest(query=COUNT, results_format="csv")
            with service.open_query(request) as found:
                seen.append((found.revision, found.read().decode()))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for count in (301, 302):
        write(tmp_path / "artifact", numbered(count))
        Snapshots(tmp_path / "store").load(tmp_path / "artifact")
        service.reload()
    assert eventually(lambda: any(revision == 3 for revision, _ in seen))
    stop.set()
    for thread in threads:
        thread.join()
    assert set(seen) == {(number, f"n\r\n{299 + number}\r\n") for number in (1, 2, 3)}


def test_an_answer_that_has_begun_outlives_a_reload(tmp_path: Path) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with running(tmp_path, numbered(300), query_seconds=60.0) as service:  # it steps aside
        found = service.open_query(QueryRequest(query=query, results_format="csv"))
        write(tmp_path / "artifact", numbered(301))
        Snapshots(tmp_path / "store").load(tmp_path / "artifact")
        assert service.reload() == 2
        assert found.revision == 1
        assert found.read().count(b"\r\n") == 300 * 300 + 1


def test_readers_go_over_to_a_new_snapshot_in_place(tmp_path: Path, service: QueryService) -> None:
    """The processes stay, confined as before, and let go of the snapshot that they had."""
    pool = service._running()
    assert eventually(lambda: len(pool.processes) == 2)
    before = set(pool.processes)
    for number in (1, 2, 3, 4):
        write(tmp_path / "artifact", numbered(300 + number))
        Snapshots(tmp_path / "store").load(tmp_path / "artifact")
        assert service.reload() == 1 + number
        assert answer(service, COUNT) == f"n\r\n{300 + number}\r\n"
        assert eventually(lambda: len(pool.processes) == 2)
    assert set(pool.processes) == before
    for process in before:
        held = {str(file.resolve()) for file in Path(f"/proc/{process}/fd").iterdir()}
        assert any("/00005/" in name for name in held)
        assert not any("/00001/" in name for name in held)
        limits = Path(f"/proc/{process}/limits").read_text()
        assert re.search(r"Max file size +0 +0", limits)


def test_a_reload_that_fails_leaves_the_old_snapshot(tmp_path: Path, service: QueryService) -> None:
    write(tmp_path / "artifact", numbered(301))
    snapshot = Snapshots(tmp_path / "store").load(tmp_path / "artifact")
    (snapshot.quads / "CURRENT").write_text("broken")
    with pytest.raises(StoreError, match="cannot be opened"):
        service.reload()
    assert service.revision == 1
    assert answer(service, COUNT) == "n\r\n300\r\n"


def test_memory_comes_back_after_a_greedy_answer(tmp_path: Path) -> None:
    """A reader that has swollen over an answer is replaced, though the answer was good."""
    greedy = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f } }"
    with running(tmp_path, numbered(1500), readers=1, query_seconds=60, query_memory=1500) as it:
        pool = it._pool
        assert pool is not None
        (before,) = pool.processes
        assert answer(it, greedy) == f"n\r\n{1500 * 1500}\r\n"
        assert eventually(lambda: not lives(before))
        assert answer(it, POINT) == POINT_ANSWER
