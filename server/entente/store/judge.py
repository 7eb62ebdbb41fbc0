"""The judge: what follows from a write, and whether it may be published.

Owns what is known of the present revision: what follows from it and what is wrong with it. A change
is judged by what it touches; where that cannot be told (shapes that change, or need the reference
engine) the whole dataset is judged anew. Errors that were there before are tolerated.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox

from entente.core.errors import WriteRefused
from entente.core.terms import shorten
from entente.logic.derivation import GENERATED, META, SHAPES, Derived, derive, is_governed
from entente.logic.facts import Node
from entente.logic.live_derivation import LiveDerivation
from entente.logic.results import Result
from entente.logic.shapes import NotCovered
from entente.store.patches import Difference
from entente.store.reports import report_of
from entente.store.working import WorkingCopy


class Judge:
    """Judges the changes of one dataset, one after another.

    Args:
        working: the dataset; a change is in it already when it is judged.
        closure_shapes: subjects in the shapes' graph that are held against the closure only.
        rules: folder of the reasoner's rules; the project's own where `None`.
    """

    def __init__(
        self, working: WorkingCopy, *, closure_shapes: frozenset[Node], rules: Path | None
    ) -> None:
        self._working = working
        self._closure_shapes = closure_shapes
        self._rules = rules
        self._now: LiveDerivation | Derived | None = None
        self._undo: Callable[[], None] | None = None

    @property
    def generated(self) -> frozenset[ox.NamedNode]:
        """The graphs that are made here; where nothing governs only the description."""
        return GENERATED if is_governed(self._working.graphs) else frozenset({META})

    def warm(self) -> None:
        """Judge the dataset as it is, unless that is done, so that the next change need not wait.

        Raises:
            EntenteError: it cannot be judged; neither can a change.
        """
        if self._now is None and is_governed(self._working.graphs):
            self._now = self._judge_whole(self._working.quads)

    def judge(
        self, asserted: Difference, *, revision: int
    ) -> tuple[Derived | None, tuple[Result, ...]]:
        """Derive what follows after a change; refuse what breaks a promise that held before.

        Args:
            asserted: the change, of graphs that are written by hand.
            revision: what it builds on, for the refusal.

        Returns:
            What follows, and the results that are new. Nothing follows where nothing governs any
            more; where nothing ever did, the graphs of view and closure are like others (`None`).

        Raises:
            WriteRefused: with the report of what is new.
            EntenteError: the change cannot be judged.
        """
        if not is_governed(self._working.graphs):
            self._replace(None)
            was = is_governed((self._working.graphs - asserted.created) | asserted.dropped)
            return (Derived(frozenset(), frozenset(), ()) if was else None), ()
        if self._now is None:
            self._now = self._judge_whole((self._working.quads - asserted.added) | asserted.removed)
        known = frozenset(_derived(self._now).results)
        derived = self._judge(asserted, known)
        new = tuple(result for result in derived.results if result not in known)
        errors = [result for result in new if result.severity == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            raise WriteRefused(
                f"{shorten(errors[0].focus)}: {errors[0].message}{more}",
                report=report_of(new),
                revision=revision,
            )
        return derived, new

    def back(self) -> None:
        """Forget the change that was judged last, unless it was accepted."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def accept(self) -> None:
        """Stay with the change that was judged last: it is published."""
        self._undo = None

    def _judge(self, asserted: Difference, known: frozenset[Result]) -> Derived:
        live, self._now = self._now, None  # which stays so where this fails
        of_shapes = any(q.graph_name == SHAPES for q in (*asserted.added, *asserted.removed))
        if isinstance(live, LiveDerivation) and not of_shapes:
            try:
                derived = live.change(asserted.added, asserted.removed, tolerated=known)
            except NotCovered:
                live = None
            else:
                self._now, self._undo = live, live.back
                return derived
        judged = self._judge_whole(self._working.quads, known)
        self._now = live
        self._replace(judged)
        return _derived(judged)

    def _replace(self, judged: LiveDerivation | Derived | None) -> None:
        before, self._now = self._now, judged

        def undo() -> None:
            self._now = before

        self._undo = undo

    def _judge_whole(
        self, quads: Iterable[ox.Quad], known: frozenset[Result] | None = None
    ) -> LiveDerivation | Derived:
        """Judge a dataset; one that is not held to `known` is judged to its end."""
        asserted = [quad for quad in quads if quad.graph_name not in GENERATED]
        shapes, rules = self._closure_shapes, self._rules
        try:
            return LiveDerivation(asserted, closure_shapes=shapes, rules=rules)
        except NotCovered:
            tolerated = known or frozenset()
            derived = derive(asserted, closure_shapes=shapes, tolerated=tolerated, rules=rules)
            if known is None and not derived.complete:
                tolerated = frozenset(derived.results)
                derived = derive(asserted, closure_shapes=shapes, tolerated=tolerated, rules=rules)
            return derived


def _derived(judged: LiveDerivation | Derived) -> Derived:
    return judged if isinstance(judged, Derived) else judged.derived
