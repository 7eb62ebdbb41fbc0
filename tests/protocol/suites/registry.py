"""The suites: which there are, what runs each, and the outcomes of one run.

Owns the list in the order of the table. A server is started when the first case needs it and
serves all that follow; a case is run once in a session.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from tests.protocol.suites.exchanging import Exchange, exchanges_of, judge_exchange
from tests.protocol.suites.manifest import Case, read_cases, suites_folder
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.querying import judge_query
from tests.protocol.suites.serving import dataset_of
from tests.protocol.suites.updating import judge_update
from tests.protocol.suites.writable import Writable, run_writable
from tests.web.site import Site, run_site

QUERY_KINDS: Final = frozenset({"query", "csv", "positive", "negative"})
UPDATE_KINDS: Final = frozenset({"update", "good-update", "bad-update"})


@dataclass(frozen=True, slots=True)
class Suite:
    """One row of the table.

    Attributes:
        known: its name in the lists of known failures.
        title: its name in the table.
        manifest: below the folder of the SPARQL suites; empty where `protocol.json` has the tests.
        kinds: of the tests.
    """

    known: str
    title: str
    manifest: str
    kinds: frozenset[str]


SUITES: Final = (
    Suite("query", "SPARQL 1.1 Query", "sparql11/manifest-sparql11-query.ttl", QUERY_KINDS),
    Suite("1.0", "SPARQL 1.0 Query", "sparql10/manifest.ttl", QUERY_KINDS),
    Suite(
        "results",
        "SPARQL 1.1 result formats",
        "sparql11/manifest-sparql11-results.ttl",
        QUERY_KINDS,
    ),
    Suite("update", "SPARQL 1.1 Update", "sparql11/manifest-sparql11-update.ttl", UPDATE_KINDS),
    Suite("protocol", "SPARQL 1.1 Protocol", "", frozenset({"protocol"})),
    Suite(
        "graph-store",
        "SPARQL 1.1 Graph Store Protocol",
        "",
        frozenset({"gsp-direct", "gsp-indirect"}),
    ),
    Suite("description", "SPARQL 1.1 Service Description", "", frozenset({"service-description"})),
    Suite("1.2", "SPARQL 1.2", "sparql12/manifest.ttl", QUERY_KINDS | UPDATE_KINDS),
)


@cache
def cases_of(known: str) -> tuple[Case, ...]:
    """Read the cases of a suite that has a manifest; none where the suites are not at hand."""
    suite = next(suite for suite in SUITES if suite.known == known)
    if not suite.manifest or not suites_folder().is_dir():
        return ()
    cases = read_cases(known, suite.manifest)
    return tuple(case for case in cases if case.kind in suite.kinds)


def members_of(suite: Suite) -> tuple[Case | Exchange, ...]:
    """Give all tests of a suite; none where the suites are not at hand."""
    if suite.manifest:
        return cases_of(suite.known)
    return exchanges_of(suite.known, *sorted(suite.kinds))


class Session:
    """One run of the suites; a context manager that ends its servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._outcomes: dict[Case | Exchange, Outcome] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def outcome(self, test: Case | Exchange) -> Outcome:
        """Give the outcome of a test, which is run if it was not."""
        if test not in self._outcomes:
            self._outcomes[test] = self._judge(test)
        return self._outcomes[test]

    def _judge(self, test: Case | Exchange) -> Outcome:
        if isinstance(test, Exchange):
            return judge_exchange(self.writable, test)
        if test.kind in UPDATE_KINDS:
            return judge_update(self.writable, test)
        return judge_query(self.readable, test)

    @cached_property
    def readable(self) -> Site:
        """The server that holds the data of all query tests."""
        cases = [case for suite in SUITES for case in cases_of(suite.known)]
        quads = dataset_of(case for case in cases if case.kind in QUERY_KINDS)
        return self._stack.enter_context(run_site(self._folder / "read", quads=quads, readers=1))

    @cached_property
    def writable(self) -> Writable:
        """The server that tests of updates write to."""
        return self._stack.enter_context(run_writable(self._folder / "write"))
