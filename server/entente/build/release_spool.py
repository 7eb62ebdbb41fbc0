"""Spool: all quads of a revision in a file of SQLite, so that a release needs little memory.

Owns the grouping of sorted N-Quads by graph, the look-up of one subject and the comparison of two
revisions, line by line. A triple is kept as the text of its N-Triples line; two are the same where
the text is, which holds for lines of one writer. Known limit: RDF 1.1 in named graphs only.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from entente.core.errors import ReleaseError
from entente.core.terms import SKOS
from entente.logic.facts import Node

BATCH: Final = 5000
"""Lines that are parsed at one time."""

_LINE: Final = re.compile(
    r'((?:<[^>]*>|_:\S+) <[^>]*> (?:<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?))'
    r" <([^>]*)> \.\n?"
)
_TABLES: Final = """
CREATE TABLE triples (graph TEXT, line TEXT, PRIMARY KEY (graph, line)) WITHOUT ROWID;
CREATE TABLE labels (iri TEXT PRIMARY KEY, label TEXT) WITHOUT ROWID;
"""


class Spool:
    """The quads of one revision.

    Args:
        path: of the file, made anew; who makes it removes it.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
        )
        self._connection.executescript(_TABLES)
        self.path: Final = path
        self.digest = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def fill(self, lines: Iterable[bytes]) -> None:
        """Take in quads.

        Args:
            lines: of N-Quads, in any order; `digest` is then the SHA-256 of the sorted lines.

        Raises:
            ReleaseError: a line is no RDF 1.1 quad in a named graph.
        """
        rows = (_split(line, number) for number, line in enumerate(lines, 1))
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN")
            cursor.executemany("INSERT OR IGNORE INTO triples VALUES (?, ?)", rows)
            pattern = f"% <{SKOS}prefLabel> %"
            found = cursor.execute("SELECT line FROM triples WHERE line LIKE ?", (pattern,))
            labels = sorted(
                (one.object.language != "en", one.object.value, one.subject.value)
                for one in _parsed(line for (line,) in found)
                if one.predicate.value == f"{SKOS}prefLabel"
                and isinstance(one.object, Literal)
                and isinstance(one.subject, NamedNode)
            )
            cursor.executemany(
                "INSERT OR IGNORE INTO labels VALUES (?, ?)",
                ((iri, label) for _, label, iri in labels),
            )
            cursor.execute("COMMIT")
        sums = hashlib.sha256()
        for line in self.lines():
            sums.update(line)
        self.digest = sums.hexdigest()

    def graphs(self) -> dict[str, int]:
        """Give the number of triples of each graph, by IRI."""
        query = "SELECT graph, COUNT(*) FROM triples GROUP BY graph ORDER BY graph"
        return dict(self._connection.execute(query))

    def lines(self) -> Iterator[bytes]:
        """Give all quads as N-Quads, sorted by bytes."""
        query = "SELECT line || ' <' || graph || '> .' AS whole FROM triples ORDER BY whole"
        for (line,) in self._connection.execute(query):
            yield line.encode() + b"\n"

    def triples(self, graphs: Sequence[str]) -> Iterator[Triple]:
        """Give the triples of some graphs, each once, sorted by subject."""
        marks = ", ".join("?" * len(graphs))
        query = f"SELECT DISTINCT line FROM triples WHERE graph IN ({marks}) ORDER BY line"  # noqa: S608  # only question marks
        return _parsed(line for (line,) in self._connection.execute(query, graphs))

    def subjects(self, graphs: Sequence[str]) -> Iterator[tuple[Node, list[Triple]]]:
        """Give the triples of some graphs by subject."""
        for subject, held in groupby(self.triples(graphs), key=lambda one: one.subject):
            if not isinstance(subject, Triple):
                yield subject, list(held)

    def about(self, iri: str, graphs: Sequence[str]) -> list[Triple]:
        """Give the triples of one subject in some graphs, sorted."""
        found = {
            line
            for graph in graphs
            for (line,) in self._connection.execute(
                "SELECT line FROM triples WHERE graph = ? AND line > ? AND line < ?",
                (graph, f"<{iri}> ", f"<{iri}>!"),
            )
        }
        return list(_parsed(sorted(found)))

    def value(self, iri: str, predicate: str, graphs: Sequence[str]) -> str | None:
        """Give the first value of a subject's predicate, an IRI or a text."""
        for triple in self.about(iri, graphs):
            if triple.predicate.value == predicate and not isinstance(triple.object, Triple):
                return triple.object.value
        return None

    def label(self, iri: str) -> str | None:
        """Give what a thing is called, in English where it can be."""
        query = "SELECT label FROM labels WHERE iri = ?"
        row = self._connection.execute(query, (iri,)).fetchone()
        return None if row is None else str(row[0])

    def differences(self, other: "Spool") -> tuple[Iterator[bytes], Iterator[bytes]]:
        """Compare with an earlier revision.

        Returns:
            The lines that this one has and the other has not, and those that it has not; sorted.
        """
        self._connection.execute("ATTACH ? AS earlier", (str(other.path),))
        whole = "SELECT line || ' <' || graph || '> .' AS whole FROM"
        new, old = f"{whole} main.triples", f"{whole} earlier.triples"

        def found(first: str, second: str) -> Iterator[bytes]:
            query = f"{first} EXCEPT {second} ORDER BY whole"
            for (line,) in self._connection.execute(query):
                yield line.encode() + b"\n"

        return found(new, old), found(old, new)


def _split(line: bytes, number: int) -> tuple[str, str]:
    found = _LINE.fullmatch(line.decode())
    if found is None:
        raise ReleaseError(
            f"quad {number} cannot be released: it is no RDF 1.1 statement in a named graph"
        )
    return found[2], found[1]


def _parsed(lines: Iterable[str]) -> Iterator[Triple]:
    """Parse lines of N-Triples that lack their end, some thousand at a time."""
    waiting: list[str] = []
    for line in lines:
        waiting.append(line)
        if len(waiting) == BATCH:
            yield from _triples(waiting)
            waiting = []
    yield from _triples(waiting)


def _triples(lines: list[str]) -> Iterator[Triple]:
    text = "".join(f"{line} .\n" for line in lines)
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))
