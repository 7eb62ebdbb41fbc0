"""Accepted changes go back to the files that they concern, and the next build has them."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad

from entente.build.export import export
from entente.build.freshness import read_inputs
from entente.build.pipeline import build
from entente.cli.main import main
from entente.core.settings import Settings
from entente.core.terms import GRAPH_ENTITIES, ID, SKOS
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


@pytest.mark.parametrize("graph", ["http://example.org/g", "https://w3id.org/entente/graph/other"])
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
