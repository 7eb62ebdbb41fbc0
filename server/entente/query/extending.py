"""Extending tables: values of properties for the things of a table, and which properties there are.

Owns the choice of what a value is called. Types of values and the offered properties come from the
graph as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entente.core.terms import OWL, RDF, SKOS, shorten
from entente.query.finding import Sought, find
from entente.query.name_file import NameFile, Rows
from entente.query.property_values import PropertyValues
from entente.query.results import Iri, Literal, Term
from entente.query.service import QueryService

PROPERTIES: tuple[str, ...] = tuple(
    OWL + name for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_HIDDEN = frozenset({RDF + "type", SKOS + "prefLabel"})


@dataclass(frozen=True, slots=True)
class Named:
    """A thing, property or type with what it is called."""

    iri: str
    name: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: a thing that is called something, or a literal or IRI of others."""

    thing: Named | None
    literal: Literal | None


Table = Mapping[str, Mapping[str, tuple[Cell, ...]]]


class Extending:
    """Reads from one service and the index of names of its revision."""

    def __init__(self, service: QueryService, file: NameFile) -> None:
        self._service = service
        self._file = file

    def values(self, iris: Sequence[str], properties: Sequence[str]) -> Table:
        """Give the cells by thing and property.

        Raises:
            QueryRefused: one of them is no absolute IRI.
        """
        held = PropertyValues(self._service).read(iris, properties)
        with self._file.lookup() as rows:
            return {
                iri: {
                    each: _cells(rows, held.get((iri, each), ()))
                    for each in dict.fromkeys(properties)
                }
                for iri in iris
            }

    def named(self, iris: Sequence[str]) -> dict[str, Named]:
        """Give what things are called; their short IRIs where nothing says."""
        with self._file.lookup() as rows:
            return {iri: _named(rows, iri) or Named(iri, shorten(iri)) for iri in iris}

    def ranges(self, properties: Sequence[str]) -> dict[str, Named]:
        """Give the classes of the values of properties, where the ontology declares them."""
        if not properties:
            return {}
        wanted = tuple(Iri(iri) for iri in dict.fromkeys(properties))
        rows = self._service.rows("reconcile/ranges", property=wanted)
        classes = {str(row["property"]): str(row["class"]) for row in rows}
        names = self.named(tuple(classes.values()))
        return {iri: names[class_] for iri, class_ in classes.items()}

    def proposals(self, type_: str, limit: int) -> tuple[Named, ...]:
        """Give the properties that the things of a type have, those of most things first."""
        rows = self._service.rows("reconcile/proposals", type=Iri(type_))
        iris = [str(row["property"]) for row in rows]
        chosen = [iri for iri in iris if iri not in _HIDDEN][:limit]
        return tuple(self.named(chosen).values())

    def properties(self, text: str, *, limit: int, offset: int = 0) -> tuple[Named, ...]:
        """Give the properties whose names begin so; all where the text is empty."""
        sought = Sought(text=text, kinds=("term",), types=PROPERTIES, everything=not text.strip())
        with self._file.lookup() as rows:
            hits = find(rows, sought).hits[offset : offset + limit]
            things = [rows.thing(hit.thing) for hit in hits]
        return tuple(Named(thing.iri, thing.label, thing.description) for thing in things)


def _cells(rows: Rows, terms: Sequence[Term]) -> tuple[Cell, ...]:
    cells = []
    for term in terms:
        if isinstance(term, Iri):
            thing = _named(rows, term.value)
            cells.append(Cell(thing, None if thing is not None else Literal(term.value)))
        elif isinstance(term, Literal):
            cells.append(Cell(None, term))
    return tuple(sorted(cells, key=_order))


def _order(cell: Cell) -> tuple[str, str]:
    if cell.thing is not None:
        return cell.thing.name, cell.thing.iri
    assert cell.literal is not None
    return cell.literal.value, cell.literal.language or ""


def _named(rows: Rows, iri: str) -> Named | None:
    number = rows.number_of(iri)
    if number is None:
        return None
    thing = rows.thing(number)
    return Named(iri, thing.label, thing.description)
