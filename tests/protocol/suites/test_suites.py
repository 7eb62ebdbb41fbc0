"""The W3C's suites over HTTP against the running server; known failures are named, with reasons."""

import os

import pytest

from tests.protocol.suites.known import BY_VALUE, FAILED
from tests.protocol.suites.manifest import Case
from tests.protocol.suites.outcome import Verdict
from tests.protocol.suites.registry import SUITES, Session, cases_of
from tests.protocol.suites.table import PATH, render

CASES = [case for suite in SUITES for case in cases_of(suite.known)]


def expected_verdict(case: Case) -> Verdict:
    if case.id in FAILED.get(case.suite, {}):
        return "failed"
    return "by value" if case.id in BY_VALUE.get(case.suite, {}) else "passed"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.suite}/{case.id}")
def test_w3c(run: Session, case: Case) -> None:
    """Each test passes, or fails as the list of known failures says, and not otherwise."""
    found = run.outcome(case)
    assert found.verdict == expected_verdict(case), found.seen


def test_every_known_failure_is_a_test_of_its_suite(run: Session) -> None:  # noqa: ARG001  # skips where there is no suite
    listed = {(s, name) for known in (FAILED, BY_VALUE) for s in known for name in known[s]}
    assert listed <= {(case.suite, case.id) for case in CASES}


def test_the_table_of_conformance_is_that_of_the_run(run: Session) -> None:
    """ENTENTE_RENEW=1 writes it anew."""
    table = render(run.outcome)
    if os.environ.get("ENTENTE_RENEW"):
        PATH.write_text(table)
    assert PATH.read_text() == table
