"""Answers of the reconciliation service as JSON, in the words of both versions.

Owns the names of members and features, and how a literal is written: whole numbers as `int`, others
as `float`, days as midnight of the day, all else as text.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

from entente.core.terms import XSD, shorten
from entente.query.extending import Cell, Named, Table
from entente.query.name_file import Type
from entente.query.property_values import NUMBERS
from entente.query.reconciling import Candidate
from entente.query.results import Literal
from entente.query.search import Result
from entente.web.reconcile_input import Column

FEATURES: Final = {
    "name": "Likeness of the name, to 100",
    "id": "The same identifier, 100",
    "type": "Has the type asked for",
    "connections": "Statements about and of the thing",
}


def candidate_fields(candidate: Candidate, *, draft: bool) -> dict[str, Any]:
    """Give one candidate."""
    features = [
        {"id": _short(name), **({"name": _feature(name)} if draft else {}), "value": value}
        for name, value in candidate.features.items()
    ]
    fields = {
        "id": candidate.iri,
        "name": candidate.name,
        "description": candidate.description,
        "type": [_type(each) for each in candidate.types],
        "score": candidate.score,
        "match": candidate.match,
        "features": features,
    }
    if draft:
        fields["lang"] = candidate.language
    return _without_gaps(fields)


def suggestion_fields(result: Result) -> dict[str, Any]:
    """Give one entity that is suggested."""
    description = result.description
    if result.matched != result.label:
        also = f"also written {result.matched}"
        description = f"{also}. {description}" if description else also
    return _without_gaps(
        {
            "id": result.iri,
            "name": result.label,
            "description": description,
            "notable": [_type(each) for each in result.types],
        }
    )


def named_fields(named: Named) -> dict[str, Any]:
    """Give a property or type."""
    return _without_gaps({"id": named.iri, "name": named.name, "description": named.description})


def meta_fields(
    columns: Sequence[Column], names: dict[str, Named], ranges: dict[str, Named]
) -> list[dict[str, Any]]:
    """Give the heads of the columns of an extension, by the identifiers that were asked for."""
    found = []
    for column in columns:
        fields: dict[str, Any] = {"id": column.asked, "name": names[column.predicate].name}
        if column.predicate in ranges:
            class_ = ranges[column.predicate]
            fields["type"] = {"id": class_.iri, "name": class_.name}
        found.append(fields)
    return found


def old_rows(rows: Sequence[str], columns: Sequence[Column], table: Table) -> dict[str, Any]:
    """Give the rows of an extension by identifier, as version 0.2 has them."""
    return {
        asked: {column.asked: _cells(table, asked, column, draft=False) for column in columns}
        for asked in rows
    }


def draft_rows(rows: Sequence[str], columns: Sequence[Column], table: Table) -> list[Any]:
    """Give the rows of an extension as a list, as the draft has them."""
    return [
        {
            "id": asked,
            "properties": [
                {"id": column.asked, "values": _cells(table, asked, column, draft=True)}
                for column in columns
            ],
        }
        for asked in rows
    ]


def _cells(table: Table, asked: str, column: Column, *, draft: bool) -> list[dict[str, Any]]:
    cells = table.get(asked, {}).get(column.predicate, ())
    chosen = cells[: column.limit] if column.limit else cells
    return [_cell(cell, draft=draft) for cell in chosen]


def _cell(cell: Cell, *, draft: bool) -> dict[str, Any]:
    if cell.thing is not None:
        return named_fields(cell.thing)
    assert cell.literal is not None
    fields = _literal(cell.literal)
    if draft and cell.literal.language is not None:
        fields["lang"] = cell.literal.language
    return fields


def _literal(literal: Literal) -> dict[str, Any]:
    if literal.datatype == XSD + "integer":
        return {"int": int(literal.value)} if len(literal.value) < 300 else {"str": literal.value}
    if literal.datatype in NUMBERS:
        number = float(literal.value)
        return {"float": number} if math.isfinite(number) else {"str": literal.value}
    if literal.datatype == XSD + "date" and len(literal.value) == 10:
        return {"date": f"{literal.value}T00:00:00"}
    if literal.datatype == XSD + "dateTime" and literal.value[:1].isdigit():
        return {"date": literal.value}
    return {"str": literal.value}


def _type(type_: Type) -> dict[str, str]:
    return {"id": type_.iri, "name": type_.label}


def _short(name: str) -> str:
    kind, colon, iri = name.partition(":")
    return f"{kind}:{shorten(iri).strip('<>')}" if colon else kind


def _feature(name: str) -> str:
    kind, colon, iri = name.partition(":")
    return f"Likeness of {shorten(iri).strip('<>')}, to 100" if colon else FEATURES[kind]


def _without_gaps(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
