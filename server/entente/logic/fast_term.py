"""Numbers: every term of one closure as an integer, so that joins compare integers.

Owns the table of terms and what can be told from a number alone. Numbers follow the order of the
terms' N-Triples text, so sorting numbers sorts text, and literals stand before IRIs before blank
nodes; terms that are put in later get the next numbers, in no order. Terms are kept as they came:
no lexical form changes. Numbers from `FIRST_PATH` on stand for the list paths of rules.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from entente.core.terms import OWL, RDF, RDFS, XSD
from entente.logic.fast_rule import LIST_PATHS, Term

Numbers = tuple[int, int, int]

RESERVED: Final = (RDF, RDFS, OWL, XSD)
FIRST_PATH: Final = 1 << 62


class TermTable:
    """The terms of one closure, numbered.

    Args:
        terms: of the data, of the rules, and of what is added to both.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        texts = sorted((str(term), term) for term in set(terms))
        self.terms: list[Term] = [term for _, term in texts]
        self._numbers = {term: number for number, term in enumerate(self.terms)}
        names = [text for text, _ in texts]
        self._first_iri = bisect_left(names, "<")
        self._first_blank = bisect_left(names, "_")
        self._sorted = len(names)
        self._later: dict[int, type[Term]] = {}
        self._reserved = {
            number
            for start in RESERVED
            for number in range(
                bisect_left(names, f"<{start}"), bisect_left(names, f"<{start}\U0010ffff")
            )
        }

    def __getitem__(self, term: Term) -> int:
        """Give the number of a term; a term that is not in the table is a defect (KeyError)."""
        return self._numbers[term]

    def __contains__(self, term: object) -> bool:
        return term in self._numbers

    def take(self, term: Term) -> int:
        """Give the number of a term, which is put in where it is not there."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.terms)
            self.terms.append(term)
            self._later[number] = type(term)
            if isinstance(term, NamedNode) and term.value.startswith(RESERVED):
                self._reserved.add(number)
        return number

    def __len__(self) -> int:
        return len(self.terms)

    def iri(self, iri: str) -> int:
        """Give the number of an IRI, or -1 where nothing names it."""
        return self._numbers.get(NamedNode(iri), -1)

    def path(self, text: str) -> int:
        """Give the number that stands for a list path."""
        return FIRST_PATH + LIST_PATHS.index(text)

    def is_literal(self, number: int) -> bool:
        """Say whether a number stands for a literal."""
        return number < self._first_iri or self._later.get(number) is Literal

    def is_blank(self, number: int) -> bool:
        """Say whether a number stands for a blank node."""
        blank = self._first_blank <= number < self._sorted
        return blank or self._later.get(number) is BlankNode

    def is_iri(self, number: int) -> bool:
        """Say whether a number stands for an IRI."""
        iri = self._first_iri <= number < self._first_blank
        return iri or self._later.get(number) is NamedNode

    def is_reserved(self, number: int) -> bool:
        """Say whether a number stands for a word of RDF, RDFS, OWL or XML Schema."""
        return number in self._reserved

    def literals(self) -> Iterable[tuple[int, Literal]]:
        """Give every literal with its number."""
        return (
            (number, term) for number, term in enumerate(self.terms) if isinstance(term, Literal)
        )
