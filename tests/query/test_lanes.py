"""Queries that take long do not keep others waiting, and get their turns among themselves."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import entente
from entente.core.errors import LimitExceeded, QueryError
from entente.query.lanes import MOST_LONG
from entente.query.service import QueryService
from tests.processes import descendants
from tests.query.services import POINT, POINT_ANSWER, RUNAWAY, answer, eventually, lives, running
from tests.store.artifacts import numbered

READERS = 2
MODEST = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"


@contextmanager
def runaways(service: QueryService, count: int) -> Iterator[list[QueryError]]:
    """Let some endless queries run for a while; gives what became of those that have ended."""
    ended: list[QueryError] = []

    def run_away(number: int) -> None:
        try:
            answer(service, f"{RUNAWAY} # {number}")
        except QueryError as error:
            ended.append(error)

    threads = [threading.Thread(target=run_away, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield ended
    finally:
        for entry in service.register.entries():
            entry.ended = True
        for thread in threads:
            thread.join()


def test_short_queries_find_a_reader_beside_more_long_ones_than_readers(tmp_path: Path) -> None:
    with (
        running(tmp_path, numbered(2000), readers=READERS, query_seconds=60) as service,
        runaways(service, 3 * READERS) as ended,
    ):
        time.sleep(1.0)
        for number in range(20):
            assert answer(service, f"{POINT} # {number}") == POINT_ANSWER
        assert not ended


def test_a_long_query_is_answered_beside_endless_ones(tmp_path: Path) -> None:
    """It takes its turns; those that run for ever do not hold it up for ever."""
    with (
        running(tmp_path, numbered(800), readers=1, query_seconds=60) as service,
        runaways(service, 2) as ended,
    ):
        time.sleep(1.0)
        assert answer(service, MODEST, timeout=25.0) == f"n\r\n{800 * 800}\r\n"
        assert not [error for error in ended if "longest" in str(error)]


def test_where_long_queries_are_too_many_the_longest_ends(tmp_path: Path) -> None:
    with (
        running(tmp_path, numbered(2000), readers=1, query_seconds=60) as service,
        runaways(service, MOST_LONG + 2) as ended,
    ):
        assert eventually(lambda: len(ended) > 0, within=25.0)
        assert isinstance(ended[0], LimitExceeded)
        assert ended[0].limit == "queue"
        assert answer(service, POINT) == POINT_ANSWER


KILLED = """
import sys, threading, time
from pathlib import Path
from tests.query.services import RUNAWAY, answer, running
from tests.store.artifacts import numbered

with running(Path(sys.argv[1]), numbered(2000), readers=1, query_seconds=60) as service:
    for number in range(3):
        text = f"{RUNAWAY} # {number}"
        threading.Thread(target=answer, args=(service, text), daemon=True).start()
    print("started", flush=True)
    time.sleep(60)
"""


def is_stopped(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "T"


def test_a_reader_that_is_stopped_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    """It cannot notice by itself: it is the kernel that has to end it."""
    root = Path(__file__).parents[2]
    package = Path(entente.__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{package}:{root}"},
        stdout=subprocess.PIPE,
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"started\n"
        assert eventually(lambda: any(map(is_stopped, descendants(server.pid))), within=30)
        readers = descendants(server.pid)
        server.kill()
        server.wait()
    assert len(readers) >= 3
    assert eventually(lambda: not any(lives(reader) for reader in readers))
