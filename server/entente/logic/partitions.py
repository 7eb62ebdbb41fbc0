"""Partitions: which properties the things of each class have, with values of which kind.

Owns the count that editors complete queries from: class, property, and class or datatype of the
values, as VoID and its extension name them (http://ldf.fi/void-ext#). Only what is stated counts:
with inferred types each thing would be counted again for each of its superclasses.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from entente.core.terms import VOID, XSD
from entente.logic.facts import TYPE

Kinds = tuple[NamedNode | None, tuple[NamedNode, ...]]
"""Datatype of a value, or its classes."""

_NONE: Final[Kinds] = (None, ())
_EXTENSION: Final = "http://ldf.fi/void-ext#"


@dataclass(slots=True)
class Partition:
    """The triples of one property with subjects of one class."""

    triples: int = 0
    classes: Counter[NamedNode] = field(default_factory=Counter)
    datatypes: Counter[NamedNode] = field(default_factory=Counter)


def partitions(quads: Iterable[Quad]) -> dict[tuple[NamedNode, NamedNode], Partition]:
    """Count the triples of each class and property, by the kind of their values.

    Args:
        quads: what is stated; a triple that two graphs hold is counted twice.
    """
    stated = list(quads)
    types: defaultdict[object, list[NamedNode]] = defaultdict(list)
    for quad in stated:
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            types[quad.subject].append(quad.object)
    triples: Counter[tuple[tuple[NamedNode, ...], NamedNode, Kinds]] = Counter()
    known = {node: tuple(sorted(set(held), key=str)) for node, held in types.items()}
    for quad in stated:
        subject = known.get(quad.subject)
        if subject is not None:
            triples[subject, quad.predicate, _kinds(quad.object, known)] += 1
    found: dict[tuple[NamedNode, NamedNode], Partition] = defaultdict(Partition)
    for (classes, predicate, (datatype, values)), count in triples.items():
        for class_ in classes:
            part = found[class_, predicate]
            part.triples += count
            if datatype is not None:
                part.datatypes[datatype] += count
            for value in values:
                part.classes[value] += count
    return dict(found)


def describe_partitions(
    dataset: str,
    parts: Mapping[tuple[NamedNode, NamedNode], Partition],
    *,
    slug: Callable[[NamedNode], str],
) -> Iterator[Triple]:
    """Say which properties the things of each class have, with which values.

    Args:
        dataset: IRI with a fragment, below which the partitions are named.
        parts: what `partitions` has counted.
        slug: writes a term as part of a fragment.
    """
    for (class_, predicate), part in parts.items():
        above = f"{dataset}-class-{slug(class_)}"
        base = f"{above}-property-{slug(predicate)}"
        yield _link(above, VOID + "propertyPartition", base)
        yield Triple(NamedNode(base), NamedNode(VOID + "property"), predicate)
        yield Triple(NamedNode(base), NamedNode(VOID + "triples"), _number(part.triples))
        for kind, values, link, name in (
            ("class", part.classes, VOID + "classPartition", VOID + "class"),
            ("datatype", part.datatypes, f"{_EXTENSION}datatypePartition", f"{_EXTENSION}datatype"),
        ):
            for value, count in values.items():
                node = f"{base}-{kind}-{slug(value)}"
                yield _link(base, link, node)
                yield Triple(NamedNode(node), NamedNode(name), value)
                yield Triple(NamedNode(node), NamedNode(VOID + "triples"), _number(count))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _kinds(term: object, known: Mapping[object, tuple[NamedNode, ...]]) -> Kinds:
    if isinstance(term, Literal):
        return term.datatype, ()
    if isinstance(term, NamedNode | BlankNode):
        return None, known.get(term, ())
    return _NONE
