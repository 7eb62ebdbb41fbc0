from io import BytesIO
from pathlib import Path

import pytest

from entente.core.errors import QueryRefused, QuerySyntaxError, StoreError
from entente.core.terms import ENT
from entente.store.embedded import EmbeddedSource, load_quads, open_source
from entente.store.source import Question

QUADS = f"""\
<urn:s> <{ENT}locatedIn> <urn:o> <urn:g1> .
<urn:s> <{ENT}locatedIn> <urn:o> <urn:g2> .
<urn:s> <urn:p> "x"@en <urn:g2> .
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedSource:
    folder = tmp_path_factory.mktemp("embedded")
    (folder / "dataset.nq").write_text(QUADS)
    assert load_quads(folder / "dataset.nq", folder / "quads") == 3
    return EmbeddedSource(str(folder / "quads"))


def ask(source: EmbeddedSource, question: Question, format_name: str) -> str:
    sink = BytesIO()
    source.evaluate(question).write(sink, format_name)
    return sink.getvalue().decode()


def count(source: EmbeddedSource, question: Question) -> str:
    return ask(source, question, "csv").split()[1]


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_the_default_graph_is_the_union_and_holds_a_triple_once(source: EmbeddedSource) -> None:
    assert count(source, Question(query=COUNT)) == "2"


def test_from_names_the_default_graph(source: EmbeddedSource) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <urn:g1> { ?s ?p ?o }"
    assert count(source, Question(query=query)) == "1"


def test_the_protocols_dataset_replaces_from(source: EmbeddedSource) -> None:
    query = "SELECT (COUNT(*) AS ?n) FROM <urn:g1> { ?s ?p ?o }"
    question = Question(query=query, default_graphs=("urn:g2",))
    assert count(source, question) == "2"


def test_named_graphs_of_the_protocol_leave_the_default_graph_empty(
    source: EmbeddedSource,
) -> None:
    assert count(source, Question(query=COUNT, named_graphs=("urn:g1",))) == "0"


def test_named_graphs_of_the_protocol_are_the_only_ones(source: EmbeddedSource) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(source, Question(query=query, named_graphs=("urn:g2",))) == "2"
    assert count(source, Question(query=query, default_graphs=("urn:g2",))) == "0"


def test_the_union_is_no_named_graph(source: EmbeddedSource) -> None:
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(source, Question(query=query)) == "3"


def test_a_graph_that_does_not_exist_is_empty(source: EmbeddedSource) -> None:
    question = Question(query=COUNT, default_graphs=("file:///etc/hostname",))
    assert count(source, question) == "0"


def test_a_blank_node_is_the_same_in_its_graph_and_in_the_union(tmp_path: Path) -> None:
    (tmp_path / "dataset.nq").write_text(
        "<urn:s> <urn:p> _:list <urn:g> .\n_:list <urn:q> <urn:o> <urn:g> .\n"
    )
    load_quads(tmp_path / "dataset.nq", tmp_path / "quads")
    query = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?l GRAPH <urn:g> { ?l <urn:q> ?o } }"
    assert count(EmbeddedSource(str(tmp_path / "quads")), Question(query=query)) == "1"


def test_only_prefixes_in_use_are_written(source: EmbeddedSource) -> None:
    question = Question(query=f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o . ?s <{ENT}locatedIn> ?o }}")
    turtle = ask(source, question, "ttl")
    assert turtle == f"@prefix ent: <{ENT}> .\n<urn:s> ent:locatedIn <urn:o> .\n"


@pytest.mark.parametrize("format_name", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_a_graph_is_written_in_every_format(source: EmbeddedSource, format_name: str) -> None:
    question = Question(query=f"CONSTRUCT WHERE {{ ?s <{ENT}locatedIn> ?o }}")
    assert "urn:o" in ask(source, question, format_name)


def test_a_construct_gives_each_triple_once(source: EmbeddedSource) -> None:
    question = Question(query="CONSTRUCT { <urn:a> <urn:b> <urn:c> } { ?s ?p ?o }")
    assert ask(source, question, "nt") == "<urn:a> <urn:b> <urn:c> .\n"


def test_an_unknown_function_is_refused(source: EmbeddedSource) -> None:
    with pytest.raises(QueryRefused, match="urn:f"):
        ask(source, Question(query="SELECT (<urn:f>(1) AS ?x) {}"), "json")


def test_what_is_not_sparql_is_told(source: EmbeddedSource) -> None:
    with pytest.raises(QuerySyntaxError):
        source.evaluate(Question(query="SELECT *\nWHERE { ?s ?p }"))


def test_a_place_that_holds_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_source(str(tmp_path / "nothing"))


def test_a_remote_endpoint_has_its_place_in_the_interface() -> None:
    with pytest.raises(StoreError, match="remote endpoint"):
        open_source("https://example.org/sparql")
