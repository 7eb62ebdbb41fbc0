"""Rows of another server's answer, written as VALUES.

Owns the reading of results that strangers wrote, with the engine's parsers, and the one form in
which they enter a query: terms of N-Triples, checked again. Known limit: a blank node of another
server cannot stand in VALUES, so an answer with one is refused and not changed in silence.
"""

from typing import Final

import pyoxigraph as ox

from entente.core.errors import LimitExceeded, RemoteFailed
from entente.core.terms import is_absolute

FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}
NOTHING: Final = "VALUES () { () }"
"""One row without a value, joined with everything: what a SERVICE SILENT that failed gives."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def values_of(body: bytes, format_name: str, *, variables: frozenset[str], most: int) -> str:
    """Write the rows of an answer as a block of VALUES.

    Args:
        body: the answer.
        format_name: json, xml or tsv.
        variables: those that were asked for; others are left out.
        most: rows that it may have.

    Raises:
        RemoteFailed: these are no results, or hold a blank node.
        LimitExceeded: there are too many rows.
    """
    if b"<!DOCTYPE" in body[:1000]:
        raise RemoteFailed("its answer has a document type, which is not read")
    try:
        found = ox.parse_query_results(body, format=FORMATS[format_name])
        if not isinstance(found, ox.QuerySolutions):
            raise RemoteFailed("it answered yes or no, and not with rows")
        names = [name.value for name in found.variables if name.value in variables]
        rows: list[str] = []
        for row in found:
            if len(rows) == most:
                raise LimitExceeded(
                    f"it has more than {most} rows; narrow its pattern, for instance with VALUES "
                    "inside it",
                    limit="rows",
                )
            rows.append(f"({' '.join(_written(row[name]) for name in names)})")
    except (SyntaxError, ValueError, OSError) as error:
        raise RemoteFailed("its answer cannot be read") from error
    return f"VALUES ({' '.join('?' + name for name in names)}) {{ {' '.join(rows)} }}"


def _written(term: Term | None) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.BlankNode):
        raise RemoteFailed(
            "its answer has a blank node, which has no name here; leave its variable out with a "
            "sub-SELECT"
        )
    if isinstance(term, ox.NamedNode):
        if not is_absolute(term.value):
            raise RemoteFailed("its answer has an IRI that is none")
        return f"<{term.value}>"
    if isinstance(term, ox.Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(_written(part) for part in parts)} )>>"
    if not is_absolute(term.datatype.value):
        raise RemoteFailed("its answer has a datatype that is none")
    return str(term)
