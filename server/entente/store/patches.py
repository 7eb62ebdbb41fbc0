"""RDF patch: a difference as lines, `A s p o g .` for what came and `D s p o g .` for what went.

Owns writing and reading of the text. Terms are written as N-Quads; prefixes (`PA`) are not read.
Graphs that came or went empty stand in headers (`H created <g> .`), which other readers skip.
https://afs.github.io/rdf-delta/rdf-patch.html
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import pyoxigraph as ox

from entente.core.errors import MalformedDocument

GraphName = ox.NamedNode | ox.BlankNode

_SKIPPED: Final = frozenset({b"TX", b"TC", b"H", b"S"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What one revision has and the other has not; graphs are those that were made or dropped."""

    added: frozenset[ox.Quad] = frozenset()
    removed: frozenset[ox.Quad] = frozenset()
    created: frozenset[GraphName] = field(default=frozenset())
    dropped: frozenset[GraphName] = field(default=frozenset())

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.created or self.dropped)

    @property
    def graphs(self) -> frozenset[str]:
        """Names of the graphs concerned; the default graph is the empty name."""
        touched = {quad.graph_name for quad in (*self.added, *self.removed)}
        named = (*touched, *self.created, *self.dropped)
        return frozenset("" if isinstance(g, ox.DefaultGraph) else g.value for g in named)

    def inverse(self) -> "Difference":
        """Give what undoes this."""
        return Difference(self.removed, self.added, self.dropped, self.created)


def joined(differences: Iterable[Difference]) -> Difference:
    """Give the sum of differences of unlike graphs."""
    return reduce(
        lambda one, other: Difference(
            one.added | other.added,
            one.removed | other.removed,
            one.created | other.created,
            one.dropped | other.dropped,
        ),
        differences,
        Difference(),
    )


def lines_of(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Give quads as sorted lines of N-Quads, without their line ends."""
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(line for line in text.split(b"\n") if line)


def write_patch(difference: Difference, *, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Write a difference as one transaction."""
    lines = [f'H {name} "{value}" .'.encode() for name, value in headers]
    lines += [b"H created " + str(g).encode() + b" ." for g in sorted(difference.created, key=str)]
    lines += [b"H dropped " + str(g).encode() + b" ." for g in sorted(difference.dropped, key=str)]
    lines.append(b"TX .")
    lines += [b"D " + line for line in lines_of(difference.removed)]
    lines += [b"A " + line for line in lines_of(difference.added)]
    lines.append(b"TC .")
    return b"\n".join(lines) + b"\n"


def read_patch(content: bytes) -> Difference:
    """Read a patch; of several lines about one quad the last counts.

    Raises:
        MalformedDocument: with the line.
    """
    last: dict[ox.Quad, bool] = {}
    graphs: dict[GraphName, bool] = {}
    for number, line in enumerate(content.split(b"\n"), 1):
        words = line.split(None, 1)
        if not words or words[0].startswith(b"#"):
            continue
        code, rest = words[0], words[1] if len(words) > 1 else b""
        if code in (b"A", b"D"):
            last[_quad(rest, number)] = code == b"A"
        elif code == b"H" and rest.startswith((b"created <", b"dropped <")):
            graphs[_graph(rest.partition(b"<")[2], number)] = rest[:1] == b"c"
        elif code not in _SKIPPED:
            raise MalformedDocument(
                f"{code.decode(errors='replace')!r} begins no line of a patch that is read here; "
                "write A and D lines with whole IRIs",
                line=number,
            )
    return Difference(
        frozenset(quad for quad, comes in last.items() if comes),
        frozenset(quad for quad, comes in last.items() if not comes),
        frozenset(graph for graph, comes in graphs.items() if comes),
        frozenset(graph for graph, comes in graphs.items() if not comes),
    )


def _graph(text: bytes, line: int) -> ox.NamedNode:
    try:
        return ox.NamedNode(text.rpartition(b">")[0].decode())
    except ValueError as error:
        raise MalformedDocument("the name of a graph is no IRI", line=line) from error


def _quad(text: bytes, line: int) -> ox.Quad:
    try:
        quads: list[ox.Quad] = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise MalformedDocument(f"no quad in N-Quads notation: {error}", line=line) from error
    if len(quads) != 1:
        raise MalformedDocument("one quad in N-Quads notation is needed", line=line)
    return quads[0]
