"""Results for people: rows of an answer as cells of an HTML table.

Owns the reading of our own reader's JSON results
(https://www.w3.org/TR/sparql11-results-json/). Known limit: an answer longer than a page can hold
is not shown but offered for download.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from entente.core.terms import shorten
from entente.query.answer import Answer

PAGE_BYTES: Final = 2 * 1024 * 1024
PAGE_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row: `iri` where it can be linked, `note` its language or datatype."""

    text: str
    iri: str | None = None
    note: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer ready for the template; `truth` is the answer of an ASK, `text` of a graph."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()
    count: int = 0
    truth: bool | None = None
    text: str | None = None
    too_long: bool = False


def read_table(answer: Answer) -> Table:
    """Read an answer in JSON results or Turtle for a page."""
    body = bytearray()
    with answer:
        for chunk in answer:
            body += chunk
            if len(body) > PAGE_BYTES:
                return Table(too_long=True)
    if answer.form == "graph":
        return Table(text=body.decode())
    found = json.loads(body)
    if answer.form == "ask":
        return Table(truth=bool(found["boolean"]))
    variables = tuple(found["head"]["vars"])
    bindings = found["results"]["bindings"]
    rows = tuple(
        tuple(_read_cell(binding.get(variable)) for variable in variables)
        for binding in bindings[:PAGE_ROWS]
    )
    return Table(variables=variables, rows=rows, count=len(bindings))


def _read_cell(term: Mapping[str, Any] | None) -> Cell | None:
    if term is None:
        return None
    value = term["value"]
    if term["type"] == "uri":
        return Cell(shorten(value), iri=value)
    if term["type"] == "triple":
        return Cell(json.dumps(value, ensure_ascii=False))
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    language = term.get("xml:lang", "")
    note = f"@{language}" if language else shorten(term["datatype"]) if "datatype" in term else ""
    return Cell(value, note=note, language=language)
