"""Conformance: compiled shapes held against facts, a hundred times as fast as the reference.

Owns the results of one dataset, also while it changes: then what the change touches is judged anew.
Gives the results that pySHACL gives (tests hold both to the same answers, on the W3C's tests and on
broken data); what it does not know raises `NotCovered`. Follows SHACL Core, sections 2 to 4.8
(https://www.w3.org/TR/shacl/). A shape that refers to itself is not covered.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from entente.core.terms import SH, shorten
from entente.logic.facts import Facts, Node, Term
from entente.logic.literal_values import comparable, is_well_formed
from entente.logic.live_facts import Change
from entente.logic.members import Members
from entente.logic.shape_paths import follow
from entente.logic.shapes import Constraint, NotCovered, Shape
from entente.logic.touch import REFERRING, Touch

_KINDS: Final = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}
_DEEPEST: Final = 30


@dataclass(frozen=True, slots=True)
class Failure:
    """A constraint of a shape that a focus node fails; `value` where one value does."""

    focus: Term
    shape: Shape
    constraint: Constraint
    value: Term | None


class Checker:
    """Holds compiled shapes against facts, and again where the facts have changed."""

    def __init__(self, shapes: dict[Node, Shape], facts: Facts) -> None:
        self._shapes = shapes
        self._facts = facts
        self._members = Members(facts)
        self._known: dict[tuple[Node, Term], tuple[Failure, ...]] = {}
        self._shared = _shared(shapes.values())
        self._failing: dict[tuple[Node, Term], tuple[Failure, ...]] = {}
        for shape in shapes.values():
            for focus in self._targets(shape):
                self._judge(shape, focus)
        self._known.clear()

    def failures(self) -> list[Failure]:
        """Give what fails, each once."""
        return list(dict.fromkeys(one for failing in self._failing.values() for one in failing))

    def change(self, changed: Change) -> None:
        """Follow a change that the facts have made already.

        Raises:
            NotCovered: this checker is of no use any more.
        """
        moved = self._members.change(changed)
        touch = Touch(self._shapes, self._facts, changed, moved)
        for shape in self._shapes.values():
            if shape.targets:
                for focus in touch.focus_nodes(shape) | touch.targets(shape):
                    self._failing.pop((shape.node, focus), None)
                    if self._is_target(focus, shape):
                        self._judge(shape, focus)
        self._known.clear()

    def _judge(self, shape: Shape, focus: Term) -> None:
        failures = self._validate(shape.node, focus, depth=0)
        if failures:
            self._failing[shape.node, focus] = failures

    def _targets(self, shape: Shape) -> Iterator[Term]:
        seen: dict[Term, None] = {}
        for kind, target in shape.targets:
            match kind:
                case "targetClass":
                    seen.update(self._members.of(target))  # type: ignore[arg-type]  # nodes are terms
                case "targetNode":
                    seen[target] = None
                case "targetSubjectsOf":
                    seen.update(dict.fromkeys(s for s, _ in self._facts.pairs(target)))
                case "targetObjectsOf":
                    seen.update(dict.fromkeys(o for _, o in self._facts.pairs(target)))
        return iter(seen)

    def _is_target(self, node: Term, shape: Shape) -> bool:
        for kind, target in shape.targets:
            match kind:
                case "targetClass":
                    found = node in self._members.of(target)
                case "targetNode":
                    found = node == target
                case "targetSubjectsOf":
                    found = not isinstance(node, Literal) and bool(
                        self._facts.objects(node, target)
                    )
                case _:
                    found = bool(self._facts.subjects_with(target, node))
            if found:
                return True
        return False

    def _validate(self, node: Node, focus: Term, *, depth: int) -> tuple[Failure, ...]:
        if node not in self._shared:  # asked for once for each focus node
            return self._find(node, focus, depth=depth)
        known = self._known.get((node, focus))
        if known is None:
            known = self._known[node, focus] = self._find(node, focus, depth=depth)
        return known

    def _find(self, node: Node, focus: Term, *, depth: int) -> tuple[Failure, ...]:
        if depth > _DEEPEST:
            raise NotCovered(f"the shape {node} refers to itself")
        shape = self._shapes[node]
        values = [focus]
        if shape.path is not None:
            values = follow(shape.path, focus, self._facts)
        found: list[Failure] = []
        for constraint in shape.constraints:
            if constraint.name == "property":
                for value in values:
                    for inner in constraint.argument:  # type: ignore[attr-defined]  # compiled as a tuple of nodes
                        found += self._validate(inner, value, depth=depth + 1)
            else:
                found += self._apply(shape, constraint, focus, values, depth=depth)
        return tuple(found)

    def _apply(
        self, shape: Shape, constraint: Constraint, focus: Term, values: list[Term], *, depth: int
    ) -> Iterator[Failure]:
        name, argument = constraint.name, constraint.argument
        if name in _WHOLE:
            if not _holds_for_all(name, argument, values):
                yield Failure(focus, shape, constraint, None)
        elif name in ("lessThan", "lessThanOrEquals"):
            for value in values:
                others = self._facts.objects(focus, argument)  # type: ignore[arg-type]  # an IRI
                if not all(_is_less(value, other, name=name) for other in others):
                    yield Failure(focus, shape, constraint, value)
        else:
            for value in values:
                if not self._holds(name, argument, value, depth=depth):
                    yield Failure(focus, shape, constraint, value)

    def _holds(self, name: str, argument: object, value: Term, *, depth: int) -> bool:
        match name, argument:
            case "class", NamedNode():
                return value in self._members.of(argument)
            case (("node" | "and"), tuple()):
                return not any(self._validate(node, value, depth=depth + 1) for node in argument)
            case "or", tuple():
                return any(not self._validate(node, value, depth=depth + 1) for node in argument)
            case "xone", tuple():
                passed = [not self._validate(node, value, depth=depth + 1) for node in argument]
                return passed.count(True) == 1
            case "not", tuple():
                return all(self._validate(node, value, depth=depth + 1) for node in argument)
        return _term_holds(name, argument, value)


def _shared(shapes: Collection[Shape]) -> frozenset[Node]:
    """Give the shapes that a node may be held against more than once."""
    referred = Counter[Node]()
    for shape in shapes:
        for constraint in shape.constraints:
            if constraint.name in REFERRING and isinstance(constraint.argument, tuple):
                # values are met again from other focus nodes, and `own` shapes as targets
                often = shape.path is not None or constraint.name != "property"
                referred.update(constraint.argument * (2 if often else 1))
    own = {shape.node for shape in shapes if shape.targets}
    return frozenset(node for node, times in referred.items() if times > 1 or node in own)


_WHOLE: Final = ("minCount", "maxCount", "hasValue", "uniqueLang")


def _holds_for_all(name: str, argument: object, values: list[Term]) -> bool:
    match name, argument:
        case "minCount", Literal():
            return len(values) >= int(argument.value)
        case "maxCount", Literal():
            return len(values) <= int(argument.value)
        case "hasValue", _:
            return argument in values
        case "uniqueLang", Literal():
            tags = [v.language for v in values if isinstance(v, Literal) and v.language]
            return argument.value != "true" or len(tags) == len(set(tags))
    raise NotCovered(f"sh:{name} with {argument}")


def _term_holds(name: str, argument: object, value: Term) -> bool:
    match name, argument:
        case "nodeKind", NamedNode():
            return isinstance(value, _KINDS[argument.value.removeprefix(SH)])
        case "datatype", NamedNode():
            return _has_datatype(value, argument)
        case "in", tuple():
            return value in argument
        case "languageIn", tuple():
            return isinstance(value, Literal) and _speaks(value.language, argument)
        case "pattern", _:
            return not isinstance(value, BlankNode) and bool(argument.search(value.value))  # type: ignore[attr-defined]  # compiled
        case "minLength", Literal():
            return not isinstance(value, BlankNode) and len(value.value) >= int(argument.value)
        case "maxLength", Literal():
            return not isinstance(value, BlankNode) and len(value.value) <= int(argument.value)
        case "minInclusive", Literal():
            return _is_less(argument, value, name="lessThanOrEquals")
        case "maxInclusive", Literal():
            return _is_less(value, argument, name="lessThanOrEquals")
        case "minExclusive", Literal():
            return _is_less(argument, value, name="lessThan")
        case "maxExclusive", Literal():
            return _is_less(value, argument, name="lessThan")
    raise NotCovered(f"sh:{name}")


def _has_datatype(value: Term, datatype: NamedNode) -> bool:
    if not isinstance(value, Literal) or value.datatype != datatype:
        return False
    well_formed = is_well_formed(value)
    if well_formed is None:
        raise NotCovered(f"sh:datatype {shorten(datatype.value)}")
    return well_formed


def _speaks(language: str | None, ranges: Collection[object]) -> bool:
    tag = (language or "").lower()
    wanted = [r.value.lower() for r in ranges if isinstance(r, Literal)]
    return bool(tag) and any(tag == r or tag.startswith(f"{r}-") for r in wanted)


def _is_less(one: Term, other: Term, *, name: str) -> bool:
    """Compare as SPARQL does; what has no order is not less."""
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return False
    if is_well_formed(one) is False or is_well_formed(other) is False:
        return False
    left, right = comparable(one), comparable(other)
    if left is None or right is None:
        raise NotCovered(f"sh:{name} between {one} and {other}")
    if left[0] != right[0]:
        return False
    return left[1] < right[1] or (name == "lessThanOrEquals" and left[1] == right[1])  # type: ignore[operator]  # of one kind
