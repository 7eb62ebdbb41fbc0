"""The fast engine gives the reference's facts: on generated graphs and on the project's own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
import rdflib
from hypothesis import HealthCheck, assume, given, settings
from owlrl import OWLRL_Semantics
from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from entente.logic.closure import Closure, materialise
from entente.logic.closure_facts import facts
from entente.logic.fast_rule import Term
from entente.logic.fast_term import TermTable
from tests.logic.generated import ONTOLOGIES
from tests.logic.reasoning import EXAMPLE, PREFIXES, RULES, graph, project_triples

_COMMON = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
_RULES = [path.read_text("utf-8") for path in sorted(RULES.glob("*.rq"))]
_STAND_IN = EXAMPLE + "stands-for/"


@settings(_COMMON, max_examples=120)
@given(ONTOLOGIES)
def test_both_engines_give_the_same_closure(turtle: str) -> None:
    triples = graph(turtle)
    fast, reference = materialise(triples, engine="fast"), materialise(triples, engine="owlrl")
    assert fast.inferred == reference.inferred
    assert _contradictions(fast) == _contradictions(reference)


@settings(_COMMON, max_examples=40)
@given(ONTOLOGIES)
def test_the_reference_gives_what_owlrl_gives_by_itself(turtle: str) -> None:
    """Keys apart, which owlrl compares wrongly, and literals that rdflib takes for other types."""
    assume(not any(odd in turtle for odd in ("hasKey", "xsd:string", '"x"^^xsd:integer')))
    with _exact_literals():
        plain = rdflib.Graph().parse(data=PREFIXES + turtle, format="turtle")
        OWLRL_Semantics(plain, axioms=False, daxioms=False).closure()
    found = {
        Triple(*(NamedNode(str(node)) for node in nodes))
        for nodes in plain
        if all(isinstance(node, rdflib.URIRef) for node in nodes)
    }
    ours = materialise(graph(turtle), engine="owlrl").inferred
    between_iris = {each for each in ours if isinstance(each.object, NamedNode)}
    assert _facts(found) - set(graph(turtle)) == between_iris


@settings(_COMMON, max_examples=80)
@given(ONTOLOGIES)
def test_the_rules_run_as_sparql_give_the_same_facts(turtle: str) -> None:
    """Without the three list rules, which no file holds, and without types of literals."""
    left_out = ("hasKey", "propertyChainAxiom", "intersectionOf", "someValuesFrom xsd:")
    assume(not any(word in turtle for word in left_out))
    stand_ins: dict[Term, NamedNode] = {}
    store = Store()
    store.extend([_stand_in(triple, stand_ins) for triple in graph(turtle)])
    size = -1
    while size != len(store):
        size = len(store)
        for rule in _RULES:
            answer = store.query(rule)
            if isinstance(answer, QueryTriples):
                store.extend([Quad(*triple) for triple in answer])
    meant = {stand_in: term for term, stand_in in stand_ins.items()}
    found = {
        Triple(quad.subject, quad.predicate, meant.get(quad.object, quad.object))
        for quad in store
        if quad.subject not in meant and quad.predicate not in meant
    }
    assert _facts(found) - set(graph(turtle)) == set(materialise(graph(turtle)).inferred)


@pytest.fixture(scope="module")
def fast() -> Closure:
    return materialise(project_triples(), engine="fast")


def test_both_engines_agree_on_the_project(fast: Closure) -> None:
    """The slow one: the reference takes some ten seconds."""
    assert materialise(project_triples(), engine="owlrl").inferred == fast.inferred


def test_the_project_contradicts_itself_nowhere(fast: Closure) -> None:
    assert not fast.inconsistencies


def test_nothing_follows_from_what_was_published_but_what_was_published(fast: Closure) -> None:
    assert not materialise((*project_triples(), *fast.inferred)).inferred


def _contradictions(closure: Closure) -> set[tuple[str, str]]:
    return {(each.rule, each.message) for each in closure.inconsistencies}


def _facts(triples: Iterable[Triple]) -> set[Triple]:
    """Leave out what is trivial."""
    known = set(triples)
    terms = {term for each in known for term in (each.subject, each.predicate, each.object)}
    table = TermTable(terms)
    numbers = {
        (table[each.subject], table[each.predicate], table[each.object]): each for each in known
    }
    return {numbers[each] for each in facts(numbers, table)}


def _stand_in(triple: Triple, known: dict[Term, NamedNode]) -> Quad:
    """Put IRIs for blank nodes and literals, which rules could not put everywhere in SPARQL."""

    def named(term: Term) -> NamedNode:
        if isinstance(term, NamedNode):
            return term
        return known.setdefault(term, NamedNode(f"{_STAND_IN}{len(known)}"))

    counts = "ardinality" in triple.predicate.value
    object_ = triple.object if counts else named(triple.object)
    return Quad(named(triple.subject), triple.predicate, object_)


@contextmanager
def _exact_literals() -> Iterator[None]:
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = True
