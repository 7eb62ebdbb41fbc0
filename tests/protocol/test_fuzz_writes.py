"""Writes made by a grammar: what is stored afterwards is what a model of plain sets says.

Every accepted write is read back in whole; every refused one leaves all as it was. A second stream
of updates, from the grammar of queries and broken in places, is held against the engine alone, so
that what lies between (guard, splitting, union, patches) can neither change an update nor mistake
an error. ENTENTE_LONG=1 tries forty times as many.
"""

import os
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.protocol.fuzzing.grammar import PROLOGUE, broken, groups, templates
from tests.protocol.fuzzing.writes import GRAPHS, Model, Request, requests
from tests.protocol.suites.writable import Writable, run_writable

TIMES = 40 if os.environ.get("ENTENTE_LONG") else 1
PROFILE = settings(
    max_examples=6 * TIMES,
    deadline=None,
    derandomize=TIMES == 1,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
UPDATE = {"Content-Type": "application/sparql-update"}
QUADS = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
DONE = frozenset({200, 201, 204})


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A plain SPARQL store, whose default graph is a graph of its own."""
    with run_writable(tmp_path_factory.mktemp("written")) as running:
        yield running


def stored(server: Writable) -> ox.Dataset:
    """Read all that is stored, as a client does."""
    reply = server.site.query(QUADS, accept="application/sparql-results+json")
    assert reply.status == 200, reply.text
    rows = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(rows, ox.QuerySolutions)
    return ox.Dataset(ox.Quad(r["s"], r["p"], r["o"], r["g"] or ox.DefaultGraph()) for r in rows)


def dataset_of(model: Model) -> ox.Dataset:
    """Give a model as quads."""
    lines = [
        f"{' '.join(triple)} {f'<{graph}>' if graph else ''} ."
        for graph, triples in model.items()
        for triple in triples
    ]
    return ox.Dataset(ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS))


def send(server: Writable, request: Request) -> int:
    """Send a request to write and give the status."""
    headers = {"Content-Type": request.content_type, **request.headers}
    return server.send(request.method, request.path, headers, request.body.encode()).status


@PROFILE
@given(st.lists(requests(), min_size=1, max_size=6))
def test_what_is_stored_is_what_the_writes_say(store: Writable, made: list[Request]) -> None:
    store.put([])
    model: Model = {}
    for request in made:
        revision = store.site.service.revision
        after = request.do(model)
        status = send(store, request)
        if after is None:
            assert 400 <= status < 500, f"{status} for {request!r}"
            assert store.site.service.revision == revision
        else:
            assert status in DONE, f"{status} for {request!r}"
            model = after
        assert stored(store) == dataset_of(model), repr(request)
    for graph in GRAPHS:
        if model.get(graph):
            assert store.site.ask(f"/graphs?graph={graph}", method="HEAD").status == 200


@st.composite
def texts(draw: st.DrawFn) -> str:
    """An update with everything that WHERE can hold."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.integers(0, 5))
        template = " ".join(draw(st.lists(templates(), min_size=1, max_size=3)))
        graph = draw(st.sampled_from([":g", "<https://w3id.org/entente/graph/x>"]))
        if kind == 0:
            ground = re.sub(r"[?$](\w+)", r":\1", template)
            parts.append(f"INSERT DATA {{ {ground} GRAPH {graph} {{ {ground} }} }}")
        elif kind == 1:
            parts.append(f"DELETE WHERE {{ {template} }}")
        elif kind == 2:
            using = draw(st.sampled_from(["", f"USING {graph} ", f"USING NAMED {graph} "]))
            parts.append(f"INSERT {{ {template} }} {using}WHERE {draw(groups(1))}")
        elif kind == 3:
            parts.append(f"WITH {graph} DELETE {{ {template} }} WHERE {draw(groups(1))}")
        elif kind == 4:
            parts.append(f"DELETE {{ {template} }} INSERT {{ {template} }} WHERE {draw(groups(1))}")
        else:
            word = draw(st.sampled_from(["COPY", "MOVE", "ADD", "copy silent"]))
            parts.append(f"{word} DEFAULT TO {graph}")
    return PROLOGUE + " ; ".join(parts)


def lines_of(dataset: ox.Dataset | ox.Store) -> list[str]:
    """Give the quads as lines, with the names of blank nodes masked."""
    return sorted(re.sub(r"_:\w+", "_:b", str(quad)) for quad in dataset)


def require_as_the_engine(store: Writable, update: str) -> None:
    """Hold what an update does to what it does to the engine alone."""
    before = stored(store)
    alone = ox.Store()
    alone.extend(before)
    reply = store.send("POST", "/update", UPDATE, update.encode(errors="replace"))
    text = update.encode(errors="replace").decode()
    base = f"{store.site.url}/update"
    if reply.status == 200:
        event("done")
        alone.update(text, base_iri=base)
        assert lines_of(stored(store)) == lines_of(alone)
        return
    assert lines_of(stored(store)) == lines_of(before)
    assert reply.status in (400, 503), reply.text
    kind = str(reply.fields()["type"]).rpartition("#")[2]
    event(kind)
    if kind == "syntax":
        with pytest.raises((SyntaxError, ValueError)):
            alone.update(text, base_iri=base)
        assert "line" in reply.fields() or "rule" in reply.text or "IRI" in reply.text, reply.text
    else:
        assert kind in ("refused", "limit", "parameter"), reply.text


@PROFILE
@given(st.lists(texts(), min_size=1, max_size=3))
def test_an_update_does_what_the_engine_would(store: Writable, updates: list[str]) -> None:
    store.put([])
    for update in updates:
        require_as_the_engine(store, update)


@PROFILE
@given(st.lists(broken(texts()), min_size=1, max_size=3))
@example(["INSERT DATA { <a:s> <a:p> 1 } ;; CLEAR ALL"])
@example([";"])
@example([""])
@example(["PREFIX : <a:> ; INSERT DATA { :s :p 1 }"])
def test_a_broken_update_is_refused_where_the_engine_would(
    store: Writable, updates: list[str]
) -> None:
    for update in updates:
        require_as_the_engine(store, update)
