"""Every question of `queries/questions` answers as the articles do, on both engines.

The expected rows stand beside each query and were written from the articles, not from an answer.
Two engines read the same dataset: Oxigraph, which serves it, and rdflib, which shares no code.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store
from rdflib.query import ResultRow

FOLDER = Path(__file__).parents[2] / "queries" / "questions"
NAMES = sorted(path.stem for path in FOLDER.glob("*.rq"))
KINDS = {
    "aggregation",
    "as-of",
    "contradiction",
    "inference",
    "list",
    "lookup",
    "multi-hop",
    "provenance",
    "which lack",
}
HEADER = ("title", "question", "kind", "keywords")

Row = list[str | None]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a question is and which rows answer it."""

    id: str
    kind: str
    question: str
    columns: list[str]
    ordered: bool
    rows: list[Row]


def query_of(name: str) -> str:
    """Return the text of a question's query."""
    return (FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def expectation_of(name: str) -> Expectation:
    """Return what stands beside a question's query."""
    return Expectation(**json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def comparable(rows: list[Row], *, ordered: bool) -> list[Row]:
    """Return rows in an order that may be compared."""
    return rows if ordered else sorted(rows, key=lambda row: [cell or "" for cell in row])


def test_every_query_has_expected_rows_and_the_reverse() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_query_says_what_it_asks(name: str) -> None:
    """The header is what the published example shows, and agrees with the expectation."""
    expected = expectation_of(name)
    header = dict(re.findall(r"^# (\w+): (.+)$", query_of(name), re.MULTILINE))
    assert tuple(header) == HEADER
    assert (expected.id.lower(), expected.question, expected.kind) == (
        name,
        header["question"],
        header["kind"],
    )
    assert expected.kind in KINDS


@pytest.mark.parametrize("name", NAMES)
def test_oxigraph_answers_as_the_articles_do(name: str, oxigraph: Store) -> None:
    expected = expectation_of(name)
    answer = oxigraph.query(query_of(name), use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    columns = [variable.value for variable in answer.variables]
    rows: list[Row] = []
    for solution in answer:
        terms = [solution[column] for column in columns]
        assert all(term is None or isinstance(term, NamedNode | Literal) for term in terms)
        rows.append(
            [term.value if isinstance(term, NamedNode | Literal) else None for term in terms]
        )
    assert expected.columns == columns
    assert comparable(expected.rows, ordered=expected.ordered) == comparable(
        rows, ordered=expected.ordered
    )


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_answers_as_the_articles_do(name: str, rdflib_union: rdflib.Graph) -> None:
    expected = expectation_of(name)
    answer = rdflib_union.query(query_of(name))
    assert answer.vars is not None
    columns = [str(variable) for variable in answer.vars]
    rows: list[Row] = []
    for solution in answer:
        assert isinstance(solution, ResultRow)
        rows.append([None if term is None else str(term) for term in solution])
    assert expected.columns == columns
    assert comparable(expected.rows, ordered=expected.ordered) == comparable(
        rows, ordered=expected.ordered
    )
