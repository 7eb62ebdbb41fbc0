"""A derivation that follows its dataset: each change is judged by what it touches.

Gives what `derive` gives for the dataset as it is. Owns the order of the stages for a change, and
the way back. Shapes do not change here: whoever changes them derives anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from entente.core.terms import GRAPH_CURATION
from entente.logic.conformance import Checker
from entente.logic.derivation import SHAPES, Derived, all_results, reasoned, stages_of
from entente.logic.facts import Node
from entente.logic.live_closure import LiveClosure
from entente.logic.live_facts import Change, LiveFacts, Tally
from entente.logic.results import Result
from entente.logic.shapes import compile_shapes
from entente.logic.validation import results_of
from entente.logic.view import View, view_of

_CURATION = NamedNode(GRAPH_CURATION)


class LiveDerivation:
    """A dataset, what follows from it, and what is wrong with it.

    Args:
        asserted: all quads but those of generated graphs.
        closure_shapes: subjects in the shapes' graph that are held against the closure only.
        rules: folder of the reasoner's rules; the project's own where `None`.

    Raises:
        NotCovered: the shapes need the reference engine.
        MalformedList: an axiom's list is circular or broken.

    Attributes:
        derived: what holds now.
    """

    def __init__(
        self,
        asserted: Iterable[Quad],
        *,
        closure_shapes: frozenset[Node],
        rules: Path | None = None,
    ) -> None:
        held = list(asserted)
        first, second = stages_of(held, closure_shapes)
        data = [quad for quad in held if quad.graph_name != SHAPES]
        self._said_by_shapes = {quad.triple for quad in held if quad.graph_name == SHAPES}
        self._facts = LiveFacts(quad.triple for quad in data)
        self._curation = LiveFacts(quad.triple for quad in data if quad.graph_name == _CURATION)
        self._asserted = Checker(compile_shapes(first), self._facts)
        self._view = view_of(self._facts, self._curation)
        self._premises = Tally(quad.triple for quad in reasoned(data))
        self._premises.change(Change(tuple(self._view.support)))
        self._closure = LiveClosure(set(self._premises), rules=rules)
        self._whole = self._facts.extended(self._view.support, self._closure.inferred)
        self._closed = Checker(compile_shapes(second), self._whole)
        self._inferred = {each for each in self._closure.inferred if not self._is_said(each)}
        self._last: _Step | None = None
        self.derived = self._derived()

    def change(
        self,
        added: Iterable[Quad],
        removed: Iterable[Quad],
        *,
        tolerated: frozenset[Result] = frozenset(),
    ) -> Derived:
        """Judge a change of the dataset and draw what follows from it.

        Args:
            added: quads that were not there, none of shapes.
            removed: quads that were there, none of shapes.
            tolerated: errors that were there before; they stop nothing.

        Returns:
            Where errors stop the stages: what is wrong; this derivation has not changed then.

        Raises:
            NotCovered, MalformedList: this derivation is of no use any more.
        """
        step = _Step(tuple(added), tuple(removed))
        changed = self._facts.change(step.triples())
        self._asserted.change(changed)
        before = results_of(self._asserted.failures())
        if any(one.severity == "error" and one not in tolerated for one in before):
            self._asserted.change(self._facts.change(step.triples().inverse()))
            self._last = None
            return Derived(frozenset(), frozenset(), before, complete=False)
        self._follow(step, changed)
        self._last = step
        return self.derived

    def back(self) -> None:
        """Take the last change back, if it was made; once."""
        step, self._last = self._last, None
        if step is not None:
            inverse = _Step(step.went, step.came)
            changed = self._facts.change(inverse.triples())
            self._asserted.change(changed)
            self._follow(inverse, changed)

    def _follow(self, step: "_Step", changed: Change) -> None:
        """Draw what follows; the facts and what was asserted are changed already."""
        self._curation.change(step.triples(_CURATION))
        view = self._renew_view()
        premises = Change(
            tuple(quad.triple for quad in reasoned(step.came)),
            tuple(quad.triple for quad in reasoned(step.went)),
        )
        inferred = self._closure.change(self._premises.change(premises + view))
        self._closed.change(self._whole.change(step.triples() + view + inferred))
        for triple in (*changed.triples(), *inferred.triples()):
            if triple in self._closure.inferred and not self._is_said(triple):
                self._inferred.add(triple)
            else:
                self._inferred.discard(triple)
        self.derived = self._derived()

    def _renew_view(self) -> Change:
        before: View = self._view
        self._view = view_of(self._facts, self._curation)
        old, new = before.support.keys(), self._view.support.keys()
        return Change(tuple(new - old), tuple(old - new))

    def _is_said(self, triple: Triple) -> bool:
        return triple in self._facts or triple in self._said_by_shapes

    def _derived(self) -> Derived:
        results = all_results(
            self._closure.inconsistencies,
            results_of(self._asserted.failures()),
            results_of(self._closed.failures()),
            self._view.ties,
        )
        return Derived(frozenset(self._view.support), frozenset(self._inferred), results)


@dataclass(frozen=True, slots=True)
class _Step:
    """Quads that came and quads that went."""

    came: tuple[Quad, ...]
    went: tuple[Quad, ...]

    def triples(self, graph: NamedNode | None = None) -> Change:
        """Give them as statements, those of one graph or all."""
        came, went = (
            tuple(q.triple for q in quads if graph is None or q.graph_name == graph)
            for quads in (self.came, self.went)
        )
        return Change(came, went)
