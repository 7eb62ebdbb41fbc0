"""A change is held to the shapes that it touches: the results are those of the whole."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Triple, parse

from entente.logic.conformance import Checker
from entente.logic.facts import Facts
from entente.logic.live_facts import Change, LiveFacts
from entente.logic.shapes import compile_shapes
from entente.logic.validation import results_of
from tests.logic.reasoning import graph
from tests.logic.test_validation import HEAD

SHAPES = """
    e:OfClass a sh:NodeShape ; sh:targetClass e:A ; sh:node e:Inner ; sh:property
        e:Direct, e:Inverse, e:Either, e:Chain, e:Star, e:Plus, e:Maybe, e:Mixed, e:BackOfChain .
    e:Inner a sh:NodeShape ; sh:nodeKind sh:IRI ; sh:property e:Count .
    e:Count a sh:PropertyShape ; sh:path e:p ; sh:maxCount 1 .
    e:Direct a sh:PropertyShape ; sh:path e:p ; sh:class e:B ; sh:node e:Inner .
    e:Inverse a sh:PropertyShape ; sh:path [ sh:inversePath e:q ] ; sh:class e:B .
    e:Either a sh:PropertyShape ; sh:path [ sh:alternativePath ( e:p e:q ) ] ; sh:minCount 1 .
    e:Chain a sh:PropertyShape ; sh:path ( e:p e:q ) ; sh:maxCount 0 .
    e:BackOfChain a sh:PropertyShape ; sh:path [ sh:inversePath ( e:p e:q ) ] ; sh:class e:C .
    e:Star a sh:PropertyShape ; sh:path [ sh:zeroOrMorePath e:p ] ; sh:not e:IsC .
    e:Plus a sh:PropertyShape ; sh:path [ sh:oneOrMorePath [ sh:inversePath e:q ] ] ;
        sh:or ( e:IsC e:HasR ) .
    e:Maybe a sh:PropertyShape ; sh:path [ sh:zeroOrOnePath e:q ] ; sh:xone ( e:IsC e:HasR ) .
    e:Mixed a sh:PropertyShape ; sh:path ( [ sh:zeroOrMorePath e:p ] e:q [ sh:inversePath e:p ] ) ;
        sh:and ( e:IsC e:HasR ) .
    e:IsC a sh:NodeShape ; sh:class e:C .
    e:HasR a sh:PropertyShape ; sh:path e:r ; sh:minCount 1 .
    e:Subjects a sh:NodeShape ; sh:targetSubjectsOf e:r ; sh:property e:Order, e:Value .
    e:Order a sh:PropertyShape ; sh:path e:r ; sh:lessThan e:s .
    e:Value a sh:PropertyShape ; sh:path e:s ; sh:hasValue 2 .
    e:Objects a sh:NodeShape ; sh:targetObjectsOf e:q ; sh:class e:C ; sh:not e:HasR .
    e:Itself a sh:PropertyShape ; sh:targetNode e:a ; sh:path e:r ; sh:minCount 1 .
"""
_NODES = st.sampled_from(["e:a", "e:b", "e:c", "e:d"])
_CLASSES = st.sampled_from(["e:A", "e:B", "e:C"])


_LINES = st.one_of(
    st.tuples(_NODES, st.sampled_from("pq"), _NODES).map("{0[0]} e:{0[1]} {0[2]} .".format),
    st.tuples(_NODES, st.sampled_from("rs"), st.integers(1, 3)).map(
        "{0[0]} e:{0[1]} {0[2]} .".format
    ),
    st.tuples(_NODES, _CLASSES).map("{0[0]} a {0[1]} .".format),
    st.tuples(_CLASSES, _CLASSES).map("{0[0]} rdfs:subClassOf {0[1]} .".format),
)


def _triples(lines: list[str]) -> list[Triple]:
    quads = parse(HEAD + "\n".join(lines), format=RdfFormat.TURTLE)
    return list(dict.fromkeys(quad.triple for quad in quads))


@settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(_LINES, min_size=1, max_size=14),
    st.lists(st.sets(st.integers(0, 40), min_size=1, max_size=4), min_size=1, max_size=6),
)
def test_any_path_and_constraint_feels_what_concerns_it(
    lines: list[str], steps: list[set[int]]
) -> None:
    shapes = compile_shapes(parse(HEAD + SHAPES, format=RdfFormat.TURTLE))
    triples = _triples(lines)
    held, facts = set(triples), LiveFacts(triples)
    live = Checker(shapes, facts)
    for step in steps:
        chosen = {triples[place % len(triples)] for place in step}
        live.change(facts.change(Change(tuple(chosen - held), tuple(chosen & held))))
        held ^= chosen
        assert results_of(live.failures()) == results_of(Checker(shapes, Facts(held)).failures())


def test_a_triple_is_held_as_long_as_somebody_states_it() -> None:
    (triple,) = graph(":a :p :b .")
    facts = LiveFacts((triple, triple))
    assert facts.change(Change(went=(triple,))) == Change()
    assert facts.change(Change(went=(triple,))) == Change(went=(triple,))
    assert facts.change(Change(came=(triple,), went=(triple,))) == Change()
    assert triple not in facts
    assert facts.objects(triple.subject, triple.predicate) == []  # type: ignore[arg-type]  # a node
