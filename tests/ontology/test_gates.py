"""The table of gates in `ontology/README.md` is whole and true."""

import re
from collections import Counter
from typing import Final

import pytest

from tests.ontology.knowledge import ONTOLOGY, ROOT, files

TEXT: Final = (ONTOLOGY / "README.md").read_text(encoding="utf-8")
ROWS: Final = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| [QP]\d\d", line)
]
GATES: Final = {row[0]: row for row in ROWS if row[0].startswith("Q")}
NAMED: Final = sorted(set(re.findall(r"`([\w./-]+/[\w.-]+\.\w+(?:::\w+)?)`", TEXT)))
RULES: Final = [path.relative_to(ROOT).as_posix() for path in files("checks/*.rq")]
STATES: Final = {"held", "reported", "open", "accepted"}


def test_every_gate_has_one_row() -> None:
    """There is no Q19: the list that the gates come from leaves it out."""
    counts = Counter(row[0] for row in ROWS if row[0].startswith("Q"))
    assert counts == {f"Q{number:02}": 1 for number in range(1, 49) if number != 19}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_a_file_that_holds_it_or_says_why_not(row: list[str]) -> None:
    *_, state, by = row
    assert state in STATES
    if state == "held":
        assert "`" in by or "table below" in by
    else:
        assert len(by.split()) > 6


@pytest.mark.parametrize("name", NAMED)
def test_what_is_named_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert (ROOT / path).is_file()
    assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8") or not function


def test_every_rule_is_named() -> None:
    assert set(RULES) - set(NAMED) == set()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_the_gates_whose_rows_name_it(rule: str) -> None:
    """The second line of each rule is `# gate: …`; the table and the files must not drift apart."""
    line = (ROOT / rule).read_text(encoding="utf-8").splitlines()[1]
    assert set(re.findall(r"Q\d\d", line)) == {
        gate for gate, row in GATES.items() if f"`{rule}`" in row[-1]
    }
