"""Nothing outside the store is touched: the kernel's own record of a reader and the writer at work.

Needs strace and the right to trace; skipped where either is missing, but never in CI.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.canary import Canary
from tests.protocol.suites.writable import Writable, run_writable
from tests.query.services import eventually
from tests.without import do_without

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
SECRET: Final = "a line that nobody may read"
QUERIES: Final = (
    "SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file://{file}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <http://127.0.0.1:{port}/> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <file://{file}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <http://127.0.0.1:{port}/>",
)
UPDATES: Final = (
    "LOAD <http://127.0.0.1:{port}/>",
    "LOAD SILENT <http://127.0.0.1:{port}/>",
    "LOAD <file://{file}> INTO GRAPH <http://example.org/g>",
    "LOAD SILENT <file://{file}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
    "INSERT {{ ?s ?p ?o }} USING <file://{file}> WHERE {{ ?s ?p ?o }}",
    "INSERT DATA {{ <http://example.org/s> <http://example.org/p> 1 }}",
)


@contextmanager
def traced(process: int, record: Path) -> Iterator[None]:
    """Let strace write down each file and each socket that a process and its threads touch."""
    if shutil.which("strace") is None:
        do_without("strace")
    calls = "trace=%file,%network,execve,fork,vfork,write"
    command = ["strace", "-f", "-y", "-s", "300", "-e", calls, "-o", str(record)]
    with subprocess.Popen([*command, "-p", str(process)], stderr=subprocess.PIPE) as tracer:
        assert tracer.stderr is not None
        said = tracer.stderr.readline().decode()
        if "attached" not in said:
            tracer.kill()
            do_without(f"right to trace processes: {said.strip()}")
        time.sleep(0.2)
        try:
            yield
        finally:
            tracer.terminate()


def outside(record: Path, state: Path) -> list[str]:
    """Give the calls that made a socket, ran a program or named a file beyond the state folder.

    Writes are in the record to show that there is one; what the kernel tells of the machine and of
    the process (`/proc`, `/sys`) is nobody's file.
    """
    calls = [line.partition(" ")[2].strip() for line in record.read_text().splitlines()]
    assert any(call.startswith("write(") for call in calls), "the record is empty"
    near = re.compile(rf'[<"](?:{re.escape(str(state.resolve()))}|/proc/|/sys(?:/|"))')
    return [
        call
        for call in calls
        if re.match(r"[a-z0-9_]+\(", call)
        and not call.startswith("write(")
        and not near.search(call)
    ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Writable]:
    with run_writable(tmp_path / "state") as running:
        running.put([])
        yield running


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that the server's user could read."""
    path = tmp_path / "secret.nt"
    path.write_text(f'<http://example.org/s> <http://example.org/p> "{SECRET}" .\n')
    return path


def test_a_reader_touches_its_snapshot_only(
    server: Writable, secret: Path, canary: Canary, tmp_path: Path
) -> None:
    pool = server.site.service._pool
    assert pool is not None
    assert eventually(lambda: len(pool.processes) == 1)
    record = tmp_path / "reader.strace"
    with traced(pool.processes[0], record):
        for query in QUERIES:
            reply = server.site.query(query.format(port=canary.port, file=secret))
            assert reply.status in (200, 400)
            assert SECRET not in reply.text
    assert not canary.was_reached()
    assert outside(record, server.site.settings.state) == []


def test_the_writer_touches_its_store_only(
    server: Writable, secret: Path, canary: Canary, tmp_path: Path
) -> None:
    (writer,) = server.writers()
    record = tmp_path / "writer.strace"
    headers = {"Content-Type": "application/sparql-update"}
    with traced(writer, record):
        for update in UPDATES:
            text = update.format(port=canary.port, file=secret)
            reply = server.send("POST", "/update", headers, text.encode())
            assert reply.status in (200, 400), reply.text
            assert SECRET not in reply.text
    assert not canary.was_reached()
    assert server.site.query("SELECT * { ?s ?p ?o }").terms("o") == ["1"]
    assert outside(record, server.site.settings.state) == []
