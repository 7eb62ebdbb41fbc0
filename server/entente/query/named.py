"""Named queries: endpoints of the query library, asked with values and given page by page.

Owns the order of rows, which is always the same for the same revision, and the cut of a page. All
rows are asked for at once and kept by the answer cache, so that total and pages agree. Known limit:
an answer longer than `result_bytes` is refused, whatever the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from entente.core.errors import Finding, SourceError
from entente.core.terms import XSD
from entente.logic.endpoint import Endpoint, read_endpoint
from entente.query.library import QueryLibrary
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService

FOLDER: Final = "api/"
NUMBERS: Final = frozenset({XSD + "integer", XSD + "decimal", XSD + "double"})


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows; `total` counts all of them, `revision` is the graph's."""

    rows: tuple[Row, ...]
    total: int
    revision: int


def read_endpoints(library: QueryLibrary) -> tuple[Endpoint, ...]:
    """Give the endpoints of a library in order of their names.

    Raises:
        SourceError: a header is malformed.
    """
    found, wrong = [], []
    for name in library.names:
        if not name.startswith(FOLDER):
            continue
        endpoint, faults = read_endpoint(name.removeprefix(FOLDER), library.get(name).text)
        if endpoint is not None:
            found.append(endpoint)
        wrong += [
            Finding(fault.what, fault.mend, f"queries/{name}.rq", fault.line) for fault in faults
        ]
    if wrong:
        raise SourceError(tuple(wrong))
    return tuple(found)


def find_rows(
    service: QueryService,
    endpoint: Endpoint,
    values: Mapping[str, tuple[Term, ...]],
    *,
    order: Sequence[str],
    limit: int,
    offset: int,
) -> Rows:
    """Ask an endpoint.

    Args:
        service: of the present or of a day.
        endpoint: one of `read_endpoints`.
        values: terms for its parameters, any of which may fit.
        order: columns to sort by, `-` before those that descend; all others follow.
        limit: how many rows at most.
        offset: how many to pass over.

    Raises:
        QueryError: a limit struck.
    """
    while True:
        revision = service.revision
        rows = service.rows(FOLDER + endpoint.name, **values)
        if endpoint.items is not None:
            rows = _one_each(rows, endpoint.items)
        rows = sort_rows(rows, order, columns=tuple(endpoint.columns))
        if service.revision == revision:
            return Rows(tuple(rows[offset : offset + limit]), len(rows), revision)


def _one_each(rows: Iterable[Row], column: str) -> list[Row]:
    """Keep the first row of each thing, in an order that does not depend on the engine's."""
    first: dict[Term, Row] = {}
    for row in rows:
        if column in row:
            kept = first.setdefault(row[column], row)
            if _key_of_row(row) < _key_of_row(kept):
                first[row[column]] = row
    return list(first.values())


def sort_rows(rows: Iterable[Row], order: Sequence[str], *, columns: Sequence[str]) -> list[Row]:
    """Sort rows by some columns, then by all; what is missing comes last either way."""
    held = sorted(rows, key=lambda row: [key_of(row.get(column)) for column in columns])
    for key in reversed(order):
        column = key.removeprefix("-")
        present = [row for row in held if column in row]
        absent = [row for row in held if column not in row]
        present.sort(key=lambda row: key_of(row[column]), reverse=key.startswith("-"))
        held = present + absent
    return held


Key = tuple[int, Decimal, str]


def key_of(term: Term | None) -> Key:
    """Give what a term is sorted by: numbers by value, all else by text, nothing last."""
    if term is None:
        return 3, Decimal(), ""
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        try:
            value = Decimal(term.value)
        except InvalidOperation:
            value = Decimal("NaN")
        if value.is_finite():
            return 0, value, ""
    kind = 2 if isinstance(term, Iri) else 1
    return kind, Decimal(), str(term).casefold() + "\x00" + str(term)


def _key_of_row(row: Row) -> list[tuple[str, Key]]:
    return [(name, key_of(row[name])) for name in sorted(row)]
