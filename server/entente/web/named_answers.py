"""Answers of named queries: rows as JSON, CSV, SPARQL results and JSON-LD.

Owns the form of a cell: `{"iri": …}`, or `{"value": …}` with its datatype or language; whole
numbers and booleans are JSON's own where that is exact. Rows as JSON-LD follow the minimal mode of
CSV on the Web (https://www.w3.org/TR/csv2rdf/): a node a row, a property a column.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entente.core.cells import write_sheet
from entente.core.media import PAGE, RESULTS, Format, by_name
from entente.core.terms import XSD
from entente.query.labels import read_labels
from entente.query.listed import node_value
from entente.query.results import XSD_STRING, Blank, Iri, Literal, Quoted, Row, Term
from entente.query.service import QueryService
from entente.web.json_body import JSON, dump

EXACT: Final = 2**53
JSONLD: Final = Format("jsonld", "graph", ("application/ld+json",), "jsonld", charset=False)
SPARQL_JSON: Final = Format(
    "srj", "results", ("application/sparql-results+json",), "srj", charset=False
)
_csv, _sheet = by_name("csv", RESULTS), by_name("sheet", RESULTS)
assert _csv is not None
assert _sheet is not None
CSV: Final = _csv
SHEET: Final = _sheet
OFFERS: Final = (JSON, CSV, JSONLD, PAGE, SPARQL_JSON, SHEET)


def with_labels(
    service: QueryService,
    rows: Sequence[Row],
    columns: Sequence[str],
    *,
    things: Iterable[str],
    language: str,
) -> tuple[list[Row], tuple[str, ...]]:
    """Add to each column of things one of what they are called, `nameLabel`.

    Returns:
        The rows, and all columns in their order.
    """
    named = [column for column in columns if column in set(things)]
    iris = {str(row[column]) for row in rows for column in named if column in row}
    labels = read_labels(service, iris, language=language)
    order = [name for one in columns for name in ((one, f"{one}Label") if one in named else (one,))]
    made = []
    for row in rows:
        found = {column: labels.get(str(row[column])) for column in named if column in row}
        added = {f"{name}Label": Literal(text) for name, text in found.items() if text is not None}
        made.append({**row, **added})
    return made, tuple(order)


def cell(term: Term) -> dict[str, Any]:
    """Give one value."""
    match term:
        case Iri():
            return {"iri": term.value}
        case Literal() if term.language is not None:
            return {"value": term.value, "language": term.language}
        case Literal() if term.datatype == XSD_STRING:
            return {"value": term.value}
        case Literal():
            return {"value": _native(term), "type": term.datatype}
        case Blank() | Quoted():
            return {"value": str(term)}


def _native(term: Literal) -> str | int | bool:
    if term.datatype == XSD + "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    digits = term.value.removeprefix("-")
    if term.datatype == XSD + "integer" and digits.isascii() and digits.isdigit():
        value = int(term.value[:20])
        if str(value) == term.value and abs(value) < EXACT:
            return value
    return term.value


def as_json(head: Mapping[str, Any], rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Give rows as objects of cells, what is unbound left out."""
    return dump({**head, "columns": list(columns), "rows": [*_objects(rows, columns)]})


def _objects(rows: Iterable[Row], columns: Sequence[str]) -> Iterable[dict[str, Any]]:
    for row in rows:
        yield {column: cell(row[column]) for column in columns if column in row}


def as_csv(rows: Iterable[Row], columns: Sequence[str], *, safe: bool = False) -> bytes:
    """Give rows as the W3C's CSV results: plain values, CRLF; `safe` leaves no formula in them."""
    records = [
        columns,
        *([str(row[column]) if column in row else "" for column in columns] for row in rows),
    ]
    if safe:
        return write_sheet(records).encode("utf-8", "replace")
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(records)
    return text.getvalue().encode("utf-8", "replace")


def as_sparql_json(rows: Iterable[Row], columns: Sequence[str]) -> bytes:
    """Give rows as SPARQL 1.1 results."""
    bindings = [
        {column: _binding(row[column]) for column in columns if column in row} for row in rows
    ]
    return dump({"head": {"vars": list(columns)}, "results": {"bindings": bindings}})


def _binding(term: Term) -> dict[str, Any]:
    match term:
        case Iri():
            return {"type": "uri", "value": term.value}
        case Blank():
            return {"type": "bnode", "value": term.value}
        case Quoted():
            parts = ("subject", "predicate", "object")
            return {
                "type": "triple",
                "value": {part: _binding(getattr(term, part)) for part in parts},
            }
        case Literal() if term.language is not None:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        case Literal() if term.datatype == XSD_STRING:
            return {"type": "literal", "value": term.value}
        case Literal():
            return {"type": "literal", "value": term.value, "datatype": term.datatype}


def as_jsonld(rows: Iterable[Row], columns: Sequence[str], *, table: str) -> bytes:
    """Give rows as nodes whose properties are the columns.

    Args:
        table: IRI of the table; a column is its fragment.
    """
    context = {column: f"{table}#{column}" for column in columns}
    graph = [
        {
            column: node_value(row[column]) or {"@value": str(row[column])}
            for column in columns
            if column in row
        }
        for row in rows
    ]
    return dump({"@context": context, "@graph": graph})
