"""The index: the triples of one closure by predicate, both ways, and joins over them.

Owns numbered triples and the matching of atoms. A term of an atom that is not negative is a
number; -1, -2 … are the places of variables in a binding, counted from its end. eq-ref is built
in: everything is the same as itself, without a triple that says so. Must not know rules.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from entente.logic.fast_rule import FIRST, LATER_MEMBERS, LIST_PATHS, MEMBERS, TAILS
from entente.logic.fast_term import Numbers, TermTable

Atom = tuple[int, int, int]
Binding = list[int | None]
Pairs = dict[int, set[int]]

_NONE: dict[int, set[int]] = {}


class Index:
    """Numbered triples, found by predicate and subject or predicate and object.

    Args:
        same_as: the number of `owl:sameAs`.
    """

    def __init__(self, same_as: int) -> None:
        self.objects: dict[int, Pairs] = {}
        self.subjects: dict[int, Pairs] = {}
        self._same_as = same_as
        self._paths: frozenset[int] = frozenset()

    def add(self, subject: int, predicate: int, object_: int) -> bool:
        """Add a triple; say whether it is new."""
        objects = self.objects.get(predicate)
        if objects is None:
            objects = self.objects[predicate] = {}
            self.subjects[predicate] = {}
        known = objects.get(subject)
        if known is None:
            objects[subject] = {object_}
        elif object_ in known:
            return False
        else:
            known.add(object_)
        subjects = self.subjects[predicate]
        other = subjects.get(object_)
        if other is None:
            subjects[object_] = {subject}
        else:
            other.add(subject)
        return True

    def remove(self, subject: int, predicate: int, object_: int) -> None:
        """Take a triple out that is there."""
        for pairs, one, other in (
            (self.objects[predicate], subject, object_),
            (self.subjects[predicate], object_, subject),
        ):
            pairs[one].remove(other)
            if not pairs[one]:
                del pairs[one]

    def __contains__(self, triple: Numbers) -> bool:
        subject, predicate, object_ = triple
        return object_ in self.objects.get(predicate, _NONE).get(subject, ())

    def add_lists(self, lists: Mapping[int, tuple[int, int]], table: TermTable) -> None:
        """Make the list paths of rules walkable.

        Args:
            lists: first and rest by cell.
            table: gives the paths their numbers.
        """
        self._paths = frozenset(table.path(text) for text in LIST_PATHS)
        for cell, (first, rest) in lists.items():
            self.add(cell, table.path(FIRST), first)
            self.add(cell, table.path(MEMBERS), first)
            self.add(cell, table.path(TAILS), cell)
            while rest in lists:
                self.add(cell, table.path(TAILS), rest)
                self.add(cell, table.path(MEMBERS), lists[rest][0])
                self.add(cell, table.path(LATER_MEMBERS), lists[rest][0])
                rest = lists[rest][1]

    def triples(self) -> Iterator[Numbers]:
        """Give every triple, those of the list paths too."""
        for predicate, pairs in self.objects.items():
            for subject, objects in pairs.items():
                for object_ in objects:
                    yield subject, predicate, object_

    def join(self, atoms: tuple[Atom, ...], binding: Binding, found: Callable[[], None]) -> None:
        """Call `found` for every way to fill `binding` so that all atoms hold.

        The index must not change meanwhile, and `found` must copy what it keeps of the binding.
        """
        if not atoms:
            found()
            return
        subject, predicate, object_ = atoms[0]
        rest = atoms[1:]
        p = predicate if predicate >= 0 else binding[predicate]
        s = subject if subject >= 0 else binding[subject]
        o = object_ if object_ >= 0 else binding[object_]
        if p is None:
            for each in self.objects:
                if each not in self._paths:
                    binding[predicate] = each
                    self.join(((subject, each, object_), *rest), binding, found)
            binding[predicate] = None
        elif s is not None and o is not None:
            if (p == self._same_as and s == o) or o in self.objects.get(p, _NONE).get(s, ()):
                self.join(rest, binding, found)
        elif s is not None:
            for each in self.objects.get(p, _NONE).get(s, ()):
                binding[object_] = each
                self.join(rest, binding, found)
            binding[object_] = None
        elif o is not None:
            for each in self.subjects.get(p, _NONE).get(o, ()):
                binding[subject] = each
                self.join(rest, binding, found)
            binding[subject] = None
        else:
            self._join_pairs((subject, p, object_), rest, binding, found)

    def _join_pairs(
        self, atom: Atom, rest: tuple[Atom, ...], binding: Binding, found: Callable[[], None]
    ) -> None:
        subject, predicate, object_ = atom
        for s, objects in self.objects.get(predicate, _NONE).items():
            binding[subject] = s
            if subject == object_:
                if s in objects:
                    self.join(rest, binding, found)
                continue
            for o in objects:
                binding[object_] = o
                self.join(rest, binding, found)
            binding[object_] = None
        binding[subject] = None


def ordered(atoms: Iterable[Atom], bound: Iterable[int]) -> tuple[Atom, ...]:
    """Order atoms so that each is joined when most of its terms are known.

    Args:
        atoms: the atoms to join.
        bound: the variables (negative) whose values are known before.
    """
    left, known, plan = list(atoms), set(bound), []
    while left:
        best = max(left, key=lambda atom: sum(term >= 0 or term in known for term in atom))
        left.remove(best)
        known.update(term for term in best if term < 0)
        plan.append(best)
    return tuple(plan)
