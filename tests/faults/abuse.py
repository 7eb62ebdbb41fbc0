"""Honest and hostile clients, and what the server's processes take meanwhile.

Owns the load: honest clients ask point queries whose answers they know, hostile ones send what the
list of hazards has. Every client waits for its answer before it sends the next query.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from tests.faults.abuse_server import SUBJECTS
from tests.processes import descendants, resident

ROOT: Final = Path(__file__).resolve().parents[2]
TEN: Final = " ".join(str(number) for number in range(10))
MIXED: Final = " ".join(f'{number} "{number}x" "{number}"' for number in range(60))
P: Final = "<http://example.org/p>"

HOSTILE: Final = {
    "nested groups": "ASK " + "{" * 2_500 + "}" * 2_500,
    "nested calls": "SELECT (" + "STR(" * 1_000 + "1" + ")" * 1_000 + " AS ?x) {}",
    "star of 200": "ASK { " + " . ".join(f"?s <urn:p{n}> ?o{n}" for n in range(200)) + " }",
    "star of 100": "ASK { " + " . ".join(f"?s <urn:p{n}> ?o{n}" for n in range(99)) + " }",
    "ten VALUES of ten": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?x{number} {{ {TEN} }}" for number in range(10))
    + " }",
    "cross product ordered": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
    "cross product distinct": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "doubled string": "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    + " }",
    "open paths": f"SELECT (COUNT(*) AS ?n) {{ ?a ({P}|!{P})* ?b . ?c ({P}|!{P})* ?d }}",
    "order that is not total": f"SELECT ?x {{ VALUES ?x {{ {MIXED} }} }} ORDER BY ?x",
    "greedy pattern": "SELECT (REGEX('" + "a" * 40 + "', '" + "(.*a)" * 30 + "b') AS ?x) {}",
    "another server": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "all of it": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "no query": "SELECT {{{ ?x }",
}


@dataclass
class Tally:
    """What clients of one kind have seen."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Give the time within which that share of the queries was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Load:
    """Some clients at work, each in a thread."""

    def __init__(self, port: int, *, honest: int, hostile: int, think: float) -> None:
        self.honest, self.hostile = Tally(), Tally()
        self._port, self._think = port, think
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask_honestly, args=(number,)) for number in range(honest)
        ] + [threading.Thread(target=self._attack, args=(number,)) for number in range(hostile)]

    def run(self, seconds: float, *, patience: float) -> None:
        """Work for some time, then wait for the last answers.

        Args:
            seconds: how long new queries are sent.
            patience: how long one may take to be answered.
        """
        self._patience = patience
        for thread in self._threads:
            thread.start()
        time.sleep(seconds)
        self._over.set()
        for thread in self._threads:
            thread.join(patience + 10)
            assert not thread.is_alive(), "a client waits for ever"

    def _ask_honestly(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._over.wait(chance.uniform(0.5, 1.5) * self._think):
            number = chance.randrange(SUBJECTS)
            # The comment makes each query another one: nothing comes out of a cache.
            query = f"SELECT ?o {{ <http://example.org/s{number}> {P} ?o }} # {chance.random()}"
            began = time.monotonic()
            status, body = self._send(query)
            took = time.monotonic() - began
            right = body == f"o\r\nhttp://example.org/n{number}\r\n".encode()
            with self._lock:
                self.honest.seconds.append(took)
                self.honest.statuses[status] += 1
                if status == "200" and not right:
                    self.honest.wrong.append(f"s{number}: {body[:200]!r}")

    def _attack(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self._over.is_set():
            name = chance.choice([*HOSTILE])
            began = time.monotonic()
            status, _ = self._send(HOSTILE[name])
            with self._lock:
                self.hostile.seconds.append(time.monotonic() - began)
                self.hostile.statuses[status] += 1
                if status not in ("200", "400", "429", "503", "cut"):
                    self.hostile.wrong.append(f"{name}: {status}")

    def _send(self, query: str) -> tuple[str, bytes]:
        """Give the status and body; `cut` where the answer broke off, `none` where none came."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=self._patience)
        status = "none"
        try:
            headers = {
                "Accept": "text/csv",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request("POST", "/sparql", urlencode({"query": query}).encode(), headers)
            response = connection.getresponse()
            status = "cut"
            size, body = 0, b""
            while part := response.read(1 << 20):
                size += len(part)
                body = part if size == len(part) else b""
            return str(response.status), body
        except (HTTPException, OSError):
            return status, b""
        finally:
            connection.close()


@dataclass
class Served:
    """A server's process, and the most memory that it and its children held at one time."""

    process: subprocess.Popen[str]
    port: int
    most_bytes: int = 0
    most_each: int = 0

    def watch(self, over: threading.Event) -> None:
        """Look at the memory five times a second."""
        while not over.wait(0.2):
            held = [resident(pid) for pid in (self.process.pid, *descendants(self.process.pid))]
            self.most_bytes = max(self.most_bytes, sum(held))
            self.most_each = max(self.most_each, *held)


@contextmanager
def run_server(folder: Path, **settings: object) -> Iterator[Served]:
    """Start a server in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.abuse_server", str(folder), json.dumps(settings)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/server:{ROOT}", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        served = Served(process, int(process.stdout.readline()))
        over = threading.Event()
        watcher = threading.Thread(target=served.watch, args=(over,))
        watcher.start()
        try:
            yield served
        finally:
            over.set()
            watcher.join()
            process.stdin.close()
            try:
                process.wait(20)
            finally:
                process.kill()
