"""Evidence: claims by what they say, where they disagree, and where they bear each other out.

Owns the values behind `/api/claims`, `/api/contradictions` and `/api/corroborations`, all read by
queries of `queries/evidence`. Must not know HTTP or JSON.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from entente.core.terms import ENT, SKOS, XSD
from entente.query.claims import Claim, claims_by_role
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService

MOST_AT_ONCE: Final = 200
"""How many claims one query asks for."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the claims that match, in the order of their IRIs; `total` counts them all."""

    claims: tuple[Claim, ...]
    total: int
    offset: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Claims that cannot simply hold together, as curators recorded it."""

    iri: Iri
    label: str
    kinds: tuple[Iri, ...]
    state: Iri | None
    aspects: tuple[Iri, ...]
    notes: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Two claims of different articles that say the same.

    `outlets` are where the two come from; `linked` tells that they cannot vouch for each other,
    because one has no name of its own, or an article rests on both. `recorded` tells whether a
    curator says so, or the claims state one triple.
    """

    claim: Claim
    other: Claim
    outlets: tuple[str | None, str | None]
    linked: bool
    recorded: bool

    @property
    def independent(self) -> bool:
        """Whether two outlets are known, differ, and are not linked."""
        return not self.linked and None not in self.outlets and len(set(self.outlets)) == 2


def day(text: str) -> Literal:
    """Give a day as a term."""
    return Literal(text, XSD + "date")


def find_claims(
    service: QueryService, wanted: Mapping[str, Term], *, limit: int, offset: int
) -> Page:
    """Find claims.

    Args:
        service: where they are.
        wanted: parameters of `queries/evidence/claims.rq`.
        limit: how many at most.
        offset: how many to pass over.

    Raises:
        QueryError: a limit struck.
    """
    while True:
        revision = service.revision
        rows = service.rows("evidence/claims", **wanted)
        found = sorted({str(row["claim"]) for row in rows})
        claims = read_claims(service, found[offset : offset + limit])
        if service.revision == revision:
            return Page(tuple(claims.values()), len(found), offset, revision)


def read_claims(service: QueryService, iris: Iterable[str]) -> dict[str, Claim]:
    """Read claims by IRI, in the order of the IRIs."""
    wanted, rows = sorted(set(iris)), list[Row]()
    for start in range(0, len(wanted), MOST_AT_ONCE):
        batch = tuple(Iri(iri) for iri in wanted[start : start + MOST_AT_ONCE])
        rows += service.rows("evidence/claim-values", it=batch)
    claims = claims_by_role(rows).get("subject", ())
    return {claim.iri.value: claim for claim in claims}


def known_by(service: QueryService, iris: Iterable[str], before: str | None) -> set[str]:
    """Give those of some claims that were reported by a day, all of them without a day."""
    wanted = set(iris)
    if before is None:
        return wanted
    rows = service.rows("evidence/claims", before=day(before))
    return wanted & {str(row["claim"]) for row in rows}


def find_disagreements(
    service: QueryService, wanted: Mapping[str, Term], *, before: str | None = None
) -> tuple[Disagreement, ...]:
    """Find what curators recorded as disagreement, ordered by IRI.

    Args:
        service: where they are.
        wanted: parameters of `queries/evidence/contradictions.rq`.
        before: count only claims reported on that day or earlier; of a disagreement at least two
            must remain.
    """
    held: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in service.rows("evidence/contradictions", **wanted):
        held[str(row["conflict"])][str(row["property"])].append(row["value"])
    parties = {
        iri: [str(claim) for claim in values[ENT + "conflictingClaim"]]
        for iri, values in held.items()
    }
    known = known_by(service, (claim for found in parties.values() for claim in found), before)
    claims = read_claims(service, known)
    return tuple(
        Disagreement(
            iri=Iri(iri),
            label=next(iter(map(str, values[SKOS + "prefLabel"])), ""),
            kinds=_iris(values[ENT + "conflictType"]),
            state=next(iter(_iris(values[ENT + "conflictState"])), None),
            aspects=_iris(values[ENT + "differsIn"]),
            notes=tuple(sorted(map(str, values[ENT + "curatorNote"]))),
            claims=tuple(claims[claim] for claim in sorted(parties[iri]) if claim in claims),
        )
        for iri, values in sorted(held.items())
        if sum(claim in claims for claim in parties[iri]) > 1
    )


def find_corroborations(
    service: QueryService, *, before: str | None = None
) -> tuple[Corroboration, ...]:
    """Find claims of different articles that bear each other out, ordered by IRI."""
    rows = service.rows("evidence/corroborations")
    pairs: dict[tuple[str, str], Row] = {}
    for row in rows:
        pairs.setdefault((str(row["claim"]), str(row["other"])), row)
    known = known_by(service, (claim for pair in pairs for claim in pair), before)
    claims = read_claims(service, known)
    return tuple(
        Corroboration(
            claims[first],
            claims[second],
            (_text(row, "outlet"), _text(row, "otherOutlet")),
            str(row["linked"]) == "true",
            str(row["recorded"]) == "true",
        )
        for (first, second), row in sorted(pairs.items(), key=lambda item: item[0])
        if first in claims and second in claims
    )


def _text(row: Row, name: str) -> str | None:
    return str(row[name]) if name in row else None


def _iris(terms: Iterable[Term]) -> tuple[Iri, ...]:
    return tuple(sorted(term for term in terms if isinstance(term, Iri)))
