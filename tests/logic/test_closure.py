"""What the closure gives: exact terms, facts only, one order, contradictions in plain words."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from entente.core.terms import RDF, XSD
from entente.logic.closure import Engine, NotCovered, materialise
from entente.logic.fast_list import MalformedList
from entente.logic.owlrl_engine import unexplained
from tests.logic.reasoning import ENGINES, graph, iri

_SUBPROPERTY = ":p rdfs:subPropertyOf :q . "


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "value",
    [
        "01",
        '"1"^^xsd:int',
        '"1"^^xsd:nonNegativeInteger',
        "1.50",
        '"1"^^xsd:boolean',
        '"2025-01-01T24:00:00+00:00"^^xsd:dateTime',
        '"P1Y12M"^^xsd:duration',
        '"2025"^^xsd:gYear',
        '"0"^^xsd:double',
        '"a  b"@en-gb',
        '"<b>"^^rdf:XMLLiteral',
        '"x"^^:unheard-of',
        '"a"@en--ltr',
        "<<( :a :p 01 )>>",
    ],
)
def test_an_inferred_literal_is_the_asserted_one_to_the_letter(value: str, engine: Engine) -> None:
    given = graph(f"{_SUBPROPERTY} :a :p {value} .")
    asserted = next(
        each for each in given if each.predicate == iri("p") and each.subject == iri("a")
    )
    closure = materialise(given, engine=engine)
    assert (Triple(iri("a"), iri("q"), asserted.object),) == closure.inferred
    assert closure.inconsistencies == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_two_spellings_of_one_value_stay_two(engine: Engine) -> None:
    inferred = materialise(graph(f"{_SUBPROPERTY} :a :p 1 , 01 , 1.0 ."), engine=engine).inferred
    assert sorted(each.object.value for each in inferred if isinstance(each.object, Literal)) == [
        "01",
        "1",
        "1.0",
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_literal_is_never_a_subject(engine: Engine) -> None:
    given = graph(":p owl:inverseOf :q . :q rdfs:range :C . :p rdfs:range xsd:string . :a :p 'b' .")
    assert graph(":a a :C .") == materialise(given, engine=engine).inferred


@pytest.mark.parametrize("engine", ENGINES)
def test_what_holds_of_an_unnamed_class_shows_in_the_named_ones(engine: Engine) -> None:
    given = graph(
        ":A rdfs:subClassOf [ owl:unionOf ( :B :C ) ] . :a a :A ."
        " [ owl:onProperty :p ; owl:someValuesFrom :A ] rdfs:subClassOf :D . :b :p :a ."
    )
    assert graph(":b a :D .") == materialise(given, engine=engine).inferred


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "trivial",
    [
        ":C a owl:Class . :a a :C .",
        ":p a owl:ObjectProperty . :a :p :b .",
        ":p a owl:DatatypeProperty . :a :p 'x' .",
        ":p rdfs:domain owl:Thing ; rdfs:range rdfs:Resource . :a :p :b .",
        ":C rdfs:subClassOf :C . :p rdfs:subPropertyOf :p . :a owl:sameAs :a .",
        "rdfs:label rdfs:subPropertyOf rdfs:comment , rdfs:seeAlso . rdfs:comment a :P .",
    ],
)
def test_what_says_nothing_new_is_left_out(trivial: str, engine: Engine) -> None:
    assert materialise(graph(trivial), engine=engine).inferred == ()


def test_equal_input_in_any_order_gives_equal_closures() -> None:
    given = graph(
        ":p a owl:TransitiveProperty . :a :p :b . :b :p :c , :d . :c :p :e ."
        " :A owl:disjointWith :B . :a a :A , :B . :b a :A , :B ."
    )
    forth, back = materialise(given), materialise(reversed(given))
    assert forth == back
    assert forth.inferred == tuple(sorted(forth.inferred, key=str))
    assert forth.inconsistencies == tuple(sorted(forth.inconsistencies, key=lambda x: x.message))


def test_quads_are_read_as_triples_and_repetition_adds_nothing() -> None:
    given = graph(":C rdfs:subClassOf :D . :a a :C .")
    quads = [Quad(each.subject, each.predicate, each.object, iri("g")) for each in given]
    assert materialise(given) == materialise((*quads, *given))


@pytest.mark.parametrize(
    ("beyond", "why"),
    [
        ("owl:minCardinality", "owl:minCardinality at <http://example.org/C>"),
        ("owl:hasSelf", "owl:hasSelf at <http://example.org/C>"),
        ("owl:withRestrictions", "owl:withRestrictions at <http://example.org/C>"),
    ],
)
def test_a_construct_beyond_the_rules_is_named_and_left_to_the_reference(
    beyond: str, why: str
) -> None:
    given = graph(f":C {beyond} 1 ; rdfs:subClassOf :D . :a a :C .")
    closure = materialise(given)
    assert ("owlrl", why) == (closure.engine, closure.fallback_reason)
    assert graph(":a a :D .") == closure.inferred
    with pytest.raises(NotCovered, match=why):
        materialise(given, engine="fast")


@pytest.mark.parametrize(
    ("beyond", "why"),
    [
        (":p a owl:ReflexiveProperty .", "owl:ReflexiveProperty at <http://example.org/p>"),
        (':C owl:maxCardinality "1"^^xsd:int .', "owl:maxCardinality at .* with .*int"),
        ("owl:sameAs rdfs:subPropertyOf :related .", "a statement about owl:sameAs"),
        (":a a xsd:integer .", "xsd:integer at <http://example.org/a>"),
        (":C owl:oneOf :l . :l rdf:first 1 ; rdf:rest () . :l owl:sameAs :m .", "cell of a list"),
    ],
)
def test_a_use_that_the_rules_cannot_follow_is_left_to_the_reference(beyond: str, why: str) -> None:
    with pytest.raises(NotCovered, match=why):
        materialise(graph(beyond), engine="fast")
    assert materialise(graph(beyond)).engine == "owlrl"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (":C owl:unionOf :l . :l rdf:first :A ; rdf:rest :l .", "unionOf of .*C> is circular"),
        ("[] owl:members :l . :l rdf:first :A .", "members of an unnamed node has a cell without"),
        (":C owl:oneOf :l . :l rdf:first 1 , 2 ; rdf:rest () .", "without exactly one rdf:first"),
    ],
)
def test_a_broken_list_is_refused(broken: str, why: str, engine: Engine) -> None:
    with pytest.raises(MalformedList, match=why):
        materialise(graph(broken), engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_members_without_a_common_key_stay_apart(engine: Engine) -> None:
    """The reference, unmended, leaves the last key uncompared and would make them the same."""
    given = graph(":C owl:hasKey ( :p ) . :a a :C ; :p 1 . :b a :C ; :p 2 .")
    assert materialise(given, engine=engine).inferred == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_contradiction_says_who_what_and_how_to_mend(engine: Engine) -> None:
    given = graph(":A rdfs:subClassOf :B . :B owl:disjointWith :C . :a a :A , :C .")
    (found,) = materialise(given, engine=engine).inconsistencies
    a, b, c = iri("a"), iri("B"), iri("C")
    assert found.rule == "cax-dw"
    assert f"{a} is a {b} and a {c}, which are disjoint" in found.message
    assert "; remove one of the two types" in found.message
    assert (a, b, c) == found.terms
    kind = NamedNode(RDF + "type")
    assert {(a, kind, b), (a, kind, c)} <= set(found.premises)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_wrong_literal_is_shown_with_the_statements_that_use_it(engine: Engine) -> None:
    (found,) = materialise(graph(":a :p 'one'^^xsd:integer ."), engine=engine).inconsistencies
    literal = Literal("one", datatype=NamedNode(XSD + "integer"))
    assert ((iri("a"), iri("p"), literal),) == found.premises


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["abc", "1e3", "", " 1", "1.2.3"])
def test_a_text_that_is_no_decimal_is_a_contradiction_and_no_crash(
    text: str, engine: Engine
) -> None:
    given = graph(f":a :p '{text}'^^xsd:decimal .")
    assert [x.rule for x in materialise(given, engine=engine).inconsistencies] == ["dt-not-type"]


def test_a_message_of_owlrl_that_no_rule_of_ours_explains_is_kept() -> None:
    messages = ("Irreflexive property used on a with p", "Something new")
    assert unexplained(messages, {"prp-irp"}) == ("Something new",)
    assert messages == unexplained(messages, {"cax-dw"})
