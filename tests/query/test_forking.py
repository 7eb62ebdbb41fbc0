"""Readers are forked by a process that has read all they need; it may die like any other."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.query.forking import ForkedProcess, ForkServer
from entente.query.limits import ReaderPlan
from entente.query.service import QueryService
from tests.processes import workers
from tests.query.services import POINT, POINT_ANSWER, answer, eventually, lives, running
from tests.store.artifacts import numbered

MANY = 40


@pytest.fixture
def service(tmp_path: Path) -> Iterator[QueryService]:
    """Two readers over some triples."""
    with running(tmp_path, numbered(20), readers=2) as started:
        yield started


class Lost:
    """Forks readers of a snapshot that is not there; each ends by itself, with status 1."""

    def __init__(self, folder: Path) -> None:
        self.forks = ForkServer()
        self._plan = ReaderPlan(place=str(folder / "nothing"), revision=1).encode()
        self._forked: list[ForkedProcess] = []

    def start(self) -> ForkedProcess:
        """Fork one."""
        process = self.forks.start(self._plan)
        self._forked.append(process)
        return process

    def close(self) -> None:
        """Let go of all."""
        for process in self._forked:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                pipe.close()
        self._forked.clear()


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[Lost]:
    """A fork server of readers that end by themselves."""
    readers = Lost(tmp_path)
    yield readers
    readers.close()
    readers.forks.stop()


def descriptors(process: int) -> list[str]:
    """Give what a process holds open."""
    found = []
    for path in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(path.readlink()))
    return found


def server_of(service: QueryService) -> int:
    assert service.forks is not None
    assert service.forks.process is not None
    return service.forks.process


def readers_of(service: QueryService) -> list[int]:
    return workers(server_of(service), "reader")


def test_the_readers_are_children_of_the_fork_server(service: QueryService) -> None:
    assert answer(service, POINT) == POINT_ANSWER
    assert eventually(lambda: len(readers_of(service)) == 2)
    assert server_of(service) in workers(os.getpid(), "fork server")
    pool = service._pool
    assert pool is not None
    assert eventually(lambda: sorted(pool.processes) == sorted(readers_of(service)))


def test_a_reader_holds_nothing_of_the_fork_server_or_of_other_readers(
    service: QueryService,
) -> None:
    assert eventually(lambda: len(readers_of(service)) == 2)
    one, other = (set(descriptors(reader)) for reader in readers_of(service))
    assert not [name for name in one | other if name.startswith(("socket:", "anon_inode:[pidfd"))]
    assert not [name for name in one & other if name.startswith("pipe:")]


def test_when_the_fork_server_is_killed_its_readers_end_and_queries_are_answered(
    service: QueryService,
) -> None:
    assert eventually(lambda: len(readers_of(service)) == 2)
    readers, before = readers_of(service), server_of(service)
    os.kill(before, signal.SIGKILL)
    assert answer(service, f"{POINT} # 1") == POINT_ANSWER
    assert eventually(lambda: not any(lives(reader) for reader in readers))
    assert eventually(lambda: server_of(service) != before)


def test_a_service_that_stops_leaves_no_process(tmp_path: Path) -> None:
    with running(tmp_path, numbered(20), readers=2) as service:
        assert answer(service, POINT) == POINT_ANSWER
        started = [*readers_of(service), server_of(service)]
    assert len(started) >= 2
    assert not any(lives(process) for process in started)


def test_a_forked_process_tells_how_it_ended(lost: Lost) -> None:
    process = lost.start()
    assert process.wait() == 1
    assert process.poll() == process.returncode == 1
    process.kill()  # harmless: it is over


def test_a_forked_process_that_is_killed_tells_the_signal(lost: Lost) -> None:
    process = lost.start()
    process.kill()
    assert process.wait() == -signal.SIGKILL


def test_where_the_fork_server_dies_over_an_order_another_one_takes_it(lost: Lost) -> None:
    lost.start().wait()
    before = lost.forks.process
    assert before is not None
    os.kill(before, signal.SIGSTOP)
    order = threading.Thread(target=lost.start)
    order.start()
    os.kill(before, signal.SIGKILL)
    order.join()
    assert lost.forks.process not in (None, before)
    assert lost.start().wait() == 1


def test_of_many_processes_no_descriptor_stays_open(lost: Lost) -> None:
    lost.start().wait()
    lost.close()
    server = lost.forks.process
    assert server is not None

    def held() -> list[int]:
        return [len(descriptors(process)) for process in (os.getpid(), server)]

    here, there = held()
    for _ in range(MANY):
        lost.start().wait()
        lost.close()
    # the first may still have been closed while it was counted; here others come and go as well
    assert eventually(lambda: held()[1] <= there)
    assert eventually(lambda: held()[0] < here + MANY)
