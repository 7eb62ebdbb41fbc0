"""Property values: what the graph holds of some things, compared with what a table says.

Owns the reading of values for reconciliation and for extending tables, and how alike a value of a
table is to one of the graph: the same thing, a name of it, the same number, the same day or the
beginning of it, or a text that differs little.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from entente.core.terms import PREFIXES, XSD
from entente.logic.edit_distance import likeness
from entente.logic.folding import fold
from entente.query.name_file import Rows
from entente.query.results import LANG_STRING, Iri, Literal, Term
from entente.query.service import QueryService

NUMBERS: Final = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))
DATES: Final = frozenset({XSD + "date", XSD + "dateTime"})
MOST_NAMESAKES: Final = 20
_MOST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a table has it: a text, number or boolean, or a thing by its `iri`."""

    text: str
    iri: str | None = None


Held = Mapping[tuple[str, str], Sequence[Term]]


class PropertyValues:
    """Reads values of properties from the graph that a service answers from."""

    def __init__(self, service: QueryService) -> None:
        self._service = service

    def read(self, iris: Sequence[str], properties: Sequence[str]) -> Held:
        """Give the values of some properties by thing and property.

        Raises:
            QueryRefused: one of them is no absolute IRI.
        """
        if not iris or not properties:
            return {}
        found: defaultdict[tuple[str, str], list[Term]] = defaultdict(list)
        things = tuple(Iri(iri) for iri in dict.fromkeys(iris))
        wanted = tuple(Iri(iri) for iri in dict.fromkeys(properties))
        for row in self._service.rows("reconcile/values", it=things, property=wanted):
            found[str(row["it"]), str(row["property"])].append(row["value"])
        return found

    def holders(self, rows: Rows, property_: str, values: Sequence[Value]) -> list[int]:
        """Give the things that have one of some values.

        Raises:
            QueryRefused: the property, or the IRI of a value, is no absolute IRI.
        """
        terms: list[Term] = []
        for value in values:
            if value.iri is not None:
                terms.append(Iri(value.iri))
                continue
            terms += [Literal(value.text), Literal(value.text, LANG_STRING, "en")]
            terms += [Literal(value.text, type_) for type_ in (XSD + "integer", XSD + "decimal")]
            terms += [Literal(value.text, type_) for type_ in (XSD + "date", XSD + "boolean")]
            same, _ = rows.same(fold(value.text), most=MOST_NAMESAKES)
            terms += [Iri(rows.thing(row.thing).iri) for row in same]
        if not terms:
            return []
        found = self._service.rows(
            "reconcile/with-value", property=Iri(property_), value=tuple(dict.fromkeys(terms))
        )
        numbers = (rows.number_of(str(row["it"])) for row in found)
        return [number for number in numbers if number is not None]


def is_same_thing(text: str, iri: str) -> bool:
    """Tell whether a text is an IRI, whole or with a prefix that is known."""
    text = text.strip()
    prefix, colon, local = text.partition(":")
    return text == iri or bool(colon and prefix in PREFIXES and PREFIXES[prefix] + local == iri)


def likeness_of_value(rows: Rows, value: Value, term: Term) -> float:
    """Give how alike a value of a table is to one of the graph, from 0 to 1."""
    if isinstance(term, Iri):
        if value.iri is not None:
            return float(is_same_thing(value.iri, term.value))
        if is_same_thing(value.text, term.value):
            return 1.0
        number = rows.number_of(term.value)
        asked = fold(value.text)
        names = rows.spellings(number) if number is not None else []
        return max(
            (likeness(asked, fold(text, language)) for text, language, _ in names), default=0
        )
    if not isinstance(term, Literal) or value.iri is not None:
        return 0.0
    if term.datatype in NUMBERS:
        return _likeness_of_numbers(value.text, term.value)
    if term.datatype in DATES:
        return float(bool(value.text) and term.value.startswith(value.text.strip()))
    if term.value.strip().lower() == value.text.strip().lower():
        return 1.0
    return likeness(fold(value.text[:_MOST_TEXT]), fold(term.value[:_MOST_TEXT]))


def _likeness_of_numbers(one: str, other: str) -> float:
    try:
        first, second = float(one), float(other)
    except ValueError:
        return 0.0
    largest = max(abs(first), abs(second))
    if first == second:
        return 1.0
    far = abs(first - second) / largest
    return max(0.0, 1.0 - far) if far < float("inf") else 0.0
