"""Evidence: claims by what they say, where they disagree, and where they bear each other out.

Owns the values behind `/api/claims`, `/api/contradictions` and `/api/corroborations`, all read by
queries of `queries/evidence`. Must not know HTTP or JSON.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from entente.core.terms import ENT, SKOS, XSD
from entente.logic.independence import Origin
from entente.query.claims import Claim, claims_by_role
from entente.query.results import Iri, Literal, Row, Term, iris_among
from entente.query.service import QueryService
from entente.query.support import read_origins

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
    """Claims that cannot simply hold together, as curators recorded it; `iri` is the record's.

    Without a record there is only the link between two claims.
    """

    iri: Iri | None
    label: str
    kinds: tuple[Iri, ...]
    state: Iri | None
    aspects: tuple[Iri, ...]
    notes: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Two claims of different articles that say the same.

    `outlets` are where the two come from, `None` where the source has no name of its own;
    `independent` tells that they can vouch for each other (`entente.logic.independence`).
    `recorded` tells whether a curator says so, or the claims state one triple.
    """

    claim: Claim
    other: Claim
    outlets: tuple[str | None, str | None]
    independent: bool
    recorded: bool


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


def find_disagreements(
    service: QueryService, wanted: Mapping[str, Term]
) -> tuple[Disagreement, ...]:
    """Find what curators recorded as disagreement, ordered by IRI, then pairs without a record.

    Args:
        service: where they are.
        wanted: parameters of `evidence/contradictions`. Which side of a disagreement is named as
            `claim` makes no difference.
    """
    held: defaultdict[str, defaultdict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in service.rows("evidence/contradictions", **wanted):
        held[str(row["conflict"])][str(row["property"])].append(row["value"])
    pairs = []
    if not wanted.keys() - {"claim"}:  # a link alone has neither kind nor state
        links = service.rows("evidence/conflict-links", **wanted)
        pairs = [(str(row["one"]), str(row["other"])) for row in links]
    parties = {
        iri: [str(claim) for claim in values[ENT + "conflictingClaim"]]
        for iri, values in held.items()
    }
    named = {claim for found in (*parties.values(), *pairs) for claim in found}
    claims = read_claims(service, named)
    recorded = (
        Disagreement(
            iri=Iri(iri),
            label=next(iter(map(str, values[SKOS + "prefLabel"])), ""),
            kinds=iris_among(values[ENT + "conflictType"]),
            state=next(iter(iris_among(values[ENT + "conflictState"])), None),
            aspects=iris_among(values[ENT + "differsIn"]),
            notes=tuple(sorted(map(str, values[ENT + "curatorNote"]))),
            claims=tuple(claims[claim] for claim in sorted(parties[iri]) if claim in claims),
        )
        for iri, values in sorted(held.items())
        if sum(claim in claims for claim in parties[iri]) > 1
    )
    linked = (
        Disagreement(
            iri=None,
            label="",
            kinds=(),
            state=None,
            aspects=(),
            notes=(),
            claims=tuple(claims[claim] for claim in pair),
        )
        for pair in pairs
        if all(claim in claims for claim in pair)
    )
    return (*recorded, *linked)


def find_corroborations(service: QueryService) -> tuple[Corroboration, ...]:
    """Find claims of different articles that bear each other out, ordered by IRI."""
    pairs = {
        (str(row["claim"]), str(row["other"])): str(row["recorded"]) == "true"
        for row in service.rows("evidence/corroborations")
    }
    named = {claim for pair in pairs for claim in pair}
    claims = read_claims(service, named)
    origins = read_origins(named, lambda name, batch: service.rows(name, it=batch))
    return tuple(
        Corroboration(
            claims[first],
            claims[second],
            (_outlet(origins[first]), _outlet(origins[second])),
            origins[first].vouches_beside(origins[second]),
            recorded,
        )
        for (first, second), recorded in sorted(pairs.items())
        if not claims[first].superseded and not claims[second].superseded
    )


def _outlet(origin: Origin) -> str | None:
    return min(origin.outlets, default=None)
