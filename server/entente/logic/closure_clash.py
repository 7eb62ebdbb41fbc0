"""Inconsistencies: what contradicts what, in words a curator can act on.

Owns turning clashes (a rule, the values it selected, the triples it stands on) into messages, and
the two rules about literals that compare values rather than terms: dt-not-type and dt-diff. Must
not look for clashes of the other rules: those are found by the rules themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from entente.core.terms import OWL, RDF, shorten
from entente.logic.closure_literals import are_different, is_well_formed, is_within
from entente.logic.fast_engine import Clash
from entente.logic.fast_index import Index
from entente.logic.fast_rule import Rule, Term
from entente.logic.fast_term import Numbers, TermTable

Statement = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One contradiction.

    `rule` is the rule's name in the tables of OWL 2 RL; `terms` are what the message speaks of;
    `premises` are the statements that cannot hold together (a literal may be a subject there).
    """

    rule: str
    message: str
    terms: tuple[Term, ...] = ()
    premises: tuple[Statement, ...] = ()


_NOT_TYPE = Rule(
    "dt-not-type", (), (), ("x", "d"), "{x} is no value of {d}; correct the value, or its datatype"
)
_DIFFERENT = Rule(
    "dt-diff", (), (), ("x", "y"), "{x} and {y} would be the same, but are different values"
)


def literal_clashes(index: Index, table: TermTable) -> Iterator[Clash]:
    """Find literals that are outside a datatype they must be of, or the same as another value.

    Args:
        index: the whole closure, with the types of literals.
        table: the terms behind the numbers.
    """
    kind, same_as = table.iri(RDF + "type"), table.iri(OWL + "sameAs")
    for number, literal in table.literals():
        if is_well_formed(literal) is False:
            datatype = table.iri(literal.datatype.value)
            yield Clash(_NOT_TYPE, (number, datatype), _uses(number, index, table))
        for type_ in index.objects.get(kind, {}).get(number, ()):
            term = table.terms[type_]
            if isinstance(term, NamedNode) and is_within(literal, term) is False:
                premises = _uses(number, index, table) | {(number, kind, type_)}
                yield Clash(_NOT_TYPE, (number, type_), premises)
        for other in index.objects.get(same_as, {}).get(number, ()):
            twin = table.terms[other]
            if number < other and isinstance(twin, Literal) and are_different(literal, twin):
                premise = (number, same_as, other)
                yield Clash(_DIFFERENT, (number, other), frozenset({premise}))


def _uses(number: int, index: Index, table: TermTable) -> frozenset[Numbers]:
    """Give the statements that have a literal as object."""
    return frozenset(
        (subject, predicate, number)
        for predicate, subjects in index.subjects.items()
        for subject in subjects.get(number, ())
        if table.is_iri(predicate) and not table.is_literal(subject)
    )


def explain(clashes: Iterable[Clash], table: TermTable) -> tuple[Inconsistency, ...]:
    """Put clashes into words, ordered by rule and message."""
    return tuple(
        sorted(
            {_in_words(clash, table) for clash in clashes},
            key=lambda found: (found.rule, found.message, str(found.premises)),
        )
    )


def _in_words(clash: Clash, table: TermTable) -> Inconsistency:
    terms = tuple(table.terms[number] for number in clash.selected)
    names = dict(zip(clash.rule.selected, map(_name, terms), strict=True))
    return Inconsistency(
        clash.rule.name,
        clash.rule.message.format_map(names),
        terms,
        tuple(_statement(premise, table) for premise in sorted(clash.premises)),
    )


def _statement(premise: Numbers, table: TermTable) -> Statement:
    subject, predicate, object_ = (table.terms[number] for number in premise)
    return subject, predicate, object_


def _name(term: Term) -> str:
    match term:
        case NamedNode():
            return shorten(term.value)
        case BlankNode():
            return "an unnamed node"
    return str(term)
