"""Support: how many claims and independent sources stand behind each fact.

Owns the reading of support for the facts of things, by the queries `evidence/support` and
`evidence/origins`, and the members by which every JSON answer tells it. A fact is a triple of the
view, one that follows, or a statement of a situation that an accepted claim describes; names,
classes and values that curators wrote rest on no report and have none. Must not know HTTP.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from entente.core.terms import shorten
from entente.logic.fact_notes import Notes, Value
from entente.logic.independence import Origin, count_sources
from entente.query.library import serialise
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService

EXPLAIN: Final = "/api/explain"
MOST_AT_ONCE: Final = 500
"""How many things one query asks for."""

Fact = tuple[Term, Term, Term]
Rows = Callable[[str, tuple[Iri, ...]], Iterable[Row]]
"""Runs a query of the library for some things."""


@dataclass(frozen=True, slots=True)
class Support:
    """What stands behind a fact: independent sources, and claims; neither where it follows."""

    sources: int
    claims: tuple[str, ...]

    @property
    def inferred(self) -> bool:
        """Whether the fact follows from others."""
        return not self.claims


def read_support(service: QueryService, things: Iterable[str]) -> dict[Fact, Support]:
    """Read what supports the facts of some things."""
    return gather_support(things, lambda name, batch: service.rows(name, it=batch))


def gather_support(things: Iterable[str], rows: Rows) -> dict[Fact, Support]:
    """Gather what supports the facts of some things.

    Args:
        things: their IRIs.
        rows: runs `evidence/support` and `evidence/origins`.
    """
    claims: defaultdict[Fact, set[str]] = defaultdict(set)
    for row in _in_batches("evidence/support", things, rows):
        fact = (row["it"], row["property"], row["value"])
        claims[fact].update({str(row["claim"])} if "claim" in row else ())
    origins = read_origins({claim for found in claims.values() for claim in found}, rows)
    return {
        fact: Support(
            count_sources(origins[claim] for claim in found if claim in origins),
            tuple(sorted(found)),
        )
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


def support_fields(fact: Fact, support: Support) -> dict[str, Any]:
    """Give the members that tell the support of a fact in any JSON answer."""
    fields: dict[str, Any] = {"sources": support.sources, "claimCount": len(support.claims)}
    if support.inferred:
        return {**fields, "inferred": True, "explain": explain_address(*fact)}
    return fields


def explain_address(subject: Term, predicate: Term, object_: Term) -> str:
    """Give the address that tells why a fact holds, below the server's root."""
    asked = {"subject": _name(subject), "predicate": _name(predicate), "object": _name(object_)}
    return f"{EXPLAIN}?{urlencode(asked, safe=':/')}"


def notes_of(support: Mapping[Fact, Support]) -> Notes:
    """Give support as notes of a JSON-LD document."""
    notes: defaultdict[str, dict[tuple[str, Value], dict[str, Any]]] = defaultdict(dict)
    for fact, found in support.items():
        subject, predicate, object_ = fact
        notes[str(subject)][str(predicate), _value(object_)] = support_fields(fact, found)
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
