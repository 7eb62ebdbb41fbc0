import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.core.errors import Cancelled, LimitExceeded, QueryError, StoreError
from entente.core.messages import Job
from entente.query.limits import ReaderPlan
from entente.query.pool import Pool
from entente.query.run import Run
from entente.query.service import never
from entente.store.embedded import load_quads
from tests.query.services import POINT, POINT_ANSWER, RUNAWAY, eventually, lives
from tests.store.artifacts import numbered

EVERYTHING = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # 4 million rows, 500 MB


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("pool")
    (folder / "dataset.nq").write_text("\n".join(numbered(2000)) + "\n")
    load_quads(folder / "dataset.nq", folder / "quads")
    return str(folder / "quads")


@pytest.fixture
def pool(place: str) -> Iterator[Pool]:
    with Pool(ReaderPlan(place=place, revision=1, memory=256), size=1, queue=30) as running:
        yield running


def ask(pool: Pool, query: str = POINT, *, seconds: float = 5.0) -> str:
    return b"".join(begin(pool, query, seconds=seconds)).decode()


def begin(pool: Pool, query: str, *, seconds: float = 5.0) -> Run:
    job = Job(id="1", query=query, results_format="csv")
    return pool.run(job, seconds=seconds, cancelled=never)


def only(pool: Pool) -> int:
    assert eventually(lambda: len(pool.processes) == 1)
    return pool.processes[0]


def test_a_query_is_answered(pool: Pool) -> None:
    assert ask(pool) == POINT_ANSWER


def test_a_reader_answers_many_queries(pool: Pool) -> None:
    before = only(pool)
    assert [ask(pool) for _ in range(20)] == [POINT_ANSWER] * 20
    assert only(pool) == before


def test_a_failed_query_leaves_the_reader_to_the_next(pool: Pool) -> None:
    before = only(pool)
    with pytest.raises(QueryError):
        ask(pool, "SELEC")
    assert ask(pool) == POINT_ANSWER
    assert only(pool) == before


def test_a_runaway_ends_at_its_deadline_and_the_next_query_is_answered(pool: Pool) -> None:
    before = only(pool)
    started = time.monotonic()
    with pytest.raises(LimitExceeded, match="longer than 1 s") as caught:
        ask(pool, RUNAWAY, seconds=1.0)
    assert caught.value.limit == "time"
    assert 0.9 < time.monotonic() - started < 4
    assert ask(pool) == POINT_ANSWER
    assert not lives(before)


def test_the_time_in_the_queue_counts(pool: Pool) -> None:
    first = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
    with pytest.raises(LimitExceeded, match=r"no reader was free within 0\.5 s") as caught:
        ask(pool, seconds=0.5)
    assert caught.value.limit == "time"
    first.stop()


def test_a_full_queue_is_told_at_once(place: str) -> None:
    with Pool(ReaderPlan(place=place, revision=1), size=1, queue=0) as pool:
        first = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
        with pytest.raises(LimitExceeded, match="wait already") as caught:
            ask(pool)
        assert caught.value.limit == "queue"
        first.stop()


def test_who_waits_longest_is_served_first(pool: Pool) -> None:
    first = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
    served: list[int] = []

    def wait(number: int) -> None:
        ask(pool, seconds=20.0)
        served.append(number)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        time.sleep(0.05)
    first.stop()
    for thread in threads:
        thread.join()
    assert served == sorted(served)


def test_twenty_runaways_at_once_end_and_a_point_query_is_answered(place: str) -> None:
    limits: list[str] = []
    with Pool(ReaderPlan(place=place, revision=1, memory=256), size=2, queue=30) as pool:
        before = pool.processes

        def run() -> None:
            try:
                ask(pool, RUNAWAY, seconds=1.0)
            except LimitExceeded as error:
                limits.append(error.limit)

        threads = [threading.Thread(target=run) for _ in range(20)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - started < 5
        assert limits == ["time"] * 20
        assert ask(pool) == POINT_ANSWER
        assert eventually(lambda: not any(lives(process) for process in before))
        assert eventually(lambda: len(pool.processes) == 2)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_reader_that_dies_in_mid_query_fails_that_query_only(
    pool: Pool, sign: signal.Signals
) -> None:
    process = only(pool)
    first = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
    time.sleep(0.2)
    os.kill(process, sign)
    error = first.error()
    assert isinstance(error, LimitExceeded)
    assert error.limit == ("memory" if sign == signal.SIGKILL else "crash")
    assert ("somebody ended it" in str(error)) == (sign == signal.SIGKILL)
    assert ask(pool) == POINT_ANSWER


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.3])
def test_a_reader_that_dies_in_its_sleep_is_noticed_by_nobody(pool: Pool, seconds: float) -> None:
    os.kill(only(pool), signal.SIGKILL)
    time.sleep(seconds)
    assert ask(pool) == POINT_ANSWER


def test_a_query_that_nobody_waits_for_is_given_up(pool: Pool) -> None:
    before = only(pool)
    gone = time.monotonic() + 0.3
    job = Job(id="1", query=RUNAWAY)
    with pytest.raises(Cancelled):
        pool.run(job, seconds=20.0, cancelled=lambda: time.monotonic() > gone)
    assert eventually(lambda: not lives(before))
    assert ask(pool) == POINT_ANSWER


def test_a_query_is_given_up_in_the_queue_too(pool: Pool) -> None:
    first = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
    with pytest.raises(Cancelled):
        pool.run(Job(id="2", query=POINT), seconds=20.0, cancelled=lambda: True)
    first.stop()


def test_an_answer_that_is_closed_frees_its_reader(pool: Pool) -> None:
    before = only(pool)
    run = begin(pool, EVERYTHING, seconds=20.0)
    assert next(run).startswith(b"a,b,c")
    run.close()
    run.close()
    assert list(run) == []
    assert ask(pool) == POINT_ANSWER
    assert not lives(before)


def test_an_answer_that_is_forgotten_frees_its_reader(pool: Pool) -> None:
    run = begin(pool, EVERYTHING, seconds=20.0)
    next(run)
    del run
    assert ask(pool) == POINT_ANSWER


def test_a_client_that_reads_too_slowly_holds_a_reader_until_the_deadline_only(pool: Pool) -> None:
    run = begin(pool, EVERYTHING, seconds=1.0)
    next(run)
    time.sleep(1.2)
    assert ask(pool) == POINT_ANSWER
    with pytest.raises(LimitExceeded, match="longer than 1 s"):
        list(run)


def test_memory_beyond_the_limit_ends_the_query_and_comes_back(pool: Pool) -> None:
    before = only(pool)
    greedy = "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
    with pytest.raises(LimitExceeded, match="256 MiB") as caught:
        ask(pool, greedy, seconds=60.0)
    assert caught.value.limit == "memory"
    assert ask(pool) == POINT_ANSWER
    assert not lives(before)


def test_an_answer_longer_than_its_limit_is_cut_with_an_error(pool: Pool) -> None:
    job = Job(id="1", query=EVERYTHING, results_format="csv", max_bytes=300_000)
    run = pool.run(job, seconds=20.0, cancelled=never)
    with pytest.raises(LimitExceeded, match="longer than 300000 bytes") as caught:
        list(run)
    assert caught.value.limit == "bytes"
    assert ask(pool) == POINT_ANSWER


def test_a_small_answer_beyond_its_limit_fails_before_it_begins(pool: Pool) -> None:
    job = Job(id="1", query="SELECT * { ?s ?p ?o }", max_bytes=1000)
    with pytest.raises(LimitExceeded, match="longer than 1000 bytes"):
        pool.run(job, seconds=20.0, cancelled=never)


def test_readers_end_with_the_pool(place: str) -> None:
    with Pool(ReaderPlan(place=place, revision=1), size=2, queue=10) as pool:
        assert eventually(lambda: len(pool.processes) == 2)
        processes = pool.processes
    assert not any(lives(process) for process in processes)
    with pytest.raises(Cancelled):
        ask(pool)


def test_queries_that_run_or_wait_end_when_the_pool_stops(place: str) -> None:
    pool = Pool(ReaderPlan(place=place, revision=1), size=1, queue=10)
    pool.start()
    running = begin_in_a_thread(pool, RUNAWAY, seconds=20.0)
    waiting = begin_in_a_thread(pool, POINT, seconds=20.0)
    pool.stop()
    assert isinstance(running.error(), Cancelled)
    assert isinstance(waiting.error(), Cancelled)


def test_nothing_is_left_open(place: str) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files(), threading.active_count()
    with Pool(ReaderPlan(place=place, revision=1), size=2, queue=10) as pool:
        for _ in range(3):
            with pytest.raises(LimitExceeded):
                ask(pool, RUNAWAY, seconds=0.2)
        run = begin(pool, EVERYTHING)
        next(run)
    run.close()
    assert (open_files(), threading.active_count()) == before


def test_readers_end_when_their_parent_is_killed(place: str) -> None:
    """Also those in the middle of a query that would never end."""
    code = (
        "import sys, threading\n"
        "from entente.core.messages import Job\n"
        "from entente.query.limits import ReaderPlan\n"
        "from entente.query.pool import Pool\n"
        "pool = Pool(ReaderPlan(place=sys.argv[1], revision=1), size=1, queue=1)\n"
        "pool.start()\n"
        "print(pool.processes[0], flush=True)\n"
        "pool.run(Job(id='1', query=sys.argv[2]), seconds=60, cancelled=lambda: False)\n"
    )
    command = [sys.executable, "-c", code, place, RUNAWAY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        reader = int(parent.stdout.readline())
        time.sleep(0.3)
        assert lives(reader)
        parent.kill()
    assert eventually(lambda: not lives(reader))


def test_a_place_that_cannot_be_opened_fails_the_start(tmp_path: Path) -> None:
    pool = Pool(ReaderPlan(place=str(tmp_path / "nothing"), revision=1), size=1, queue=1)
    with pytest.raises(StoreError, match="cannot be opened"):
        pool.start()
    assert not pool.ready


class Begun:
    """A query in a thread of its own."""

    def __init__(self, pool: Pool, query: str, seconds: float) -> None:
        self._error: QueryError | None = None
        self._stop = threading.Event()
        self._job = Job(id="1", query=query)
        self._thread = threading.Thread(target=self._run, args=(pool, seconds))
        self._thread.start()

    def _run(self, pool: Pool, seconds: float) -> None:
        try:
            list(pool.run(self._job, seconds=seconds, cancelled=self._stop.is_set))
        except QueryError as error:
            self._error = error

    def stop(self) -> None:
        """Give it up."""
        self._stop.set()
        self._thread.join()

    def error(self) -> QueryError | None:
        """Give the error that it ended with."""
        self._thread.join()
        return self._error


def begin_in_a_thread(pool: Pool, query: str, *, seconds: float) -> Begun:
    begun = Begun(pool, query, seconds)
    time.sleep(0.2)
    return begun
