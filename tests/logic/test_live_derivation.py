"""What a change touches is judged as the whole would be: random changes, good and bad.

Short by default; `ENTENTE_LONG=1` makes sixty changes of each kind.
"""

import os
import random
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from entente.core.manifest import Manifest
from entente.core.terms import ENT, GRAPH_ONTOLOGY
from entente.logic.derivation import GENERATED, SHAPES, Derived, derive
from entente.logic.facts import Node
from entente.logic.live_derivation import LiveDerivation
from entente.logic.results import Result

LONG: Final = bool(os.environ.get("ENTENTE_LONG"))
_ONTOLOGY = NamedNode(GRAPH_ONTOLOGY)


class Dataset:
    """The project's asserted quads, and changes of them by chance."""

    def __init__(self, quads: list[Quad], closure_shapes: frozenset[Node], seed: int) -> None:
        self.held = set(quads)
        self.closure_shapes = closure_shapes
        self._all = [quad for quad in quads if quad.graph_name != SHAPES]
        self._axioms = [quad for quad in self._all if quad.graph_name == _ONTOLOGY]
        self._chance = random.Random(seed)

    def change(self) -> tuple[set[Quad], set[Quad]]:
        """Give quads to add and quads to remove: some restored, most of them wrong."""
        chance = self._chance
        source = self._axioms if chance.random() < 0.15 else self._all
        added, removed = set[Quad](), set[Quad]()
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            if chance.random() < 0.5:
                removed.add(chance.choice(source))
            if chance.random() < 0.6:
                added.add(self._odd(chance.choice(source), chance.choice(self._all)))
            if chance.random() < 0.2:
                added.add(chance.choice(source))
        return added - self.held - removed, removed & self.held

    def _odd(self, one: Quad, other: Quad) -> Quad:
        match self._chance.randrange(60 if LONG else 2):
            case 0:
                return Quad(one.subject, other.predicate, one.object, one.graph_name)
            case 1:
                return Quad(one.subject, one.predicate, one.object, other.graph_name)
            case 2:
                return Quad(other.subject, one.predicate, one.object, other.graph_name)
            case 3 if not isinstance(other.object, Literal):
                return Quad(other.object, one.predicate, one.object, one.graph_name)
        return Quad(one.subject, one.predicate, other.object, one.graph_name)

    def judged_whole(self, tolerated: frozenset[Result] = frozenset()) -> Derived:
        """Judge all quads."""
        return derive(list(self.held), closure_shapes=self.closure_shapes, tolerated=tolerated)

    def live(self) -> LiveDerivation:
        """Begin to follow the quads."""
        return LiveDerivation(self.held, closure_shapes=self.closure_shapes)


@pytest.fixture
def dataset(
    dataset_path: Path, artifact: Path, manifest: Manifest, request: pytest.FixtureRequest
) -> Dataset:
    quads: list[Quad] = list(parse(path=str(dataset_path), format=RdfFormat.N_QUADS))
    shapes = parse(path=str(artifact / manifest.files["closure-shapes"]), format=RdfFormat.N_QUADS)
    subjects = frozenset(quad.subject for quad in shapes if not isinstance(quad.subject, Quad))
    asserted = [quad for quad in quads if quad.graph_name not in GENERATED]
    return Dataset(asserted, subjects, request.param)


@pytest.mark.parametrize("dataset", [11], indirect=True)
def test_random_changes_are_judged_as_the_whole_is(dataset: Dataset) -> None:
    """Good data: what breaks it stops the stages, as in `derive`, and leaves no trace."""
    live = dataset.live()
    accepted = refused = 0
    while accepted + refused < (60 if LONG else 3) or not (accepted and refused):
        added, removed = dataset.change()
        before, known = live.derived, frozenset(live.derived.results)
        dataset.held = (dataset.held | added) - removed
        judged = live.change(added, removed, tolerated=known)
        assert judged == dataset.judged_whole(known)
        if judged.complete and not set(judged.errors) - known:
            accepted += 1
            continue
        refused += 1
        live.back()
        dataset.held = (dataset.held - added) | removed
        assert live.derived == before


@pytest.mark.parametrize("dataset", [5], indirect=True)
def test_data_that_is_broken_already_is_judged_as_the_whole_is(dataset: Dataset) -> None:
    """Errors that were there before stop nothing, so every stage meets broken data."""
    for _ in range(60):
        added, removed = dataset.change()
        spared = {q for q in added | removed if q.graph_name == _ONTOLOGY}
        dataset.held = (dataset.held | (added - spared)) - (removed - spared)
    live = dataset.live()
    first = dataset.judged_whole()
    known = dataset.judged_whole(frozenset(first.results))
    assert len(known.errors) > 50
    assert live.derived == known
    for _ in range(2):
        added, removed = dataset.change()
        dataset.held = (dataset.held | added) - removed
        everything = _Everything()
        judged = live.change(added, removed, tolerated=everything)
        assert judged == dataset.judged_whole(everything)


class _Everything(frozenset[Result]):
    """Tolerates all."""

    def __contains__(self, _: object) -> bool:
        return True


@pytest.mark.parametrize("dataset", [1], indirect=True)
def test_taking_everything_out_and_back_gives_the_same(dataset: Dataset) -> None:
    live = dataset.live()
    before = live.derived
    claims = {
        quad
        for quad in dataset.held
        if isinstance(quad.subject, NamedNode) and "/claim/" in quad.subject.value
    }
    live.change((), claims, tolerated=_Everything())
    assert not live.derived.view
    live.change(claims, (), tolerated=_Everything())
    assert live.derived == before
    assert any(quad.predicate.value == ENT + "modality" for quad in claims)
