"""Proof patterns: rules seen from their conclusion.

Owns the turning of rules, and of the three rules over lists, into patterns that can be matched with
a triple to ask what it would follow from. Must not search: see `entente.logic.proof`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from entente.core.terms import RDF
from entente.logic.closure import Recorded
from entente.logic.fast_index import Atom, Binding
from entente.logic.fast_list import LIST_RULES, members_of
from entente.logic.fast_rule import (
    LATER_MEMBERS,
    LIST_PATHS,
    TAILS,
    ListPath,
    Pattern,
    Rule,
    Variable,
)
from entente.logic.fast_term import FIRST_PATH, Numbers, TermTable

LIST_WORDS: Final = {
    "cls-int1": "a member of every part is a member of the intersection.",
    "prp-key": "two members of a class with a common value of every key are the same.",
    "prp-spo2": "what a chain of properties joins is joined by the property too.",
}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion of one rule: where all of `body` holds, `head` holds.

    `given` are triples on which the pattern itself rests: the axiom that owns a list, and the
    list. `names` are those of the variables, by their place in a binding.
    """

    rule: str
    words: str
    head: Atom
    body: tuple[Atom, ...]
    names: tuple[str, ...]
    given: tuple[Numbers, ...] = ()

    def match(self, target: Numbers) -> Binding | None:
        """Bind the head's variables so that it becomes the target; `None` where it cannot."""
        binding: Binding = [None] * len(self.names)
        for term, value in zip(self.head, target, strict=True):
            if term >= 0:
                if term != value:
                    return None
            elif binding[term] is None:
                binding[term] = value
            elif binding[term] != value:
                return None
        return binding


def conclusions_of(recorded: Recorded) -> Iterator[Conclusion]:
    """Give every conclusion that a closure's rules and lists can draw."""
    for rule in recorded.rules:
        yield from _of_rule(rule, recorded.table)
    for name, (predicate, unroll) in LIST_RULES.items():
        axiom = recorded.table[predicate]
        for subject, cells in recorded.index.objects.get(axiom, {}).items():
            for cell in sorted(cells):
                members = members_of(recorded.lists, cell)
                if members:
                    body, head = unroll(subject, members, recorded.table)
                    width = -min(term for atom in (*body, head) for term in atom)
                    names = tuple(f"x{place}" for place in range(width, 0, -1))
                    given = ((subject, axiom, cell), *_whole_list(recorded, cell))
                    yield Conclusion(name, LIST_WORDS[name], head, body, names, given)


def list_triples(recorded: Recorded, atom: Numbers) -> tuple[Numbers, ...]:
    """Give the triples of a list that one step along a list path takes."""
    cell, path, end = atom
    text = LIST_PATHS[path - FIRST_PATH]
    first, rest = recorded.table.iri(RDF + "first"), recorded.table.iri(RDF + "rest")
    taken: list[Numbers] = []
    later = text == LATER_MEMBERS
    while cell in recorded.lists and not (text == TAILS and cell == end):
        member, following = recorded.lists[cell]
        if text != TAILS and not later and member == end:
            return (*taken, (cell, first, member))
        taken.append((cell, rest, following))
        cell, later = following, False
    return tuple(taken)


def _whole_list(recorded: Recorded, cell: int) -> Iterator[Numbers]:
    first, rest = recorded.table.iri(RDF + "first"), recorded.table.iri(RDF + "rest")
    while cell in recorded.lists:
        member, following = recorded.lists[cell]
        yield cell, first, member
        yield cell, rest, following
        cell = following


def _of_rule(rule: Rule, table: TermTable) -> Iterator[Conclusion]:
    nodes = (node for pattern in (*rule.body, *rule.head) for node in pattern)
    names = sorted({node.name for node in nodes if isinstance(node, Variable)})
    places = {name: place - len(names) for place, name in enumerate(names)}
    body = tuple(_atom(pattern, places, table) for pattern in rule.body)
    for pattern in rule.head:
        head = _atom(pattern, places, table)
        yield Conclusion(rule.name, rule.words, head, body, tuple(names))


def _atom(pattern: Pattern, places: dict[str, int], table: TermTable) -> Atom:
    numbers = []
    for node in pattern:
        if isinstance(node, Variable):
            numbers.append(places[node.name])
        elif isinstance(node, ListPath):
            numbers.append(table.path(node.text))
        else:
            numbers.append(table[node])
    return (numbers[0], numbers[1], numbers[2])
