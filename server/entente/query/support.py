"""Support read from a store: how many claims and independent sources stand behind each fact.

Owns the reading of support for the facts of things, by the queries `evidence/support` and
`evidence/origins`. What support is, and how answers tell it, is `entente.logic.support`'s.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from entente.core.terms import shorten
from entente.logic.fact_notes import Notes, Value
from entente.logic.independence import Origin
from entente.logic.support import Support, support_fields
from entente.query.library import serialise
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService

MOST_AT_ONCE: Final = 500
"""How many things one query asks for."""

Fact = tuple[Term, Term, Term]
Rows = Callable[[str, tuple[Iri, ...]], Iterable[Row]]
"""Runs a query of the library for some things."""


def read_support(service: QueryService, things: Iterable[str]) -> dict[Fact, Support]:
    """Read what supports the facts of some things."""
    return gather_support(things, lambda name, batch: service.rows(name, it=batch))


def gather_support(things: Iterable[str], rows: Rows) -> dict[Fact, Support]:
    """Gather what supports the facts of some things.

    Args:
        things: their IRIs.
        rows: runs `evidence/support` and `evidence/origins`; all of one revision.
    """
    claims: defaultdict[Fact, set[str]] = defaultdict(set)
    for row in _in_batches("evidence/support", things, rows):
        fact = (row["it"], row["property"], row["value"])
        claims[fact].update({str(row["claim"])} if "claim" in row else ())
    origins = read_origins({claim for found in claims.values() for claim in found}, rows)
    return {
        fact: Support.by((claim, origins[claim]) for claim in found)
        if found
        else Support(inferred=True)
        for fact, found in claims.items()
    }


def read_origins(claims: Iterable[str], rows: Rows) -> dict[str, Origin]:
    """Read where claims come from."""
    articles: dict[str, str] = {}
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    near: defaultdict[str, set[str]] = defaultdict(set)
    for row in _in_batches("evidence/origins", claims, rows):
        claim = str(row["it"])
        articles[claim] = str(row["article"])
        outlets[claim].update({str(row["outlet"])} if "outlet" in row else ())
        near[claim].update({str(row["near"])} if "near" in row else ())
    return {
        claim: Origin(article, frozenset(outlets[claim]), frozenset(near[claim]))
        for claim, article in articles.items()
    }


def fact_fields(fact: Fact, support: Support) -> dict[str, Any]:
    """Give the members that tell the support of a fact in any JSON answer."""
    subject, predicate, object_ = map(_name, fact)
    return support_fields(support, subject, predicate, object_)


def notes_of(support: Mapping[Fact, Support]) -> Notes:
    """Give support as notes of a JSON-LD document."""
    notes: defaultdict[str, dict[tuple[str, Value], dict[str, Any]]] = defaultdict(dict)
    for fact, found in support.items():
        subject, predicate, object_ = fact
        notes[str(subject)][str(predicate), _value(object_)] = fact_fields(fact, found)
    return notes


def _in_batches(name: str, things: Iterable[str], rows: Rows) -> Iterable[Row]:
    wanted = [Iri(one) for one in sorted(set(things))]
    for start in range(0, len(wanted), MOST_AT_ONCE):
        yield from rows(name, tuple(wanted[start : start + MOST_AT_ONCE]))


@lru_cache(maxsize=4096)
def _name(term: Term) -> str:
    return shorten(term.value) if isinstance(term, Iri) else serialise(term)


def _value(term: Term) -> Value:
    if isinstance(term, Literal):
        return (term.value, term.datatype, term.language)
    return (str(term), "@id", None)
