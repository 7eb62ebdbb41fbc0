"""CSV for spreadsheets: no cell of it is a formula, and nothing else is lost."""

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.core.cells import as_text
from entente.store.sheet_sink import SheetSink
from tests.web.site import Site

FORMULAS = [
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "\tx",
    " =1",
    "\uff1d1",
    '=HYPERLINK("x")',
]
TEXTS = ["-1.5", "+1e-3", "plain", "", "a=b", "x, y", 'say "x"', "two\r\nlines", "é–"]


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_could_be_a_formula_becomes_a_text(cell: str) -> None:
    assert as_text(cell) == "'" + cell


@pytest.mark.parametrize("cell", TEXTS)
def test_numbers_and_other_texts_stay(cell: str) -> None:
    assert as_text(cell) == cell


def literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def test_the_endpoint_gives_a_file_without_formulas(site: Site) -> None:
    rows = " ".join(f"( {number} {literal(text)} )" for number, text in enumerate(FORMULAS + TEXTS))
    query = f"SELECT ?n ?x {{ VALUES ( ?n ?x ) {{ {rows} }} }} ORDER BY ?n"
    reply = site.query(query, format="sheet")
    assert (reply.status, reply.type) == (200, "text/csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="entente.csv"'
    head, *found = rows_of(reply.body)
    assert head == ["n", "x"]
    assert [text for _, text in found] == [*("'" + one for one in FORMULAS), *TEXTS]
    plain = rows_of(site.query(query, format="csv").body)
    assert [text for _, text in plain[1:]] == FORMULAS + TEXTS


def test_csv_is_the_w3cs_unless_a_sheet_is_asked_for(site: Site) -> None:
    query = 'SELECT ("=1" AS ?x) {}'
    assert site.query(query, accept="text/csv").text == "x\r\n=1\r\n"
    assert site.query(query, format="sheet").text == '"x"\r\n"\'=1"\r\n'
    assert site.query("ASK {}", format="sheet").text.strip() == '"true"'


def test_a_sheet_too_long_is_refused_as_csv_is(site: Site) -> None:
    query = "SELECT ?x { VALUES ?x { 1 2 3 } }"
    assert len(rows_of(site.query(query, format="sheet").body)) == 4
    wrong = site.query("CONSTRUCT WHERE { ?s ?p ?o }", format="sheet")
    assert wrong.status == 406


class Gathered:
    """A sink that keeps what it gets."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        """Keep a part."""
        self.parts.append(part)
        return len(part)

    def flush(self) -> None:
        """Nothing is kept back."""


CELLS = st.text(st.sampled_from('=+-@\r\n\t", aé"'), max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5),
    st.lists(st.integers(0, 80), max_size=6),
)
def test_parts_may_end_anywhere(rows: list[list[str]], cuts: list[int]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    body = text.getvalue().encode()
    gathered = Gathered()
    sink = SheetSink(gathered)
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    for start, end in pairwise(places):
        sink.write(body[start:end])
    sink.end()
    assert rows_of(b"".join(gathered.parts)) == [[as_text(cell) for cell in row] for row in rows]
