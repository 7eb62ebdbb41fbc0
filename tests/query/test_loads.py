"""LOAD is taken out of updates: a silent one does nothing, any other is refused at its place."""

import pytest

from entente.core.errors import QueryRefused, QuerySyntaxError
from entente.query.guard import inspect
from entente.query.limits import QueryLimits
from entente.query.loads import without_loads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LOAD SILENT <x:a>", "ADD SILENT <x:a> TO <x:a>"),
        ("load silent <x:a>", "ADD SILENT <x:a> TO <x:a>"),
        ("CLEAR ALL;LOAD SILENT x:a", "CLEAR ALL;ADD SILENT x:a TO x:a"),
        (
            "LOAD SILENT <x:a> INTO GRAPH <x:b> ; CLEAR ALL",
            "ADD SILENT <x:a> TO <x:a> ; ADD SILENT <x:b> TO <x:b> ; CLEAR ALL",
        ),
        ("INSERT DATA { <x:LOAD> <x:p> 'LOAD SILENT <x:a>' }", None),
        ("# LOAD SILENT <x:a>\nCLEAR ALL", None),
    ],
)
def test_a_silent_load_becomes_nothing(text: str, expected: str | None) -> None:
    assert without_loads(text) == (text if expected is None else expected, None)


def test_a_load_is_refused_at_its_place() -> None:
    _, refusal = without_loads("CLEAR ALL ;\n  LOAD <x:a> INTO GRAPH <x:b>")
    assert refusal is not None
    assert (refusal.line, refusal.column) == (2, 3)


@pytest.mark.parametrize(
    "text", ["LOAD", "LOAD ;", "LOAD SILENT", "LOAD SILENT ?x", "LOAD SILENT <x:a> INTO GRAPH"]
)
def test_a_load_without_its_names_is_no_sparql(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        without_loads(text)


@pytest.mark.parametrize("text", ["LOADx:a", "LOADSILENT <x:a>", "LOADx:a INTO GRAPH <x:b>"])
def test_a_load_that_hides_does_not_pass_the_guard(text: str) -> None:
    """The engine needs no space after a keyword."""
    left, _ = without_loads(text)
    with pytest.raises(QueryRefused):
        inspect(left, QueryLimits(), updates=True)
