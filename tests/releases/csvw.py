"""A reader of CSV on the Web, minimal mode, as far as releases use it; written from the standard.

https://www.w3.org/TR/csv2rdf/ and https://www.w3.org/TR/tabular-metadata/, RFC 6570 for `{+name}`.
Knows nothing of Entente. Anything that it does not know is an error, never passed over.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

XSD = "http://www.w3.org/2001/XMLSchema#"
TABLE_KEYS = {"url", "tableSchema", "suppressOutput"}
SCHEMA_KEYS = {"aboutUrl", "primaryKey", "columns"}
COLUMN_KEYS = {
    "name",
    "titles",
    "required",
    "suppressOutput",
    "propertyUrl",
    "valueUrl",
    "datatype",
    "lang",
    "separator",
}
LEXICAL = {
    "string": r"(?s).+",
    "boolean": "true|false",
    "integer": "[-+]?[0-9]+",
    "decimal": r"[-+]?[0-9]*\.?[0-9]+",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "dateTime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[-+][0-9:]{5})?",
    "anyURI": ".+",
}
RESERVED = ":/?#[]@!$&'()*+,;=%-._~"


def read_table_group(metadata: Path) -> Iterator[ox.Triple]:
    """Give the triples of all tables that a description names."""
    group = json.loads(metadata.read_bytes())
    assert group["@context"] == "http://www.w3.org/ns/csvw"
    for table in group["tables"]:
        assert set(table) <= TABLE_KEYS
        if not table.get("suppressOutput", False):
            yield from read_table(metadata.parent / table["url"], table["tableSchema"])


def read_table(path: Path, schema: Mapping[str, Any]) -> Iterator[ox.Triple]:
    """Give the triples of one table."""
    assert set(schema) <= SCHEMA_KEYS
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        columns = schema["columns"]
        assert all(set(column) <= COLUMN_KEYS for column in columns)
        assert next(rows) == [column["titles"] for column in columns]
        for row in rows:
            values = dict(zip((column["name"] for column in columns), row, strict=True))
            subject = ox.NamedNode(expand(schema["aboutUrl"], values))
            for column, cell in zip(columns, row, strict=True):
                if cell and not column.get("suppressOutput", False):
                    yield from read_cell(subject, column, cell, values)


def read_cell(
    subject: ox.NamedNode, column: Mapping[str, Any], cell: str, values: Mapping[str, str]
) -> Iterator[ox.Triple]:
    """Give the triples of one cell; one with `valueUrl` gives one, whatever its separator."""
    predicate = ox.NamedNode(expand(column["propertyUrl"], values))
    if "valueUrl" in column:
        yield ox.Triple(subject, predicate, ox.NamedNode(expand(column["valueUrl"], values)))
        return
    parts = cell.split(column["separator"]) if "separator" in column else [cell]
    for part in parts:
        yield ox.Triple(subject, predicate, literal(part, column))


def literal(text: str, column: Mapping[str, Any]) -> ox.Literal:
    """Give the literal of a value."""
    kind = column["datatype"]
    base = kind if isinstance(kind, str) else kind["base"]
    assert re.fullmatch(LEXICAL[base], text), (text, kind)
    if not isinstance(kind, str):
        return ox.Literal(text, datatype=ox.NamedNode(kind["@id"]))
    if base == "string" and "lang" in column:
        return ox.Literal(text, language=column["lang"])
    return ox.Literal(text, datatype=ox.NamedNode(XSD + base))


def expand(template: str, values: Mapping[str, str]) -> str:
    """Expand a URI template, level 2: `{+name}` leaves reserved characters as they are."""
    return re.sub(r"\{\+(\w+)\}", lambda found: quote(values[found[1]], safe=RESERVED), template)
