"""The reference engine: owlrl over rdflib, at an interface of pyoxigraph's terms.

Owns the translation of terms both ways, without loss: rdflib would otherwise rewrite literals and
owlrl stumbles over some that do not fit their datatype, so those travel as opaque text. Mends from
outside what owlrl 7.6 gets wrong: prp-key leaves the last key uncompared (and so makes strangers
the same); eq-diff2, eq-diff3 and prp-adp leave the last member of a list uncompared, which
`closure` makes good by applying our own rules of inconsistency to owlrl's closure.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import rdflib
from owlrl import OWLRL_Semantics
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.namespace import OWL, RDF

from entente.core.terms import XSD
from entente.logic.closure_literals import types_of
from entente.logic.fast_rule import Term

Statement = tuple[Term, Term, Term]

_OPAQUE: Final = rdflib.URIRef("urn:x-entente:opaque")

_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "'sameAs' and 'differentFrom'": frozenset({"eq-diff1"}),
    "'sameAs' and 'AllDifferent'": frozenset({"eq-diff2", "eq-diff3"}),
    "Irreflexive property": frozenset({"prp-irp"}),
    "Erroneous usage of asymmetric": frozenset({"prp-asyp"}),
    "Disjoint properties in an": frozenset({"prp-adp"}),
    "Erroneous usage of disjoint": frozenset({"prp-pdw"}),
    "Negative (object)": frozenset({"prp-npa1"}),
    "Negative (datatype)": frozenset({"prp-npa2"}),
    "Violation of complementarity": frozenset({"cls-com"}),
    "Erroneous usage of maximum cardinality": frozenset({"cls-maxc1"}),
    "Erroneous usage of maximum qualified": frozenset({"cls-maxqc1", "cls-maxqc2"}),
    "Disjoint classes": frozenset({"cax-dw", "cax-adc", "dt-not-type"}),
}


class _Mended(OWLRL_Semantics):  # type: ignore[misc]  # owlrl has no types
    """owlrl's OWL 2 RL with the last key compared and odd cardinalities passed over."""

    def _properties(self, triple: Any, cycle_num: int) -> None:
        subject, predicate, object_ = triple
        if predicate == OWL.hasKey:
            self._same_by_key(subject, tuple(self.graph.items(object_)))
        else:
            super()._properties(triple, cycle_num)

    def _classes(self, triple: Any, cycle_num: int) -> None:
        counts = triple[1] in {OWL.maxCardinality, OWL.maxQualifiedCardinality}
        if not counts or isinstance(triple[2], rdflib.Literal):
            super()._classes(triple, cycle_num)

    def _same_by_key(self, class_: Any, keys: tuple[Any, ...]) -> None:
        members = tuple(self.graph.subjects(RDF.type, class_)) if keys else ()
        values = {
            member: [set(self.graph.objects(member, key)) for key in keys] for member in members
        }
        for one in members:
            for other in members:
                pairs = zip(values[one], values[other], strict=True)
                if one != other and all(left & right for left, right in pairs):
                    self.store_triple((one, OWL.sameAs, other))


def saturate(triples: Iterable[Triple]) -> tuple[set[Statement], tuple[str, ...]]:
    """Give owlrl's whole closure of triples, and its messages about inconsistency.

    The closure holds the input, trivial triples and triples with literals as subjects too.
    """
    known: dict[Any, Term] = {}
    numbers: dict[Term, Any] = {}

    def taken(term: Term) -> Any:
        if term not in numbers:
            numbers[term] = node = _to_rdflib(term)
            known[node] = term
        return numbers[term]

    given = {(taken(each.subject), taken(each.predicate), taken(each.object)) for each in triples}
    graph = rdflib.Graph()
    for nodes in given:
        graph.add(nodes)
    semantics = _Mended(graph, axioms=False, daxioms=False)
    semantics.closure()
    statements = set()
    for nodes in graph:
        if nodes[1] == OWL.disjointWith and nodes not in given and str(nodes[0]).startswith(XSD):
            continue  # owlrl's own axioms about datatypes: our dt-not-type says it better
        terms = [known.get(node) or _from_rdflib(node) for node in nodes]
        if terms[0] is not None and terms[1] is not None and terms[2] is not None:
            statements.add((terms[0], terms[1], terms[2]))
    messages = [m for m in semantics.error_messages if not m.startswith("Lexical value of")]
    return statements, tuple(sorted(messages))


def unexplained(messages: Iterable[str], rules: Iterable[str]) -> tuple[str, ...]:
    """Give those of owlrl's messages that no inconsistency of the given rules accounts for."""
    found = set(rules)
    return tuple(message for message in messages if not found & _kinds(message))


def _kinds(message: str) -> frozenset[str]:
    if message.endswith("is defined of type 'Nothing'"):
        return frozenset({"cls-nothing2"})
    return next(
        (rules for start, rules in _KINDS.items() if message.startswith(start)), frozenset()
    )


def _to_rdflib(term: Term) -> Any:
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case Literal() if types_of(term):
            datatype = rdflib.URIRef(term.datatype.value)
            return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    return rdflib.Literal(str(term), datatype=_OPAQUE, normalize=False)


def _from_rdflib(node: Any) -> Term | None:
    """Give the term of a node that owlrl brought in; blank nodes are its messages: nothing."""
    return NamedNode(str(node)) if isinstance(node, rdflib.URIRef) else None
