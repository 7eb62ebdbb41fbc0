"""Derivation: what follows from a whole dataset, and what is wrong with it.

Owns which graphs are written by hand, which are generated and which are reasoned over, for a
dataset that is seen as quads alone (the build sees files and says more of each). The stages are the
build's: shapes on what is asserted, the view, the closure, its contradictions, shapes on the
closure; where the asserted breaks a shape, nothing is derived.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
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
from entente.logic.closure import Closure, materialise
from entente.logic.facts import Node
from entente.logic.results import Result
from entente.logic.validation import Compiled, validate
from entente.logic.view import current_view

CURRENT: Final = NamedNode(GRAPH_CURRENT)
INFERRED: Final = NamedNode(GRAPH_INFERRED)
META: Final = NamedNode(GRAPH_META)
GENERATED: Final = frozenset({CURRENT, INFERRED, META})

_SHAPES: Final = NamedNode(GRAPH_SHAPES)
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


@dataclass(slots=True)
class Kept:
    """What one derivation leaves to the next: work on an input that may come again."""

    premises: frozenset[Triple] = frozenset()
    closure: Closure | None = None
    compiled: Compiled = field(default_factory=dict)


def is_governed(graphs: Container[object]) -> bool:
    """Tell whether there is an ontology or a shape; nothing follows in a dataset without."""
    return NamedNode(GRAPH_ONTOLOGY) in graphs or _SHAPES in graphs


def derive(
    asserted: Sequence[Quad],
    *,
    closure_shapes: frozenset[Node],
    tolerated: frozenset[Result] = frozenset(),
    kept: Kept | None = None,
    rules: Path | None = None,
) -> Derived:
    """Judge a dataset and draw what follows from it.

    Args:
        asserted: all quads but those of generated graphs.
        closure_shapes: subjects in the shapes' graph that are held against the closure only.
        tolerated: errors that were there before; they stop nothing.
        kept: of the derivation before, and renewed for the one after.
        rules: folder of the reasoner's rules; the project's own where `None`.
    """
    shapes = [quad for quad in asserted if quad.graph_name == _SHAPES]
    first = [quad for quad in shapes if quad.subject not in closure_shapes]
    data = [quad for quad in asserted if quad.graph_name != _SHAPES]
    kept = kept or Kept()
    before = validate(data, first, compiled=kept.compiled)
    if any(one.severity == "error" and one not in tolerated for one in before.results):
        return Derived(frozenset(), frozenset(), before.results, complete=False)
    view = current_view(data)
    premises = frozenset((*(quad.triple for quad in reasoned(data)), *view.support))
    closure = _closure(premises, kept, rules)
    second = [quad for quad in shapes if quad.subject in closure_shapes]
    # the others may be referred to, but their targets are those of the asserted
    second += [quad for quad in first if quad.predicate not in _TARGETS]
    after = validate((*data, *view.support, *closure.inferred), second, compiled=kept.compiled)
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
        for one in closure.inconsistencies
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
        for tie in view.ties
    )
    # claims and curation are not reasoned over, and an inference never repeats an assertion
    said = {quad.triple for quad in asserted}
    return Derived(
        frozenset(view.support),
        frozenset(triple for triple in closure.inferred if triple not in said),
        (*contradictions, *before.results, *after.results, *ties),
    )


def _closure(premises: frozenset[Triple], kept: Kept, rules: Path | None) -> Closure:
    if kept.closure is None or kept.premises != premises:
        kept.closure, kept.premises = materialise(premises, rules=rules), premises
    return kept.closure


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
