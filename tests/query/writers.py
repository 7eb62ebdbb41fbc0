"""Write services over small or real graphs, for tests; real stores, real processes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from entente.core.settings import read_settings
from entente.core.writes import Document, WriteOutcome, WriteRequest
from entente.query.service import QueryRequest, QueryService
from entente.query.writing import WriteService
from entente.store.snapshots import Snapshots
from tests.store.artifacts import write

GRAPH = "http://example.org/graph/a"
LIMITS = {"readers": 1, "query_seconds": 10.0, "query_memory": 256, "write_seconds": 30.0}


@contextmanager
def writing(
    folder: Path, lines: Iterable[str] | None = None, **settings: object
) -> Iterator[WriteService]:
    """Serve some N-Quads, or what the folder holds already, and take writes."""
    chosen = read_settings({"state": folder, **LIMITS, **settings}, environment={})
    snapshots = Snapshots(chosen.store, union=chosen.default_graph == "union")
    if lines is not None:
        write(chosen.artifact, lines)
    snapshots.load(chosen.artifact)
    library = folder / "queries"
    library.mkdir(exist_ok=True)
    with (
        QueryService(chosen, snapshots, queries=library) as service,
        WriteService(chosen, service) as writes,
    ):
        yield writes


def update(writes: WriteService, text: str, **fields: object) -> WriteOutcome:
    """Send a SPARQL update."""
    return writes.write(WriteRequest(kind="update", text=text, **fields))  # type: ignore[arg-type]  # as given


def put(writes: WriteService, graph: str | None, turtle: str, **fields: object) -> WriteOutcome:
    """Replace a graph by some Turtle."""
    document = Document(content=turtle.encode(), format="ttl")
    return writes.write(
        WriteRequest(kind="put", graph=graph, documents=(document,), **fields)  # type: ignore[arg-type]  # as given
    )


def ask(writes: WriteService, query: str) -> str:
    """Ask, and give the answer as CSV without its head."""
    with writes._service.open_query(
        QueryRequest(query=query, results_format="csv")
    ) as answer:  # what queries see
        return answer.read().decode().partition("\r\n")[2].replace("\r\n", "\n").strip()


def numbers(writes: WriteService, graph: str = GRAPH) -> list[int]:
    """Give the numbers that stand in a graph."""
    found = ask(writes, f"SELECT ?o {{ GRAPH <{graph}> {{ ?s <http://example.org/n> ?o }} }}")
    return sorted(int(line) for line in found.split("\n") if line)


def exists(writes: WriteService, graph: str) -> bool:
    """Tell whether there is a graph, be it empty."""
    return ask(writes, f"SELECT ?g {{ GRAPH ?g {{}} VALUES ?g {{ <{graph}> }} }}") == graph


def insert(number: int, graph: str = GRAPH) -> str:
    """Give an update that adds a number to a graph."""
    return (
        f"INSERT DATA {{ GRAPH <{graph}> {{ "
        f"<http://example.org/s{number}> <http://example.org/n> {number} }} }}"
    )
