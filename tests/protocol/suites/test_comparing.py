"""What the suites' runner takes for the same answer, and what not."""

import pyoxigraph as ox
import pytest

from tests.protocol.suites.comparing import same
from tests.protocol.suites.results import Table, Term, read_results

A, B, C = ox.BlankNode("a"), ox.BlankNode("b"), ox.BlankNode("c")
ONE, TWO = ox.NamedNode("http://example.org/1"), ox.NamedNode("http://example.org/2")
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
INT = ox.NamedNode("http://www.w3.org/2001/XMLSchema#int")


def column(*terms: Term) -> Table:
    return Table(("x",), tuple({"x": term} for term in terms))


def pairs(*rows: tuple[Term, Term]) -> Table:
    return Table(("x", "y"), tuple({"x": x, "y": y} for x, y in rows))


@pytest.mark.parametrize(
    ("expected", "found", "in_order", "verdict"),
    [
        (column(ONE, TWO), column(TWO, ONE), False, True),
        (column(ONE, TWO), column(TWO, ONE), True, False),
        (column(ONE, ONE), column(ONE), False, False),
        (column(ONE, ONE, TWO), column(ONE, TWO, TWO), False, False),
        (pairs((A, A)), pairs((B, B)), False, True),
        (pairs((A, A)), pairs((A, B)), False, False),
        (pairs((A, B), (B, A)), pairs((C, A), (A, C)), False, True),
        (pairs((A, ONE), (A, TWO)), pairs((A, ONE), (B, TWO)), False, False),
        (column(A), column(ONE), False, False),
        (column(), Table(("y",), ()), False, False),
        (Table(("x",), ({},)), column(), False, False),
        (column(ONE), True, False, False),
        (True, False, False, False),
        (
            column(ox.Literal("a", language="EN")),
            column(ox.Literal("a", language="en")),
            False,
            True,
        ),
        (column(ox.Literal("a", language="en")), column(ox.Literal("a")), False, False),
    ],
)
def test_same(expected: Table | bool, found: Table | bool, in_order: bool, verdict: bool) -> None:  # noqa: FBT001  # a table of cases
    assert same(expected, found, in_order=in_order) is verdict


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (ox.Literal("01", datatype=INTEGER), ox.Literal("1", datatype=INTEGER), True),
        (ox.Literal("1", datatype=INT), ox.Literal("1", datatype=INTEGER), False),
        (ox.Literal("01"), ox.Literal("1"), False),
        (ox.Literal("x", datatype=INTEGER), ox.Literal("1", datatype=INTEGER), False),
    ],
)
def test_values_are_compared_within_one_datatype(
    left: Term,
    right: Term,
    verdict: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert not same(column(left), column(right), in_order=False)
    assert same(column(left), column(right), in_order=False, values=True) is verdict


def test_a_graph_is_compared_up_to_its_blank_nodes() -> None:
    left = read_results(b"_:a <p:p> _:b . _:b <p:q> 1 .", ".ttl")
    right = read_results(b"_:x <p:p> _:y . _:y <p:q> 1 .", ".ttl")
    other = read_results(b"_:x <p:p> _:y . _:x <p:q> 1 .", ".ttl")
    assert same(left, right, in_order=False)
    assert not same(left, other, in_order=False)
