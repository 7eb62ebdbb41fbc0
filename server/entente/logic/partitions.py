"""Partitions: which properties the things of each class have, with values of which kind.

Owns the count that editors complete queries from: class, property, and class or datatype of the
values, as VoID and its extension name them (http://ldf.fi/void-ext#). Only what is stated counts:
with inferred types each thing would be counted again for each of its superclasses.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from entente.core.terms import VOID, XSD
from entente.logic.facts import TYPE

PartitionKey = tuple[NamedNode, NamedNode]
"""Class and property."""

_EXTENSION: Final = "http://ldf.fi/void-ext#"


@dataclass(slots=True)
class Partition:
    """The triples of one property with subjects of one class."""

    triples: int = 0
    classes: Counter[NamedNode] = field(default_factory=Counter)
    datatypes: Counter[NamedNode] = field(default_factory=Counter)


class Partitions:
    """The triples of each class and property by the kind of their values, while they change.

    Only what is stated counts; a triple that two graphs hold is counted twice.
    """

    def __init__(self) -> None:
        self.parts: dict[PartitionKey, Partition] = {}
        self._types: dict[object, Counter[NamedNode]] = {}

    def change(
        self,
        added: Collection[Quad],
        removed: Collection[Quad],
        *,
        around: Callable[[NamedNode | BlankNode], Iterable[Quad]],
    ) -> frozenset[PartitionKey]:
        """Count quads that came and went, and tell which partitions count otherwise.

        Args:
            added: were not there.
            removed: were there.
            around: gives the quads that have a node as subject or object, as they are now.
        """
        typed = [(quad, times) for quads, times in ((added, 1), (removed, -1)) for quad in quads]
        typed = [(q, times) for q, times in typed if q.predicate == TYPE]
        retyped = {quad.subject for quad, _ in typed}
        recounted = {quad for node in retyped for quad in around(node)}.difference(added)  # type: ignore[arg-type]  # no triple has a type
        touched: set[PartitionKey] = set()
        for quad in (*removed, *recounted):
            self._count(quad, -1, touched)
        for quad, times in typed:
            if isinstance(quad.object, NamedNode):
                held = self._types.setdefault(quad.subject, Counter())
                held[quad.object] += times
                if not held[quad.object]:
                    del held[quad.object]
                if not held:
                    del self._types[quad.subject]
        for quad in (*added, *recounted):
            self._count(quad, 1, touched)
        return frozenset(touched)

    def _count(self, quad: Quad, times: int, touched: set[PartitionKey]) -> None:
        classes = self._types.get(quad.subject)
        if not classes:
            return
        predicate, object_ = quad.predicate, quad.object
        for class_ in classes:
            key = class_, predicate
            part = self.parts.get(key)
            if part is None:
                part = self.parts[key] = Partition()
            part.triples += times
            if isinstance(object_, Literal):
                part.datatypes[object_.datatype] += times
            else:
                for value in self._types.get(object_, ()):
                    part.classes[value] += times
            if not part.triples:
                del self.parts[key]
            touched.add(key)


def describe_partition(
    dataset: str, key: PartitionKey, part: Partition, *, slug: Callable[[NamedNode], str]
) -> Iterator[Triple]:
    """Say how many triples of a property the things of a class have, with which values.

    Args:
        dataset: IRI with a fragment, below which the partitions are named.
        key: class and property.
        part: what was counted.
        slug: writes a term as part of a fragment.
    """
    class_, predicate = key
    above = f"{dataset}-class-{slug(class_)}"
    base = f"{above}-property-{slug(predicate)}"
    yield _link(above, VOID + "propertyPartition", base)
    yield Triple(NamedNode(base), NamedNode(VOID + "property"), predicate)
    yield Triple(NamedNode(base), NamedNode(VOID + "triples"), _number(part.triples))
    for kind, values, link, name in (
        ("class", part.classes, VOID + "classPartition", VOID + "class"),
        ("datatype", part.datatypes, f"{_EXTENSION}datatypePartition", f"{_EXTENSION}datatype"),
    ):
        for value, count in (+values).items():
            node = f"{base}-{kind}-{slug(value)}"
            yield _link(base, link, node)
            yield Triple(NamedNode(node), NamedNode(name), value)
            yield Triple(NamedNode(node), NamedNode(VOID + "triples"), _number(count))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))
