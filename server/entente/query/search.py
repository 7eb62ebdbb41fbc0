"""Search: things of a snapshot by what they are called, with all that people are shown of them.

Owns the pages of hits and the ranges of a spelling that a text was found in; which things fit, and
in which order, is `entente.query.finding`'s. Nothing is asked of the graph itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from entente.logic.folding import fold_words
from entente.query.finding import EXACT, Hit, Sought, find
from entente.query.name_file import NameFile, Rows, Type
from entente.store.naming import ALTERNATIVE, HIDDEN, KINDS, LABEL, NOTATION, STATEMENT

__all__ = ["KINDS", "ROLES", "Page", "Result", "ranges", "search"]

ROLES: Final = (LABEL, ALTERNATIVE, NOTATION, HIDDEN, STATEMENT)
"""What a spelling may be to its thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A thing that was found.

    `matched` is the spelling it was found by, with its language and what it is to the thing;
    `ranges` are those of its characters (code points, the end excluded) that fit. `score` lies
    between 0 and 1, `weight` counts the statements about and of the thing.
    """

    iri: str
    kind: str
    label: str
    language: str | None
    types: tuple[Type, ...]
    description: str | None
    match: str
    score: float
    matched: str
    matched_language: str | None
    role: str
    ranges: tuple[tuple[int, int], ...]
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the results; `total` counts all, or the least there are where not `complete`."""

    results: tuple[Result, ...]
    total: int
    complete: bool


def search(file: NameFile, sought: Sought, *, limit: int, offset: int = 0) -> Page:
    """Find things.

    Args:
        file: the index of the snapshot.
        sought: what is looked for.
        limit: how many results are given.
        offset: how many are skipped.

    Raises:
        QueryRefused: the text is too long.
        LimitExceeded: it took too long.
    """
    with file.lookup() as rows:
        found = find(rows, sought)
        chosen = found.hits[offset : offset + limit]
        results = tuple(_result(rows, hit, sought.language) for hit in chosen)
    return Page(results=results, total=len(found.hits), complete=found.complete)


def _result(rows: Rows, hit: Hit, language: str | None) -> Result:
    thing = rows.thing(hit.thing)
    text, spelled_in, role = rows.spelling(hit.spelling)
    label, label_language = thing.label, thing.language
    if language is not None and (label_language or "").partition("-")[0] != language:
        other = rows.label_of(hit.thing, language)
        if other is not None:
            label, label_language = other[1], language
    return Result(
        iri=thing.iri,
        kind=thing.kind,
        label=label,
        language=label_language,
        types=thing.types,
        description=thing.description,
        match=hit.match,
        score=hit.score,
        matched=text,
        matched_language=spelled_in,
        role=role,
        ranges=ranges(text, spelled_in, hit.words, whole=hit.match == EXACT),
        weight=thing.weight,
    )


def ranges(
    text: str, language: str | None, words: Sequence[str], *, whole: bool = False
) -> tuple[tuple[int, int], ...]:
    """Give the ranges of characters of a spelling that some folded words stand in.

    Args:
        text: the spelling.
        language: its language tag.
        words: what was found in it, each a word or the beginning of one.
        whole: whether all of it was.
    """
    folded = fold_words(text, language)
    if whole:
        return ((folded[0].range()[0], folded[-1].range()[1]),) if folded else ()
    found: list[tuple[int, int]] = []
    for word in folded:
        lengths = [len(each) for each in words if word.text.startswith(each)]
        if lengths:
            found.append(word.range(max(lengths)))
    return tuple(found)
