"""Accepted changes go back to the files that they concern, and the next build has them."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from entente.build.export import export
from entente.build.export_blanks import structures
from entente.build.freshness import read_inputs
from entente.build.pipeline import build
from entente.build.sources import read_sources
from entente.cli import export as command
from entente.cli.main import main
from entente.core.errors import SourceError, StoreError
from entente.core.settings import Settings
from entente.core.terms import ENT, GRAPH_ENTITIES, GRAPH_ONTOLOGY, ID, OWL, RDF, SKOS
from entente.core.writes import WriteRequest
from entente.store.press import Press
from entente.store.snapshots import Snapshots

BRASOV = f"{ID}place/brasov"


def label(subject: str, text: str, graph: str = GRAPH_ENTITIES) -> Quad:
    """Give a quad with another spelling."""
    return Quad(
        NamedNode(subject),
        NamedNode(SKOS + "altLabel"),
        Literal(text, language="en"),
        NamedNode(graph),
    )


def test_a_quad_goes_to_the_file_that_speaks_of_its_subject(root: Path) -> None:
    result = export(read_inputs(root), added=[label(BRASOV, "Kronstadt")], removed=[])
    assert list(result.texts) == ["data/entities/places.ttl"]
    assert '"Kronstadt"@en' in result.texts["data/entities/places.ttl"]


def test_a_new_subject_gets_a_file_of_its_graph(root: Path) -> None:
    result = export(read_inputs(root), added=[label(f"{ID}place/new", "New")], removed=[])
    assert list(result.texts) == ["data/entities/added.ttl"]


def test_what_is_there_already_changes_no_file(root: Path) -> None:
    contents = read_inputs(root)
    result = export(contents, added=[label(BRASOV, "Kronstadt")], removed=[])
    changed = {**contents, **{path: text.encode() for path, text in result.texts.items()}}
    again = export(changed, added=[label(BRASOV, "Kronstadt")], removed=[])
    assert again.texts == {}


def test_what_is_added_and_removed_again_leaves_the_bytes_as_they_were(root: Path) -> None:
    contents = read_inputs(root)
    there = export(contents, added=[label(BRASOV, "Kronstadt")], removed=[])
    changed = {**contents, **{path: text.encode() for path, text in there.texts.items()}}
    back = export(changed, added=[], removed=[label(BRASOV, "Kronstadt")])
    assert {path: text.encode() for path, text in back.texts.items()} == {
        path: contents[path] for path in there.texts
    }


CHAINS = "ontology/axioms/chains.ttl"


def chain(subject: str, *properties: str) -> list[Quad]:
    """Give a property chain, with labels as a writer makes them."""
    graph, nodes = NamedNode(GRAPH_ONTOLOGY), [BlankNode() for _ in properties]
    quads = [Quad(NamedNode(subject), NamedNode(OWL + "propertyChainAxiom"), nodes[0], graph)]
    rests: list[BlankNode | NamedNode] = [*nodes[1:], NamedNode(RDF + "nil")]
    for node, name, rest in zip(nodes, properties, rests, strict=True):
        quads.append(Quad(node, NamedNode(RDF + "first"), NamedNode(ENT + name), graph))
        quads.append(Quad(node, NamedNode(RDF + "rest"), rest, graph))
    return quads


def with_texts(contents: Mapping[str, bytes], texts: Mapping[str, str]) -> dict[str, bytes]:
    return {**contents, **{path: text.encode() for path, text in texts.items()}}


def test_a_list_goes_whole_to_the_file_of_its_subject_and_only_once(root: Path) -> None:
    contents, added = read_inputs(root), chain(ENT + "locatedIn", "locatedIn", "partOf")
    result = export(contents, added=added, removed=[])
    ((path, text),) = result.texts.items()
    assert "owl:propertyChainAxiom ( ent:locatedIn ent:partOf )" in text
    changed = with_texts(contents, result.texts)
    assert export(changed, added=added, removed=[], altered=[path]).texts == {}


def test_a_list_that_a_change_took_away_goes_from_its_file(root: Path) -> None:
    contents = read_inputs(root)
    sources, _ = read_sources(contents)
    (file,) = (file for file in sources.files if file.path == CHAINS)
    (gone, *_) = structures(file.quads)
    result = export(contents, added=[], removed=gone)
    assert list(result.texts) == [CHAINS]
    (left,) = (
        list(structures(file.quads))
        for file in read_sources(with_texts(contents, result.texts))[0].files
        if file.path == CHAINS
    )
    assert len(left) == len(structures(file.quads)) - 1
    with pytest.raises(SourceError, match="not as it was built"):
        export(contents, added=[], removed=gone, altered=[CHAINS])


def test_a_list_that_was_exported_and_then_taken_back_goes_from_its_file(root: Path) -> None:
    contents, added = read_inputs(root), chain(ENT + "locatedIn", "locatedIn", "partOf")
    texts = export(contents, added=added, removed=[]).texts
    changed = with_texts(contents, texts)
    back = export(changed, added=[], removed=added, passing=added, altered=list(texts)).texts
    assert with_texts(changed, back) == contents
    assert export(contents, added=[], removed=added, passing=added).texts == {}


def test_a_blank_node_that_no_file_has_is_not_taken_away_in_silence(root: Path) -> None:
    with pytest.raises(SourceError, match="no file has"):
        export(read_inputs(root), added=[], removed=chain(ENT + "locatedIn", "locatedIn"))


@pytest.mark.parametrize(
    "graph",
    [
        "http://example.org/g",
        "https://w3id.org/entente/graph/other",
        "https://w3id.org/entente/graph/article/../../x",
        "https://w3id.org/entente/graph/article/" + "x" * 300,
    ],
)
def test_a_graph_outside_the_layout_is_named(root: Path, graph: str) -> None:
    result = export(read_inputs(root), added=[label(BRASOV, "Kronstadt", graph)], removed=[])
    assert result.texts == {}
    assert len(result.homeless) == 1


def test_written_exported_built_and_loaded_is_the_same_graph(
    project: Path, settings: Settings
) -> None:
    """The whole way round: an accepted change, its file, a build that takes the change's place."""
    build(project, settings)
    snapshots = Snapshots(settings.store)
    snapshots.load(settings.artifact)
    press = Press(snapshots)
    press.open()
    first = f"GRAPH ?g {{ ?s <{SKOS}prefLabel> ?l }} FILTER(?g = <{GRAPH_ENTITIES}>)"
    text = (
        f'INSERT {{ GRAPH ?g {{ ?s <{SKOS}altLabel> "Otherwise"@en }} }} '
        f"WHERE {{ SELECT ?g ?s {{ {first} }} ORDER BY ?s LIMIT 1 }}"
    )
    outcome = press.write(WriteRequest(kind="update", text=text), [text])
    assert outcome.added == 1
    result = CliRunner().invoke(
        main, ["export", "--to", str(project / "data"), "--state", str(settings.state)]
    )
    assert (result.exit_code, len(result.stdout.split())) == (0, 1), result.output
    build(project, settings)
    assert snapshots.load(settings.artifact).revision == 3
    assert snapshots.pending() == ()


def test_an_export_writes_all_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("old")
    (tmp_path / "z").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        command._write(tmp_path, {"a.ttl": "new", "z/b.ttl": "new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ttl", "z"]
    assert (tmp_path / "a.ttl").read_text() == "old"
