"""The engine: rules applied to triples, semi-naively, until nothing new follows.

A rule's schema part (patterns with a fixed predicate, such as `?p rdfs:domain ?c`) is matched
first; what is left for the data (`?x ?p ?y`) then waits under its property or class, so that a
triple meets only the rules that its own vocabulary has. Every new triple is tried once against
what waits for it and joined with all that is known. What follows is taken in generation by
generation, so the number of a triple's generation is the depth of its shortest proof. Which rules
there are is not decided here. What is left for the data is also kept as it is, head and body, so
that conclusions can be taken back (`fast_retraction`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from entente.core.terms import OWL, RDF
from entente.logic.fast_binding import Conclude, bind, fill, once, value_of
from entente.logic.fast_index import Atom, Binding, Index, ordered
from entente.logic.fast_list import LIST_RULES, NumberedLists, Unroll, members_of
from entente.logic.fast_rule import ListPath, Pattern, Rule, Variable
from entente.logic.fast_term import FIRST_PATH, Numbers, TermTable


@dataclass(frozen=True, slots=True)
class Clash:
    """An inconsistency in numbers: the rule, the values it selected, the triples it stands on."""

    rule: Rule
    selected: tuple[int, ...]
    premises: frozenset[Numbers]


@dataclass(slots=True)
class _Trigger:
    """What a new triple may complete: the atom it fits, the atoms to be joined then, the end."""

    atom: Atom
    plan: tuple[Atom, ...]
    binding: Binding
    conclude: Conclude


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a rule leaves for the data: where the atoms of `body` hold, those of `head` do."""

    body: tuple[Atom, ...]
    head: tuple[Atom, ...]


@dataclass(slots=True)
class _Watch:
    """What waits, each under one fixed term of its atom."""

    predicate: dict[int, list[_Trigger]] = field(default_factory=dict)
    kind: dict[int, list[_Trigger]] = field(default_factory=dict)
    subject: dict[int, list[_Trigger]] = field(default_factory=dict)
    object: dict[int, list[_Trigger]] = field(default_factory=dict)


class Saturation:
    """The closure of triples under rules.

    Args:
        table: numbers for every term of triples and rules.
        rules: the rules to apply.
        lists: first and rest by cell, of every list that an OWL axiom names.
        list_rules: apply prp-spo2, cls-int1 and prp-key too.
        depths: takes the generation of every triple, where somebody wants to know.

    Attributes:
        waiting: what rules leave for the data.
        given: conclusions that need no data.
        schema: atoms whose triples decide what waits.
    """

    def __init__(
        self,
        table: TermTable,
        rules: Iterable[Rule],
        *,
        lists: NumberedLists,
        list_rules: bool,
        depths: dict[Numbers, int] | None = None,
    ) -> None:
        self._table = table
        self.depths = depths
        self._generation = 0
        self._lists = lists
        self._type = table.iri(RDF + "type")
        self._same_as = table.iri(OWL + "sameAs")
        self._watch = _Watch()
        self._copies: dict[int, list[Atom]] = {}
        self._copies_of_kind: dict[int, list[Atom]] = {}
        self._agenda: list[Numbers] = []
        self._pending: list[Numbers] = []
        self.waiting: list[Waiting] = []
        self.given: set[Numbers] = set()
        self.schema: set[Atom] = set()
        self._clashes: dict[tuple[str, frozenset[Numbers]], Clash] = {}
        self.index = Index(self._same_as)
        self.index.add_lists(lists, table)
        for rule in rules:
            self._take_rule(rule)
        for predicate, unroll in LIST_RULES.values() if list_rules else ():
            self._take_list_rule(predicate, unroll)

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The inconsistencies found, each set of premises once."""
        return tuple(self._clashes.values())

    def add(self, triples: Iterable[Numbers]) -> None:
        """Take triples in; `run` draws the conclusions."""
        for subject, predicate, object_ in triples:
            if predicate == self._same_as and subject == object_:
                continue  # eq-ref, which the index has built in
            if self._table.is_literal(predicate):
                continue
            if self.index.add(subject, predicate, object_):
                self._agenda.append((subject, predicate, object_))
                if self.depths is not None:
                    self.depths[subject, predicate, object_] = self._generation

    def run(self) -> None:
        """Draw every conclusion."""
        self._flush()
        while self._agenda:
            generation, self._agenda = self._agenda, []
            self._generation += 1
            for triple in generation:
                self._meet(triple)
            self._flush()

    def consequences(self, triple: Numbers) -> list[Numbers]:
        """Give what follows in one step from a triple that is held, together with the others."""
        self._meet(triple)
        found = self._pending.copy()
        self._pending.clear()
        return found

    def _meet(self, triple: Numbers) -> None:
        """Draw what follows from a triple together with all that is known."""
        watch, pending = self._watch, self._pending
        s, p, o = triple
        if p in self._copies:
            pending.extend(_copied(self._copies[p], s, o))
        watched = [*watch.predicate.get(p, ()), *watch.subject.get(s, ())]
        if p == self._type:
            pending.extend(_copied(self._copies_of_kind.get(o, ()), s, o))
            watched += watch.kind.get(o, ())
        watched += watch.object.get(o, ())
        for trigger in watched:
            self._fire(trigger, triple)

    def _flush(self) -> None:
        self.add(self._pending)
        self._pending.clear()

    def _fire(self, trigger: _Trigger, triple: Numbers) -> None:
        binding = trigger.binding.copy()
        for term, value in zip(trigger.atom, triple, strict=True):
            if term >= 0:
                if term != value:
                    return
            elif binding[term] is None:
                binding[term] = value
            elif binding[term] != value:
                return
        if trigger.plan:
            self.index.join(trigger.plan, binding, lambda: trigger.conclude(binding))
        else:
            trigger.conclude(binding)

    def _take_rule(self, rule: Rule) -> None:
        patterns = (*rule.body, *rule.head)
        names = {
            node.name for pattern in patterns for node in pattern if isinstance(node, Variable)
        }
        places = {name: -1 - place for place, name in enumerate(sorted(names))}
        body = tuple(self._atom(pattern, places) for pattern in rule.body)
        head = tuple(self._atom(pattern, places) for pattern in rule.head)
        data = tuple(atom for atom in body if self._is_data(atom))
        schema = tuple(atom for atom in body if not self._is_data(atom))
        selected = tuple(places[name] for name in rule.selected)

        def conclude(binding: Binding) -> None:
            self._pending.extend(fill(atom, binding) for atom in head)
            if not head:
                real = (atom for atom in body if atom[1] < FIRST_PATH)
                premises = frozenset(fill(atom, binding) for atom in real)
                values = tuple(value_of(binding, place) for place in selected)
                known = self._clashes.get((rule.name, premises))
                if known is None or values < known.selected:
                    self._clashes[rule.name, premises] = Clash(rule, values, premises)

        def await_data(binding: Binding) -> None:
            if data:
                self._await(data, head, binding, conclude)
            else:
                self.given.update(fill(atom, binding) for atom in head)
                conclude(binding)

        self.schema.update(schema)
        self._await(schema, (), [None] * len(places), once(await_data))

    def _take_list_rule(self, predicate: NamedNode, unroll: Unroll) -> None:
        def await_data(binding: Binding) -> None:
            members = members_of(self._lists, value_of(binding, -1))
            if members:
                atoms, head = unroll(value_of(binding, -2), members, self._table)
                width = -min(term for atom in atoms for term in atom)
                self._await(
                    atoms,
                    (head,),
                    [None] * width,
                    lambda found: self._pending.append(fill(head, found)),
                )

        self.schema.add((-2, self._table[predicate], -1))
        self._await(((-2, self._table[predicate], -1),), (), [None, None], once(await_data))

    def _await(
        self, atoms: tuple[Atom, ...], head: tuple[Atom, ...], binding: Binding, conclude: Conclude
    ) -> None:
        """Conclude from every way to fulfil the atoms, now and when more triples come."""
        waiting = tuple(bind(atom, binding) for atom in atoms)
        if head:
            self.waiting.append(Waiting(waiting, tuple(bind(atom, binding) for atom in head)))
        if len(waiting) == len(head) == 1 and self._copy(waiting[0], bind(head[0], binding)):
            return
        for place, atom in enumerate(waiting):
            plan = ordered(waiting[:place] + waiting[place + 1 :], atom)
            self._put(_Trigger(atom, plan, binding.copy(), conclude))
        now = binding.copy()
        self.index.join(ordered(waiting, ()), now, lambda: conclude(now))

    def _copy(self, atom: Atom, head: Atom) -> bool:
        """Wait the short way, if one atom with variables of its own is all that is awaited."""
        subject, predicate, object_ = atom
        of_kind = predicate == self._type and object_ >= 0
        if subject >= 0 or predicate < 0 or subject == object_ or not (of_kind or object_ < 0):
            return False
        if head == atom:
            return True
        at = {subject: -1} if of_kind else {subject: -1, object_: -2}
        copy = (at.get(head[0], head[0]), head[1], at.get(head[2], head[2]))
        if of_kind:
            self._copies_of_kind.setdefault(object_, []).append(copy)
            known = self.index.subjects.get(predicate, {}).get(object_, ())
            for s in known:
                self._pending.extend(_copied((copy,), s, object_))
        else:
            self._copies.setdefault(predicate, []).append(copy)
            for s, objects in self.index.objects.get(predicate, {}).items():
                for o in objects:
                    self._pending.extend(_copied((copy,), s, o))
        return True

    def _put(self, trigger: _Trigger) -> None:
        subject, predicate, object_ = trigger.atom
        if predicate >= FIRST_PATH:
            return
        if predicate == self._type and object_ >= 0:
            self._watch.kind.setdefault(object_, []).append(trigger)
        elif predicate >= 0:
            self._watch.predicate.setdefault(predicate, []).append(trigger)
        elif subject >= 0:
            self._watch.subject.setdefault(subject, []).append(trigger)
        else:
            self._watch.object.setdefault(object_, []).append(trigger)

    def _atom(self, pattern: Pattern, places: dict[str, int]) -> Atom:
        numbers = []
        for node in pattern:
            if isinstance(node, Variable):
                numbers.append(places[node.name])
            elif isinstance(node, ListPath):
                numbers.append(self._table.path(node.text))
            else:
                numbers.append(self._table[node])
        return (numbers[0], numbers[1], numbers[2])

    def _is_data(self, atom: Atom) -> bool:
        return atom[1] < 0 or (atom[1] == self._type and atom[2] < 0)


def _copied(copies: Iterable[Atom], s: int, o: int) -> Iterable[Numbers]:
    return [
        (s if a == -1 else o if a == -2 else a, b, o if c == -2 else s if c == -1 else c)
        for a, b, c in copies
    ]
