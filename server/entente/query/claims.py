"""Claims as values: what one passage states, who says so, where and how surely.

Owns the gathering of a claim from its rows; which claims a page shows is `entente.query.entity`'s.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from entente.core.terms import ENT, VOC
from entente.query.results import Iri, Row, Term

ACCEPTED: Final = VOC + "curation-status/accepted"

# Columns beside the claim's own properties; none has the name of a property.
_DERIVED: Final = frozenset({"enters", "newer", "overruling"})
_RANGE: Final = re.compile(r"#char=(\d+),(\d+)\Z")


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A part of an article; `end` is not included."""

    iri: Iri
    start: int | None = None
    end: int | None = None

    @classmethod
    def of(cls, iri: Iri) -> Self:
        """Read the range of characters from the fragment (RFC 5147)."""
        found = _RANGE.search(iri.value)
        return cls(iri) if found is None else cls(iri, int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one passage states, in our own words.

    A claim has `subject`, `predicate` and `object`, or `situation`, or none of them. `asserts` says
    that its modality enters the current view (stated, expected …, but not hoped), `superseded`
    that an accepted claim took its place. `source` is whom the article cites for it.
    """

    iri: Iri
    statement: str
    modality: Iri | None = None
    status: Iri | None = None
    negated: bool = False
    article: Iri | None = None
    reported_on: str | None = None
    part: Iri | None = None
    speakers: tuple[Iri, ...] = ()
    passages: tuple[Passage, ...] = ()
    subject: Term | None = None
    predicate: Iri | None = None
    object: Term | None = None
    situation: Iri | None = None
    source: Iri | None = None
    conflicts_with: tuple[Iri, ...] = ()
    corroborates: tuple[Iri, ...] = ()
    asserts: bool = False
    superseded: bool = False

    @property
    def supports(self) -> bool:
        """Whether the triple that it states may be taken for a fact because of it."""
        accepted = self.status is not None and self.status.value == ACCEPTED
        return accepted and self.asserts and not self.negated and not self.superseded


def claims_by_role(rows: list[Row]) -> Mapping[str, tuple[Claim, ...]]:
    """Gather claims from rows of `queries/pages/claims.rq`, one row a property.

    Returns:
        Role of the thing (`subject`, `object`, `describes`, `reportedIn`) to claims by IRI.
    """
    roles: defaultdict[str, set[str]] = defaultdict(set)
    values: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        claim = str(row["claim"])
        roles[str(row["role"]).removeprefix(ENT)].add(claim)
        values[claim][str(row["property"]).removeprefix(ENT)].add(row["value"])
        for name in _DERIVED & row.keys():
            values[claim][name].add(row[name])
    claims = {iri: _claim(Iri(iri), properties) for iri, properties in values.items()}
    return {role: tuple(claims[iri] for iri in sorted(iris)) for role, iris in roles.items()}


def _claim(iri: Iri, properties: Mapping[str, set[Term]]) -> Claim:
    def first(name: str) -> Term | None:
        return min(properties.get(name, ()), key=str, default=None)

    def iris(name: str) -> tuple[Iri, ...]:
        return tuple(sorted(term for term in properties.get(name, ()) if isinstance(term, Iri)))

    def one(name: str) -> Iri | None:
        return next(iter(iris(name)), None)

    reported_on = first("reportedOn")
    return Claim(
        iri=iri,
        statement=str(first("statement") or ""),
        modality=one("modality"),
        status=one("overruling") or one("curationStatus"),
        negated=str(first("negated")) == "true",
        article=one("reportedIn"),
        reported_on=None if reported_on is None else str(reported_on),
        part=one("articlePart"),
        speakers=iris("saidBy"),
        passages=tuple(sorted(Passage.of(passage) for passage in iris("evidence"))),
        subject=first("subject"),
        predicate=one("predicate"),
        object=first("object"),
        situation=one("describes"),
        source=one("originalSource"),
        conflicts_with=iris("conflictsWith"),
        corroborates=iris("corroborates"),
        asserts=str(first("enters")) == "true",
        superseded=first("newer") is not None,
    )
