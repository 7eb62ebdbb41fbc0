"""Query services over small graphs, for tests; every one is a real store with real processes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from entente.core.settings import read_settings
from entente.query.service import QueryRequest, QueryService
from entente.store.snapshots import Snapshots
from tests.store.artifacts import write

POINT = "SELECT ?o { <http://example.org/s1> <http://example.org/p> ?o }"
POINT_ANSWER = "o\r\nhttp://example.org/n1\r\n"

RUNAWAY = """
SELECT (COUNT(*) AS ?n) (MAX(?f) AS ?most) {
  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i
}"""

LIMITS = {"readers": 2, "query_seconds": 5.0, "query_memory": 256, "query_queue": 50}


@contextmanager
def running(
    folder: Path, lines: Iterable[str], *, queries: Path | None = None, **settings: float
) -> Iterator[QueryService]:
    """Serve some N-Quads."""
    write(folder / "artifact", lines)
    snapshots = Snapshots(folder / "store")
    snapshots.load(folder / "artifact")
    library = queries or folder / "queries"
    library.mkdir(exist_ok=True)
    chosen = read_settings({"state": folder, **LIMITS, **settings}, environment={})
    with QueryService(chosen, snapshots, queries=library) as service:
        yield service


def answer(service: QueryService, query: str, *, timeout: float | None = None) -> str:
    """Ask, and give the whole answer: CSV for rows, N-Triples for a graph."""
    request = QueryRequest(query=query, results_format="csv", graph_format="nt", timeout=timeout)
    with service.open_query(request) as found:
        return found.read().decode()


def eventually(check: Callable[[], bool], *, within: float = 10.0) -> bool:
    """Wait until something holds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.02)
    return check()


def lives(process: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
