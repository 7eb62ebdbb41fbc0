"""Lists: the RDF lists of an ontology, and the three rules that take all members at once.

Owns reading `rdf:first` and `rdf:rest` (a list that is not well formed is refused, not guessed)
and prp-spo2, cls-int1 and prp-key, which are written here because no fixed pattern fits a list of
any length. Lists are those of the input: no rule makes or changes one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from entente.core.errors import EntenteError
from entente.core.terms import OWL, RDF, shorten
from entente.logic.fast_index import Atom
from entente.logic.fast_rule import Term
from entente.logic.fast_term import TermTable

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
NIL: Final = NamedNode(RDF + "nil")

LIST_HOLDERS: Final = frozenset(
    NamedNode(OWL + name)
    for name in (
        "disjointUnionOf",
        "distinctMembers",
        "hasKey",
        "intersectionOf",
        "members",
        "oneOf",
        "propertyChainAxiom",
        "unionOf",
    )
)

Lists = Mapping[Term, tuple[Term, Term]]


class MalformedList(EntenteError):
    """A list that OWL needs is circular, or lacks `rdf:first`, `rdf:rest` or its end."""


def read_lists(triples: Iterable[Triple]) -> Lists:
    """Give first and rest of every cell of every list that an OWL axiom names.

    Raises:
        MalformedList: a list has a cell without exactly one first and one rest, or no end.
    """
    first: dict[Term, list[Term]] = {}
    rest: dict[Term, list[Term]] = {}
    holders: list[Triple] = []
    for triple in triples:
        predicate = triple.predicate
        if predicate == _FIRST:
            first.setdefault(triple.subject, []).append(triple.object)
        elif predicate == _REST:
            rest.setdefault(triple.subject, []).append(triple.object)
        elif predicate in LIST_HOLDERS:
            holders.append(triple)
    lists: dict[Term, tuple[Term, Term]] = {}
    for holder in holders:
        cells: dict[Term, tuple[Term, Term]] = {}
        cell = holder.object
        while cell != NIL and cell not in lists:
            if cell in cells or len(first.get(cell, ())) != 1 or len(rest.get(cell, ())) != 1:
                raise MalformedList(_complain(holder, circular=cell in cells))
            cells[cell] = (first[cell][0], rest[cell][0])
            cell = rest[cell][0]
        lists |= cells
    return lists


def _complain(holder: Triple, *, circular: bool) -> str:
    subject = holder.subject
    owner = shorten(subject.value) if isinstance(subject, NamedNode) else "an unnamed node"
    fault = "is circular" if circular else "has a cell without exactly one rdf:first and rdf:rest"
    return f"the list in {shorten(holder.predicate.value)} of {owner} {fault}; write it as ( … )"


NumberedLists = Mapping[int, tuple[int, int]]


def members_of(lists: NumberedLists, cell: int) -> tuple[int, ...]:
    """Give the members of the list that begins at a cell; none for `rdf:nil`."""
    members = []
    while cell in lists:
        first, cell = lists[cell]
        members.append(first)
    return tuple(members)


Unroll = Callable[[int, tuple[int, ...], TermTable], tuple[tuple[Atom, ...], Atom]]


def _chain(subject: int, members: tuple[int, ...], _: TermTable) -> tuple[tuple[Atom, ...], Atom]:
    """Apply prp-spo2: who is joined by a chain of properties is joined by the property."""
    steps = tuple((-1 - place, member, -2 - place) for place, member in enumerate(members))
    return steps, (-1, subject, -1 - len(members))


def _intersection(
    subject: int, members: tuple[int, ...], table: TermTable
) -> tuple[tuple[Atom, ...], Atom]:
    """Apply cls-int1: a member of every part is a member of the intersection."""
    kind = table.iri(RDF + "type")
    return tuple((-1, kind, part) for part in members), (-1, kind, subject)


def _key(subject: int, members: tuple[int, ...], table: TermTable) -> tuple[tuple[Atom, ...], Atom]:
    """Apply prp-key: two members of a class with a common value of every key are the same."""
    kind = table.iri(RDF + "type")
    atoms: list[Atom] = [(-1, kind, subject)]
    for place, key in enumerate(members):
        atoms += [(-1, key, -3 - place), (-2, key, -3 - place)]
    return (*atoms, (-2, kind, subject)), (-1, table.iri(OWL + "sameAs"), -2)


LIST_RULES: Final[Mapping[str, tuple[NamedNode, Unroll]]] = {
    "cls-int1": (NamedNode(OWL + "intersectionOf"), _intersection),
    "prp-key": (NamedNode(OWL + "hasKey"), _key),
    "prp-spo2": (NamedNode(OWL + "propertyChainAxiom"), _chain),
}
