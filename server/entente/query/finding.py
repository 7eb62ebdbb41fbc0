"""Finding: which things of an index of names a text means, the best first.

Owns the ranking: the same name, a name that begins so, one with all the words, one with typing
errors; within each, what is better connected comes first. What somebody wrote enters look-ups as
folded words only. Known limit: of more than `POOL` names that fit equally well, those of less
connected things are not ranked, and the number of hits is then the least there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from entente.core.errors import QueryRefused
from entente.logic.edit_distance import distance, forgiven
from entente.logic.folding import BREAK, fold
from entente.query.name_file import Row, Rows
from entente.store.name_index import (
    BUCKET_BITS,
    BUCKETS,
    facet_of_kind,
    facet_of_language,
    facet_of_type,
    grams,
)
from entente.store.naming import ALTERNATIVE, HIDDEN, NOTATION

POOL: Final = 250
"""How many names of each rank are looked at; also the most results that can be paged through."""

FEW: Final = 20
"""With fewer hits than this, none of them the same name, typing errors are forgiven."""

LONGEST: Final = 300
MOST_WORDS: Final = 12
CANDIDATES: Final = 40
CORRECTIONS: Final = 8

EXACT: Final = "exact"
PREFIX: Final = "prefix"
WORDS: Final = "words"
FUZZY: Final = "fuzzy"
PARTIAL: Final = "partial"
_BASE: Final = {EXACT: 0.9, PREFIX: 0.7, WORDS: 0.5, FUZZY: 0.4, PARTIAL: 0.15}
_CONNECTED: Final = 0.05
_WHOLE_WORDS: Final = 0.06
_WHOLE_NAME: Final = 0.06
_ERROR: Final = 0.03
_MOST_ERRORS: Final = 3
_ROLES: Final = {ALTERNATIVE: 0.05, NOTATION: 0.06, HIDDEN: 0.07}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for.

    `types` are IRIs, any of which a thing may have, inferred ones among them; `kinds` those of
    `entente.store.naming.KINDS`, all but claims when empty; `language` restricts spellings to it
    and to those without any. With `forgiving`, typing errors are forgiven where few things fit;
    with `lenient`, a word may be missing then. With `everything`, whatever passes the filters fits.
    """

    text: str
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str | None = None
    forgiving: bool = True
    lenient: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that fits: by which of its spellings, how, and how well (0 to 1).

    `words` are the folded words that it was found by; typing errors are mended in them.
    """

    thing: int
    spelling: int
    match: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """All hits, the best first; `complete` tells whether there are no more."""

    hits: tuple[Hit, ...]
    complete: bool


def find(rows: Rows, sought: Sought) -> Hits:
    """Find what fits.

    Args:
        rows: an index that is open for look-ups.
        sought: what is looked for.

    Raises:
        QueryRefused: the text is longer than `LONGEST` characters.
    """
    if len(sought.text) > LONGEST:
        raise QueryRefused(f"{len(sought.text)} characters are too long: at most {LONGEST}")
    return _Finding(rows, sought).hits()


class _Finding:
    def __init__(self, rows: Rows, sought: Sought) -> None:
        self._rows = rows
        self._sought = sought
        self._words = tuple(fold(sought.text, sought.language).split()[:MOST_WORDS])
        self._filters = _filters(rows, sought)
        self._claims = _claims(sought.kinds)
        self._best: dict[int, Hit] = {}
        self._complete = True
        self._same = False

    def hits(self) -> Hits:
        words = self._words
        if all(self._filters):
            self._take_iri()
            if self._sought.everything and self._filters:
                self._take(self._filtered(), PARTIAL, ())
            elif words:
                self._take_whole(words)
                self._take(self._matching(f"^ {_phrase(words)} *"), PREFIX, words)
                self._take(self._matching(_all_of(words)), WORDS, words)
                few = len(self._best) < FEW and not self._same
                if few and self._sought.forgiving:
                    known = {word for word in words if self._rows.begins_word(word)}
                    self._take_mistyped(words, known)
                    if known and not self._best:
                        # A mistyped word may be the beginning of another.
                        self._take_mistyped(words, set())
                if few and self._sought.lenient and len(words) > 1:
                    for place in range(len(words)):
                        rest = words[:place] + words[place + 1 :]
                        self._take(self._matching(_all_of(rest)), PARTIAL, rest)
        ordered = sorted(self._best.values(), key=lambda hit: (-hit.score, hit.spelling))
        return Hits(tuple(ordered[:POOL]), self._complete and len(ordered) <= POOL)

    def _take_iri(self) -> None:
        """Find a thing by its IRI, whole or with a prefix."""
        thing = self._rows.number_of_name(self._sought.text)
        if thing is not None and self._fits(self._rows.facets(thing)):
            label = self._rows.label_of(thing)
            if label is not None:
                self._best[thing] = Hit(thing, label[0], EXACT, 1.0, ())

    def _take_whole(self, words: Sequence[str]) -> None:
        rows, facets = self._rows.same(BREAK.join(words), most=POOL)
        fitting = [
            row for row, each in zip(rows, facets, strict=True) if self._fits(set(each.split()))
        ]
        self._complete = self._complete and len(rows) < POOL
        self._same = bool(fitting)
        self._take(fitting, EXACT, words)

    def _take_mistyped(self, words: Sequence[str], known: set[str]) -> None:
        """Find names with words that differ from those given by typing errors, but not in some."""
        meant = [
            {} if word in known else self._corrections(word, last=place == len(words) - 1)
            for place, word in enumerate(words)
        ]
        if not any(meant):
            return
        parts = [
            "(" + " OR ".join((f"{_quoted(word)} *", *map(_quoted, other))) + ")"
            for word, other in zip(words, meant, strict=True)
        ]
        for row in self._matching(" AND ".join(parts)):
            there = row.folded.split()
            found: list[str] = []
            errors = 0
            for word, other in zip(words, meant, strict=True):
                fitting = [(other[each], each) for each in there if each in other]
                if any(each.startswith(word) for each in there):
                    fitting.append((0, word))
                error, best = min(fitting, default=(_MOST_ERRORS, word))
                errors += error
                found.append(best)
            whole = _WHOLE_NAME if len(there) == len(words) else 0.0
            self._take_row(row, FUZZY, found, whole - _ERROR * min(errors, _MOST_ERRORS))

    def _corrections(self, word: str, *, last: bool) -> dict[str, int]:
        """Give the words that may have been meant, and by how many errors each differs."""
        most = forgiven(word)
        if not most:
            return {}
        longest = 64 if last else len(word) + most
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
        # Two swapped letters leave a short word few groups of letters in common with itself.
        parts = grams(word).union(*map(grams, swapped)) if most == 1 else grams(word)
        candidates = self._rows.like(
            sorted(parts), shortest=len(word) - most, longest=longest, most=CANDIDATES
        )
        found = (
            (errors, other)
            for other in candidates
            if (errors := distance(word, other, most=most, prefix=last)) is not None
        )
        nearest = sorted((errors, abs(len(o) - len(word)), o) for errors, o in found if errors)
        return {other: errors for errors, _, other in nearest[:CORRECTIONS]}

    def _matching(self, expression: str) -> list[Row]:
        return self._found((f"words : ({expression})", *self._filters))

    def _filtered(self) -> list[Row]:
        return self._found(self._filters)

    def _found(self, parts: Iterable[str]) -> list[Row]:
        whole = " AND ".join(parts)
        rows = self._rows.matching(whole, claims=self._claims, most=POOL + 1)
        self._complete = self._complete and len(rows) <= POOL
        return rows[:POOL]

    def _take(self, rows: Iterable[Row], match: str, words: Sequence[str]) -> None:
        for row in rows:
            more = 0.0
            if match == WORDS and set(words) <= set(row.folded.split()):
                more = _WHOLE_WORDS
            self._take_row(row, match, words, more)

    def _take_row(self, row: Row, match: str, words: Sequence[str], more: float) -> None:
        connected = BUCKETS - (row.spelling >> BUCKET_BITS) % (BUCKETS + 1)
        score = _BASE[match] + _CONNECTED * connected / BUCKETS - _ROLES.get(row.role, 0.0) + more
        known = self._best.get(row.thing)
        if known is None or known.score < score:
            hit = Hit(row.thing, row.spelling, match, round(score, 4), tuple(words))
            self._best[row.thing] = hit

    def _fits(self, facets: Iterable[str]) -> bool:
        return _fits(self._rows, self._sought, frozenset(facets))


def _filters(rows: Rows, sought: Sought) -> list[str]:
    """Give the parts of an expression that restrict facets; an empty one finds nothing."""
    return [
        f"facets : ({' OR '.join(alternatives)})" if alternatives else ""
        for alternatives in _wanted(rows, sought)
    ]


def _wanted(rows: Rows, sought: Sought) -> list[list[str]]:
    """Give groups of facets; of each group one must be there."""
    wanted = []
    if sought.types:
        numbers = (rows.type_number(type_) for type_ in sought.types)
        wanted.append([facet_of_type(number) for number in numbers if number is not None])
    if sought.kinds:
        wanted.append([facet_of_kind(kind) for kind in sought.kinds])
    if sought.language is not None:
        wanted.append([facet_of_language(sought.language), facet_of_language(None)])
    return wanted


def _fits(rows: Rows, sought: Sought, facets: frozenset[str]) -> bool:
    if not sought.kinds and facet_of_kind("claim") in facets:
        return False
    return all(not facets.isdisjoint(group) for group in _wanted(rows, sought))


def _claims(kinds: tuple[str, ...]) -> bool | None:
    if "claim" not in kinds:
        return False
    return True if set(kinds) == {"claim"} else None


def _quoted(word: str) -> str:
    """Give a folded word as a string of FTS5; it holds letters and digits only."""
    return f'"{word}"'


def _phrase(words: Sequence[str]) -> str:
    return _quoted(BREAK.join(words))


def _all_of(words: Sequence[str]) -> str:
    return " AND ".join(f"{_quoted(word)} *" for word in words)
