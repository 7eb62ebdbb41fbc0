"""One probe per rule of OWL 2 RL (tables 4 to 9): what must follow, from both engines."""

from pathlib import Path

import pyoxigraph
import pytest

from entente.logic.closure import Engine, materialise
from entente.logic.fast_list import LIST_RULES
from entente.logic.fast_rule import RuleError, parse_rule, read_rules
from tests.logic.reasoning import ENGINES, RULES, graph

_ONE = '"1"^^xsd:nonNegativeInteger'
_ZERO = '"0"^^xsd:nonNegativeInteger'

FOLLOWS = {
    "eq-sym": (":a owl:sameAs :b .", ":b owl:sameAs :a ."),
    "eq-trans": (":a owl:sameAs :b . :b owl:sameAs :c .", ":a owl:sameAs :c ."),
    "eq-rep-s": (":a owl:sameAs :b ; :p :c .", ":b :p :c ."),
    "eq-rep-p": (":p owl:sameAs :q . :a :p :b .", ":a :q :b ."),
    "eq-rep-o": (":b owl:sameAs :c . :a :p :b .", ":a :p :c ."),
    "prp-ap": (
        ":kind owl:propertyChainAxiom ( :about rdf:type ) . :a :about rdfs:label .",
        ":a :kind owl:AnnotationProperty .",
    ),
    "prp-dom": (":p rdfs:domain :C . :a :p 1 .", ":a a :C ."),
    "prp-rng": (":p rdfs:range :C . :a :p :b .", ":b a :C ."),
    "prp-fp": (":p a owl:FunctionalProperty . :a :p :b , :c .", ":b owl:sameAs :c ."),
    "prp-ifp": (
        ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :c .",
        ":a owl:sameAs :b .",
    ),
    "prp-symp": (":p a owl:SymmetricProperty . :a :p :b .", ":b :p :a ."),
    "prp-trp": (":p a owl:TransitiveProperty . :a :p :b . :b :p :c . :c :p :d .", ":a :p :d ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :a :p :b .", ":a :q :b ."),
    "prp-spo2 of one": (":q owl:propertyChainAxiom ( :p ) . :a :p :b .", ":a :q :b ."),
    "prp-spo2": (":q owl:propertyChainAxiom ( :p :r ) . :a :p :b . :b :r :c .", ":a :q :c ."),
    "prp-spo2 of four": (
        ":q owl:propertyChainAxiom ( :p :r :p :s ) . :a :p :b . :b :r :c . :c :p :d . :d :s 1 .",
        ":a :q 1 .",
    ),
    "prp-spo2 of an inverse": (
        ":q owl:propertyChainAxiom ( [ owl:inverseOf :p ] :r ) . :b :p :a . :b :r :c .",
        ":a :q :c .",
    ),
    "prp-eqp1": (":p owl:equivalentProperty :q . :a :p :b .", ":a :q :b ."),
    "prp-eqp2": (":p owl:equivalentProperty :q . :a :q :b .", ":a :p :b ."),
    "prp-inv1": (":p owl:inverseOf :q . :a :p :b .", ":b :q :a ."),
    "prp-inv2": (":p owl:inverseOf :q . :a :q :b .", ":b :p :a ."),
    "prp-key": (
        ":C owl:hasKey ( :p :q ) . :a a :C ; :p 1 ; :q 2 . :b a :C ; :p 1 ; :q 2 .",
        ":a owl:sameAs :b .",
    ),
    "cls-thing": (
        ":A owl:onProperty :p ; owl:someValuesFrom owl:Thing ."
        " :B owl:onProperty :p ; owl:someValuesFrom owl:Thing .",
        ":A rdfs:subClassOf :B .",
    ),
    "cls-nothing1": (
        ":A owl:onProperty :p ; owl:someValuesFrom owl:Nothing ."
        " :B owl:onProperty :p ; owl:someValuesFrom owl:Thing .",
        ":A rdfs:subClassOf :B .",
    ),
    "cls-int1": (":C owl:intersectionOf ( :A :B ) . :a a :A , :B .", ":a a :C ."),
    "cls-int2": (":C owl:intersectionOf ( :A :B ) . :a a :C .", ":a a :A , :B ."),
    "cls-uni": (":C owl:unionOf ( :A :B ) . :a a :B .", ":a a :C ."),
    "cls-svf1": (
        ":C owl:onProperty :p ; owl:someValuesFrom :D . :a :p :b . :b a :D .",
        ":a a :C .",
    ),
    "cls-svf2": (":C owl:onProperty :p ; owl:someValuesFrom owl:Thing . :a :p :b .", ":a a :C ."),
    "cls-avf": (":C owl:onProperty :p ; owl:allValuesFrom :D . :a a :C ; :p :b .", ":b a :D ."),
    "cls-hv1": (":C owl:onProperty :p ; owl:hasValue 01 . :a a :C .", ":a :p 01 ."),
    "cls-hv2": (":C owl:onProperty :p ; owl:hasValue 01 . :a :p 01 .", ":a a :C ."),
    "cls-maxc2": (
        f":C owl:onProperty :p ; owl:maxCardinality {_ONE} . :a a :C ; :p :b , :c .",
        ":b owl:sameAs :c .",
    ),
    "cls-maxqc3": (
        f":C owl:onProperty :p ; owl:maxQualifiedCardinality {_ONE} ; owl:onClass :D ."
        " :a a :C ; :p :b , :c . :b a :D . :c a :D .",
        ":b owl:sameAs :c .",
    ),
    "cls-maxqc4": (
        f":C owl:onProperty :p ; owl:maxQualifiedCardinality {_ONE} ; owl:onClass owl:Thing ."
        " :a a :C ; :p :b , :c .",
        ":b owl:sameAs :c .",
    ),
    "cls-oo": (":C owl:oneOf ( :a :b ) .", ":a a :C . :b a :C ."),
    "cax-sco": (":C rdfs:subClassOf :D . :a a :C .", ":a a :D ."),
    "cax-eqc1": (":C owl:equivalentClass :D . :a a :C .", ":a a :D ."),
    "cax-eqc2": (":C owl:equivalentClass :D . :a a :D .", ":a a :C ."),
    "dt-type1": (
        ":kind owl:propertyChainAxiom ( :about rdf:type ) . :a :about xsd:integer .",
        ":a :kind rdfs:Datatype .",
    ),
    "dt-type2": (
        ":C owl:onProperty :p ; owl:someValuesFrom xsd:decimal . :a :p 5 .",
        ":a a :C .",
    ),
    "scm-cls": (
        ":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :D ] . :D a owl:Class ."
        " [] owl:onProperty :p ; owl:someValuesFrom owl:Thing ; rdfs:subClassOf :B .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-sco": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":A rdfs:subClassOf :C ."),
    "scm-eqc1": (
        ":A owl:equivalentClass :B .",
        ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .",
    ),
    "scm-eqc2": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":A owl:equivalentClass :B ."),
    "scm-op": (
        ":p a owl:ObjectProperty ."
        " :A owl:onProperty :p ; owl:hasValue :i . :B owl:onProperty :p ; owl:hasValue :i .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-dp": (
        ":p a owl:DatatypeProperty ."
        " :A owl:onProperty :p ; owl:hasValue 1 . :B owl:onProperty :p ; owl:hasValue 1 .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-spo": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .",
        ":p rdfs:subPropertyOf :r .",
    ),
    "scm-eqp1": (
        ":p owl:equivalentProperty :q .",
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
    ),
    "scm-eqp2": (
        ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ":p owl:equivalentProperty :q .",
    ),
    "scm-dom1": (":p rdfs:domain :C . :C rdfs:subClassOf :D .", ":p rdfs:domain :D ."),
    "scm-dom2": (":q rdfs:domain :C . :p rdfs:subPropertyOf :q .", ":p rdfs:domain :C ."),
    "scm-rng1": (":p rdfs:range :C . :C rdfs:subClassOf :D .", ":p rdfs:range :D ."),
    "scm-rng2": (":q rdfs:range :C . :p rdfs:subPropertyOf :q .", ":p rdfs:range :C ."),
    "scm-hv": (
        ":A owl:onProperty :p ; owl:hasValue :i . :B owl:onProperty :q ; owl:hasValue :i ."
        " :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-svf1": (
        ":A owl:onProperty :p ; owl:someValuesFrom :C . :B owl:onProperty :p ;"
        " owl:someValuesFrom :D . :C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-svf2": (
        ":A owl:onProperty :p ; owl:someValuesFrom :C . :B owl:onProperty :q ;"
        " owl:someValuesFrom :C . :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-avf1": (
        ":A owl:onProperty :p ; owl:allValuesFrom :C . :B owl:onProperty :p ;"
        " owl:allValuesFrom :D . :C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-avf2": (
        ":A owl:onProperty :p ; owl:allValuesFrom :C . :B owl:onProperty :q ;"
        " owl:allValuesFrom :C . :p rdfs:subPropertyOf :q .",
        ":B rdfs:subClassOf :A .",
    ),
    "scm-int": (":C owl:intersectionOf ( :A :B ) .", ":C rdfs:subClassOf :A , :B ."),
    "scm-uni": (":C owl:unionOf ( :A :B ) .", ":A rdfs:subClassOf :C . :B rdfs:subClassOf :C ."),
}

CONTRADICTS = {
    "eq-diff1": ":a owl:sameAs :b ; owl:differentFrom :b .",
    "eq-diff1 by eq-ref": ":a owl:differentFrom :a .",
    "eq-diff2": "[] a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :b .",
    "eq-diff2 at the end": "[] a owl:AllDifferent ; owl:members ( :a :b ) . :b owl:sameAs :a .",
    "eq-diff2 of a repeated member": "[] a owl:AllDifferent ; owl:members ( :a :b :a ) .",
    "eq-diff3": "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :b owl:sameAs :c .",
    "prp-irp": ":p a owl:IrreflexiveProperty . :a :p :a .",
    "prp-asyp": ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a .",
    "prp-pdw": ":p owl:propertyDisjointWith :q . :a :p :b ; :q :b .",
    "prp-adp": "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :a :p :b ; :q :b .",
    "prp-adp at the end": "[] a owl:AllDisjointProperties ; owl:members ( :p :q ) ."
    " :a :p 1 ; :q 1 .",
    "prp-npa1": "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b ."
    " :a :p :b .",
    "prp-npa2": "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 ."
    " :a :p 1 .",
    "cls-nothing2": ":C rdfs:subClassOf owl:Nothing . :a a :C .",
    "cls-com": ":C owl:complementOf :D . :a a :C , :D .",
    "cls-maxc1": f":C owl:onProperty :p ; owl:maxCardinality {_ZERO} . :a a :C ; :p :b .",
    "cls-maxqc1": f":C owl:onProperty :p ; owl:maxQualifiedCardinality {_ZERO} ; owl:onClass :D ."
    " :a a :C ; :p :b . :b a :D .",
    "cls-maxqc2": f":C owl:onProperty :p ; owl:maxQualifiedCardinality {_ZERO} ;"
    " owl:onClass owl:Thing . :a a :C ; :p :b .",
    "cax-dw": ":C owl:disjointWith :D . :a a :C , :D .",
    "cax-adc": "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :a a :B , :C .",
    "dt-diff": ':p a owl:FunctionalProperty . :a :p "one" , "two" .',
    "dt-not-type of a range": ':p rdfs:range xsd:integer . :a :p "one" .',
    "dt-not-type of its own": ':a :p "one"^^xsd:integer .',
    "dt-not-type of a day": ':a :p "2025-02-30"^^xsd:date .',
}

BUILT_IN = {"eq-ref", "dt-type2", "dt-diff", "dt-not-type"}
LEFT_OUT = {"dt-eq"}
TABLES = """
eq-ref eq-sym eq-trans eq-rep-s eq-rep-p eq-rep-o eq-diff1 eq-diff2 eq-diff3 prp-ap prp-dom
prp-rng prp-fp prp-ifp prp-irp prp-symp prp-asyp prp-trp prp-spo1 prp-spo2 prp-eqp1 prp-eqp2
prp-pdw prp-adp prp-inv1 prp-inv2 prp-key prp-npa1 prp-npa2 cls-thing cls-nothing1 cls-nothing2
cls-int1 cls-int2 cls-uni cls-com cls-svf1 cls-svf2 cls-avf cls-hv1 cls-hv2 cls-maxc1 cls-maxc2
cls-maxqc1 cls-maxqc2 cls-maxqc3 cls-maxqc4 cls-oo cax-sco cax-eqc1 cax-eqc2 cax-dw cax-adc
dt-type1 dt-type2 dt-eq dt-diff dt-not-type scm-cls scm-sco scm-eqc1 scm-eqc2 scm-op scm-dp
scm-spo scm-eqp1 scm-eqp2 scm-dom1 scm-dom2 scm-rng1 scm-rng2 scm-hv scm-svf1 scm-svf2 scm-avf1
scm-avf2 scm-int scm-uni
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("probe", sorted(FOLLOWS))
def test_what_the_rule_says_follows(probe: str, engine: Engine) -> None:
    given, expected = FOLLOWS[probe]
    closure = materialise(graph(given), engine=engine)
    assert set(graph(expected)) <= set(closure.inferred)
    assert not closure.inconsistencies


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("probe", sorted(CONTRADICTS))
def test_a_contradiction_is_found_and_named_after_its_rule(probe: str, engine: Engine) -> None:
    found = materialise(graph(CONTRADICTS[probe]), engine=engine).inconsistencies
    assert {probe.split(" ")[0]} == {one.rule for one in found}
    assert all("{" not in one.message and one.terms for one in found)


def test_every_rule_of_the_tables_is_probed() -> None:
    probed = {probe.split(" ")[0] for probe in (*FOLLOWS, *CONTRADICTS)}
    assert set(TABLES.split()) - {"eq-ref"} - LEFT_OUT == probed


def test_every_rule_of_the_tables_has_a_file_or_is_built_in() -> None:
    files = {rule.name for rule in read_rules(RULES)}
    assert set(TABLES.split()) - LEFT_OUT == files | set(LIST_RULES) | BUILT_IN
    assert not files & (set(LIST_RULES) | BUILT_IN)


@pytest.mark.parametrize("name", sorted(path.stem for path in RULES.glob("*.rq")))
def test_a_rule_is_sparql_and_says_what_it_means(name: str) -> None:
    text = (RULES / f"{name}.rq").read_text("utf-8")
    pyoxigraph.Store().query(text)
    assert text.startswith(f"# {name} (OWL 2 Profiles, Table ")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("CONSTRUCT { ?x a ?y } WHERE { ?x a ?y FILTER(?x = ?y) }", "cannot have 'FILTER"),
        ("CONSTRUCT { ?x a ex:C } WHERE { ?x a ?y }", "prefix 'ex' is not declared"),
        ("SELECT ?x WHERE { ?x a ?y }", "SELECT and a message"),
        ("CONSTRUCT { ?x a ?y } WHERE { ?x a ?y . ?y a }", "cannot stand in a pattern"),
        ("CONSTRUCT { ?x a ?y } WHERE { ?x a ?y } ?z", "must end with its group"),
        ("CONSTRUCT { ?x a ?y }", "found end"),
        ("", "found end"),
    ],
)
def test_a_rule_in_more_of_sparql_is_refused(text: str, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        parse_rule(text, name="odd")


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule"):
        read_rules(tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
def test_axioms_about_the_vocabulary_are_not_published(engine: Engine) -> None:
    assert not materialise(
        graph(":C a owl:Class . :p a owl:ObjectProperty ."), engine=engine
    ).inferred
