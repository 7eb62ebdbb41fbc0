"""Kill -9 of web, writer and readers of a real server, under a mixed load over HTTP.

A round is some seconds of load, a few kills in it, and a look at all that was written. Short by
default; `ENTENTE_LONG=1` makes it twenty rounds in two minutes and holds the times until the
server is back. The server answers from one state all the time, so what one round loses a later one
finds.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from statistics import median
from typing import Final

from entente.store.changelog import ChangeLog
from tests.faults.served import Reply, Served, serving
from tests.query.services import eventually, lives

LONG: Final = bool(os.environ.get("ENTENTE_LONG"))
ROUNDS: Final = 20 if LONG else 3
ROUND_SECONDS: Final = 6.0 if LONG else 2.0
BACK_SECONDS: Final = 2.0
VICTIMS: Final = ("web", "writer", "readers", "one reader", "fork server")

EX: Final = "http://example.org/"
PAIRS, WHOLE, COUNTED = f"{EX}graph/pairs", f"{EX}graph/whole", f"{EX}graph/counted"
FAR: Final = 1_000_000
LINES: Final = 200


class Kept:
    """What the clients know to be written, and what they have seen that cannot be."""

    def __init__(self) -> None:
        self.pairs: set[int] = set()
        self.stamp = 0
        self.count = 0
        self.revisions: list[int] = []
        self.wrong: list[str] = []
        self.statuses: dict[str, int] = {}

    def see(self, kind: str, status: int | str) -> None:
        """Count an answer; a defect of ours is wrong at any time."""
        name = f"{kind} {status}"
        self.statuses[name] = self.statuses.get(name, 0) + 1
        if status in (500, 502):
            self.wrong.append(f"{kind} was answered {status}")


class Clients:
    """Clients of every kind, each in a thread of its own, until they are told to stop."""

    def __init__(self, served: Served, kept: Kept, first: int) -> None:
        self._served, self._kept = served, kept
        self._number = first
        self._over = threading.Event()
        works: tuple[tuple[str, Callable[[], int]], ...] = (
            ("update", self._add_a_pair),
            ("put", self._replace_a_graph),
            ("if-match", self._count_one_more),
            ("query", self._read_pairs),
            ("get", self._read_a_graph),
            ("long query", self._read_much),
        )
        self._threads = [threading.Thread(target=self._run, args=work) for work in works]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, when the last answers have come."""
        self._over.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a client waits for ever"

    def _run(self, kind: str, work: Callable[[], int]) -> None:
        while not self._over.is_set():
            self._over.wait(0.02)
            try:
                self._kept.see(kind, work())
            except (HTTPException, OSError) as error:
                self._kept.see(kind, type(error).__name__)
                time.sleep(0.01)
            except AssertionError as error:
                self._kept.wrong.append(f"{kind}: {error}")

    def _add_a_pair(self) -> int:
        self._number += 1
        number = self._number
        subject = f"<{EX}s{number}>"
        reply = self._served.update(
            f"INSERT DATA {{ GRAPH <{PAIRS}> {{ {subject} <{EX}n> {number} , {number + FAR} }} }}"
        )
        if reply.status == 200:
            self._kept.pairs.add(number)
            self._note_revision(reply)
        self._over.wait(random.uniform(0, 1.5))
        return reply.status

    def _replace_a_graph(self) -> int:
        self._number += 1
        stamp = self._number
        lines = [f"<{EX}line/{line}> <{EX}stamp> {stamp} ." for line in range(LINES)]
        reply = self._served.graph("PUT", WHOLE, "\n".join(lines))
        if reply.status in (201, 204):
            self._kept.stamp = stamp
            self._note_revision(reply)
        self._over.wait(random.uniform(0, 1.5))  # or those with If-Match would never win
        return reply.status

    def _count_one_more(self) -> int:
        """Read a number and write its successor if nothing was written meanwhile."""
        self._over.wait(0.05)
        found = self._served.query(counted())
        if found.status != 200:
            return found.status
        number = int(found.body.decode().split("\r\n")[1])
        assert number >= self._kept.count, f"counted {self._kept.count}, then {number} was read"
        place = f"GRAPH <{COUNTED}> {{ <{EX}it> <{EX}count> "
        reply = self._served.update(
            f"DELETE DATA {{ {place} {number} }} }} ; INSERT DATA {{ {place} {number + 1} }} }}",
            **{"If-Match": found.headers["ETag"]},
        )
        if reply.status == 200:
            self._kept.count = number + 1
            self._note_revision(reply)
        return reply.status

    def _read_pairs(self) -> int:
        known = set(self._kept.pairs)
        reply = self._served.query(pairs(), accept="application/sparql-results+json")
        if reply.status == 200:
            bindings = json.loads(reply.body)["results"]["bindings"]
            found = whole_pairs(int(row["o"]["value"]) for row in bindings)
            assert known <= found, f"acknowledged and not seen: {sorted(known - found)[:5]}"
        return reply.status

    def _read_a_graph(self) -> int:
        known = self._kept.stamp
        reply = self._served.graph("GET", WHOLE, Accept="application/n-triples")
        if reply.status == 200:
            stamps = [line.split('"')[1] for line in reply.body.decode().splitlines()]
            assert len(stamps) == LINES, f"{len(stamps)} lines of a graph of {LINES}"
            assert len(set(stamps)) == 1, f"a graph of two writes: {set(stamps)}"
            assert int(stamps[0]) >= known, f"{known} was acknowledged, {stamps[0]} is read"
        return reply.status

    def _read_much(self) -> int:
        """Read an answer of many chunks: whole, or cut off so that one sees it."""
        most = 20_000
        query = f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {most} # {random.random()}"
        reply = self._served.query(query)
        if reply.status == 200:
            lines = reply.body.decode().split("\r\n")
            assert len(lines) == most + 2, f"{len(lines) - 2} rows of {most} looked whole"
        return reply.status

    def _note_revision(self, reply: Reply) -> None:
        self._kept.revisions.append(int(reply.headers["X-Dataset-Revision"]))


def counted() -> str:
    return f"SELECT ?n {{ GRAPH <{COUNTED}> {{ <{EX}it> <{EX}count> ?n }} }}"


def pairs() -> str:
    return f"SELECT ?o {{ GRAPH <{PAIRS}> {{ ?s <{EX}n> ?o }} }}"


def whole_pairs(found: object) -> set[int]:
    """Give the numbers, each of which must have its other half."""
    numbers = set(found)  # type: ignore[call-overload]  # whatever can be iterated
    low = {number for number in numbers if number < FAR}
    assert low == {number - FAR for number in numbers if number >= FAR}, "half a write is seen"
    return low


def strike(served: Served, kept: Kept, victim: str, chance: random.Random) -> float:
    """Kill something; give the seconds until the server does its work again."""
    old = [*served.workers("reader"), *served.workers("writer")]
    if victim == "web":
        served.kill()
        served.start()
        back = served.wait(query=pairs())
        assert eventually(lambda: not any(lives(pid) for pid in old)), "a child has outlived"
        return back
    processes = served.workers("reader" if "reader" in victim else victim)
    if victim == "one reader":
        processes = processes and [chance.choice(processes)]
    for pid in processes:
        with suppress(ProcessLookupError):  # it was about to be replaced
            os.kill(pid, signal.SIGKILL)
    if victim != "writer":
        return served.wait(query=f"{pairs()} # {chance.random()}")
    began, before = time.monotonic(), len(kept.revisions)
    while len(kept.revisions) == before:
        if served.update(f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}b> 1 }} }}").status == 200:
            break
        time.sleep(0.02)
    return time.monotonic() - began


def look_at_everything(served: Served, kept: Kept) -> None:
    """Hold what is stored against what was acknowledged."""
    found = whole_pairs(int(row) for row in served.rows(pairs()))
    assert kept.pairs <= found, f"lost: {sorted(kept.pairs - found)[:5]}"
    stamps = served.rows(f"SELECT DISTINCT ?o {{ GRAPH <{WHOLE}> {{ ?s <{EX}stamp> ?o }} }}")
    assert len(stamps) == 1
    assert int(stamps[0]) >= kept.stamp
    (count,) = served.rows(counted())
    assert int(count) >= kept.count
    logged = [entry.revision for entry in ChangeLog(served.state / "store/changes").entries()]
    assert logged == sorted(set(logged)), "a revision stands twice in the log"
    assert len(set(kept.revisions)) == len(kept.revisions), "a revision was given twice"
    assert set(kept.revisions) <= set(logged), "an acknowledged write is not in the log"


def seconds_of_a_start() -> float:
    """Measure how long this machine takes now to start an interpreter and import the web alone."""
    began = time.monotonic()
    package = Path(__file__).resolve().parents[2] / "server"
    subprocess.run(
        [sys.executable, "-c", "import entente.web.app"],
        env={"PYTHONPATH": str(package)},
        check=True,
    )
    return time.monotonic() - began


def test_a_server_killed_again_and_again_keeps_its_word(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    kept = Kept()
    back: dict[str, list[float]] = {victim: [] for victim in VICTIMS}
    starts = [seconds_of_a_start()]
    with serving(tmp_path, "--readers", "2", "--log-level", "warning") as served:
        first = f"INSERT DATA {{ GRAPH <{COUNTED}> {{ <{EX}it> <{EX}count> 0 }} }}"
        assert served.update(first).status == 200
        lines = "\n".join(f"<{EX}line/{line}> <{EX}stamp> 0 ." for line in range(LINES))
        assert served.graph("PUT", WHOLE, lines).status == 201
        for turn in range(ROUNDS):
            clients = Clients(served, kept, 10_000 * turn)
            clients.start()
            try:
                end = time.monotonic() + ROUND_SECONDS
                while time.monotonic() < end:
                    victim = VICTIMS[turn % 3] if chance.random() < 0.5 else chance.choice(VICTIMS)
                    time.sleep(chance.uniform(0.1, 0.9))
                    back[victim].append(strike(served, kept, victim, chance))
                starts.append(seconds_of_a_start())
            finally:
                clients.stop()
            assert kept.wrong == []
            served.wait()
            look_at_everything(served, kept)
    for victim, seconds in back.items():
        if seconds:
            sys.stdout.write(
                f"{victim}: {len(seconds)} kills, back in {median(seconds):.2f} s in the middle, "
                f"{max(seconds):.2f} s at most\n"
            )
    writes = len(kept.revisions)
    sys.stdout.write(
        f"{writes} writes acknowledged; load {os.getloadavg()[0]:.1f}; a bare start takes "
        f"{median(starts):.2f} s in the middle, {max(starts):.2f} s at most\n"
    )
    sys.stdout.write(f"{dict(sorted(kept.statuses.items()))}\n")
    assert writes
    # two seconds on a quiet machine, where a bare start takes half a second
    patience = max(BACK_SECONDS, 4 * median(starts))
    assert not LONG or max(median(seconds) for seconds in back.values() if seconds) < patience


def test_a_killed_writer_is_replaced_before_anybody_writes(tmp_path: Path) -> None:
    with serving(tmp_path, "--readers", "1") as served:
        assert eventually(lambda: len(served.workers("writer")) == 1)
        (old,) = served.workers("writer")
        os.kill(old, signal.SIGKILL)
        assert eventually(lambda: served.workers("writer") not in ([], [old]))
        assert served.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }").status == 200
