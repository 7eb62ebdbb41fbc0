"""The hygiene rules of `ontology/checks` find nothing in the ontology and nothing in the data."""

import re
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from tests.ontology.knowledge import files, store

RULES: Final = files("checks/*.rq")


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_says_how_to_mend_and_which_gate_it_holds(path: Path) -> None:
    mend, gate, *_ = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# \S.{10,}", mend)
    assert re.fullmatch(r"# gate: \S.*", gate)


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_finds_no_error(path: Path) -> None:
    rows = store().query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    names = {variable.value for variable in rows.variables}
    assert {"subject", "problem"} <= names <= {"subject", "predicate", "problem", "severity"}
    found = []
    for row in rows:
        severity = row["severity"] if "severity" in names else None
        if not isinstance(severity, Literal) or severity.value == "error":
            subject, problem = row["subject"], row["problem"]
            assert isinstance(problem, Literal)
            told = subject.value if isinstance(subject, NamedNode) else str(subject)
            found.append(f"{told} {problem.value}")
    assert sorted(found) == []
