"""Retraction: triples taken out of a saturation, with all that followed from them alone.

Delete and rederive: whatever a triple that goes had a part in is taken out too, step by step; then
what still follows in one step from what is left comes back, and draws its own conclusions again.
The result is the saturation of what is left. Triples that decide which rules wait (the schema) are
not taken out here: the caller saturates anew. https://doi.org/10.1145/170036.170066
"""

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import NamedNode

from entente.core.terms import RDF
from entente.logic.fast_engine import Saturation, Waiting
from entente.logic.fast_index import Atom, Binding, ordered
from entente.logic.fast_term import Numbers, TermTable

_ANY = -1


class SchemaRetracted(Exception):
    """A triple goes that rules wait by: nothing has changed, saturate anew."""


class Retraction:
    """Takes triples out of one saturation.

    Args:
        saturation: without clashes.
        table: the terms behind the numbers.
    """

    def __init__(self, saturation: Saturation, table: TermTable) -> None:
        self._saturation = saturation
        self._type = table[NamedNode(RDF + "type")]
        self._concluding: dict[tuple[int, int], list[tuple[Atom, Waiting]]] = {}
        self._sorted_in = 0

    def retract(
        self, triples: Iterable[Numbers], is_stated: Callable[[Numbers], bool]
    ) -> set[Numbers]:
        """Take triples out, and give those that are held no more.

        Args:
            triples: stated until now.
            is_stated: tells what is stated still, whatever follows from whatever.

        Raises:
            SchemaRetracted: see there.
        """
        saturation = self._saturation
        gone: dict[Numbers, None] = {}
        wanted = [triple for triple in triples if triple in saturation.index]
        while wanted:
            triple = wanted.pop()
            if triple in gone or is_stated(triple):
                continue
            if self._is_schema(triple):
                raise SchemaRetracted
            if triple in saturation.given:  # by the schema alone, which stays
                continue
            gone[triple] = None
            wanted += (each for each in saturation.consequences(triple) if each in saturation.index)
        for triple in gone:
            saturation.index.remove(*triple)
        saturation.add([triple for triple in gone if self._follows(triple)])
        saturation.run()
        return {triple for triple in gone if triple not in saturation.index}

    def _is_schema(self, triple: Numbers) -> bool:
        return any(
            all(term < 0 or term == value for term, value in zip(atom, triple, strict=True))
            for atom in self._saturation.schema
        )

    def _follows(self, triple: Numbers) -> bool:
        """Tell whether a triple follows in one step from what is held."""
        found: list[None] = []
        for head, waiting in self._who_concludes(triple):
            width = -min(0, *(term for atom in (head, *waiting.body) for term in atom))
            binding: Binding = [None] * width
            if _unify(head, triple, binding):
                bound = [term for term in head if term < 0]
                plan = ordered(waiting.body, bound)
                self._saturation.index.join(plan, binding, lambda: found.append(None))
            if found:
                return True
        return False

    def _who_concludes(self, triple: Numbers) -> Iterator[tuple[Atom, Waiting]]:
        waiting = self._saturation.waiting
        for each in waiting[self._sorted_in :]:
            for head in each.head:
                self._concluding.setdefault(self._key(head), []).append((head, each))
        self._sorted_in = len(waiting)
        predicate, kind = triple[1], triple[2]
        if predicate == self._type:
            yield from self._concluding.get((predicate, kind), ())
        yield from self._concluding.get((predicate, _ANY), ())
        yield from self._concluding.get((_ANY, _ANY), ())

    def _key(self, head: Atom) -> tuple[int, int]:
        _, predicate, object_ = head
        if predicate < 0:
            return _ANY, _ANY
        return predicate, (object_ if predicate == self._type and object_ >= 0 else _ANY)


def _unify(atom: Atom, triple: Numbers, binding: Binding) -> bool:
    for term, value in zip(atom, triple, strict=True):
        if term >= 0:
            if term != value:
                return False
        elif binding[term] is None:
            binding[term] = value
        elif binding[term] != value:
            return False
    return True
