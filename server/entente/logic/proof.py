"""Proofs: why a triple of the closure holds, step by step, down to what is asserted.

Owns the search for a shortest proof in a finished closure, and, for a triple that does not hold,
for the one premise that lacks. Every triple's depth is known from its generation, so a step is
right when its premises lie less deep, and no proof goes in circles. Needs the fast engine. Must not
know graphs or claims: see `entente.logic.explanation`.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from entente.core.terms import OWL, RDF, RDFS
from entente.logic.closure import Recorded
from entente.logic.fast_index import Atom, Binding, ordered
from entente.logic.fast_rule import Term, Variable
from entente.logic.fast_term import FIRST_PATH, Numbers
from entente.logic.proof_pattern import Conclusion, conclusions_of, list_triples

Statement = tuple[Term, Term, Term]
Open = tuple[Term | Variable, Term | Variable, Term | Variable]

_WITHIN: Final = NamedNode(RDFS + "subClassOf")
MOST_GAPS: Final = 10
MOST_WAYS: Final = 50
"""How many ways to fulfil a rule's other premises are looked at, for each premise left out."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a statement holds.

    Attributes:
        statement: a literal may be the subject in a step about values.
        rule: name of the rule that draws it; `None` where it is asserted.
        words: the rule in plain words.
        premises: the proofs of what the rule draws it from; none for what holds of itself.
    """

    statement: Statement
    rule: str | None = None
    words: str = ""
    premises: tuple["Proof", ...] = ()

    def steps(self) -> Iterator["Proof"]:
        """Give this proof and those of all premises."""
        yield self
        for premise in self.premises:
            yield from premise.steps()

    @property
    def depth(self) -> int:
        """How many rules follow one another; 0 for what is asserted."""
        if self.rule is None or not self.premises:
            return 0
        return 1 + max(premise.depth for premise in self.premises)


@dataclass(frozen=True, slots=True)
class Gap:
    """One premise that lacks: with it, the rule would draw the conclusion."""

    rule: str
    words: str
    missing: Open
    present: tuple[Statement, ...]


class _Enough(Exception):
    """Ends a join whose further results nobody needs."""


class Prover:
    """Finds proofs in one closure."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._table, self._index = recorded.table, recorded.index
        self._same_as = recorded.table.iri(OWL + "sameAs")
        self._conclusions: dict[int, list[Conclusion]] = defaultdict(list)
        for conclusion in conclusions_of(recorded):
            self._conclusions[max(conclusion.head[1], -1)].append(conclusion)
        self._proofs: dict[Numbers, Proof] = {}

    def holds(self, statement: Statement) -> bool:
        """Say whether a statement is in the closure."""
        target = self._numbers(statement)
        return target is not None and target in self._recorded.depths

    def values(self, subject: Term, predicate: Term) -> tuple[Term, ...]:
        """Give the values of a property of a thing, in the order of their text."""
        if subject not in self._table or predicate not in self._table:
            return ()
        held = self._index.objects.get(self._table[predicate], {}).get(self._table[subject], ())
        return tuple(sorted((self._table.terms[value] for value in held), key=str))

    def barred(self, statement: Statement) -> tuple[Statement, ...]:
        """Give the two classes, and that they are disjoint, for which a thing cannot have a type.

        Returns:
            Nothing where the statement is no type, or nothing speaks against it.
        """
        subject, predicate, class_ = statement
        if predicate != NamedNode(RDF + "type"):
            return ()
        wider = {class_, *self.values(class_, NamedNode(RDFS + "subClassOf"))}
        disjoint = NamedNode(OWL + "disjointWith")
        for own in self.values(subject, predicate):
            for one, other in ((own, each) for each in sorted(wider, key=str)):
                for pair in ((one, disjoint, other), (other, disjoint, one)):
                    if self.holds(pair):
                        return ((subject, predicate, own), (class_, _WITHIN, other), pair)
        return ()

    def names(self, term: Term) -> bool:
        """Say whether a term occurs anywhere in the closure."""
        return term in self._table

    def prove(self, statement: Statement) -> Proof | None:
        """Give one shortest proof of a statement; always the same one.

        Returns:
            `None` where the statement is not in the closure.
        """
        target = self._numbers(statement)
        if target is None or target not in self._recorded.depths:
            return None
        return self._prove(target)

    def gaps(self, statement: Statement) -> tuple[Gap, ...]:
        """Name single premises that would make a statement hold, the most telling first.

        One without open places tells more than one with them, one about the same subject more than
        one about another. That the ontology might be another explains nothing of data, and no
        premise makes a thing what it cannot be. Nothing is said where a term occurs nowhere in the
        closure.
        """
        target = self._numbers(statement)
        if target is None or target in self._recorded.depths or self.barred(statement):
            return ()
        of_schema = self._is_schema(target[1])
        ranked: dict[tuple[object, ...], Gap] = {}
        for conclusion in self._drawing(target):
            for place, atom in enumerate(conclusion.body):
                if conclusion.rule.startswith("eq-") or atom[1] == self._same_as:
                    continue  # that things might be the same explains nothing
                for missing, present in self._ways(conclusion, target, place):
                    if self._is_schema(missing[1]) and not of_schema:
                        continue
                    gap = Gap(conclusion.rule, conclusion.words, self._open(missing), present)
                    key = (*self._rank(missing, target), conclusion.rule, str(gap.missing))
                    ranked.setdefault(key, gap)
        return tuple(ranked[key] for key in sorted(ranked, key=str)[:MOST_GAPS])

    def _prove(self, target: Numbers) -> Proof:
        known = self._proofs.get(target)
        if known is None:
            known = self._proofs[target] = self._find(target)
        return known

    def _find(self, target: Numbers) -> Proof:
        statement = self._statement(target)
        if target in self._recorded.asserted:
            return Proof(statement)
        best: tuple[tuple[object, ...], Conclusion, tuple[Numbers, ...]] | None = None
        for conclusion in self._drawing(target):
            for premises in self._derivations(conclusion, target):
                depths = [self._recorded.depths.get(premise, 0) for premise in premises]
                key = (sum(depths), len(premises), conclusion.rule, premises)
                if best is None or key < best[0]:
                    best = key, conclusion, premises
        if best is not None:
            _, conclusion, premises = best
            proofs = tuple(self._prove(premise) for premise in premises)
            return Proof(statement, conclusion.rule, conclusion.words, proofs)
        if isinstance(statement[0], Literal):
            return Proof(statement, "dt-type2", "a value is a member of its datatype.")
        if target[0] == target[2] and target[1] == self._same_as:
            return Proof(statement, "eq-ref", "everything is the same as itself.")
        raise LookupError(f"no rule draws {statement}")

    def _drawing(self, target: Numbers) -> Iterator[Conclusion]:
        yield from self._conclusions.get(target[1], ())
        yield from self._conclusions.get(-1, ())

    def _derivations(self, conclusion: Conclusion, target: Numbers) -> list[tuple[Numbers, ...]]:
        """Give the premises of every way to draw the target from what lies less deep."""
        binding = conclusion.match(target)
        if binding is None:
            return []
        bound, depths = binding, self._recorded.depths
        depth = depths.get(target, 0)
        found: list[tuple[Numbers, ...]] = []

        def keep() -> None:
            atoms = [_filled(atom, bound) for atom in conclusion.body]
            if all(depths.get(atom, 0) < depth for atom in atoms):
                found.append(self._premises(conclusion, atoms))

        if depth or not conclusion.body:
            plan = ordered(conclusion.body, _places(binding))
            self._index.join(plan, bound, keep)
        return found

    def _premises(self, conclusion: Conclusion, atoms: list[Numbers]) -> tuple[Numbers, ...]:
        """Give real triples for atoms: those of a list for a step along it."""
        real: dict[Numbers, None] = dict.fromkeys(conclusion.given)
        for atom in atoms:
            on_list = atom[1] >= FIRST_PATH
            real.update(dict.fromkeys(list_triples(self._recorded, atom) if on_list else (atom,)))
        return tuple(real)

    def _ways(
        self, conclusion: Conclusion, target: Numbers, place: int
    ) -> list[tuple[Atom, tuple[Statement, ...]]]:
        """Give what an atom would have to be, for the ways in which all other atoms hold."""
        binding = conclusion.match(target)
        atom = conclusion.body[place]
        if binding is None or atom[1] >= FIRST_PATH:
            return []
        bound, nothing = binding, self._table.iri(OWL + "Nothing")
        others = conclusion.body[:place] + conclusion.body[place + 1 :]
        found: list[tuple[Atom, tuple[Statement, ...]]] = []

        def keep() -> None:
            missing = _known(atom, bound)
            atoms = [_filled(other, bound) for other in others]
            known = missing in self._recorded.depths or missing == target
            if not known and nothing not in missing:
                present = self._premises(conclusion, atoms)
                found.append((missing, tuple(map(self._statement, present))))
            if len(found) >= MOST_WAYS:
                raise _Enough

        with suppress(_Enough):
            self._index.join(ordered(others, _places(binding)), bound, keep)
        return found

    def _rank(self, missing: Atom, target: Numbers) -> tuple[int, int, int]:
        is_type = missing[1] == self._table.iri(RDF + "type")
        return sum(term < 0 for term in missing), is_type, missing[0] != target[0]

    def _is_schema(self, predicate: int) -> bool:
        term = self._table.terms[predicate] if predicate >= 0 else None
        return isinstance(term, NamedNode) and term.value.startswith((RDFS, OWL))

    def _open(self, atom: Atom) -> Open:
        s, p, o = (self._table.terms[n] if n >= 0 else Variable(f"x{-n}") for n in atom)
        return s, p, o

    def _statement(self, numbers: Numbers) -> Statement:
        s, p, o = (self._table.terms[number] for number in numbers)
        return s, p, o

    def _numbers(self, statement: Statement) -> Numbers | None:
        if any(term not in self._table for term in statement):
            return None
        s, p, o = (self._table[term] for term in statement)
        return s, p, o


def _places(binding: Binding) -> list[int]:
    """Give the places of a binding that are filled."""
    width = len(binding)
    return [place - width for place, value in enumerate(binding) if value is not None]


def _known(atom: Atom, binding: Binding) -> Atom:
    s, p, o = (term if term >= 0 or (value := binding[term]) is None else value for term in atom)
    return (s, p, o)


def _filled(atom: Atom, binding: Binding) -> Numbers:
    s, p, o = _known(atom, binding)
    if s < 0 or p < 0 or o < 0:
        raise LookupError("a rule has a variable that no pattern binds")
    return (s, p, o)
