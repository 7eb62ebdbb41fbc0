"""Proofs of the real graph, verified step by step by a checker that shares no code with the search.

The checker runs the text of a step's rule (`queries/rules/*.rq`, by the store's SPARQL engine) over
nothing but the step's premises: the conclusion must come out. The three rules over lists have no
text; they are verified by hand.
"""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.terms import ENT, GRAPH, GRAPH_INFERRED, ID, OWL, RDF
from entente.logic.closure import NotCovered, Recorded, materialise, record
from entente.logic.fast_rule import Term
from entente.logic.proof import Proof, Prover, Statement

N = ox.NamedNode
REASONED = ("ontology", "vocab", "entities", "background", "current")
FACTORY = N(ID + "facility/brasov-drone-factory")
LOCATED_IN = N(ENT + "locatedIn")


@pytest.fixture(scope="module")
def asserted(quads: list[ox.Quad]) -> set[ox.Triple]:
    graphs = {N(GRAPH + name) for name in REASONED}
    return {quad.triple for quad in quads if quad.graph_name in graphs}


@pytest.fixture(scope="module")
def recorded(asserted: set[ox.Triple]) -> Recorded:
    return record(asserted)


@pytest.fixture(scope="module")
def prover(recorded: Recorded) -> Prover:
    return Prover(recorded)


def inferred(quads: Iterable[ox.Quad]) -> list[Statement]:
    return [
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if quad.graph_name == N(GRAPH_INFERRED)
    ]


class Checker:
    """Verifies one step of a proof from its premises alone."""

    def __init__(self, rules: Path, asserted: set[ox.Triple]) -> None:
        self._texts = {path.stem: path.read_text("utf-8") for path in rules.glob("*.rq")}
        self._asserted = asserted

    def faults(self, proof: Proof) -> list[str]:
        """Say what is wrong with any step."""
        return [f"{step.rule}: {step.statement}" for step in proof.steps() if not self._right(step)]

    def _right(self, step: Proof) -> bool:
        if step.rule is None:
            return not step.premises and triple(step.statement) in self._asserted
        premises = [premise.statement for premise in step.premises]
        if step.rule in self._texts:
            store = ox.Store()
            store.extend(ox.Quad(*triple(premise)) for premise in premises)
            drawn = store.query(self._texts[step.rule])
            return isinstance(drawn, ox.QueryTriples) and triple(step.statement) in set(drawn)
        return {"prp-spo2": joined_by_chain, "cls-int1": in_every_part}[step.rule](
            step.statement, premises
        )


def triple(statement: Statement) -> ox.Triple:
    subject, predicate, object_ = statement
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    assert isinstance(predicate, ox.NamedNode)
    return ox.Triple(subject, predicate, object_)


def members(cell: Term, premises: list[Statement]) -> list[Term]:
    first = {s: o for s, p, o in premises if p == N(RDF + "first")}
    rest = {s: o for s, p, o in premises if p == N(RDF + "rest")}
    found = []
    while cell != N(RDF + "nil"):
        found.append(first[cell])
        cell = rest[cell]
    return found


def joined_by_chain(conclusion: Statement, premises: list[Statement]) -> bool:
    start, predicate, end = conclusion
    cell = next(o for s, p, o in premises if (s, p) == (predicate, N(OWL + "propertyChainAxiom")))
    reached = {start}
    for step in members(cell, premises):
        reached = {o for s, p, o in premises if p == step and s in reached}
    return end in reached


def in_every_part(conclusion: Statement, premises: list[Statement]) -> bool:
    subject, kind, whole = conclusion
    cell = next(o for s, p, o in premises if (s, p) == (whole, N(OWL + "intersectionOf")))
    return kind == N(RDF + "type") and all(
        (subject, kind, part) in premises for part in members(cell, premises)
    )


def test_every_inferred_triple_has_a_proof_that_holds_step_by_step(
    root: Path, quads: list[ox.Quad], asserted: set[ox.Triple], prover: Prover
) -> None:
    checker = Checker(root / "queries" / "rules", asserted)
    proofs = [prover.prove(statement) for statement in inferred(quads)]
    assert len(proofs) > 500
    assert None not in proofs
    assert [fault for proof in proofs if proof is not None for fault in checker.faults(proof)] == []


def test_every_proof_is_as_short_as_can_be(
    quads: list[ox.Quad], recorded: Recorded, prover: Prover
) -> None:
    """The generation in which a triple came is the least number of rules in a row."""
    table = recorded.table
    wrong = []
    for s, p, o in inferred(quads):
        proof = prover.prove((s, p, o))
        if proof is None or proof.depth != recorded.depths[table[s], table[p], table[o]]:
            wrong.append((s, p, o))
    assert wrong == []


def test_a_proof_without_its_asserted_triples_fails(
    asserted: set[ox.Triple], prover: Prover
) -> None:
    """Each single-premise cut of a shortest proof is visible to the checker."""
    proof = prover.prove((FACTORY, LOCATED_IN, N(ID + "country/romania")))
    assert proof is not None
    short = Proof(proof.statement, proof.rule, proof.words, proof.premises[1:])
    rules = Path(__file__).resolve().parents[2] / "queries" / "rules"
    assert Checker(rules, asserted).faults(short) != []


def test_the_factory_is_in_romania_because_brasov_is(prover: Prover) -> None:
    proof = prover.prove((FACTORY, LOCATED_IN, N(ID + "country/romania")))
    assert proof is not None
    assert (proof.rule, proof.words) == ("prp-trp", "a transitive property passes on.")
    brasov = N(ID + "place/brasov")
    assert (FACTORY, LOCATED_IN, brasov) in [premise.statement for premise in proof.premises]
    assert {premise.rule for premise in proof.premises} == {None}


def test_what_is_asserted_is_its_own_proof(prover: Prover) -> None:
    statement = (N(ID + "place/brasov"), LOCATED_IN, N(ID + "country/romania"))
    assert Proof(statement) == prover.prove(statement)


def test_what_does_not_hold_has_no_proof(prover: Prover) -> None:
    assert prover.prove((FACTORY, LOCATED_IN, N(ID + "country/denmark"))) is None
    assert prover.prove((FACTORY, LOCATED_IN, N("http://example.org/nowhere"))) is None


def test_a_gap_with_its_premise_filled_draws_the_conclusion(
    asserted: set[ox.Triple], prover: Prover
) -> None:
    target = (FACTORY, LOCATED_IN, N(ID + "country/denmark"))
    gaps = prover.gaps(target)
    assert gaps != ()
    for gap in gaps:
        s, p, o = gap.missing
        assert isinstance(s, N)
        assert isinstance(p, N)
        assert isinstance(o, N)
        closure = materialise({*asserted, ox.Triple(s, p, o)}, engine="fast")
        assert ox.Triple(*target) in closure.inferred


def test_what_holds_has_no_gap(prover: Prover) -> None:
    assert prover.gaps((FACTORY, LOCATED_IN, N(ID + "country/romania"))) == ()


def test_an_ontology_beyond_the_rules_has_no_proofs() -> None:
    triple = ox.Triple(
        N(ENT + "Programme"), N(OWL + "minCardinality"), ox.Literal("1", datatype=N(ENT + "x"))
    )
    with pytest.raises(NotCovered, match="minCardinality"):
        record([triple])


def test_no_gap_in_data_asks_for_another_ontology(prover: Prover) -> None:
    """That two properties might be equivalent tells nobody why a factory is not owned."""
    for statement in (
        (FACTORY, N(ENT + "ownedBy"), N(ID + "country/romania")),
        (N(ID + "initiative/defence-city"), LOCATED_IN, N(ID + "country/ukraine")),
        (N(ID + "country/romania"), N(RDF + "type"), N(ENT + "Facility")),
    ):
        predicates = {str(gap.missing[1]) for gap in prover.gaps(statement)}
        assert [one for one in predicates if "/owl#" in one or "/rdf-schema#" in one] == []


def test_what_a_thing_cannot_be_has_no_gap_but_what_speaks_against_it(prover: Prover) -> None:
    person = N(ID + "person/denys-shmyhal")
    statement = (person, N(RDF + "type"), N(ENT + "Country"))
    assert prover.gaps(statement) == ()
    against = prover.barred(statement)
    assert [str(one[1]).rpartition("#")[2].strip(">") for one in against] == [
        "type",
        "subClassOf",
        "disjointWith",
    ]
    assert all(prover.holds(one) for one in against if one[0] != one[2])
    assert prover.barred((person, N(RDF + "type"), N(ENT + "Agent"))) == ()


def test_what_holds_instead_is_told(prover: Prover) -> None:
    post = N(ID + "post/defence-minister-of-ukraine")
    assert prover.values(post, N(ENT + "currentHolder")) == (N(ID + "person/denys-shmyhal"),)
    assert prover.values(post, N("http://example.org/unknown")) == ()
