"""The hygiene rules of `ontology/checks`: silent on what we publish, loud on a planted defect."""

import re
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat

from tests.ontology.knowledge import ROOT, files, store

RULES: Final = files("checks/*.rq")
DEFECTS: Final = ROOT / "tests" / "ontology" / "defects"
PLANTED: Final = NamedNode("https://example.org/planted")


def name(path: Path) -> str:
    return path.stem


def findings(path: Path, *, severities: frozenset[str]) -> list[str]:
    """What a rule finds, of the severities asked for."""
    rows = store().query(path.read_text(encoding="utf-8"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    names = {variable.value for variable in rows.variables}
    assert {"subject", "problem"} <= names <= {"subject", "predicate", "problem", "severity"}
    found = set()
    for row in rows:
        severity = row["severity"] if "severity" in names else None
        if (severity.value if isinstance(severity, Literal) else "error") in severities:
            subject, problem = row["subject"], row["problem"]
            assert isinstance(problem, Literal)
            told = subject.value if isinstance(subject, NamedNode) else "a blank node"
            found.add(f"{told} {problem.value}")
    return sorted(found)


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_says_how_to_mend_and_which_gate_it_holds(path: Path) -> None:
    mend, gate, *_ = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# \S.{10,}", mend)
    assert re.fullmatch(r"# gate: \S.*", gate)


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_finds_no_error_in_what_we_publish(path: Path) -> None:
    assert findings(path, severities=frozenset({"error"})) == []


@pytest.mark.parametrize("path", RULES, ids=name)
def test_a_rule_finds_each_defect_that_was_planted_for_it(path: Path) -> None:
    """Each problem that a rule can name is planted: a branch that never fires holds nothing."""
    rule = path.read_text(encoding="utf-8")
    problems = set(re.findall(r'BIND\((?:CONCAT\()?"([^"]+)".*AS \?problem\)', rule))
    assert problems
    every = frozenset({"error", "warning", "info"})
    before = set(findings(path, severities=every))
    try:
        store().load(
            path=str(DEFECTS / f"{path.stem}.ttl"), format=RdfFormat.TURTLE, to_graph=PLANTED
        )
        found = set(findings(path, severities=every)) - before
    finally:
        store().remove_graph(PLANTED)
    assert {p for p in problems if not any(f" {p}" in told for told in found)} == set()
