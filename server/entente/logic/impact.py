"""Impact: what would vanish from the graph without one claim.

Owns the comparison of the graph with what a rebuild without the claim would derive: view and
closure are derived anew, so the answer is exact, losses and gains alike (without the newest claim
an older value of a latest-wins property comes back, as does a claim that it superseded).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from entente.core.terms import ENT
from entente.logic.closure import materialise
from entente.logic.explanation import Evidence
from entente.logic.view import current_view

_DESCRIBES: Final = NamedNode(ENT + "describes")
_SUPERSEDES: Final = NamedNode(ENT + "supersedes")
_CLAIM: Final = NamedNode(ENT + "Claim")


@dataclass(frozen=True, slots=True)
class Impact:
    """What changes without a claim, each part in N-Triples order.

    `still_supported` are direct triples of the claim that other claims carry too; `undescribed`
    are situations that no other claim describes: they stay in the entities, with nobody to say so.
    """

    claim: str
    view_lost: tuple[Triple, ...] = ()
    view_gained: tuple[Triple, ...] = ()
    inferred_lost: tuple[Triple, ...] = ()
    inferred_gained: tuple[Triple, ...] = ()
    still_supported: tuple[Triple, ...] = ()
    undescribed: tuple[str, ...] = ()


class Impacts:
    """The impacts of one revision's claims, each worked out once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._claims = frozenset(evidence.facts.instances(_CLAIM))
        support = evidence.view.support.values()
        self._alone = frozenset(claims[0] for claims in support if len(claims) == 1)
        self._closure: frozenset[Triple] | None = None
        self._found: dict[str, Impact] = {}

    def of(self, claim: str) -> Impact | None:
        """Give the impact of a claim; `None` where there is no such claim."""
        node = NamedNode(claim)
        if node not in self._claims:
            return None
        if claim not in self._found:
            self._found[claim] = self._compare(node)
        return self._found[claim]

    def _compare(self, claim: NamedNode) -> Impact:
        held = self.evidence
        situations = held.facts.objects(claim, _DESCRIBES)
        supported = {t for t, claims in held.view.support.items() if claim.value in claims}
        undescribed = tuple(
            sorted(
                one.value
                for one in situations
                if isinstance(one, NamedNode)
                and held.facts.subjects_with(_DESCRIBES, one) == [claim]
            )
        )
        if claim.value not in self._alone and not held.facts.objects(claim, _SUPERSEDES):
            # what it supports others support too, and it keeps no other claim out
            return Impact(claim.value, still_supported=_sorted(supported), undescribed=undescribed)
        rest = [quad for quad in held.quads if claim not in (quad.subject, quad.object)]
        before, after = held.view.support, current_view(rest, as_of=held.as_of).support
        lost, gained = before.keys() - after.keys(), after.keys() - before.keys()
        if self._closure is None:
            self._closure = self._close(before.keys(), held.quads)
        closure = self._close(after.keys(), rest)
        return Impact(
            claim.value,
            view_lost=_sorted(lost),
            view_gained=_sorted(gained),
            inferred_lost=_sorted(self._closure - closure),
            inferred_gained=_sorted(closure - self._closure),
            still_supported=_sorted(supported - lost),
            undescribed=undescribed,
        )

    def _close(self, view: Iterable[Triple], asserted: Iterable[Quad]) -> frozenset[Triple]:
        """Give what follows and stands in no file."""
        held = self.evidence
        closure = materialise((*held.reasoned, *view), engine="fast", rules=held.rules)
        return frozenset(closure.inferred) - {quad.triple for quad in asserted}


def _sorted(triples: Iterable[Triple]) -> tuple[Triple, ...]:
    return tuple(sorted(triples, key=str))
