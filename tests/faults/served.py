"""`entente serve --writable` as a keeper runs it, with the means to kill each of its processes.

Owns the process tree and plain HTTP to it. A server that was killed is started again on the same
state and the same port.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from entente.core.tokens import Tokens
from tests.build.project import write_project
from tests.processes import workers
from tests.running import free_port

QUERIES: Final = Path(__file__).resolve().parents[2] / "queries"
ENTENTE: Final = "from entente.cli.main import main; main(prog_name='entente')"
UPDATE: Final = {"Content-Type": "application/sparql-update"}
TURTLE: Final = {"Content-Type": "text/turtle"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def problem(self) -> dict[str, object]:
        """The members of a problem+json."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass
class Served:
    """A server's process tree on one state and one port.

    Attributes:
        state: folder of the state.
        root: folder of the project that is served.
        options: of `entente serve`.
        port: where it listens, each time it is started.
        secret: of a token to write.
        process: of the web; `None` while nothing runs.
    """

    state: Path
    root: Path
    options: tuple[str, ...]
    port: int = field(default_factory=free_port)
    secret: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """Where standard error goes: beside the folder, which may be read-only."""
        return self.state.parent.with_suffix(".log")

    def start(self) -> None:
        """Start it, without waiting."""
        package = Path(__file__).resolve().parents[2] / "server"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    ENTENTE,
                    "serve",
                    "--writable",
                    *self._places,
                    *self.options,
                ],
                env={**kept, "PYTHONPATH": str(package)},
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def stop(self) -> None:
        """End it as a supervisor does."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            finally:
                self.process.kill()

    def kill(self) -> None:
        """Kill the web, and nothing else."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def workers(self, role: str) -> list[int]:
        """Give the web's workers that have a role."""
        assert self.process is not None
        return workers(self.process.pid, role)

    def hang_up(self) -> None:
        """Say that the sources have changed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 30.0,
    ) -> Reply:
        """Send one request with the token, and read the whole answer.

        Raises:
            OSError, HTTPException: there is none, or it was cut off.
        """
        connection = HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            shown = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
            connection.request(method, path, body=body, headers=shown)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def update(self, text: str, **headers: str) -> Reply:
        """Send an update."""
        return self.ask("POST", "/update", headers={**UPDATE, **headers}, body=text.encode())

    def query(self, text: str, *, accept: str = "text/csv") -> Reply:
        """Send a query."""
        return self.ask("GET", f"/sparql?{urlencode({'query': text})}", headers={"Accept": accept})

    def rows(self, text: str) -> list[str]:
        """Give the lines of a query's CSV, without its head."""
        reply = self.query(text)
        assert reply.status == 200, reply.body
        return reply.body.decode().split("\r\n")[1:-1]

    def graph(self, method: str, name: str, turtle: str | None = None, **headers: str) -> Reply:
        """Do something with a graph."""
        address = f"/graphs?{urlencode({'graph': name})}"
        if turtle is None:
            return self.ask(method, address, headers=headers)
        return self.ask(method, address, headers={**TURTLE, **headers}, body=turtle.encode())

    def wait(self, *, seconds: float = 60.0, query: str = "ASK {}") -> float:
        """Wait until a query is answered; give the seconds that took."""
        began = time.monotonic()
        while True:
            try:
                if self.query(query).status == 200:
                    return time.monotonic() - began
            except (OSError, HTTPException):
                pass
            ended = self.process is None or self.process.poll() is not None
            assert not ended, self.log.read_text(errors="replace")
            assert time.monotonic() - began < seconds, self.log.read_text(errors="replace")
            time.sleep(0.01)

    @property
    def _places(self) -> tuple[str, ...]:
        return ("--state", str(self.state), "--root", str(self.root), "--port", str(self.port))


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Served]:
    """Serve the small project, or what stands in the folder, with a token to write."""
    root = folder / "project"
    if not root.exists():
        write_project(root)
        for name in ("evidence", "examples", "pages"):  # what the pages ask
            shutil.copytree(QUERIES / name, root / "queries" / name, dirs_exist_ok=True)
    state = folder / "state"
    state.mkdir(exist_ok=True)
    served = Served(state, root, options)
    served.secret = Tokens(state / "tokens.json").new(f"tests {time.time_ns()}", "write")
    served.start()
    try:
        served.wait()
        yield served
    finally:
        served.stop()
