"""Shape tally: which constraints the shapes make, and how many examples try each of them.

Pure functions over quads. An example is broken for a constraint where the examples announce a
`sh:ValidationResult` of it; it is good where a node that the shape looks at has no result at all.
Shapes that no target leads to are counted with those that use them. Examples stand with the tests
and not in an installed copy: without them every constraint has none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad

from entente.core.terms import RDFS, SH, SHAPE
from entente.logic.facts import Facts, Node, Term
from entente.logic.results import SEVERITIES

COMPONENTS: Final = {
    SH + name: f"{name[0].upper()}{name[1:]}"
    for name in (
        "class",
        "datatype",
        "in",
        "languageIn",
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "maxInclusive",
        "minCount",
        "minInclusive",
        "node",
        "nodeKind",
        "or",
        "pattern",
        "uniqueLang",
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintTally:
    """One constraint of one shape."""

    shape: str
    component: str
    severity: str
    broken: int
    good: int


def count_constraints(
    shapes: Iterable[Quad], ontology: Iterable[Quad], examples: Iterable[Quad]
) -> tuple[ConstraintTally, ...]:
    """Count the examples of every constraint, in order of shapes and components."""
    rules, tried = Facts(shapes), Facts(examples)
    below = _subclasses(ontology)
    broken: Counter[tuple[str, str]] = Counter()
    announced: set[Term] = set()
    for result in tried.instances(_sh("ValidationResult")):
        source = tried.node(result, _sh("sourceShape"))
        component = tried.node(result, _sh("sourceConstraintComponent"))
        if source is not None and component is not None:
            name = component.value.removeprefix(SH).removesuffix("ConstraintComponent")
            broken[source.value, name] += 1
        announced.update(tried.objects(result, _sh("focusNode")))
    seen: dict[str, set[Node]] = {}
    for owner in rules.subjects():
        nodes = set(_targets(rules, tried, owner, below)) - announced
        for shape in (owner, *rules.objects(owner, _sh("property"))):
            if isinstance(shape, NamedNode) and (nodes or _has_target(rules, owner)):
                seen.setdefault(shape.value, set()).update(nodes)
    found = [
        ConstraintTally(
            shape=shape.removeprefix(SHAPE),
            component=COMPONENTS[predicate.value],
            severity=_severity(rules, NamedNode(shape)),
            broken=broken[shape, COMPONENTS[predicate.value]],
            good=len(good),
        )
        for shape, good in seen.items()
        for predicate in rules.predicates(NamedNode(shape))
        if predicate.value in COMPONENTS
    ]
    return tuple(sorted(found, key=lambda one: (one.shape, one.component)))


def _sh(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _severity(rules: Facts, shape: NamedNode) -> str:
    named = rules.node(shape, _sh("severity"))
    return SEVERITIES[named.value] if named is not None else "error"


def _has_target(rules: Facts, shape: Node) -> bool:
    names = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
    return any(rules.objects(shape, _sh(name)) for name in names)


def _targets(
    rules: Facts, tried: Facts, shape: Node, below: dict[Term, set[NamedNode]]
) -> Iterator[Node]:
    for class_ in rules.objects(shape, _sh("targetClass")):
        if isinstance(class_, NamedNode):
            yield from tried.instances(class_, *sorted(below.get(class_, ()), key=str))
    subjects_of = rules.objects(shape, _sh("targetSubjectsOf"))
    objects_of = rules.objects(shape, _sh("targetObjectsOf"))
    for node in tried.subjects() if subjects_of or objects_of else ():
        if any(p in subjects_of for p in tried.predicates(node)):
            yield node
        if any(
            tried.subjects_with(p, node)  # type: ignore[arg-type]  # a target is an IRI
            for p in objects_of
        ):
            yield node


def _subclasses(ontology: Iterable[Quad]) -> dict[Term, set[NamedNode]]:
    facts, below = Facts(ontology), dict[Term, set[NamedNode]]()
    over = NamedNode(RDFS + "subClassOf")
    for class_ in facts.subjects():
        ahead = list(facts.objects(class_, over)) if isinstance(class_, NamedNode) else []
        while ahead:
            above = ahead.pop()
            if isinstance(class_, NamedNode) and class_ not in below.setdefault(above, set()):
                below[above].add(class_)
                if isinstance(above, NamedNode):
                    ahead += facts.objects(above, over)
    return below
