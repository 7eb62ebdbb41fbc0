"""Rows counted in the bytes of the engine's own serialisers, and a bound on them.

Owns one counter for each format of results. The engine writes rows without telling how many; to
write them here would lose its writers. A counter never keeps more than a byte or two of what it
has seen, so a part may end anywhere, also within a string. It reads the forms that the engine
writes and no others: a test holds each to the number of rows.
"""

from typing import Final, Protocol

from entente.core.errors import LimitExceeded
from entente.store.source import Sink


class Counter(Protocol):
    """Counts the rows of one answer."""

    def count(self, part: bytes) -> int:
        """Give how many rows a part ends or begins; each row is counted once."""
        ...


class JsonRows:
    """Rows of SPARQL JSON: outside of strings, `[{` and `,{` stand before a row only."""

    def __init__(self) -> None:
        self._within = False
        self._kept = b""  # a backslash, which belongs to what comes next
        self._last = b""  # the last byte outside of strings

    def count(self, part: bytes) -> int:
        """Count the rows that begin."""
        text = self._kept + part
        whole = len(text.rstrip(b"\\"))
        self._kept = text[-1:] if (len(text) - whole) % 2 else b""
        text = text[: len(text) - len(self._kept)]
        pieces = text.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
        bare = self._last + b'"'.join(pieces[self._within :: 2])
        self._within ^= len(pieces) % 2 == 0
        self._last = bare[-1:]
        return bare.count(b"[{") + bare.count(b",{")


class XmlRows:
    """Rows of SPARQL XML: a `<` in a text is escaped, so a tag is a tag."""

    def __init__(self) -> None:
        self._kept = b""

    def count(self, part: bytes) -> int:
        """Count the rows that end."""
        text = self._kept + part
        self._kept = text[1 - len(_RESULT) :]
        return text.count(_RESULT)


class CsvRows:
    """Rows of CSV: line ends outside of quotes; the first ends the names."""

    def __init__(self) -> None:
        self._within = False
        self._rows = -1

    def count(self, part: bytes) -> int:
        """Count the rows that end."""
        pieces = part.split(b'"')
        ends = sum(piece.count(b"\n") for piece in pieces[self._within :: 2])
        self._within ^= len(pieces) % 2 == 0
        before = max(0, self._rows)
        self._rows += ends
        return max(0, self._rows) - before


class TsvRows:
    """Rows of TSV: every line end ends one; the first ends the names."""

    def __init__(self) -> None:
        self._rows = -1

    def count(self, part: bytes) -> int:
        """Count the rows that end."""
        before = max(0, self._rows)
        self._rows += part.count(b"\n")
        return max(0, self._rows) - before


_RESULT: Final = b"</result>"
COUNTERS: Final[dict[str, type[Counter]]] = {
    "json": JsonRows,
    "xml": XmlRows,
    "csv": CsvRows,
    "sheet": CsvRows,
    "tsv": TsvRows,
}


class BoundedRows:
    """A sink for results that fails at the first row too many."""

    def __init__(self, sink: Sink, format_name: str, most: int) -> None:
        self._sink = sink
        self._counter = COUNTERS[format_name]()
        self._most = self._left = most

    def write(self, part: bytes) -> int:
        """Pass a part on.

        Raises:
            LimitExceeded: it has a row too many.
        """
        self._left -= self._counter.count(part)
        if self._left < 0:
            raise too_many(self._most, "rows")
        return self._sink.write(part)

    def flush(self) -> None:
        """Pass it on."""
        self._sink.flush()


def too_many(most: int, what: str) -> LimitExceeded:
    """Make the error of an answer with too many rows or triples."""
    return LimitExceeded(
        f"the answer has more than {most} {what}; add LIMIT, and OFFSET with ORDER BY for the rest",
        limit="rows",
    )
