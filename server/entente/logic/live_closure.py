"""The closure of premises that change: what comes is reasoned from, what goes is taken back.

Gives what `materialise` would give for the premises as they are. Whatever is not surely the same by
small steps (axioms that go, lists, contradictions, constructs that only the reference engine knows)
is drawn anew as a whole.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import OWL, RDF
from entente.logic.closure import Drawn, draw, unsafe_list
from entente.logic.closure_clash import Inconsistency
from entente.logic.closure_facts import facts
from entente.logic.closure_literals import are_different, is_well_formed, is_within, types_of
from entente.logic.fast_coverage import find_uncovered
from entente.logic.fast_engine import Saturation
from entente.logic.fast_list import LIST_HOLDERS
from entente.logic.fast_retraction import Retraction, SchemaRetracted
from entente.logic.fast_term import Numbers
from entente.logic.live_facts import Change

_TYPE: Final = NamedNode(RDF + "type")
_SAME_AS: Final = NamedNode(OWL + "sameAs")
_OF_LISTS: Final = LIST_HOLDERS | {NamedNode(RDF + "first"), NamedNode(RDF + "rest")}


class LiveClosure:
    """What follows from premises, in small steps where that is sure.

    Args:
        premises: each once.
        rules: the folder of rules; by default that of the project.

    Raises:
        MalformedList: an axiom's list is circular or broken.

    Attributes:
        inferred: facts that follow and are no premises.
        inconsistencies: as `materialise` gives them.
    """

    def __init__(self, premises: set[Triple], *, rules: Path | None = None) -> None:
        self._rules = rules
        self._premises = set(premises)
        self.inferred: set[Triple] = set()
        self._draw()

    def change(self, premises: Change) -> Change:
        """Follow premises that came and went, and give what it changes in `inferred`.

        Raises:
            MalformedList: as at the start; this closure is of no use any more.
        """
        self._premises.difference_update(premises.went)
        self._premises.update(premises.came)
        changed = None
        steps = self._steps
        if steps is not None and not _needs_the_whole(premises):
            changed = steps.change(premises)
        if changed is None or (steps is not None and unsafe_list(steps.drawn)):
            before = self.inferred
            self._draw()
            return Change(tuple(self.inferred - before), tuple(before - self.inferred))
        candidates = {*premises.triples(), *changed}
        now = set(steps.inferred_of(candidates)) if steps is not None else set()
        came = now - self.inferred
        went = (candidates - now) & self.inferred
        self.inferred -= went
        self.inferred |= came
        return Change(tuple(came), tuple(went))

    def _draw(self) -> None:
        engine, _, drawn = draw(self._premises, "auto", self._rules)
        self.inferred = set(drawn.inferred())
        self.inconsistencies: tuple[Inconsistency, ...] = drawn.inconsistencies
        self._steps: _Steps | None = None
        if engine == "fast" and drawn.saturation is not None and not drawn.inconsistencies:
            self._steps = _Steps(drawn, drawn.saturation)


def _needs_the_whole(premises: Change) -> bool:
    return find_uncovered(premises.came) is not None or any(
        triple.predicate in _OF_LISTS for triple in premises.triples()
    )


class _Steps:
    """A closure without contradictions, as the fast engine has drawn it."""

    def __init__(self, drawn: Drawn, saturation: Saturation) -> None:
        self.drawn = drawn
        self._saturation = saturation
        self._table = drawn.table
        self._index = saturation.index
        self._stated = set(drawn.asserted)
        self._retraction = Retraction(saturation, drawn.table)
        self._type = drawn.table[_TYPE]
        self._same_as = drawn.table[_SAME_AS]
        self._most = 2 * len(drawn.table) + 10_000

    def change(self, premises: Change) -> list[Triple] | None:
        """Give the triples that the closure gained or lost, literals as subjects aside.

        Returns:
            `None` where it has to be drawn anew; then these steps are of no use any more.
        """
        went = [self._numbers(triple) for triple in premises.went]
        self._stated.difference_update(went)
        try:
            lost = self._retraction.retract(went, self._is_stated)
        except SchemaRetracted:
            return None
        came = [self._numbers(triple) for triple in premises.came]
        self._stated.update(came)
        gained = self._saturation.depths = {}
        self._saturation.add(came)
        self._saturation.add(self._types_of_literals(came))
        self._saturation.run()
        self._saturation.depths = None
        if self._saturation.clashes or self._clashes_among(gained):
            return None
        if len(self._table) > self._most:  # terms that nobody names any more
            return None
        return list(self._triples((*lost, *gained)))

    def inferred_of(self, candidates: set[Triple]) -> Iterator[Triple]:
        """Give those of some triples that follow and are no premises."""
        numbers = {self._numbers(triple): triple for triple in candidates}
        held = [each for each in numbers if each in self._index and each not in self._stated]
        return (numbers[each] for each in facts(held, self._table))

    def _is_stated(self, numbers: Numbers) -> bool:
        """Tell whether a triple is a premise, or the type that a literal has by itself."""
        subject, predicate, object_ = numbers
        if numbers in self._stated:
            return True
        literal = self._table.terms[subject]
        return (
            predicate == self._type
            and isinstance(literal, Literal)
            and self._table.terms[object_] in types_of(literal)
        )

    def _types_of_literals(self, came: list[Numbers]) -> list[Numbers]:
        literals = {o for _, _, o in came if self._table.is_literal(o)}
        return [
            (number, self._type, self._table.take(datatype))
            for number in literals
            for datatype in types_of(self._literal(number))
        ]

    def _clashes_among(self, gained: dict[Numbers, int]) -> bool:
        """Tell whether what is new may break a rule about values (see `literal_clashes`)."""
        table = self._table
        for subject, predicate, object_ in gained:
            if table.is_literal(object_):
                value = self._literal(object_)
                twins = predicate == self._same_as and table.is_literal(subject)
                if is_well_formed(value) is False:
                    return True
                if twins and are_different(self._literal(subject), value):
                    return True
            elif predicate == self._type and table.is_literal(subject):
                type_ = table.terms[object_]
                named = isinstance(type_, NamedNode)
                if named and is_within(self._literal(subject), type_) is False:  # type: ignore[arg-type]  # named
                    return True
        return False

    def _literal(self, number: int) -> Literal:
        term = self._table.terms[number]
        if not isinstance(term, Literal):
            raise TypeError(f"no literal: {term}")
        return term

    def _numbers(self, triple: Triple) -> Numbers:
        take = self._table.take
        return take(triple.subject), take(triple.predicate), take(triple.object)

    def _triples(self, numbered: tuple[Numbers, ...]) -> Iterator[Triple]:
        terms = self._table.terms
        for s, p, o in numbered:
            subject, predicate, object_ = terms[s], terms[p], terms[o]
            if isinstance(predicate, NamedNode) and not isinstance(subject, Literal):
                yield Triple(subject, predicate, object_)
