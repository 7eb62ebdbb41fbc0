"""Derivation: what follows from a whole dataset, and what is wrong with it.

Owns which graphs are written by hand, which are generated and which are reasoned over, for a
dataset that is seen as quads alone (the build sees files and says more of each). The stages are the
build's: shapes on what is asserted, the view, the closure, its contradictions, shapes on the
closure; where the asserted breaks a shape, nothing is derived.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from entente.core.terms import (
    GRAPH_BACKGROUND,
    GRAPH_CURRENT,
    GRAPH_ENTITIES,
    GRAPH_INFERRED,
    GRAPH_META,
    GRAPH_ONTOLOGY,
    GRAPH_SHAPES,
    GRAPH_VOCAB,
    SH,
    SKOS,
    shorten,
)
from entente.logic.closure import materialise
from entente.logic.closure_clash import Inconsistency
from entente.logic.facts import Node
from entente.logic.results import Result
from entente.logic.validation import validate
from entente.logic.view import Tie, current_view

CURRENT: Final = NamedNode(GRAPH_CURRENT)
INFERRED: Final = NamedNode(GRAPH_INFERRED)
META: Final = NamedNode(GRAPH_META)
GENERATED: Final = frozenset({CURRENT, INFERRED, META})

SHAPES: Final = NamedNode(GRAPH_SHAPES)
_REASONED: Final = frozenset(
    NamedNode(name) for name in (GRAPH_ONTOLOGY, GRAPH_VOCAB, GRAPH_ENTITIES, GRAPH_BACKGROUND)
)
_ALIGNMENTS: Final = frozenset(
    NamedNode(f"{SKOS}{kind}Match") for kind in ("exact", "close", "broad", "narrow", "related")
)
_TARGETS: Final = frozenset(
    NamedNode(SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows: triples of the view and of the closure; `results` are what is wrong.

    `complete` is false where errors stopped the stages; then the triples are not all there.
    """

    view: frozenset[Triple]
    inferred: frozenset[Triple]
    results: tuple[Result, ...]
    complete: bool = True

    @property
    def errors(self) -> tuple[Result, ...]:
        """Results that forbid publication."""
        return tuple(result for result in self.results if result.severity == "error")


def is_governed(graphs: Container[object]) -> bool:
    """Tell whether there is an ontology or a shape; nothing follows in a dataset without."""
    return NamedNode(GRAPH_ONTOLOGY) in graphs or SHAPES in graphs


def derive(
    asserted: Sequence[Quad],
    *,
    closure_shapes: frozenset[Node],
    tolerated: frozenset[Result] = frozenset(),
    rules: Path | None = None,
) -> Derived:
    """Judge a dataset and draw what follows from it.

    Args:
        asserted: all quads but those of generated graphs.
        closure_shapes: subjects in the shapes' graph that are held against the closure only.
        tolerated: errors that were there before; they stop nothing.
        rules: folder of the reasoner's rules; the project's own where `None`.
    """
    data = [quad for quad in asserted if quad.graph_name != SHAPES]
    first, second = stages_of(asserted, closure_shapes)
    before = validate(data, first)
    if any(one.severity == "error" and one not in tolerated for one in before.results):
        return Derived(frozenset(), frozenset(), before.results, complete=False)
    view = current_view(data)
    premises = frozenset((*(quad.triple for quad in reasoned(data)), *view.support))
    closure = materialise(premises, rules=rules)
    after = validate((*data, *view.support, *closure.inferred), second)
    # claims and curation are not reasoned over, and an inference never repeats an assertion
    said = {quad.triple for quad in asserted}
    return Derived(
        frozenset(view.support),
        frozenset(triple for triple in closure.inferred if triple not in said),
        all_results(closure.inconsistencies, before.results, after.results, view.ties),
    )


def stages_of(
    asserted: Iterable[Quad], closure_shapes: frozenset[Node]
) -> tuple[list[Quad], list[Quad]]:
    """Give the shapes that hold of what is asserted, and those that hold of the closure."""
    shapes = [quad for quad in asserted if quad.graph_name == SHAPES]
    first = [quad for quad in shapes if quad.subject not in closure_shapes]
    second = [quad for quad in shapes if quad.subject in closure_shapes]
    # the others may be referred to, but their targets are those of the asserted
    second += [quad for quad in first if quad.predicate not in _TARGETS]
    return first, second


def all_results(
    inconsistencies: Iterable[Inconsistency],
    before: Iterable[Result],
    after: Iterable[Result],
    tied: Iterable[Tie],
) -> tuple[Result, ...]:
    """Give what all stages found, as results."""
    contradictions = tuple(
        Result(
            focus=_focus(one.premises),
            path="",
            value=None,
            severity="error",
            message=f"contradiction: {one.message}",
            shape=f"owl:{one.rule}",
            component="",
        )
        for one in inconsistencies
    )
    ties = tuple(
        Result(
            focus=tie.subject,
            path=tie.predicate,
            value=None,
            severity="warning",
            message=f"{len(tie.values)} values on one day ({', '.join(map(shorten, tie.claims))}):"
            " all stand in the view; supersede or dispute a claim if only one holds",
            shape="urn:entente:view-tie",
            component="",
        )
        for tie in tied
    )
    return (*contradictions, *before, *after, *ties)


def reasoned(data: Iterable[Quad]) -> list[Quad]:
    """Give what is reasoned over: claims stay out, alignments say nothing to a reasoner."""
    ontology = NamedNode(GRAPH_ONTOLOGY)
    return [
        quad
        for quad in data
        if quad.graph_name in _REASONED
        and not (quad.predicate in _ALIGNMENTS and quad.graph_name == ontology)
    ]


def _focus(premises: Iterable[tuple[object, object, object]]) -> str:
    return next((s.value for s, _, _ in premises if isinstance(s, NamedNode)), "")
