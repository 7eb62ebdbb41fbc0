"""Queries made by the grammar, whole and broken: right answers, clear refusals, nothing else.

Each answer is held against the engine's own, asked in this process over the same store, so that
what lies between (guard, pool, frames, cache, HTTP) can neither change an answer nor mistake an
error. ENTENTE_LONG=1 asks twenty times as many.
"""

import os
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.protocol.fuzzing.grammar import broken, queries
from tests.protocol.suites.registry import cases_of
from tests.web.site import FACTORIES, Reply, Site, run_site

TIMES = 20 if os.environ.get("ENTENTE_LONG") else 1
PROFILE = settings(
    max_examples=200 * TIMES,
    deadline=None,
    derandomize=TIMES == 1,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SUITE = [
    case.text
    for name in ("query", "1.2", "update")
    for case in cases_of(name)
    if len(case.text) < 2000
]
SOURCE = st.one_of(queries(), st.sampled_from(SUITE)) if SUITE else queries()
ACCEPT = "text/tab-separated-values, application/n-triples;q=0.5"


@pytest.fixture(scope="session")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own, with a short limit of time."""
    with run_site(tmp_path_factory.mktemp("fuzzed"), query_seconds=1.0) as running:
        yield running


@pytest.fixture(scope="session")
def engine(fuzzed: Site) -> ox.Store:
    """The engine alone, over the snapshot that is served."""
    (folder,) = (fuzzed.settings.store / "current").resolve().glob("quads*")
    return ox.Store.read_only(str(folder))


def post(site: Site, query: str) -> Reply:
    body = urlencode({"query": query}, errors="surrogatepass").encode()
    headers = {"Accept": ACCEPT, "Content-Type": "application/x-www-form-urlencoded"}
    return site.ask("/sparql", method="POST", headers=headers, body=body)


def problem_of(reply: Reply) -> str:
    assert reply.type == "application/problem+json"
    assert reply.fields()["status"] == reply.status
    return str(reply.fields()["type"]).rpartition("#")[2]


def engine_answer(engine: ox.Store, query: str, *, base: str) -> list[str]:
    """Give the lines that the engine writes for a query.

    Raises:
        SyntaxError: the engine says so.
    """
    found = engine.query(query, base_iri=base)
    if isinstance(found, ox.QueryTriples):
        content = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
    elif isinstance(found, ox.QueryBoolean):
        return [str(bool(found)).lower()]
    else:
        content = found.serialize(format=ox.QueryResultsFormat.TSV)
    assert content is not None
    return lines_of(content.decode())


def lines_of(text: str) -> list[str]:
    """Give the lines in order, with the names of blank nodes, which are new each time, masked."""
    return sorted(re.sub(r"_:\w+", "_:b", text).splitlines())


def require_right(site: Site, engine: ox.Store, query: str) -> None:
    """Hold the server's answer to a query against the engine's."""
    reply = post(site, query)
    base = f"{site.url}/sparql"
    if reply.status == 200:
        event("answered")
        assert lines_of(reply.text) == engine_answer(engine, query, base=base)
    elif reply.status == 503:
        event("limit")
        assert problem_of(reply) == "limit"
        assert reply.headers["Retry-After"]
    else:
        assert reply.status == 400, reply.text
        kind = problem_of(reply)
        event(kind)
        if kind == "syntax":
            with pytest.raises((SyntaxError, ValueError)):
                engine_answer(engine, query, base=base)
        elif kind == "parameter":
            assert not query.strip() or "\x00" in query
        else:
            assert kind == "refused"
    rows = post(site, FACTORIES)
    assert (rows.status, len(rows.text.splitlines())) == (200, 3)


@PROFILE
@given(queries())
def test_a_query_is_answered_as_the_engine_would(
    fuzzed: Site, engine: ox.Store, query: str
) -> None:
    require_right(fuzzed, engine, query)


@PROFILE
@given(broken(SOURCE))
def test_a_broken_query_is_refused_where_the_engine_would(
    fuzzed: Site, engine: ox.Store, query: str
) -> None:
    require_right(fuzzed, engine, query)


@PROFILE
@given(st.text(max_size=60))
def test_a_text_that_is_no_query_is_refused(fuzzed: Site, engine: ox.Store, query: str) -> None:
    require_right(fuzzed, engine, query)
