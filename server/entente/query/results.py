"""Results: rows of terms, decoded once and exactly.

Owns the terms as values that pages and commands use (an IRI, a literal with datatype and language,
a blank node, a quoted triple) and the reading of SPARQL 1.1 JSON results into them.
https://www.w3.org/TR/sparql11-results-json/
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from entente.core.terms import RDF, XSD

XSD_STRING: Final = XSD + "string"
LANG_STRING: Final = RDF + "langString"


@dataclass(frozen=True, slots=True, order=True)
class Iri:
    """An IRI."""

    value: str

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A literal: its lexical form, its datatype and its language, exactly as the store has them."""

    value: str
    datatype: str = XSD_STRING
    language: str | None = None

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True, order=True)
class Blank:
    """A blank node; its name means something within one answer only."""

    value: str

    def __str__(self) -> str:
        return f"_:{self.value}"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A triple that stands for a term (RDF 1.2)."""

    subject: "Term"
    predicate: "Term"
    object: "Term"

    def __str__(self) -> str:
        return f"<<( {self.subject} {self.predicate} {self.object} )>>"


Term = Iri | Literal | Blank | Quoted
Row = dict[str, Term]


def read_rows(content: bytes) -> list[Row]:
    """Read the rows of a SELECT in JSON; an unbound variable is absent from its row.

    Raises:
        ValueError: this is not such an answer.
    """
    fields = json.loads(content)
    try:
        return [
            {name: _term(binding) for name, binding in row.items()}
            for row in fields["results"]["bindings"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("these are no SPARQL results in JSON") from error


def read_boolean(content: bytes) -> bool:
    """Read the answer of an ASK in JSON.

    Raises:
        ValueError: this is not such an answer.
    """
    fields = json.loads(content)
    if not isinstance(fields, dict) or not isinstance(fields.get("boolean"), bool):
        raise ValueError("this is no SPARQL boolean in JSON")
    return bool(fields["boolean"])


def iris_among(terms: Iterable[Term]) -> tuple[Iri, ...]:
    """Give the IRIs among some terms, sorted."""
    return tuple(sorted(term for term in terms if isinstance(term, Iri)))


def _term(binding: dict[str, Any]) -> Term:
    kind, value = binding["type"], binding["value"]
    if kind == "uri":
        return Iri(value)
    if kind == "bnode":
        return Blank(value)
    if kind == "triple":
        return Quoted(_term(value["subject"]), _term(value["predicate"]), _term(value["object"]))
    language = binding.get("xml:lang")
    if language is not None:
        return Literal(value, LANG_STRING, language)
    return Literal(value, binding.get("datatype", XSD_STRING))
