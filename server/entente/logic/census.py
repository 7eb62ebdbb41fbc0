"""The census: what VoID counts of some quads, kept right while they change.

Owns the counts of each graph, of all together, and of partitions (properties of the things of each
class). Writes no triple. Statements about statements are not counted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, Triple

from entente.core.terms import GRAPH, ID
from entente.logic.facts import TYPE, Node, Term
from entente.logic.partitions import Partition, PartitionKey, Partitions

UNPARTITIONED: Final = frozenset(
    GRAPH + name for name in ("inferred", "meta", "ontology", "shapes")
)
"""Graphs whose classes no one asks for by partition: those of OWL, SHACL and VoID."""

Around = Callable[[Node], Iterable[Quad]]


@dataclass(slots=True)
class Stats:
    """What VoID counts of some triples; each subject, object and member as often as it stands."""

    triples: int = 0
    subjects: Counter[Node] = field(default_factory=Counter)
    objects: Counter[Term] = field(default_factory=Counter)
    properties: Counter[NamedNode] = field(default_factory=Counter)
    classes: dict[Term, Counter[Node]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, triples: Iterable[Triple | Quad], *, times: int = 1) -> None:
        """Count triples that came (1) or went (-1)."""
        subjects, predicates, objects = list[Node](), list[NamedNode](), list[Term]()
        for each in triples:
            subject, predicate, object_ = each.subject, each.predicate, each.object
            if isinstance(subject, Triple) or isinstance(object_, Triple):
                continue
            subjects.append(subject)
            predicates.append(predicate)
            objects.append(object_)
            if predicate == TYPE:
                _count(self.classes[object_], [subject], times)
                if not self.classes[object_]:
                    del self.classes[object_]
        self.triples += times * len(subjects)
        _count(self.subjects, subjects, times)
        _count(self.objects, objects, times)
        _count(self.properties, predicates, times)

    def add(self, other: "Stats") -> None:
        """Count what others counted."""
        self.triples += other.triples
        self.subjects.update(other.subjects)
        self.objects.update(other.objects)
        self.properties.update(other.properties)
        for class_, members in other.classes.items():
            self.classes[class_].update(members)


@dataclass(frozen=True, slots=True)
class Touched:
    """Graphs, and partitions, whose counts have changed."""

    graphs: frozenset[str]
    parts: frozenset[PartitionKey]


class Census:
    """The counts of a dataset."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.graphs: dict[str, Stats] = {}
        self.whole = Stats()
        self.things = 0
        self._partitions = Partitions()
        self._begin(_by_graph(quads))

    @property
    def parts(self) -> dict[PartitionKey, Partition]:
        """The partitions by class and property."""
        return self._partitions.parts

    def change(self, added: Iterable[Quad], removed: Iterable[Quad], *, around: Around) -> Touched:
        """Count quads that came and went.

        Args:
            added: were not there.
            removed: were there.
            around: gives the quads that have a node as subject or object, as they are now; of the
                description and of the default graph they are left aside.
        """

        def counted(node: Node) -> Iterator[Quad]:
            return filter(_is_partitioned, around(node))

        came, went = _by_graph(added), _by_graph(removed)
        for grouped, times in ((went, -1), (came, 1)):
            for name, quads in grouped.items():
                stats = self.graphs.setdefault(name, Stats())
                stats.count(quads, times=times)
                if not stats.triples:
                    del self.graphs[name]
                self._count_whole(quads, times)
        parts = self._partitions.change(_partitioned(came), _partitioned(went), around=counted)
        return Touched(frozenset((*came, *went)), parts)

    def _begin(self, grouped: dict[str, list[Quad]]) -> None:
        """Count all: each graph, and the whole from the graphs, where a term is met less often."""
        for name, quads in grouped.items():
            stats = self.graphs[name] = Stats()
            stats.count(quads)
            self.whole.add(stats)
        self.things = sum(map(is_thing, self.whole.subjects))
        self._partitions.change(_partitioned(grouped), (), around=lambda _: ())

    def _count_whole(self, quads: list[Quad], times: int) -> None:
        things = {quad.subject for quad in quads if is_thing(quad.subject)}
        before = sum(thing in self.whole.subjects for thing in things)
        self.whole.count(quads, times=times)
        self.things += sum(thing in self.whole.subjects for thing in things) - before


def is_thing(node: object) -> bool:
    """Tell whether a node is a thing or situation of ours."""
    return isinstance(node, NamedNode) and node.value.startswith(ID)


def _by_graph(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    grouped: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            grouped[quad.graph_name.value].append(quad)
    return grouped


def _partitioned(grouped: dict[str, list[Quad]]) -> list[Quad]:
    return [quad for quads in grouped.values() for quad in quads if _is_partitioned(quad)]


def _is_partitioned(quad: Quad) -> bool:
    name = quad.graph_name
    return isinstance(name, NamedNode) and name.value not in UNPARTITIONED


def _count(counter: Counter[Any], terms: list[Any], times: int) -> None:
    if times > 0:
        counter.update(terms)
        return
    for term in terms:
        counter[term] -= 1
        if not counter[term]:
            del counter[term]
