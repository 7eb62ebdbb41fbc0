"""Kill -9 at random moments under load: nothing acknowledged is lost, nothing half is seen.

Short by default; `ENTENTE_LONG=1` makes it two minutes and twenty rounds. Every write adds a pair
of triples, so half a write would be an odd one; every number that was acknowledged must be there.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from entente.core.errors import EntenteError
from entente.core.settings import read_settings
from entente.query.service import QueryService
from entente.query.writing import WriteService
from entente.store.snapshots import Snapshots
from tests.query.services import eventually, lives
from tests.query.writers import GRAPH, LIMITS, numbers, update, writing
from tests.store.artifacts import write

LONG: Final = bool(os.environ.get("ENTENTE_LONG"))
SECONDS: Final = 120.0 if LONG else 8.0
ROUNDS: Final = 20 if LONG else 3
BACK_SECONDS: Final = 2.0


def pair(number: int) -> str:
    """Give an update that adds a number, and with it another one that is far above."""
    ours, theirs = f"<http://example.org/s{number}>", "<http://example.org/n>"
    data = f"{ours} {theirs} {number} , {number + 1_000_000}"
    return f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {data} }} }}"


def require_whole(found: list[int]) -> set[int]:
    """Give the numbers that were written, each with its pair."""
    low = {number for number in found if number < 1_000_000}
    assert low == {number - 1_000_000 for number in found if number >= 1_000_000}
    return low


def test_killed_writers_and_readers_lose_nothing(tmp_path: Path) -> None:
    """The writer and the readers are killed while one writes and another reads."""
    chance = random.Random(20261122)
    kept: list[int] = []
    slowest = 0.0
    with writing(tmp_path, [], readers=2) as writes:
        end = time.monotonic() + SECONDS
        over = threading.Event()
        wrong: list[str] = []

        def read() -> None:
            while not over.is_set():
                try:
                    known = set(kept)
                    if not known <= require_whole(numbers(writes)):
                        wrong.append("an acknowledged write was not seen")
                except AssertionError:
                    wrong.append("half a write was seen")
                except EntenteError:
                    continue  # cut off with an error: whoever asked knows

        def kill() -> None:
            while not over.wait(chance.uniform(0.05, 0.6)):
                pool = writes._service._pool
                victims = [writes.process, *(pool.processes if pool is not None else ())]
                victim = chance.choice(victims)
                if victim is not None and lives(victim):
                    os.kill(victim, signal.SIGKILL)

        threads = [threading.Thread(target=work) for work in (read, kill)]
        for thread in threads:
            thread.start()
        number, failed_at = 0, 0.0
        while time.monotonic() < end:
            number += 1
            try:
                update(writes, pair(number))
            except EntenteError:
                failed_at = failed_at or time.monotonic()
                continue
            if failed_at:
                slowest = max(slowest, time.monotonic() - failed_at)
            failed_at = 0.0
            kept.append(number)
        over.set()
        for thread in threads:
            thread.join()
        assert wrong == []
        found = require_whole(numbers(writes))
        assert set(kept) <= found
        revisions = [change.revision for change in writes.changes(limit=100_000)]
        assert len(revisions) == len(found)
    assert kept
    sys.stdout.write(f"{len(kept)} of {number} acknowledged, back in {slowest:.2f} s at most\n")


SERVER = """
import sys, threading
from pathlib import Path
from tests.faults.test_kill import write_until_the_end
write_until_the_end(Path(sys.argv[1]), int(sys.argv[2]))
"""


def say(line: str) -> None:
    """Write a line to whoever reads, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_until_the_end(folder: Path, first: int) -> None:
    """Be a server that writes by itself, and say each number that was acknowledged."""
    settings = read_settings({"state": folder, **LIMITS}, environment={})
    snapshots = Snapshots(settings.store)
    with (
        QueryService(settings, snapshots, queries=folder / "queries") as service,
        WriteService(settings, service) as writes,
    ):
        say("ready")
        for number in range(first, first + 100_000):
            update(writes, pair(number))
            say(str(number))


def test_a_killed_server_comes_back_with_all_that_it_acknowledged(tmp_path: Path) -> None:
    """The whole server is killed, its children end by themselves, and another one is started."""
    chance = random.Random(4)
    write(tmp_path / "artifact", [])
    Snapshots(tmp_path / "store").load(tmp_path / "artifact")
    (tmp_path / "queries").mkdir()
    kept: set[int] = set()
    root = Path(__file__).resolve().parents[2]
    for turn in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(tmp_path), str(1 + turn * 10_000)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root}:{root / 'server'}"},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        threading.Timer(chance.uniform(0.3, 1.5), process.kill).start()
        kept |= {int(line) for line in process.stdout if line.endswith("\n")}
        process.wait()
        process.stdout.close()
    started = time.monotonic()
    with writing(tmp_path) as writes:
        back = time.monotonic() - started
        found = require_whole(numbers(writes))
        assert kept <= found
        assert len(writes.changes(limit=100_000)) == len(found)
        update(writes, pair(999_999))
    assert kept
    assert back < BACK_SECONDS or not LONG
    assert eventually(lambda: not list(tmp_path.glob("store/snapshots/.*.new")))


def test_a_writer_that_was_killed_is_replaced_within_two_seconds(tmp_path: Path) -> None:
    with writing(tmp_path, []) as writes:
        update(writes, pair(1))
        assert writes.process is not None
        os.kill(writes.process, signal.SIGKILL)
        started = time.monotonic()
        update(writes, pair(2))
        assert time.monotonic() - started < BACK_SECONDS * 2
        assert require_whole(numbers(writes)) == {1, 2}


def test_the_writer_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with writing(tmp_path, []) as writes:
        process = writes.process
        assert process is not None
    assert eventually(lambda: not lives(process))
