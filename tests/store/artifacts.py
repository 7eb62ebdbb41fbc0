"""Small artifacts made of triples, for tests of the store and of queries."""

from collections.abc import Iterable
from pathlib import Path

from entente.core.manifest import Manifest, write_artifact

GRAPH = "http://example.org/graph/"


def numbered(count: int, *, graph: str = "a") -> list[str]:
    """Give N-Quads `s0 p n0`, `s1 p n1` … in one graph."""
    return [
        f"<http://example.org/s{number}> <http://example.org/p> "
        f"<http://example.org/n{number}> <{GRAPH}{graph}> ."
        for number in range(count)
    ]


def write(folder: Path, lines: Iterable[str]) -> Manifest:
    """Write an artifact that holds these N-Quads."""
    content = "".join(f"{line}\n" for line in sorted(lines)).encode()
    return write_artifact(
        folder,
        contents={"dataset": ("dataset.nq", content)},
        inputs={},
        counts={},
        versions={},
        facts={},
    )
