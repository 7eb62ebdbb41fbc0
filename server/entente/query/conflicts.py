"""Conflicts of a thing: where what is claimed of it disagrees with what else is claimed.

Owns what a page shows of recorded disagreements. Which claims are the thing's is the page's to say.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from entente.core.terms import ENT, SKOS
from entente.query.claims import Claim
from entente.query.evidence import read_claims
from entente.query.results import Iri, Term, iris_among
from entente.query.service import QueryService


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One recorded disagreement, with the claims on both sides."""

    iri: Iri
    label: str
    kinds: tuple[Iri, ...]
    states: tuple[Iri, ...]
    aspects: tuple[Iri, ...]
    notes: tuple[str, ...]
    claims: tuple[Claim, ...]

    def iris(self) -> set[str]:
        """Gather the IRIs whose labels a page needs."""
        found: set[Term | None] = {*self.kinds, *self.states, *self.aspects}
        for claim in self.claims:
            found |= {claim.object, claim.situation}
        return {term.value for term in found if isinstance(term, Iri)}


def read_conflicts(service: QueryService, claims: Iterable[str]) -> tuple[Conflict, ...]:
    """Read the disagreements that some claims take part in, by label."""
    wanted = tuple(Iri(iri) for iri in sorted(set(claims)))
    if not wanted:
        return ()
    held: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in service.rows("pages/conflicts", claim=wanted):
        held[str(row["conflict"])][str(row["property"])].add(row["value"])
    parties = {str(one) for found in held.values() for one in found[ENT + "conflictingClaim"]}
    known = read_claims(service, parties)
    conflicts = (
        Conflict(
            iri=Iri(iri),
            label=min(map(str, found[SKOS + "prefLabel"]), default=""),
            kinds=iris_among(found[ENT + "conflictType"]),
            states=iris_among(found[ENT + "conflictState"]),
            aspects=iris_among(found[ENT + "differsIn"]),
            notes=tuple(sorted(map(str, found[ENT + "curatorNote"]))),
            claims=tuple(
                known[one]
                for one in sorted(map(str, found[ENT + "conflictingClaim"]))
                if one in known
            ),
        )
        for iri, found in held.items()
    )
    return tuple(sorted(conflicts, key=lambda one: (one.label, one.iri.value)))
