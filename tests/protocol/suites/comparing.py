"""Comparison of results by the rules of SPARQL: bags of rows, lists after ORDER BY, graphs.

Owns what `the same` means. Blank nodes are matched by one renaming for a whole answer (canonical
labels of a graph that encodes it), never by name. `values` compares literals by what they denote
instead of by their characters, since the engine's store rewrites lexical forms.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from tests.protocol.suites.results import PLAIN, Results, Row, Table, Term

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS: Final = frozenset(
    _XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong"),
        *("unsignedShort", "unsignedByte"),
    )
)
_ABOUT: Final = "urn:x-results:"


def same(
    expected: Results,
    found: Results,
    *,
    in_order: bool,
    values: bool = False,
    lax: bool = False,
) -> bool:
    """Tell whether an answer is what a test expects.

    Args:
        expected: what the suite says.
        found: what the server answered.
        in_order: whether the rows' order counts.
        values: whether literals are compared by value.
        lax: whether it does not count how often a row is there.
    """
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, Table) != isinstance(found, Table):
        return False
    if isinstance(expected, Table) and isinstance(found, Table):
        if set(expected.variables) != set(found.variables):
            return False
        if lax:
            expected, found = _once(expected, values=values), _once(found, values=values)
        return _canonical(_encode(expected, in_order=in_order), values=values) == _canonical(
            _encode(found, in_order=in_order), values=values
        )
    assert isinstance(expected, ox.Dataset)
    assert isinstance(found, ox.Dataset)
    return _canonical(expected, values=values) == _canonical(found, values=values)


def _once(table: Table, *, values: bool) -> Table:
    """Leave each row there once only."""
    change = _by_value if values else _lower_language
    rows = {
        tuple(sorted((name, str(_map(term, change))) for name, term in row.items())): row
        for row in table.rows
    }
    return Table(table.variables, tuple(rows.values()))


def _encode(table: Table, *, in_order: bool) -> ox.Dataset:
    """Write a table as a graph: a blank node a row, a triple a cell."""
    graph = ox.Dataset()
    for number, row in enumerate(table.rows):
        node = ox.BlankNode(f"row{number}")
        place = ox.Literal(str(number) if in_order else "anywhere")
        graph.add(ox.Quad(node, ox.NamedNode(_ABOUT + "place"), place))
        for name, term in _cells(row):
            graph.add(ox.Quad(node, ox.NamedNode(_ABOUT + "v:" + name), term))
    return graph


def _cells(row: Row) -> list[tuple[str, Term]]:
    """Give the cells, with the answer's own blank nodes apart from those that stand for rows."""
    return [(name, _map(term, _mark)) for name, term in row.items()]


def _mark(term: Term) -> Term:
    return ox.BlankNode("b" + term.value) if isinstance(term, ox.BlankNode) else term


def _canonical(graph: ox.Dataset, *, values: bool) -> set[str]:
    change: Callable[[Term], Term] = _by_value if values else _lower_language
    changed = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, _map(quad.object, change), quad.graph_name)
        for quad in graph
    )
    changed.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in changed}


def _map(term: Term, change: Callable[[Term], Term]) -> Term:
    if isinstance(term, ox.Triple):
        subject, object_ = _map(term.subject, change), _map(term.object, change)
        return ox.Triple(subject, term.predicate, object_)  # type: ignore[arg-type]  # a change keeps the kind
    return change(term)


def _lower_language(term: Term) -> Term:
    """Language tags are the same whatever their case (RDF 1.1 Concepts 3.3)."""
    if isinstance(term, ox.Literal) and term.language is not None:
        return ox.Literal(term.value, language=term.language.lower(), direction=term.direction)
    return term


def _by_value(term: Term) -> Term:
    """Give a literal in a form that depends on its value and the primitive type only."""
    if not isinstance(term, ox.Literal) or term.language is not None:
        return _lower_language(term)
    kind, text = term.datatype.value, term.value.strip()
    try:
        if kind == PLAIN:
            return ox.Literal(f"{Decimal(text).normalize():f}", datatype=term.datatype)
        if kind in _INTEGERS:
            return ox.Literal(str(int(text)), datatype=term.datatype)
        if kind == _XSD + "decimal":
            return ox.Literal(f"{Decimal(text).normalize():f}", datatype=term.datatype)
        if kind in (_XSD + "double", _XSD + "float"):
            return ox.Literal(repr(float(text)), datatype=term.datatype)
        if kind == _XSD + "boolean":
            return ox.Literal(str(text in ("true", "1")).lower(), datatype=term.datatype)
        if kind == _XSD + "dateTime":
            return ox.Literal(datetime.fromisoformat(text).isoformat(), datatype=term.datatype)
    except (ValueError, InvalidOperation):
        return term
    return term
