"""Backing: the support of statements, from the quads of one revision in memory.

Owns which claims count for a statement: accepted, not negated, not superseded, and those that
state the triple of the view or describe its subject. Of a property whose latest value counts, older
claims of the same value count too: they say so, although the newest alone would do.
"""

from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from entente.core.terms import ENT, GRAPH_ENTITIES, RDF, SCHEMA, SKOS, VOC
from entente.logic.facts import TYPE, Facts, Node
from entente.logic.fast_rule import Term
from entente.logic.independence import Origin
from entente.logic.support import NO_SUPPORT, Support
from entente.logic.view import View

_SUBJECT: Final = NamedNode(ENT + "subject")
_PREDICATE: Final = NamedNode(ENT + "predicate")
_OBJECT: Final = NamedNode(ENT + "object")
_DESCRIBES: Final = NamedNode(ENT + "describes")
_STATUS: Final = NamedNode(ENT + "curationStatus")
_ACCEPTED: Final = NamedNode(VOC + "curation-status/accepted")
_PUBLISHER: Final = NamedNode(SCHEMA + "publisher")
_CITES: Final = NamedNode(ENT + "citesSource")
_SOURCE: Final = NamedNode(ENT + "originalSource")
_GROUP: Final = NamedNode(ENT + "AgentGroup")
_ENTITIES: Final = NamedNode(GRAPH_ENTITIES)
_NAMES: Final = (RDF + "type", SKOS)


class Backing:
    """The claims behind the statements of one revision.

    Args:
        quads: all that is asserted.
        facts: an index of them.
        curation: an index of those that curators added about claims.
        view: what the claims support.
        holds: tells whether a triple follows or is asserted where the reasoner looks.
    """

    def __init__(
        self,
        quads: list[Quad],
        facts: Facts,
        *,
        curation: Facts,
        view: View,
        holds: Callable[[tuple[Term, Term, Term]], bool],
    ) -> None:
        self._facts, self._curation, self._view, self._holds = facts, curation, view, holds
        self._viewed = Facts(view.support)  # that an outlet publishes an article is a claim too
        self._said = {quad.triple for quad in quads}
        self._situated = {quad.triple for quad in quads if quad.graph_name == _ENTITIES}
        self._origins: dict[NamedNode, Origin] = {}

    def of(self, subject: Term, predicate: Term, object_: Term) -> Support:
        """Give the support of a statement."""
        if (
            not isinstance(predicate, NamedNode)
            or not isinstance(subject, Node)
            or isinstance(object_, Triple)
        ):
            return NO_SUPPORT
        triple = Triple(subject, predicate, object_)
        if triple in self._view.support:
            return self._by(self.stating(triple))
        if triple in self._said:
            named = predicate.value.startswith(_NAMES)
            if named or triple not in self._situated:
                return NO_SUPPORT
            return self._by(self._describing(subject))
        return Support(inferred=self._holds((subject, predicate, object_)))

    def stating(self, triple: Triple) -> Iterator[NamedNode]:
        """Give the claims that count for a triple of the view."""
        for claim in self._facts.subjects_with(_OBJECT, triple.object):  # type: ignore[arg-type]  # no triple is an object here
            if (
                triple.subject in self._facts.objects(claim, _SUBJECT)
                and triple.predicate in self._facts.objects(claim, _PREDICATE)
                and self._counts(claim)
                and self._enters(claim)
            ):
                yield claim  # type: ignore[misc]  # `counts` holds of named claims alone

    def origin(self, claim: NamedNode) -> Origin:
        """Say where a claim comes from."""
        if claim not in self._origins:
            self._origins[claim] = self._origin(claim)
        return self._origins[claim]

    def _by(self, claims: Iterator[NamedNode]) -> Support:
        return Support.by((claim.value, self.origin(claim)) for claim in claims)

    def _describing(self, situation: Node) -> Iterator[NamedNode]:
        for claim in self._facts.subjects_with(_DESCRIBES, situation):
            if isinstance(claim, NamedNode) and self._counts(claim):
                yield claim

    def _counts(self, claim: Node) -> bool:
        facts = self._facts
        return (
            isinstance(claim, NamedNode)
            and self._accepted(claim)
            and facts.text(claim, NamedNode(ENT + "negated")) != "true"
            and not any(
                self._accepted(newer)
                for newer in facts.subjects_with(NamedNode(ENT + "supersedes"), claim)
            )
        )

    def _accepted(self, claim: Node) -> bool:
        status = self._curation.node(claim, _STATUS) or self._facts.node(claim, _STATUS)
        return status == _ACCEPTED

    def _enters(self, claim: Node) -> bool:
        modality = self._facts.node(claim, NamedNode(ENT + "modality"))
        enters = NamedNode(ENT + "entersView")
        return modality is not None and self._facts.text(modality, enters) == "true"

    def _origin(self, claim: NamedNode) -> Origin:
        facts = self._facts
        article = facts.node(claim, NamedNode(ENT + "reportedIn"))
        if article is None:
            return Origin("")
        publishers = self._iris(article, _PUBLISHER)
        outlets = {
            one for one in self._iris(claim, _SOURCE) or publishers if not self._is_group(one)
        }
        near = publishers | self._iris(article, _CITES)
        return Origin(article.value, frozenset(outlets), frozenset(near))

    def _is_group(self, outlet: str) -> bool:
        node = NamedNode(outlet)
        return _GROUP in self._facts.objects(node, TYPE) or self._holds((node, TYPE, _GROUP))

    def _iris(self, subject: Node, predicate: NamedNode) -> set[str]:
        found = (
            *self._facts.objects(subject, predicate),
            *self._viewed.objects(subject, predicate),
        )
        return {one.value for one in found if isinstance(one, NamedNode)}
