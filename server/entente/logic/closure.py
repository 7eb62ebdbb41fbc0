"""The OWL 2 RL closure: what follows from triples, and what contradicts itself in them.

Owns the choice of the engine and the answer that leaves the layer. Two engines give the same
facts: `fast`, rules of `queries/rules` over integers, and `owlrl`, the reference, which takes over
where an ontology has a construct that the rules do not cover. Limits: no triple with a literal as
subject, no blank node (see `closure_facts` for what is left out), no dt-eq (a value is not
repeated in other words).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Literal as Choice

from pyoxigraph import Literal, NamedNode, Quad, Triple

from entente.core.errors import EntenteError
from entente.core.places import project_root
from entente.core.terms import OWL, RDF, RDFS
from entente.logic.closure_clash import Inconsistency, Statement, explain, literal_clashes
from entente.logic.closure_facts import facts
from entente.logic.closure_literals import types_of
from entente.logic.fast_coverage import find_uncovered
from entente.logic.fast_engine import Saturation
from entente.logic.fast_index import Index
from entente.logic.fast_list import LIST_RULES, Lists, NumberedLists, read_lists
from entente.logic.fast_rule import ListPath, Rule, Term, Variable, read_rules
from entente.logic.fast_term import FIRST_PATH, Numbers, TermTable

Engine = Choice["fast", "owlrl"]

_WORDS = tuple(
    NamedNode(iri)
    for iri in (
        *(RDF + name for name in ("type", "nil")),
        *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range", "Resource")),
        *(OWL + name for name in ("sameAs", "equivalentClass", "equivalentProperty", "Thing")),
        *(OWL + name for name in ("disjointWith",)),
    )
)


class NotCovered(EntenteError):
    """The fast engine was asked for, and the ontology has a construct beyond it."""


@dataclass(frozen=True, slots=True)
class Closure:
    """What follows from triples.

    Attributes:
        inferred: the facts that follow and are not in the input, in N-Triples order.
        inconsistencies: the contradictions, ordered by rule and message.
        engine: which engine drew them.
        fallback_reason: why `auto` took the reference engine: the construct and its place.
        seconds: the time taken; not part of the value, so that equal closures are equal.
    """

    inferred: tuple[Triple, ...]
    inconsistencies: tuple[Inconsistency, ...]
    engine: Engine
    fallback_reason: str | None = None
    seconds: float = field(default=0.0, compare=False)


def materialise(
    triples: Iterable[Triple | Quad],
    *,
    engine: Choice["auto", "fast", "owlrl"] = "auto",
    rules: Path | None = None,
) -> Closure:
    """Draw every conclusion of OWL 2 RL from triples.

    Args:
        triples: ontology and data together; the graph name of a quad is left aside.
        engine: `auto` takes `fast` where it covers the ontology and else `owlrl`.
        rules: the folder of rules; by default `queries/rules` of the project.

    Raises:
        MalformedList: an axiom's list is circular or broken.
        NotCovered: `fast` was asked for by name and does not cover the ontology.
    """
    started = perf_counter()
    used, reason, drawn = draw(triples, engine, rules)
    seconds = perf_counter() - started
    return Closure(drawn.inferred(), drawn.inconsistencies, used, reason, seconds)


def entailments(
    triples: Iterable[Triple | Quad],
    *,
    engine: Choice["auto", "fast", "owlrl"] = "auto",
    rules: Path | None = None,
) -> Iterator[Statement]:
    """Give the whole closure: input, facts and trivial triples, except those of eq-ref.

    Arguments and errors are those of `materialise`. A literal may be a subject, a blank node a
    predicate: these are statements of the calculus, not all of them triples of RDF.
    """
    _, _, drawn = draw(triples, engine, rules)
    terms = drawn.table.terms
    for subject, predicate, object_ in drawn.index.triples():
        if predicate < FIRST_PATH:
            yield terms[subject], terms[predicate], terms[object_]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A closure with all that a proof needs: `depths` is 0 for what is asserted."""

    table: TermTable
    index: Index
    depths: dict[Numbers, int]
    asserted: frozenset[Numbers]
    rules: tuple[Rule, ...]
    lists: NumberedLists

    def inferred(self) -> tuple[Triple, ...]:
        """Give the facts that are not asserted, as `materialise` does."""
        return _inferred(self.table, self.index, self.asserted)


def record(triples: Iterable[Triple | Quad], *, rules: Path | None = None) -> Recorded:
    """Draw the closure with the fast engine, and keep how deep each triple lies.

    Raises:
        MalformedList: an axiom's list is circular or broken.
        NotCovered: the fast engine does not cover the ontology.
    """
    asserted = tuple({each.triple if isinstance(each, Quad) else each: None for each in triples})
    work = _Work(asserted, read_lists(asserted), read_rules(rules or _default_rules()))
    depths: dict[Numbers, int] = {}
    drawn = _draw_fast(work, depths)
    reason = find_uncovered(asserted) or unsafe_list(drawn)
    if reason is not None:
        raise NotCovered(f"proofs need the fast engine, which has no rules for {reason}")
    lists = _numbered(work.lists, drawn.table)
    return Recorded(drawn.table, drawn.index, depths, drawn.asserted, work.rules, lists)


def draw(
    triples: Iterable[Triple | Quad], engine: Choice["auto", "fast", "owlrl"], rules: Path | None
) -> tuple[Engine, str | None, "Drawn"]:
    """Draw every conclusion: the engine that did, why `auto` took the reference, the closure.

    Arguments and errors are those of `materialise`.
    """
    asserted = tuple({each.triple if isinstance(each, Quad) else each: None for each in triples})
    work = _Work(asserted, read_lists(asserted), read_rules(rules or _default_rules()))
    if engine == "owlrl":
        return "owlrl", None, _draw_owlrl(work)
    reason = find_uncovered(asserted)
    if reason is None:
        drawn = _draw_fast(work)
        reason = unsafe_list(drawn)
        if reason is None:
            return "fast", None, drawn
    if engine == "fast":
        raise NotCovered(f"the fast engine has no rules for {reason}; use auto or owlrl")
    return "owlrl", reason, _draw_owlrl(work)


@dataclass(frozen=True, slots=True)
class _Work:
    """What both engines start from."""

    asserted: tuple[Triple, ...]
    lists: Lists
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A whole closure, trivial triples and all; `saturation` is the fast engine's."""

    table: TermTable
    asserted: frozenset[Numbers]
    index: Index
    inconsistencies: tuple[Inconsistency, ...]
    lists: Lists
    saturation: Saturation | None = None

    def inferred(self) -> tuple[Triple, ...]:
        """Give the facts that are not asserted."""
        return _inferred(self.table, self.index, self.asserted)


def _inferred(table: TermTable, index: Index, asserted: frozenset[Numbers]) -> tuple[Triple, ...]:
    found = sorted(set(facts(index.triples(), table)) - asserted)
    return tuple(_triple(*(table.terms[number] for number in numbers)) for numbers in found)


def _draw_fast(work: _Work, depths: dict[Numbers, int] | None = None) -> Drawn:
    terms = _terms_of(work.asserted)
    table = TermTable(_all_terms(work, terms))
    saturation = Saturation(
        table,
        work.rules,
        lists=_numbered(work.lists, table),
        list_rules=True,
        depths=depths,
    )
    asserted = frozenset(_numbers(triple, table) for triple in work.asserted)
    saturation.add(sorted(asserted))
    kind = table.iri(RDF + "type")
    saturation.add(
        (table[term], kind, table[datatype])
        for term in terms
        if isinstance(term, Literal)
        for datatype in types_of(term)
    )
    saturation.run()
    clashes = (*saturation.clashes, *literal_clashes(saturation.index, table))
    found = explain(clashes, table)
    return Drawn(table, asserted, saturation.index, found, work.lists, saturation)


def _draw_owlrl(work: _Work) -> Drawn:
    # a quarter of a second of imports, needed by few
    from entente.logic import owlrl_engine

    statements, messages = owlrl_engine.saturate(work.asserted)
    table = TermTable(_all_terms(work, {term for each in statements for term in each}))
    checks = tuple(rule for rule in work.rules if not rule.head)
    saturation = Saturation(table, checks, lists=_numbered(work.lists, table), list_rules=False)
    saturation.add((table[s], table[p], table[o]) for s, p, o in statements)
    saturation.run()
    clashes = (*saturation.clashes, *literal_clashes(saturation.index, table))
    found = explain(clashes, table)
    rest = owlrl_engine.unexplained(messages, (each.rule for each in found))
    own = tuple(Inconsistency("owlrl", message) for message in rest)
    asserted = frozenset(_numbers(triple, table) for triple in work.asserted)
    return Drawn(table, asserted, saturation.index, (*found, *own), work.lists)


def unsafe_list(drawn: Drawn) -> str | None:
    """Say why lists may have changed under the rules: a cell turned out to be another node."""
    merged = drawn.index.objects.get(drawn.table.iri(OWL + "sameAs"), {})
    if any(drawn.table[cell] in merged for cell in drawn.lists):
        return "owl:sameAs at a cell of a list"
    return None


def _default_rules() -> Path:
    return project_root() / "queries" / "rules"


def _all_terms(work: _Work, given: set[Term]) -> set[Term]:
    """Give the terms, and those that rules and datatypes may bring in."""
    terms = set(given)
    patterns = (pattern for rule in work.rules for pattern in (*rule.body, *rule.head))
    nodes = (node for pattern in patterns for node in pattern)
    terms.update(node for node in nodes if not isinstance(node, (Variable, ListPath)))
    literals = [term for term in terms if isinstance(term, Literal)]
    terms.update(literal.datatype for literal in literals)
    terms.update(datatype for literal in literals for datatype in types_of(literal))
    terms.update(holder for holder, _ in LIST_RULES.values())
    terms.update(_WORDS)
    return terms


def _terms_of(triples: Iterable[Triple]) -> set[Term]:
    return {term for each in triples for term in (each.subject, each.predicate, each.object)}


def _numbered(lists: Lists, table: TermTable) -> dict[int, tuple[int, int]]:
    return {table[cell]: (table[first], table[rest]) for cell, (first, rest) in lists.items()}


def _numbers(triple: Triple, table: TermTable) -> Numbers:
    return table[triple.subject], table[triple.predicate], table[triple.object]


def _triple(subject: Term, predicate: Term, object_: Term) -> Triple:
    """Make a triple of terms that are known to be fit for one."""
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise TypeError(f"no RDF triple: {subject} {predicate} {object_}")
    return Triple(subject, predicate, object_)
