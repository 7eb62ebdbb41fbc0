"""The counters of rows see what the engine has written, wherever its parts are cut."""

import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.core.errors import LimitExceeded
from entente.store.embedded import RESULT_FORMATS
from entente.store.rows import COUNTERS, BoundedRows

NASTY = [
    '"},{"',
    '"[{"',
    r'"\"},{\""',
    r'"\\"',
    r'"\\\"[{"',
    r'"a\nb\r\nc"',
    r'"\t"',
    '"</result><result>"',
    '""',
    "<http://example.org/a,b>",
    '<<( <a:s> <a:p> "},{" )>>',
    "3.5",
    "UNDEF",
]

cells = st.lists(st.tuples(st.sampled_from(NASTY), st.sampled_from(NASTY)), max_size=8)


def written(rows: list[tuple[str, str]], name: str, variables: str = "?a ?b") -> bytes:
    values = " ".join(f"({a} {b})" for a, b in rows)
    query = f"SELECT {variables} {{ VALUES (?a ?b) {{ {values} }} }}"
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    output = io.BytesIO()
    found.serialize(output, RESULT_FORMATS[name])
    return output.getvalue()


@pytest.mark.parametrize("name", sorted(COUNTERS))
@given(rows=cells, size=st.integers(1, 40))
def test_as_many_rows_are_counted_as_there_are(
    name: str, rows: list[tuple[str, str]], size: int
) -> None:
    answer = written(rows, name)
    counter = COUNTERS[name]()
    parts = [answer[start : start + size] for start in range(0, len(answer), size)]
    assert sum(counter.count(part) for part in parts) == len(rows)


@pytest.mark.parametrize("name", sorted(COUNTERS))
def test_rows_without_a_value_are_rows(name: str) -> None:
    answer = written([("UNDEF", "UNDEF")] * 7, name, variables="?a")
    assert COUNTERS[name]().count(answer) == 7


@pytest.mark.parametrize("name", sorted(COUNTERS))
def test_as_many_rows_as_may_be_pass_and_one_more_does_not(name: str) -> None:
    answer = written([("1", "2")] * 5, name)
    output = io.BytesIO()
    BoundedRows(output, name, 5).write(answer)
    assert output.getvalue() == answer
    with pytest.raises(LimitExceeded, match="more than 4 rows; add LIMIT"):
        BoundedRows(io.BytesIO(), name, 4).write(answer)


@pytest.mark.parametrize("name", sorted(COUNTERS))
def test_a_long_string_in_many_parts_is_counted_in_linear_time(name: str) -> None:
    """A counter that kept the open string would copy it anew with each part."""
    answer = written([('"' + "x,{" * 300_000 + '"', "1")], name)
    counter = COUNTERS[name]()
    parts = [answer[start : start + 16] for start in range(0, len(answer), 16)]
    assert sum(counter.count(part) for part in parts) == 1
