"""An index of triples by subject and predicate, for rules that are written in Python.

Keeps terms exactly as they were parsed (unlike the store) and objects in the order they came.
Knows nothing of graphs: who needs one makes an index of that graph's quads alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from entente.core.terms import RDF

Term = NamedNode | BlankNode | Literal
Node = NamedNode | BlankNode

TYPE: Final = NamedNode(RDF + "type")


class Facts:
    """The triples of some quads."""

    def __init__(self, quads: Iterable[Quad | Triple]) -> None:
        self._objects: dict[Node, dict[NamedNode, list[Term]]] = defaultdict(dict)
        self._typed: dict[Term, dict[Node, None]] = defaultdict(dict)
        self._reverse: dict[tuple[NamedNode, Term], list[Node]] | None = None
        for quad in quads:
            subject, predicate, object_ = quad.subject, quad.predicate, quad.object
            if isinstance(subject, Triple) or isinstance(object_, Triple):
                continue
            self._objects[subject].setdefault(predicate, []).append(object_)
            if predicate == TYPE:
                self._typed[object_][subject] = None

    def __contains__(self, subject: object) -> bool:
        return subject in self._objects

    def subjects(self) -> Iterator[Node]:
        """Give every subject once, in the order of first appearance."""
        return iter(self._objects)

    def subjects_with(self, predicate: NamedNode, object_: Term) -> list[Node]:
        """Give the subjects that have an object of a predicate, each once."""
        if self._reverse is None:
            self._reverse = defaultdict(list)
            for subject, held in self._objects.items():
                for known, objects in held.items():
                    for one in dict.fromkeys(objects):
                        self._reverse[known, one].append(subject)
        return self._reverse.get((predicate, object_), [])

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Give subject and object of every triple of a predicate."""
        for subject, held in self._objects.items():
            for object_ in held.get(predicate, ()):
                yield subject, object_

    def instances(self, *classes: NamedNode) -> Iterator[Node]:
        """Give the subjects that are directly typed as one of the classes."""
        seen: dict[Node, None] = {}
        for class_ in classes:
            seen.update(self._typed.get(class_, {}))
        return iter(seen)

    def predicates(self, subject: Node) -> Iterator[NamedNode]:
        """Give the predicates that the subject has."""
        return iter(self._objects.get(subject, {}))

    def objects(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """Give the objects of a subject's predicate, none where there are none."""
        return self._objects.get(subject, {}).get(predicate, [])

    def object(self, subject: Node, predicate: NamedNode) -> Term | None:
        """Give the first object of a subject's predicate."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def node(self, subject: Node, predicate: NamedNode) -> NamedNode | None:
        """Give the first object that is an IRI."""
        return next((o for o in self.objects(subject, predicate) if isinstance(o, NamedNode)), None)

    def text(self, subject: Node, predicate: NamedNode) -> str | None:
        """Give the lexical form of the first object that is a literal."""
        return next(
            (o.value for o in self.objects(subject, predicate) if isinstance(o, Literal)), None
        )
