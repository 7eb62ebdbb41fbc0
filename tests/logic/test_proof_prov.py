"""Proofs as PROV-O: each is a valid PROV graph, judged by the constraints that can fail here.

https://www.w3.org/TR/prov-constraints/: entities and activities are disjoint (55), an entity has
one generation (39), what is used exists before what is generated from it, so derivation has no
circle (41 to 44), and derivation by an activity means that it used the one and generated the other.
"""

from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.terms import GRAPH_CURRENT, GRAPH_INFERRED, PROV, RDF
from entente.logic.explanation import Evidence
from entente.logic.explanation_prov import to_turtle

N = ox.NamedNode
TYPE = N(RDF + "type")
DOCUMENT = "http://example.org/api/explain?statement"
# What the subject and the object of each relation are.
RELATIONS = {
    "wasGeneratedBy": ("Entity", "Activity"),
    "used": ("Activity", "Entity"),
    "wasDerivedFrom": ("Entity", "Entity"),
    "hadPrimarySource": ("Entity", "Entity"),
    "wasAttributedTo": ("Entity", "Agent"),
}
DERIVED = (N(PROV + "wasDerivedFrom"), N(PROV + "hadPrimarySource"))


@pytest.fixture(scope="module")
def proofs(dataset_path: Path) -> list[list[ox.Triple]]:
    """Give every 25th proof of what follows, and of what is reported, as PROV."""
    quads = list(ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS))
    evidence = Evidence(quads)
    wanted = [q for q in quads if q.graph_name in (N(GRAPH_INFERRED), N(GRAPH_CURRENT))]
    found = []
    for quad in wanted[::25]:
        assert not isinstance(quad.subject, ox.Triple)
        proof = evidence.explain((quad.subject, quad.predicate, quad.object)).proof
        assert proof is not None
        turtle = to_turtle(proof, document=DOCUMENT)
        found.append([q.triple for q in ox.parse(turtle, format=ox.RdfFormat.TURTLE)])
    assert len(found) > 40
    return found


def classes(triples: list[ox.Triple]) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for triple in triples:
        if triple.predicate == TYPE and str(triple.object).startswith(f"<{PROV}"):
            name = str(triple.object)[len(PROV) + 1 : -1]
            found.setdefault(triple.subject, set()).add(name)
    return found


def test_every_node_of_a_relation_has_its_one_class(proofs: list[list[ox.Triple]]) -> None:
    for triples in proofs:
        known = classes(triples)
        assert {frozenset(names) for names in known.values()} <= {
            frozenset({name}) for name in ("Entity", "Activity", "Agent")
        }
        for triple in triples:
            relation = triple.predicate.value.removeprefix(PROV)
            if relation in RELATIONS:
                first, second = RELATIONS[relation]
                assert known[triple.subject] == {first}
                assert known[triple.object] == {second}
            else:
                assert not triple.predicate.value.startswith(PROV)


def test_an_entity_is_generated_once_by_what_used_its_premises(
    proofs: list[list[ox.Triple]],
) -> None:
    for triples in proofs:
        made = [(t.subject, t.object) for t in triples if t.predicate == N(PROV + "wasGeneratedBy")]
        assert len({entity for entity, _ in made}) == len(made)
        assert len({activity for _, activity in made}) == len(made)
        makers = dict(made)
        used = {(t.subject, t.object) for t in triples if t.predicate == N(PROV + "used")}
        derived = {
            (makers[t.subject], t.object)
            for t in triples
            if t.predicate == N(PROV + "wasDerivedFrom") and t.subject in makers
        }
        assert derived == used


def test_nothing_is_derived_from_itself_along_any_way(proofs: list[list[ox.Triple]]) -> None:
    for triples in proofs:
        sources: dict[object, set[object]] = {}
        for triple in triples:
            if triple.predicate in DERIVED:
                sources.setdefault(triple.subject, set()).add(triple.object)
        while sources:
            ends = {node for node, held in sources.items() if not held & sources.keys()}
            assert ends != set(), "a circle"
            sources = {node: held - ends for node, held in sources.items() if node not in ends}


def test_every_leaf_leads_to_a_graph_or_an_article(proofs: list[list[ox.Triple]]) -> None:
    for triples in proofs:
        made = {t.subject for t in triples if t.predicate == N(PROV + "wasGeneratedBy")}
        rooted = {t.subject for t in triples if t.predicate == N(PROV + "hadPrimarySource")}
        stated = {t.subject for t in triples if t.predicate.value.endswith("/predicate")}
        assert [leaf for leaf in stated - made - rooted if not is_of_itself(leaf, triples)] == []


def is_of_itself(leaf: object, triples: list[ox.Triple]) -> bool:
    """Tell whether a statement is about a value, which needs no source."""
    return any(
        t.subject == leaf and t.predicate.value.endswith("/subject")
        for t in triples
        if isinstance(t.object, ox.Literal)
    )
