"""The W3C's suites over HTTP against the running server; known failures are named, with reasons."""

import os

import pytest

from tests.protocol.suites.exchanging import Exchange
from tests.protocol.suites.known import BY_VALUE, FAILED
from tests.protocol.suites.manifest import Case
from tests.protocol.suites.outcome import Verdict
from tests.protocol.suites.registry import SUITES, Session, members_of
from tests.protocol.suites.table import PATH, README, render, with_rows

TESTS = [test for suite in SUITES for test in members_of(suite)]


def expected_verdict(test: Case | Exchange) -> Verdict:
    if test.id in FAILED.get(test.suite, {}):
        return "failed"
    return "by value" if test.id in BY_VALUE.get(test.suite, {}) else "passed"


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test.suite}/{test.id}")
def test_w3c(run: Session, test: Case | Exchange) -> None:
    """Each test passes, or fails as the list of known failures says, and not otherwise."""
    found = run.outcome(test)
    assert found.verdict == expected_verdict(test), found.seen


def test_every_known_failure_is_a_test_of_its_suite(run: Session) -> None:  # noqa: ARG001  # skips where there is no suite
    listed = {(s, name) for known in (FAILED, BY_VALUE) for s in known for name in known[s]}
    assert listed <= {(test.suite, test.id) for test in TESTS}


def test_the_table_of_conformance_is_that_of_the_run(run: Session) -> None:
    """ENTENTE_RENEW=1 writes it anew."""
    table = render(run.outcome)
    if os.environ.get("ENTENTE_RENEW"):
        PATH.write_text(table)
        README.write_text(with_rows(README.read_text(), table))
    assert PATH.read_text() == table


def test_the_readme_has_the_rows_of_the_table() -> None:
    assert README.read_text() == with_rows(README.read_text(), PATH.read_text())
