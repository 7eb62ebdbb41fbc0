"""Shapes: a shapes graph compiled for checking, if it uses no construct beyond our checker.

Covers the SHACL Core constraints that the project's shapes use, over any path. Anything else in the
`sh:` namespace raises `NotCovered`, so that nothing is skipped in silence: the caller then asks the
reference engine.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn

from pyoxigraph import Literal, NamedNode, Quad, Triple

from entente.core.terms import OWL, RDFS, SH, shorten
from entente.logic.facts import Facts, Node, Term
from entente.logic.shape_paths import MalformedPath, Path, read_list, read_path


class NotCovered(Exception):
    """The shapes use a construct that only the reference engine knows."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One parameter of a shape: its name without `sh:` and its value.

    `argument` is a term, a tuple of terms (`in`), a compiled pattern, or a tuple of nodes of
    shapes (`or`, `and`, `not`, `node`, `property`).
    """

    name: str
    argument: object

    @property
    def component(self) -> str:
        """IRI of the constraint component."""
        return f"{SH}{self.name[0].upper()}{self.name[1:]}ConstraintComponent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape; `path` is `None` for a node shape."""

    node: Node
    path: Path | None
    severity: str
    message: str
    constraints: tuple[Constraint, ...]
    targets: tuple[tuple[str, NamedNode], ...]


def _a(name: str) -> NamedNode:
    return NamedNode(SH + name)


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_TARGETS: Final = _names("targetClass targetNode targetSubjectsOf targetObjectsOf")
_TERMS: Final = _names(
    "class datatype nodeKind minCount maxCount hasValue minInclusive maxInclusive minExclusive "
    "maxExclusive minLength maxLength uniqueLang lessThan lessThanOrEquals"
)
_SHAPES: Final = _names("property node not")
_LISTS: Final = _names("and or xone")
_ANNOTATIONS: Final = _names(
    "path message severity name description order group defaultValue flags"
)
_UNSUPPORTED_TYPES: Final = (RDFS + "Class", OWL + "Class", SH + "ConstraintComponent")


def compile_shapes(quads: Iterable[Quad | Triple]) -> dict[Node, Shape]:
    """Compile every shape of a shapes graph.

    Raises:
        NotCovered: a construct beyond this checker; the message names it.
    """
    facts = Facts(quads)
    wanted = list(facts.instances(_a("NodeShape"), _a("PropertyShape")))
    wanted += [node for node in facts.subjects() if _TARGETS & _parameters(node, facts)]
    for iri in _UNSUPPORTED_TYPES:
        for node in facts.instances(NamedNode(iri)):
            raise NotCovered(f"{shorten(str(node)[1:-1])} is a {shorten(iri)} among the shapes")
    shapes: dict[Node, Shape] = {}
    while wanted:
        node = wanted.pop()
        if node not in shapes:
            shapes[node] = _compile(node, facts)
            for constraint in shapes[node].constraints:
                if constraint.name in _SHAPES | _LISTS:
                    wanted += constraint.argument  # type: ignore[arg-type]  # tuple of nodes
    return shapes


def _parameters(node: Node, facts: Facts) -> set[str]:
    names = (predicate.value for predicate in facts.predicates(node))
    return {name.removeprefix(SH) for name in names if name.startswith(SH)}


def _compile(node: Node, facts: Facts) -> Shape:
    severity = facts.node(node, _a("severity"))
    messages = facts.objects(node, _a("message"))
    targets = []
    constraints = []
    for name in sorted(_parameters(node, facts)):
        values = facts.objects(node, _a(name))
        if name in _TARGETS:
            targets += [
                (name, value) if isinstance(value, NamedNode) else _refuse(f"sh:{name} {value}")
                for value in values
            ]
        elif name not in _ANNOTATIONS:
            constraints += [
                Constraint(name, _argument(name, value, node, facts)) for value in values
            ]
    return Shape(
        node=node,
        path=_path(node, facts),
        severity=severity.value if severity is not None else SH + "Violation",
        message=" / ".join(sorted(m.value for m in messages)),
        constraints=tuple(constraints),
        targets=tuple(targets),
    )


def _path(node: Node, facts: Facts) -> Path | None:
    paths = facts.objects(node, _a("path"))
    if not paths:
        return None
    try:
        return read_path(paths[0], facts)
    except MalformedPath as error:
        raise NotCovered(f"the path of {node}: {error}") from error


def _argument(name: str, value: Term, node: Node, facts: Facts) -> object:
    if name in _TERMS:
        return value
    if name in _SHAPES:
        return (value,)
    if name in _LISTS:
        return _list(value, facts)
    if name in ("in", "languageIn"):
        return _list(value, facts)
    if name == "pattern" and isinstance(value, Literal):
        flags = 0
        for letter in facts.text(node, _a("flags")) or "":
            flags |= _FLAGS.get(letter) or _refuse(f"sh:flags {letter!r}")
        return re.compile(value.value, flags)
    return _refuse(f"sh:{name}")


_FLAGS: Final = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


def _refuse(what: str) -> NoReturn:
    raise NotCovered(what)


def _list(head: Term, facts: Facts) -> tuple[Term, ...]:
    try:
        return read_list(head, facts)
    except MalformedPath as error:
        raise NotCovered(str(error)) from error
