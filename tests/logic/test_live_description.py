"""The description follows the dataset: its counts are those of a new count."""

import random
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, Triple, parse

from entente.core.terms import GRAPH_META
from entente.logic.description import Description, Origin, describe
from entente.logic.facts import Node


def test_counts_after_changes_are_those_of_a_new_count(dataset_path: Path) -> None:
    every: list[Quad] = list(parse(path=str(dataset_path), format=RdfFormat.N_QUADS))
    quads = [quad for quad in every if quad.graph_name.value != GRAPH_META]  # type: ignore[union-attr]  # all are in named graphs
    store, held, chance = Store(), set(quads), random.Random(3)
    store.extend(quads)
    origin = Origin(inputs_digest="x", versions={"a": "1"}, ontology_version="1")

    def around(node: Node) -> list[Quad]:
        found = store.quads_for_pattern(node, None, None, None)
        return [*found, *store.quads_for_pattern(None, None, node, None)]

    description = Description(quads)
    for _ in range(4):
        subject = chance.choice(quads).subject
        removed = {quad for quad in held if quad.subject == subject or chance.random() < 0.001}
        added = set[Quad]()
        for _ in range(20):
            one, other = chance.choice(quads), chance.choice(quads)
            added.add(Quad(one.subject, other.predicate, other.object, one.graph_name))
        added -= held
        held = (held - removed) | added
        for quad in removed:
            store.remove(quad)
        store.extend(added)
        description.change(added, removed, around=around)
        expected: set[Triple] = {quad.triple for quad in describe(held, origin)}
        assert description.triples(origin) == expected
