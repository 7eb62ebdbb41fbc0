"""The index of names: all spellings of one snapshot, in a file that is written once.

Owns the tables of the file and how it is written. A spelling's number begins with how connected its
thing is, so that whoever reads in the order of numbers meets the best first and may stop; claims
come after all else. Words are those of `entente.logic.folding`; facets are single words that say
kind, types and language, so that a filter is part of the same look-up. SQLite with FTS5, of the
standard library.
"""

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from entente.logic.folding import BREAK, fold
from entente.store.naming import KINDS, Named, Spelling, read_names, type_label

LAYOUT: Final = 2
"""Its number changes when older files cannot be read."""

BUCKETS: Final = 255
BUCKET_BITS: Final = 32
CLAIMS_FROM: Final = (BUCKETS + 1) << BUCKET_BITS
LONGEST_STATEMENT: Final = 2000

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA page_size = 8192;
CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE type (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT NOT NULL,
  size INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind INTEGER NOT NULL,
  label TEXT NOT NULL, language TEXT, description TEXT, types TEXT NOT NULL,
  weight INTEGER NOT NULL);
CREATE TABLE spelling (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, role TEXT NOT NULL,
  language TEXT, text TEXT NOT NULL, folded TEXT NOT NULL, facets TEXT NOT NULL);
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE gram (gram TEXT NOT NULL, length INTEGER NOT NULL, word INTEGER NOT NULL,
  PRIMARY KEY (gram, length, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(words, facets, content='', columnsize=0,
  tokenize="unicode61 remove_diacritics 0", prefix='1 2 3 4');
"""
_INDEXES: Final = """
CREATE UNIQUE INDEX thing_iri ON thing (iri);
CREATE INDEX spelling_folded ON spelling (folded);
CREATE INDEX spelling_thing ON spelling (thing);
CREATE UNIQUE INDEX word_text ON word (text);
"""


def write_index(place: Path, file: Path) -> int:
    """Index the names of a snapshot.

    Args:
        place: folder of the embedded store.
        file: must not exist.

    Returns:
        How many things are called something.

    Raises:
        StoreError: the snapshot cannot be read.
        OSError, sqlite3.Error: the file cannot be written.
    """
    named = {one.iri: one for one in read_names(place)}
    connection = sqlite3.connect(file)
    try:
        connection.executescript(_TABLES)
        with connection:
            _Writer(connection, named).write()
        connection.executescript(_INDEXES)
        connection.execute("ANALYZE")
        connection.commit()
    finally:
        connection.close()
    return len(named)


def facet_of_kind(kind: str) -> str:
    """Give the word that says a kind."""
    return f"k{kind}"


def facet_of_type(number: int) -> str:
    """Give the word that says a type."""
    return f"t{number}"


def facet_of_language(language: str | None) -> str:
    """Give the word that says a language, by its first part; that of no language for `None`."""
    return "l" + (language or "none").partition("-")[0].lower()


def grams(word: str) -> set[str]:
    """Give the groups of three letters of a word, its ends among them."""
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


class _Writer:
    def __init__(self, connection: sqlite3.Connection, named: dict[str, Named]) -> None:
        self._connection = connection
        self._named = named
        sizes = Counter(type_ for one in named.values() for type_ in one.types | one.inferred_types)
        self._types = {iri: number for number, iri in enumerate(sorted(sizes), 1)}
        self._sizes = sizes
        self._words: set[str] = set()

    def write(self) -> None:
        """Fill all tables."""
        execute = self._connection.executemany
        execute("INSERT INTO about VALUES (?, ?)", [("layout", LAYOUT)])
        execute(
            "INSERT INTO type VALUES (?, ?, ?, ?)",
            (
                (number, iri, type_label(iri, self._named), self._sizes[iri])
                for iri, number in self._types.items()
            ),
        )
        execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._things())
        spellings = self._spellings()
        execute("INSERT INTO spelling VALUES (?, ?, ?, ?, ?, ?, ?)", spellings)
        execute(
            "INSERT INTO found (rowid, words, facets) VALUES (?, ?, ?)",
            ((row[0], row[5], row[6]) for row in spellings),
        )
        words = [(number, word) for number, word in enumerate(sorted(self._words), 1)]
        execute("INSERT INTO word VALUES (?, ?)", words)
        rows = sorted((gram, len(word), number) for number, word in words for gram in grams(word))
        execute("INSERT INTO gram VALUES (?, ?, ?)", rows)

    def _things(self) -> Iterator[tuple[object, ...]]:
        for number, one in enumerate(self._named.values(), 1):
            label = one.label()
            types = [self._types[type_] for type_ in sorted(one.types or one.inferred_types)]
            yield (
                number,
                one.iri,
                KINDS.index(one.kind),
                label.text[:LONGEST_STATEMENT],
                label.language,
                one.description,
                json.dumps(types, separators=(",", ":")),
                one.weight,
            )

    def _spellings(self) -> list[tuple[int, int, str, str | None, str, str, str]]:
        rows = []
        ordered: list[tuple[int, int, int, str, int, Spelling, str]] = []
        for number, one in enumerate(self._named.values(), 1):
            kind = one.kind
            start = CLAIMS_FROM if kind == "claim" else 0
            start += (BUCKETS - bucket(one.weight)) << BUCKET_BITS
            numbers = sorted(self._types[type_] for type_ in one.types | one.inferred_types)
            facets = BREAK.join((facet_of_kind(kind), *map(facet_of_type, numbers)))
            seen: set[tuple[str, str | None]] = set()
            for spelling in sorted(one.spellings, key=lambda each: (each.rank, each.text)):
                if (spelling.text, spelling.language) not in seen:
                    seen.add((spelling.text, spelling.language))
                    length = len(spelling.text)
                    key = (start, spelling.rank, length, spelling.text, number)
                    ordered.append((*key, spelling, facets))
        ordered.sort(key=lambda row: row[:5])
        for place, (start, _, _, text, number, spelling, facets) in enumerate(ordered):
            folded = fold(text[:LONGEST_STATEMENT], spelling.language)
            if folded:
                self._words.update(folded.split(BREAK))
                language = spelling.language
                facets = f"{facets} {facet_of_language(language)}"
                row = (start + place, number, spelling.role, language, text, folded, facets)
                rows.append(row)
        return rows


def bucket(weight: int) -> int:
    """Give how connected a thing is, from 0 to `BUCKETS`: eight steps for each doubling."""
    return min(BUCKETS, int(8 * math.log2(1 + weight)))
