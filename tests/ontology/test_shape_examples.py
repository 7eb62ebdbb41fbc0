"""Each constraint of the shapes has a good and a broken example; nothing else is reported."""

from collections import defaultdict
from functools import cache
from typing import Final

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from entente.core.terms import RDF, SH, SKOS
from entente.logic.facts import TYPE, Facts, Node
from entente.logic.results import SEVERITIES
from entente.logic.validation import Engine, validate
from tests.ontology.knowledge import STAGES, examples, local, shapes, terms

Told = tuple[str, str, str]

# What a shape says about itself and not about the data.
_PARAMETERS: Final = {
    SH + name: component
    for name, component in {
        "class": "Class",
        "datatype": "Datatype",
        "in": "In",
        "languageIn": "LanguageIn",
        "lessThan": "LessThan",
        "lessThanOrEquals": "LessThanOrEquals",
        "maxCount": "MaxCount",
        "maxInclusive": "MaxInclusive",
        "minCount": "MinCount",
        "minInclusive": "MinInclusive",
        "node": "Node",
        "nodeKind": "NodeKind",
        "or": "Or",
        "pattern": "Pattern",
        "uniqueLang": "UniqueLang",
    }.items()
}
_KNOWN: Final = {
    *_PARAMETERS,
    RDF + "type",
    *(
        SH + name
        for name in (
            "alternativePath description inversePath message name order path property severity "
            "targetClass targetObjectsOf targetSubjectsOf hasValue"
        ).split()
    ),
    RDF + "first",
    RDF + "rest",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
}


@cache
def expected(stage: str) -> dict[str, frozenset[Told]]:
    """Results that the examples of a stage announce, by focus node."""
    facts = Facts(examples(stage))
    told: dict[str, set[Told]] = defaultdict(set)
    for node in facts.instances(NamedNode(SH + "ValidationResult")):

        def one(name: str, node: Node = node) -> str:
            (value,) = facts.objects(node, NamedNode(SH + name))
            assert isinstance(value, NamedNode)
            return value.value

        told[one("focusNode")].add(
            (
                local(one("sourceShape")),
                one("sourceConstraintComponent").removeprefix(SH),
                SEVERITIES[one("resultSeverity")],
            )
        )
    return {focus: frozenset(results) for focus, results in told.items()}


@cache
def found(stage: str, engine: Engine) -> dict[str, frozenset[Told]]:
    """Results of the validation, by focus node."""
    told: dict[str, set[Told]] = defaultdict(set)
    data = [*terms(), *examples(stage)]
    for result in validate(data, shapes(stage), engine=engine).results:
        told[result.focus].add(
            (local(result.shape), result.component.removeprefix(SH), result.severity)
        )
    return {focus: frozenset(results) for focus, results in told.items()}


BROKEN: Final = [(stage, focus) for stage in STAGES for focus in sorted(expected(stage))]


@pytest.mark.parametrize(("stage", "focus"), BROKEN)
def test_a_broken_example_yields_exactly_its_result(stage: str, focus: str) -> None:
    assert expected(stage)[focus] == found(stage, "fast").get(focus, frozenset())


@pytest.mark.parametrize("stage", STAGES)
def test_a_good_example_yields_no_result(stage: str) -> None:
    announced = expected(stage)
    assert {} == {k: v for k, v in found(stage, "fast").items() if k not in announced}


@pytest.mark.parametrize("stage", STAGES)
def test_both_engines_give_the_same_results(stage: str) -> None:
    assert found(stage, "pyshacl") == found(stage, "fast")


@pytest.mark.parametrize("stage", STAGES)
def test_every_constraint_has_its_broken_example(stage: str) -> None:
    """Shapes without target and name serve other shapes, whose examples cover them."""
    facts = Facts(shapes(stage))
    helpers = {
        quad.object
        for quad in shapes(stage)
        if quad.predicate.value == SH + "property"
        and not any(
            True
            for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
            for _ in facts.objects(quad.subject, NamedNode(SH + name))
        )
    }
    constraints = {
        (local(quad.subject.value), _PARAMETERS[quad.predicate.value] + "ConstraintComponent")
        for quad in shapes(stage)
        if quad.predicate.value in _PARAMETERS
        and isinstance(quad.subject, NamedNode)
        and quad.subject not in helpers
        and (
            set(facts.objects(quad.subject, TYPE)) == {NamedNode(SH + "PropertyShape")}
            or any(
                True
                for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
                for _ in facts.objects(quad.subject, NamedNode(SH + name))
            )
        )
    }
    covered = {
        (shape, component) for told in expected(stage).values() for shape, component, _ in told
    }
    assert set() == constraints - covered


@pytest.mark.parametrize("stage", STAGES)
def test_shapes_use_no_constraint_that_this_test_does_not_know(stage: str) -> None:
    assert set() == {quad.predicate.value for quad in shapes(stage)} - _KNOWN


@pytest.mark.parametrize("stage", STAGES)
def test_blank_nodes_of_shapes_are_lists_and_paths_only(stage: str) -> None:
    inside = {SH + "alternativePath", SH + "inversePath", RDF + "first", RDF + "rest"}
    assert (
        set()
        == {quad.predicate.value for quad in shapes(stage) if isinstance(quad.subject, BlankNode)}
        - inside
    )


def test_labels_of_examples_are_literals() -> None:
    assert all(
        isinstance(quad.object, Literal)
        for stage in STAGES
        for quad in examples(stage)
        if quad.predicate.value == SKOS + "prefLabel"
    )
