"""Each constraint of the shapes has a good and a broken example; nothing else is reported."""

from collections import defaultdict
from functools import cache
from typing import Final

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from entente.core.terms import RDF, SH, SKOS
from entente.logic.facts import Facts, Node
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
_TARGETS: Final = ("targetClass", "targetSubjectsOf", "targetObjectsOf")
_KNOWN: Final = {
    *_PARAMETERS,
    RDF + "type",
    *(SH + name for name in _TARGETS),
    *(SH + name for name in ("alternativePath", "inversePath", "path", "property", "hasValue")),
    *(SH + name for name in ("description", "message", "name", "order", "severity")),
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
    assert {k: v for k, v in found(stage, "fast").items() if k not in announced} == {}


@pytest.mark.parametrize("stage", STAGES)
def test_both_engines_give_the_same_results(stage: str) -> None:
    assert found(stage, "pyshacl") == found(stage, "fast")


@pytest.mark.parametrize("stage", STAGES)
def test_every_constraint_has_its_broken_example(stage: str) -> None:
    """Shapes that only shapes without a target use are covered by the examples of their users."""
    facts = Facts(shapes(stage))

    def has_target(shape: Node) -> bool:
        return any(facts.objects(shape, NamedNode(SH + name)) for name in _TARGETS)

    targeted = {shape for shape in facts.subjects() if has_target(shape)}
    reached = targeted | {
        shape for owner in targeted for shape in facts.objects(owner, NamedNode(SH + "property"))
    }
    constraints = {
        (local(shape.value), _PARAMETERS[predicate.value] + "ConstraintComponent")
        for shape in reached
        if isinstance(shape, NamedNode)
        for predicate in facts.predicates(shape)
        if predicate.value in _PARAMETERS
    }
    announced = expected(stage).values()
    covered = {(shape, component) for told in announced for shape, component, _ in told}
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
