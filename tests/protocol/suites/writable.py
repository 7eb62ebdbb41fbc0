"""A writable server without shapes or ontology, as the suites for writing need it.

Owns the token and the way to put a dataset. Its default graph is a graph of its own and not the
union of the others, which is how the suites understand it.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from entente.core.tokens import Tokens
from tests.processes import command_of, workers
from tests.web.site import Reply, Site, run_site


@dataclass(frozen=True, slots=True)
class Writable:
    """A running server, and a token for it."""

    site: Site
    secret: str

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Send a request with the token."""
        shown = {**headers, "Authorization": f"Bearer {self.secret}"}
        return self.site.ask(path, method=method, headers=shown, body=body)

    def put(self, quads: Iterable[ox.Quad]) -> None:
        """Make some quads the whole dataset, by one update."""
        groups: dict[object, list[ox.Triple]] = {}
        for quad in quads:
            groups.setdefault(quad.graph_name, []).append(quad.triple)
        parts = []
        for graph, triples in groups.items():
            lines = " ".join(f"{triple} ." for triple in triples)
            named = isinstance(graph, ox.NamedNode)
            parts.append(f"GRAPH {graph} {{ {lines} }}" if named else lines)
        text = f"DROP ALL ; INSERT DATA {{ {' '.join(parts)} }}"
        headers = {"Content-Type": "application/sparql-update"}
        reply = self.send("POST", "/update", headers, text.encode())
        assert reply.status == 200, reply.text

    def writers(self) -> list[int]:
        """Give the processes that write for this server."""
        state = str(self.site.settings.state).encode()
        return [pid for pid in workers(os.getpid(), "writer") if state in command_of(pid)]


@contextmanager
def run_writable(folder: Path, *, default_graph: str = "own", **values: Any) -> Iterator[Writable]:
    """Start a writable server over nothing; `values` are further settings."""
    chosen = {"readers": 1, "writable": 1, "default_graph": default_graph, **values}
    with run_site(folder, quads=b"", **chosen) as site:
        secret = Tokens(site.settings.tokens).new("suite", "write")
        yield Writable(site, secret)
