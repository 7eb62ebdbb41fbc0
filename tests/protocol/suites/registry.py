"""The suites: which there are, what runs each, and the outcomes of one run.

Owns the list in the order of the table. A server is started when the first case needs it and
serves all that follow; a case is run once in a session.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.protocol.suites.manifest import Case, read_cases, suites_folder
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.querying import judge_query
from tests.protocol.suites.serving import dataset_of
from tests.web.site import Site, run_site

QUERY_KINDS: Final = frozenset({"query", "csv", "positive", "negative"})


@dataclass(frozen=True, slots=True)
class Suite:
    """One row of the table; `known` is its name in the lists of known failures."""

    known: str
    title: str
    manifest: str
    kinds: frozenset[str]


SUITES: Final = (
    Suite("query", "SPARQL 1.1 Query", "sparql11/manifest-sparql11-query.ttl", QUERY_KINDS),
    Suite(
        "results",
        "SPARQL 1.1 result formats",
        "sparql11/manifest-sparql11-results.ttl",
        QUERY_KINDS,
    ),
    Suite("query-1.2", "SPARQL 1.2, queries", "sparql12/manifest.ttl", QUERY_KINDS),
)


@cache
def cases_of(known: str) -> tuple[Case, ...]:
    """Read the cases of a suite; none where the suites are not at hand."""
    if not suites_folder().is_dir():
        return ()
    suite = next(suite for suite in SUITES if suite.known == known)
    cases = read_cases(known, suite.manifest)
    return tuple(case for case in cases if case.kind in suite.kinds)


class Session:
    """One run of the suites; a context manager that ends its servers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._outcomes: dict[Case, Outcome] = {}
        self._sites: dict[str, Site] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def outcome(self, case: Case) -> Outcome:
        """Give the outcome of a case, which is run if it was not."""
        if case not in self._outcomes:
            self._outcomes[case] = judge_query(self._site("query", self._start_query_site), case)
        return self._outcomes[case]

    def _site(self, name: str, start: Callable[[], Site]) -> Site:
        if name not in self._sites:
            self._sites[name] = start()
        return self._sites[name]

    def _start_query_site(self) -> Site:
        cases = [case for suite in SUITES for case in cases_of(suite.known)]
        quads = dataset_of(case for case in cases if case.kind in QUERY_KINDS)
        return self._stack.enter_context(run_site(self._folder / "query", quads=quads, readers=1))
