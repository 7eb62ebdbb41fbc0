"""Start the command line's server as a user would, and speak HTTP to it."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Reply:
    """One HTTP answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def rows(self) -> list[dict[str, str]]:
        """Give the bindings of SPARQL JSON results as name to value."""
        bindings: list[dict[str, Any]] = json.loads(self.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]


@dataclass(frozen=True)
class Running:
    """A server that answers at `address`."""

    address: str
    process: subprocess.Popen[bytes]

    def get(self, path: str, *, accept: str | None = None, seconds: float = 30.0) -> Reply:
        """Send GET and follow no redirect."""
        request = urllib.request.Request(self.address + path)
        if accept is not None:
            request.add_header("Accept", accept)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=seconds) as answer:
                return _reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return _reply(error.code, error.headers, error.read())

    def sparql(self, query: str, *, seconds: float = 30.0, **parameters: str) -> Reply:
        """Send a query by GET."""
        pairs = urllib.parse.urlencode({"query": query, **parameters})
        return self.get(f"/sparql?{pairs}", seconds=seconds)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _reply(status: int, headers: Any, body: bytes) -> Reply:
    return Reply(status, {name.lower(): value for name, value in headers.items()}, body)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], *, folder: Path, seconds: float = 60.0) -> Iterator[Running]:
    """Run `command --port N` in a folder until its `/readyz` answers 200; end it afterwards."""
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("ENTENTE_")
    }
    environment.pop("PYTHONPATH", None)
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, env=environment, stdout=log, stderr=log
        )
    server = Running(f"http://127.0.0.1:{port}", process)
    try:
        deadline = time.monotonic() + seconds
        while not _ready(server):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((folder / "server.log").read_text(errors="replace"))
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _ready(server: Running) -> bool:
    try:
        return server.get("/readyz", seconds=5).status == 200
    except OSError:
        return False
