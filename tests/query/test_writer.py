"""Writes: one revision or nothing, in the order they came, and a log that shows all."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.core.errors import (
    LimitExceeded,
    MalformedDocument,
    NotFound,
    QueryRefused,
    QuerySyntaxError,
    ReadOnly,
    RevisionConflict,
)
from entente.core.writes import DEFAULT, Document, WriteRequest
from entente.query.writing import WriteService
from entente.store.snapshots import Snapshots
from tests.query.writers import GRAPH, ask, exists, insert, numbers, put, update, writing
from tests.store.artifacts import numbered, write

OTHER = "http://example.org/graph/b"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


@pytest.fixture(scope="module")
def writes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WriteService]:
    """A writable service over no quads; tests use graphs of their own."""
    with writing(tmp_path_factory.mktemp("writes"), []) as service:
        yield service


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WriteService]:
    """The same where the default graph is a graph of its own."""
    with writing(tmp_path_factory.mktemp("own"), [], default_graph="own") as service:
        yield service


def test_a_write_is_seen_by_queries_when_it_is_answered(writes: WriteService) -> None:
    graph = "http://example.org/graph/seen"
    before = writes.revision
    outcome = update(writes, insert(1, graph), who="ann", why="a test")
    assert (True, before + 1, 1, 0) == (
        outcome.published,
        outcome.revision,
        outcome.added,
        outcome.removed,
    )
    assert numbers(writes, graph) == [1]
    assert outcome.revision == writes.revision


def test_the_union_follows_what_is_written(writes: WriteService) -> None:
    one, two = "http://example.org/graph/u1", "http://example.org/graph/u2"
    query = "SELECT ?s { ?s <http://example.org/n> 77 }"
    update(writes, insert(77, one) + ";" + insert(77, two))
    assert ask(writes, query) == "http://example.org/s77"
    update(writes, f"DROP GRAPH <{one}>")
    assert ask(writes, query) == "http://example.org/s77"
    update(writes, f"DROP GRAPH <{two}>")
    assert ask(writes, query) == ""


def test_a_later_operation_sees_the_union_of_an_earlier_one(writes: WriteService) -> None:
    graph = "http://example.org/graph/later"
    text = (
        "PREFIX ex: <http://example.org/> "
        f"INSERT DATA {{ GRAPH <{graph}> {{ ex:s9 ex:m 9 }} }} ; "
        f"INSERT {{ GRAPH <{graph}> {{ ?s ex:n ?o }} }} WHERE {{ ?s ex:m ?o }}"
    )
    update(writes, text)
    assert numbers(writes, graph) == [9]


def test_the_writer_reads_a_new_build_before_somebody_writes(tmp_path: Path) -> None:
    with writing(tmp_path, numbered(2)) as writes:
        writes.begin()
        write(tmp_path / "artifact", numbered(3))
        loaded = Snapshots(tmp_path / "store").load(tmp_path / "artifact")
        assert loaded.revision == 2
        for _ in range(400):
            if writes._scribe is not None and writes._scribe.revision == 2:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the writer knows the old revision still")
        assert update(writes, insert(7)).revision == 3


def test_view_and_inferences_that_nobody_governs_are_ordinary_graphs(tmp_path: Path) -> None:
    names = [f"https://w3id.org/entente/graph/{name}" for name in ("current", "inferred")]
    lines = [f"<http://e/s> <http://example.org/n> {n} <{g}> ." for n, g in enumerate(names)]
    typed = [line.replace(f" {n} ", f' "{n}"^^<{INTEGER}> ') for n, line in enumerate(lines)]
    with writing(tmp_path, typed) as own:
        update(own, insert(7))
        assert [numbers(own, name) for name in names] == [[0], [1]]
        update(own, insert(8, names[0]))
        assert numbers(own, names[0]) == [0, 8]


def test_what_changes_nothing_is_no_revision(writes: WriteService) -> None:
    graph = "http://example.org/graph/same"
    update(writes, insert(1, graph))
    outcome = update(writes, insert(1, graph))
    assert (False, writes.revision) == (outcome.published, outcome.revision)


def test_a_dry_run_tells_the_difference_and_changes_nothing(writes: WriteService) -> None:
    graph, before = "http://example.org/graph/dry", writes.revision
    outcome = update(writes, insert(1, graph), dry_run=True)
    assert 'A <http://example.org/s1> <http://example.org/n> "1"' in outcome.difference
    assert (False, before) == (outcome.published, writes.revision)
    assert not exists(writes, graph)
    assert update(writes, insert(1, graph)).added == 1


def test_several_operations_are_one_write_or_none(writes: WriteService) -> None:
    graph = "http://example.org/graph/atomic"
    with pytest.raises(QueryRefused):
        update(writes, insert(1, graph) + f"; CREATE GRAPH <{graph}>")
    assert not exists(writes, graph)


def test_a_syntax_error_says_where_it_is(writes: WriteService) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        update(writes, "INSERT DATA { GRAPH <http://x/g> { <http://x/s> } }")
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:1/x>",
        "INSERT DATA {} ; load <file:///etc/passwd>",
        "PREFIX LOADx: <http://127.0.0.1:1/> LOADx:a",
        "INSERT { GRAPH <http://x/g> { ?s ?p ?o } } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
        "DELETE WHERE " + "{" * 200 + "}" * 200,
    ],
)
def test_what_would_fetch_or_break_is_refused(writes: WriteService, text: str) -> None:
    before = writes.process
    with pytest.raises(QueryRefused):
        update(writes, text)
    assert before == writes.process


def test_a_long_list_of_data_is_taken(writes: WriteService) -> None:
    graph = "http://example.org/graph/long"
    triples = " ".join(
        f"<http://example.org/s{n}> <http://example.org/n> {n} ." for n in range(500)
    )
    assert update(writes, f"INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}").added == 500


def test_the_union_is_not_written(writes: WriteService) -> None:
    with pytest.raises(ReadOnly, match="union"):
        update(writes, "INSERT DATA { <http://x/s> <http://x/p> 1 }")
    with pytest.raises(ReadOnly, match="union"):
        put(writes, DEFAULT, "<http://x/s> <http://x/p> 1 .")


def test_the_default_graph_is_written_where_it_is_its_own(own: WriteService) -> None:
    put(own, DEFAULT, "<http://x/s> <http://x/p> 1 .")
    update(own, insert(2, OTHER))
    assert ask(own, "SELECT ?o { ?s ?p ?o }") == "1"
    update(own, "INSERT DATA { <http://x/s> <http://x/p> 3 }")
    update(own, "DELETE DATA { <http://x/s> <http://x/p> 1 }")
    assert ask(own, "SELECT ?o { ?s ?p ?o }") == "3"
    update(own, "CLEAR ALL")
    assert ask(own, "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }") == ""


def test_a_graph_is_put_posted_and_deleted(writes: WriteService) -> None:
    graph = "http://example.org/graph/gsp"
    first = put(writes, graph, "<a> <http://example.org/n> 1 .", base_iri="http://example.org/")
    assert (first.created, first.added) == (True, 1)
    second = put(writes, graph, "<a> <http://example.org/n> 2 .", base_iri="http://example.org/")
    assert (second.created, second.added, second.removed) == (False, 1, 1)
    document = Document(content=b'<http://e.x/a> <http://example.org/n> "3" .', format="nt")
    writes.write(WriteRequest(kind="post", graph=graph, documents=(document,)))
    assert numbers(writes, graph) == [2, 3]
    writes.write(WriteRequest(kind="delete", graph=graph))
    assert not exists(writes, graph)
    with pytest.raises(NotFound):
        writes.write(WriteRequest(kind="delete", graph=graph))


def test_an_empty_graph_exists_once_it_is_put(writes: WriteService) -> None:
    graph = "http://example.org/graph/empty"
    assert put(writes, graph, "").created
    assert exists(writes, graph)
    assert put(writes, graph, "").published is False


def test_a_patch_changes_its_graph_alone(writes: WriteService) -> None:
    graph = "http://example.org/graph/patched"
    put(writes, graph, "<http://x/s> <http://example.org/n> 1 .")
    text = (
        "PREFIX e: <http://example.org/> DELETE { ?s e:n 1 } INSERT { ?s e:n 2 } WHERE { ?s e:n 1 }"
    )
    writes.write(WriteRequest(kind="patch", graph=graph, text=text))
    assert numbers(writes, graph) == [2]
    with pytest.raises(QueryRefused):
        writes.write(WriteRequest(kind="patch", graph=graph, text=insert(1, OTHER)))


def test_an_rdf_patch_does_what_its_lines_say(writes: WriteService) -> None:
    graph = "http://example.org/graph/rdfp"
    put(writes, graph, "<http://x/s> <http://example.org/n> 1 .")
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    text = (
        f'TX .\nD <http://x/s> <http://example.org/n> "1"^^{integer} <{graph}> .\n'
        f'A <http://x/s> <http://example.org/n> "02"^^{integer} .\nTC .\n'
    )
    writes.write(WriteRequest(kind="rdf-patch", graph=graph, text=text))
    assert numbers(writes, graph) == [2]


def test_an_rdf_patch_drops_no_graph_that_holds_something(writes: WriteService) -> None:
    """A header that other readers skip must not take away what no line names."""
    graph, empty = "http://example.org/graph/full", "http://example.org/graph/hollow"
    put(writes, graph, "<http://x/s> <http://example.org/n> 1 .")
    put(writes, empty, "")
    text = f"H dropped <{graph}> .\nH dropped <{empty}> .\nTX .\nTC .\n"
    outcome = writes.write(WriteRequest(kind="rdf-patch", text=text))
    assert numbers(writes, graph) == [1]
    assert not exists(writes, empty)
    assert graph not in outcome.difference


@pytest.mark.parametrize("header", ["H created <a b> .", "H dropped <relative> ."])
def test_a_graph_that_is_no_iri_is_told_with_its_line(writes: WriteService, header: str) -> None:
    with pytest.raises(MalformedDocument) as caught:
        writes.write(WriteRequest(kind="rdf-patch", text=f"TX .\n{header}\nTC .\n"))
    assert caught.value.line == 2


@pytest.mark.parametrize("code", ["A", "D"])
def test_an_rdf_patch_does_not_write_the_union(writes: WriteService, code: str) -> None:
    with pytest.raises(ReadOnly):
        writes.write(WriteRequest(kind="rdf-patch", text=f"{code} <a:s> <a:p> <a:o> .\n"))


def test_the_patch_of_a_change_is_the_change(writes: WriteService) -> None:
    graph = "http://example.org/graph/log"
    outcome = update(writes, insert(5, graph), who="bob", why="so that it is known")
    newest = writes.changes(limit=1)[0]
    assert (outcome.revision, "bob", "so that it is known", 1, (graph,)) == (
        newest.revision,
        newest.who,
        newest.why,
        newest.added,
        newest.graphs,
    )
    assert b"\nA <http://example.org/s5> " in writes.patch_of(outcome.revision)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rdf", b'<!DOCTYPE r [<!ENTITY a "b">]><r/>'),
        ("rdf", b"<a>" * 200),
        ("jsonld", b'{"@context":{"p":"http://x/p"},' + b'"p":{' * 5000 + b"}" * 5001),
        ("jsonld", b'{"@context":"http://127.0.0.1:1/c","p":1}'),
        ("ttl", b"<http://x/s> <http://x/p> " + b"<<( " * 1000),
        ("ttl", b"<http://x/s> <http://x/p> ."),
        ("trig", b"<http://x/g> { <http://x/s> <http://x/p> 1 }"),
    ],
)
def test_a_document_that_is_malformed_or_too_deep_is_refused(
    writes: WriteService, name: str, content: bytes
) -> None:
    process = writes.process
    request = WriteRequest(
        kind="put", graph=GRAPH, documents=(Document(content=content, format=name),)
    )
    with pytest.raises(MalformedDocument):
        writes.write(request)
    assert process == writes.process


def test_the_protocols_dataset_is_where_where_looks(own: WriteService) -> None:
    update(own, insert(1, "http://x/in") + ";" + insert(2, "http://x/out"))
    text = "INSERT { GRAPH <http://x/copy> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    update(own, text, using_graphs=("http://x/in",))
    assert numbers(own, "http://x/copy") == [1]
    update(own, "DELETE WHERE { ?s ?p ?o }", using_graphs=("http://x/in",))
    gone = "DELETE { GRAPH <http://x/out> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    update(own, gone, using_graphs=("http://x/out",))
    assert numbers(own, "http://x/out") == []
    with pytest.raises(QueryRefused, match="USING"):
        update(
            own, text.replace("WHERE", "USING <http://x/in> WHERE"), using_graphs=("http://x/in",)
        )


def test_a_lost_race_is_a_conflict_and_changes_nothing(writes: WriteService) -> None:
    old = writes.revision
    update(writes, insert(1, "http://example.org/graph/race"))
    with pytest.raises(RevisionConflict) as caught:
        update(writes, insert(2, "http://example.org/graph/race"), if_match=frozenset({old}))
    assert writes.revision == caught.value.revision
    assert numbers(writes, "http://example.org/graph/race") == [1]


def test_of_ten_writers_one_wins_each_revision(tmp_path: Path) -> None:
    """Every writer adds its number until it has won; nobody's work is lost."""
    with writing(tmp_path, []) as writes:
        lost: list[int] = []

        def work(number: int) -> None:
            while True:
                known = frozenset({writes.revision})
                try:
                    update(writes, insert(number), if_match=known, who=f"writer {number}")
                except RevisionConflict:
                    lost.append(number)
                else:
                    return

        threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        changes = writes.changes()
        assert list(range(10)) == numbers(writes)
        assert list(range(11, 1, -1)) == [change.revision for change in changes]
        assert {f"writer {number}" for number in range(10)} == {change.who for change in changes}
        assert lost


def test_writers_of_two_processes_take_turns(tmp_path: Path) -> None:
    with writing(tmp_path, []) as one, writing(tmp_path) as other:
        update(one, insert(1))
        update(other, insert(2))
        update(one, insert(3))
        assert numbers(one) == [1, 2, 3]
        assert [change.revision for change in reversed(one.changes())] == [2, 3, 4]


def test_a_write_that_takes_too_long_is_ended_and_the_next_one_is_done(tmp_path: Path) -> None:
    rows = " ".join(f"({n})" for n in range(10))
    values = " ".join(f"VALUES (?v{n}) {{ {rows} }}" for n in range(10))
    with writing(tmp_path, []) as writes:
        with pytest.raises(LimitExceeded) as caught:
            update(
                writes,
                f"INSERT {{ GRAPH <{GRAPH}> {{ <http://x/s> <http://x/p> ?n }} }} "
                f"WHERE {{ SELECT (COUNT(*) AS ?n) {{ {values} }} }}",
                timeout=0.5,
            )
        assert caught.value.limit == "time"
        update(writes, insert(1))
        assert numbers(writes) == [1]


def test_too_many_waiting_writes_are_turned_away(tmp_path: Path) -> None:
    with writing(tmp_path, [], write_queue=1) as writes:
        refused: list[LimitExceeded] = []

        def work(number: int) -> None:
            try:
                update(writes, insert(number))
            except LimitExceeded as error:
                refused.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {"queue"} == {error.limit for error in refused}
        assert len(numbers(writes)) + len(refused) == 6
