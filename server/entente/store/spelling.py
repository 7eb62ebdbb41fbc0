"""Spelling: which literals of a write the store keeps otherwise than they were sent.

The store writes `01` as `1`, xsd:int as xsd:integer, `1E400` as `INF` (measured, pyoxigraph 0.5.13;
oxigraph#526). Owns the quads as it keeps them and the telling of what that changed, so that nothing
is lost in silence. Not told: a language such as `en-GB` is the same in lower case (RDF 1.1, 3.3).
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from entente.core.terms import RDF, XSD
from entente.core.writes import Rewriting, WriteOutcome

MOST: Final = 100
"""Rewritings that are told one by one; all are counted."""

_AS_SENT: Final = frozenset(
    ox.NamedNode(iri) for iri in (f"{XSD}string", f"{XSD}anyURI", f"{RDF}langString")
)
_SUBJECT: Final = "urn:x-entente:literal:"
_PREDICATE: Final = ox.NamedNode("urn:x-entente:is")


class Spelling:
    """Gives quads as the store keeps them, and notes the literals that it writes otherwise."""

    def __init__(self) -> None:
        self._sent: set[ox.Literal] = set()

    def stored(self, quads: Iterable[ox.Quad]) -> frozenset[ox.Quad]:
        """Give quads as the store keeps them."""
        sent = frozenset(quads)
        store = ox.Store()
        store.bulk_extend(sent)
        kept = frozenset(store)
        for quad in sent - kept:
            self._sent.update(_literals(quad.object))
        return kept

    def see(self, turtle: str, *, base_iri: str | None) -> None:
        """Note the literals of a document; one that is no Turtle has none to tell of."""
        with suppress(SyntaxError, ValueError):
            for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=base_iri):
                self._sent.update(_literals(quad.object))

    def rewritings(self) -> tuple[Rewriting, ...]:
        """Give each literal that is kept otherwise than it was sent, in the order of its text."""
        sent = sorted(self._sent, key=str)
        store = ox.Store()
        store.bulk_extend(
            ox.Quad(ox.NamedNode(f"{_SUBJECT}{number}"), _PREDICATE, literal)
            for number, literal in enumerate(sent)
        )
        kept = {int(quad.subject.value[len(_SUBJECT) :]): quad.object for quad in store}
        return tuple(
            Rewriting(sent=str(literal), kept=str(kept[number]))
            for number, literal in enumerate(sent)
            if kept[number] != literal
        )


def with_rewritings(outcome: WriteOutcome, found: tuple[Rewriting, ...]) -> WriteOutcome:
    """Tell with the outcome of a write what of it is kept otherwise than it was sent."""
    return replace(outcome, rewritten=len(found), rewritings=found[:MOST]) if found else outcome


def _literals(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Iterator[ox.Literal]:
    while isinstance(term, ox.Triple):
        term = term.object
    if isinstance(term, ox.Literal) and term.datatype not in _AS_SENT:
        yield term
