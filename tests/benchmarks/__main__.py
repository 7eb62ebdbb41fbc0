"""Measure what the README claims, each as a ratio of two times taken in one run.

`make bench` prints a table. Absolute times differ between machines; ratios between two things
measured in turn on one machine do not drift with it, so only they are compared between versions.
"""

import itertools
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from entente.build.pipeline import build
from entente.core.places import project_root
from entente.core.settings import read_settings
from entente.core.terms import ENT, GRAPH_INFERRED
from entente.query.service import QueryRequest, QueryService
from entente.store.snapshots import Snapshots
from tests.benchmarks.names import comparisons as name_comparisons
from tests.benchmarks.writes import comparisons
from tests.running import running

POINT = f"PREFIX ent: <{ENT}> SELECT ?f ?p WHERE {{ ?f a ent:Factory ; ent:locatedIn ?p }}"
COUNT = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n)"


@dataclass(frozen=True)
class Ratio:
    """Median of pairwise ratios of two things, and the medians of both in milliseconds."""

    name: str
    ours: float
    other: float
    ratio: float


_turns = itertools.count()


def unseen(query: str) -> str:
    """Give the query as a text that no cache has met."""
    return f"{query}\n# {next(_turns)}"


def compare(name: str, ours: Callable[[], object], other: Callable[[], object], runs: int) -> Ratio:
    """Time two things in turn, after one run of each that does not count."""
    ours(), other()
    pairs = [(_milliseconds(ours), _milliseconds(other)) for _ in range(runs)]
    return Ratio(
        name,
        statistics.median(pair[0] for pair in pairs),
        statistics.median(pair[1] for pair in pairs),
        statistics.median(pair[0] / pair[1] for pair in pairs),
    )


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def _fetch(address: str, query: str) -> bytes:
    with urllib.request.urlopen(
        f"{address}/sparql?{urllib.parse.urlencode({'query': query})}"
    ) as r:
        answer: bytes = r.read()
    return answer


def _inferred(engine: ox.Store) -> list[dict[str, str]]:
    """Give every inferred triple as `/api/explain` asks for it, one far from the next."""
    quads = engine.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_INFERRED))
    found = sorted(
        [
            {name: _name(getattr(quad, name)) for name in ("subject", "predicate", "object")}
            for quad in quads
        ],
        key=str,
    )
    return [found[place * 101 % len(found)] for place in range(len(found))]


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _explain(address: str, statement: dict[str, str]) -> bytes:
    with urllib.request.urlopen(f"{address}/api/explain?{urllib.parse.urlencode(statement)}") as r:
        answer: bytes = r.read()
    return answer


def measure(state: Path) -> list[Ratio]:
    """Take all measurements in a folder of their own."""
    settings = read_settings({"state": state}, environment={})
    root = project_root()
    ratios = [
        compare(
            "build: fast engines / owlrl and pySHACL",
            lambda: build(root, settings, force=True),
            lambda: build(root, settings, engines="reference", force=True),
            runs=1,
        )
    ]
    build(root, settings, force=True)
    snapshots = Snapshots(settings.store)
    snapshot = snapshots.load(settings.artifact)
    engine = ox.Store.read_only(str(snapshot.quads))

    def alone(query: str) -> bytes | None:
        found = engine.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return found.serialize(format=ox.QueryResultsFormat.JSON)

    with QueryService(settings, snapshots) as service:

        def pooled(query: str) -> bytes:
            with service.open_query(QueryRequest(query=unseen(query))) as answer:
                return answer.read()

        for name, query in (("point query", POINT), ("group over all", COUNT)):
            ratios.append(
                compare(
                    f"{name}: reader process / engine alone",
                    lambda query=query: pooled(query),  # type: ignore[misc]  # bound per turn
                    lambda query=query: alone(query),  # type: ignore[misc]  # bound per turn
                    runs=200,
                )
            )
        command = [str(Path(sys.executable).with_name("entente")), "serve", "--root", str(root)]
        with running([*command, "--state", str(state)], folder=state) as server:
            ratios.append(
                compare(
                    "point query: HTTP / reader process",
                    lambda: _fetch(server.address, unseen(POINT)),
                    lambda: pooled(POINT),
                    runs=200,
                )
            )
            why = itertools.cycle(_inferred(engine))
            ratios.append(
                compare(
                    "why an inferred triple holds / point query, HTTP",
                    lambda: _explain(server.address, next(why)),
                    lambda: _fetch(server.address, unseen(POINT)),
                    runs=400,
                )
            )
    ratios += [compare(*each, runs=5) for each in comparisons(state / "writes")]
    ratios += [compare(*each, runs=300) for each in name_comparisons(state / "names")]
    return ratios


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        ratios = measure(Path(folder))
    print(f"{'':44} {'ours ms':>10} {'other ms':>10} {'ratio':>8}")
    for row in ratios:
        print(f"{row.name:44} {row.ours:10.2f} {row.other:10.2f} {row.ratio:8.3f}")


if __name__ == "__main__":
    main()
