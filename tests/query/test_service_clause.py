"""SERVICE reaches nothing: the guard sees it however it is written, and the wall stands behind."""

import subprocess
import sys

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.core.errors import QueryError, QueryRefused
from entente.query.guard import inspect
from entente.query.limits import QueryLimits
from entente.query.service import QueryService
from tests.canary import Canary
from tests.query.services import POINT, POINT_ANSWER, answer

SPELLINGS = [
    "{ SERVICE <TARGET> { ?s ?p ?o } }",
    "{ sErViCe <TARGET> { ?s ?p ?o } }",
    "{ SERVICE<TARGET>{?s ?p ?o} }",
    "{ SERVICE SILENT <TARGET> { ?s ?p ?o } }",
    "{ SERVICESILENT<TARGET>{ ?s ?p ?o } }",
    "{ SERVICE # why\n <TARGET> # not\n { ?s ?p ?o } }",
    "{ SERVICE t:x { ?s ?p ?o } }",
    "{ SERVICEt:x { ?s ?p ?o } }",
    "{ SERVICESILENTt:x { ?s ?p ?o } }",
    "{ VALUES ?v { <TARGET> } SERVICE ?v { ?s ?p ?o } }",
    "{ VALUES ?v { <TARGET> } SERVICE?v{ ?s ?p ?o } }",
    "{ ?s ?p true.SERVICE <TARGET> { ?s ?p ?o } }",
    "{ ?s ?p trueSERVICE <TARGET> { ?s ?p ?o } }",
    "{ ?s ?p 1SERVICE <TARGET> { ?s ?p ?o } }",
    "{ ?s ?p t:.SERVICE <TARGET> { ?s ?p ?o } }",
    "{ ?s ?p ?o #\rSERVICE <TARGET> { ?s ?p ?o }\n }",
    "{ ?s ?p ?o FILTER EXISTS { SERVICE <TARGET> { ?s ?p ?o } } }",
    "{ { SELECT * { SERVICE <TARGET> { ?s ?p ?o } } } }",
    "{ VALUES ?v { <TARGET> } FILTER(?a<?b)SERVICE?v#>\n{ ?s ?p ?o } }",
    "{ FILTER(?a<'>')SERVICE<TARGET>{ ?s ?p ?o } FILTER(?b<'>') }",
    '{ ?s ?p ("""a") . SERVICE <TARGET> { ?s ?p ?o } #\\q """\n}',
    "{ FILTERt:f(?a<'>') SERVICE <TARGET> { ?s ?p ?o } FILTER t:f(?a<'>') }",
]


def written(spelling: str, address: str) -> str:
    return f"PREFIX t: <{address}/> SELECT * {spelling}".replace("TARGET", address)


def engine_reads_service(query: str) -> bool:
    """Tell whether SERVICE is a keyword to the engine: another word in its place is an error."""
    other = query.replace("SERVICE", "SERVICF").replace("sErViCe", "SERVICF")
    return is_sparql(query) and not is_sparql(other)


def is_sparql(query: str) -> bool:
    try:
        ox.Store().query(query)
    except SyntaxError:
        return False
    except RuntimeError:  # a function that the engine does not have
        return True
    return True


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_is_service_to_the_engine_and_refused_by_the_guard(spelling: str) -> None:
    query = written(spelling, "http://127.0.0.1:1/")
    assert engine_reads_service(query)
    with pytest.raises(QueryError):
        inspect(query, QueryLimits())


TERMS = ["t:a", "t:a.b", "t:", "_:a", "_:a.b", "1", "1.5", "'a'", "'a'@en", "true", "?v", "<a:b>"]
GLUE = [".", "b", ".b", "..", "-", ":", "1", "%41"]
CLAUSES = ["SERVICE <http://127.0.0.1:1/> {}", "SERVICEt:x {}", "SERVICE?v {}"]


@settings(max_examples=400, derandomize=True, database=None, deadline=None)
@given(
    term=st.sampled_from(TERMS),
    glue=st.lists(st.sampled_from(GLUE), max_size=2).map("".join),
    clause=st.sampled_from(CLAUSES),
)
def test_the_engine_reads_no_service_in_what_the_guard_lets_through(
    term: str, glue: str, clause: str
) -> None:
    """A keyword needs no space before it; whether one begins is for the two to see alike."""
    query = f"PREFIX t: <http://t/> SELECT * {{ ?s ?p {term}{glue}{clause} }}"
    try:
        spelt = inspect(query, QueryLimits())
    except QueryError:
        return
    assert not engine_reads_service(spelt)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_reaches_the_loopback(
    spelling: str, shared_service: QueryService, canary: Canary
) -> None:
    with pytest.raises(QueryError):
        answer(shared_service, written(spelling, canary.address))
    assert not canary.was_reached()


def test_the_canary_hears_an_engine_without_guard_and_wall(canary: Canary) -> None:
    """Without this the tests around would prove nothing."""
    assert "reached" in _ask_in_a_process(canary, wall=False)


def test_behind_the_guard_the_kernel_lets_no_reader_open_a_socket(canary: Canary) -> None:
    assert "silent" in _ask_in_a_process(canary, wall=True)


def _ask_in_a_process(canary: Canary, *, wall: bool) -> str:
    code = (
        "import sys, threading, pyoxigraph as ox\n"
        "from entente.query.confinement import deny_network\n"
        "if sys.argv[2] == 'True': assert deny_network()\n"
        "query = 'SELECT * { SERVICE <' + sys.argv[1] + '> { ?s ?p ?o } }'\n"
        "def ask():\n"
        "    try: list(ox.Store().query(query))\n"
        "    except OSError: pass\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, canary.address, str(wall)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        reached = any(canary.was_reached() for _ in range(100))
        process.kill()
    return "reached" if reached else "silent"


@pytest.mark.parametrize(
    "graph", ["file:///etc/hostname", "http://127.0.0.1:1/", "file:///proc/self/environ"]
)
def test_from_is_the_name_of_a_graph_and_reads_nothing(
    graph: str, shared_service: QueryService
) -> None:
    assert answer(shared_service, f"SELECT * FROM <{graph}> {{ ?s ?p ?o }}") == "o,p,s\r\n"


def test_load_is_refused(shared_service: QueryService, canary: Canary) -> None:
    with pytest.raises(QueryRefused, match="LOAD is an update"):
        answer(shared_service, f"LOAD SILENT <{canary.address}>")
    assert not canary.was_reached()
    assert answer(shared_service, POINT) == POINT_ANSWER
