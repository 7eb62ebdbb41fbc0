"""A file of names, open for look-ups: connections that are shared, bounded and read-only.

Owns the SQL of the look-ups and the two bounds on each: rows and time. A file that was replaced
stays readable for those who use it, and is closed when the last has ended.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from entente.core.errors import LimitExceeded, StoreError
from entente.core.terms import PREFIXES
from entente.store.name_index import CLAIMS_FROM
from entente.store.naming import KINDS

DEADLINE_SECONDS: Final = 2.0
LOOK_EVERY: Final = 20_000
"""Steps of the engine between two looks at the clock; about a millisecond."""

# 2 MiB for each of the few connections; the file's pages are the system's, shared by all.
_PRAGMAS: Final = "PRAGMA query_only = 1; PRAGMA cache_size = -2048; PRAGMA mmap_size = 268435456"
_IDLE: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A spelling that a look-up found."""

    spelling: int
    thing: int
    role: str
    folded: str


@dataclass(frozen=True, slots=True)
class Type:
    """A type that things have; `size` counts them."""

    iri: str
    label: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What the index knows of a thing; its first types are those that are asserted."""

    iri: str
    kind: str
    label: str
    language: str | None
    description: str | None
    types: tuple[Type, ...]
    weight: int


class Rows:
    """Look-ups on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def same(self, folded: str, *, most: int) -> tuple[list[Row], list[str]]:
        """Give the spellings that fold to the same, the best connected first, and their facets."""
        rows = self._all(
            "SELECT id, thing, role, folded, facets FROM spelling WHERE folded = ?"
            " ORDER BY id LIMIT ?",
            folded,
            most,
        )
        return [Row(*row[:4]) for row in rows], [row[4] for row in rows]

    def matching(self, expression: str, *, claims: bool | None, most: int) -> list[Row]:
        """Give the spellings that an expression of FTS5 finds, the best connected first.

        Args:
            expression: https://www.sqlite.org/fts5.html#full_text_query_syntax
            claims: only claims, none (`False`), or both (`None`).
            most: how many are read.
        """
        low, high = (CLAIMS_FROM if claims else 0), (CLAIMS_FROM if claims is False else 1 << 62)
        rows = self._all(
            "SELECT s.id, s.thing, s.role, s.folded FROM found JOIN spelling s"
            " ON s.id = found.rowid WHERE found MATCH ? AND found.rowid >= ? AND found.rowid < ?"
            " ORDER BY found.rowid LIMIT ?",
            expression,
            low,
            high,
            most,
        )
        return [Row(*row) for row in rows]

    def like(
        self, grams: Sequence[str], *, shortest: int, longest: int, most: int
    ) -> Iterator[str]:
        """Give words that share groups of letters, those that share most first."""
        marks = ", ".join("?" * len(grams))
        rows = self._all(
            "SELECT text FROM (SELECT word, COUNT(*) AS shared FROM gram"  # noqa: S608  # marks only
            f" WHERE gram IN ({marks}) AND length BETWEEN ? AND ? GROUP BY word"
            " ORDER BY shared DESC LIMIT ?) JOIN word ON word.id = word",
            *grams,
            shortest,
            longest,
            most,
        )
        return (row[0] for row in rows)

    def begins_word(self, text: str) -> bool:
        """Tell whether any word of the names begins so."""
        beyond = text[:-1] + chr(ord(text[-1]) + 1)
        rows = self._all("SELECT 1 FROM word WHERE text >= ? AND text < ? LIMIT 1", text, beyond)
        return bool(rows)

    def number_of(self, iri: str) -> int | None:
        """Give the number of a thing."""
        rows = self._all("SELECT id FROM thing WHERE iri = ?", iri)
        return rows[0][0] if rows else None

    def number_of_name(self, text: str) -> int | None:
        """Give the number of a thing by its IRI, whole or with a prefix that is known."""
        prefix, colon, local = text.strip().partition(":")
        if not colon:
            return None
        return self.number_of(PREFIXES[prefix] + local if prefix in PREFIXES else text.strip())

    def label_of(self, number: int, language: str | None = None) -> tuple[int, str] | None:
        """Give number and text of a thing's best label, in a language where one is given."""
        rows = self._all(
            "SELECT id, text FROM spelling WHERE thing = ? AND role IN ('label', 'statement')"
            " AND (? IS NULL OR language = ? OR language LIKE ? || '-%') ORDER BY id LIMIT 1",
            number,
            language,
            language,
            language,
        )
        return rows[0] if rows else None

    def thing(self, number: int) -> Thing:
        """Give what is known of a thing."""
        ((iri, kind, label, language, description, types, weight),) = self._all(
            "SELECT iri, kind, label, language, description, types, weight FROM thing WHERE id = ?",
            number,
        )
        return Thing(
            iri=iri,
            kind=KINDS[kind],
            label=label,
            language=language,
            description=description,
            types=tuple(self.type(each) for each in json.loads(types)),
            weight=weight,
        )

    def spellings(self, number: int) -> list[tuple[str, str | None, str]]:
        """Give text, language and role of all spellings of a thing."""
        return self._all("SELECT text, language, role FROM spelling WHERE thing = ?", number)

    def spelling(self, number: int) -> tuple[str, str | None, str]:
        """Give text, language and role of a spelling."""
        ((text, language, role),) = self._all(
            "SELECT text, language, role FROM spelling WHERE id = ?", number
        )
        return text, language, role

    def type(self, number: int) -> Type:
        """Give a type."""
        ((iri, label, size),) = self._all("SELECT iri, label, size FROM type WHERE id = ?", number)
        return Type(iri, label, size)

    def types_of(self, number: int) -> frozenset[str]:
        """Give the IRIs of all types of a thing, inferred ones among them."""
        numbers = [facet[1:] for facet in self.facets(number) if facet[1:].isdigit()]
        return frozenset(self.type(int(each)).iri for each in numbers)

    def type_number(self, iri: str) -> int | None:
        """Give the number of a type that anything has."""
        rows = self._all("SELECT id FROM type WHERE iri = ?", iri)
        return rows[0][0] if rows else None

    def types(self) -> list[Type]:
        """Give all types, those of most things first."""
        rows = self._all("SELECT iri, label, size FROM type ORDER BY size DESC, label")
        return [Type(*row) for row in rows]

    def facets(self, number: int) -> frozenset[str]:
        """Give the facets of a thing's spellings."""
        rows = self._all("SELECT facets FROM spelling WHERE thing = ?", number)
        return frozenset(facet for row in rows for facet in row[0].split())

    def _all(self, sql: str, *values: object) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()


class NameFile:
    """An index of names that is open."""

    def __init__(self, path: Path) -> None:
        self._address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def lookup(self) -> Iterator[Rows]:
        """Give a connection for the look-ups of one request.

        Raises:
            LimitExceeded: they took longer than `DEADLINE_SECONDS`.
            StoreError: the file cannot be read.
        """
        deadline = time.monotonic() + DEADLINE_SECONDS
        try:
            connection = self._connection()
            connection.set_progress_handler(lambda: time.monotonic() > deadline, LOOK_EVERY)
        except sqlite3.Error as error:
            raise StoreError(f"the index of names cannot be opened: {error}") from error
        try:
            yield Rows(connection)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                detail = f"the look-up took longer than {DEADLINE_SECONDS:g} s"
                raise LimitExceeded(detail, limit="time") from error
            raise StoreError(f"the index of names cannot be read: {error}") from error
        except sqlite3.Error as error:
            raise StoreError(f"the index of names cannot be read: {error}") from error
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close what is at rest now, and what is in use when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
        connection.executescript(_PRAGMAS)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        connection.close()
