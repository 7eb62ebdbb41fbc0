"""The build: deterministic, skipped when fresh, and true to its sources."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from entente.build.pipeline import build
from entente.core.errors import SettingError
from entente.core.manifest import Manifest, read_manifest
from entente.core.settings import Settings, read_settings
from entente.core.terms import GRAPH_CURRENT, GRAPH_INFERRED, GRAPH_META, ID, VOID
from tests.build.project import ARTICLE, edit


def quads_of(settings: Settings) -> list[Quad]:
    manifest = read_manifest(settings.artifact)
    text = (settings.artifact / manifest.files["dataset"]).read_bytes()
    return list(parse(text, format=RdfFormat.N_QUADS))


def graph(quads: list[Quad], name: str) -> set[str]:
    return {str(quad.triple) for quad in quads if quad.graph_name == NamedNode(name)}


def located(thing: str, place: str) -> str:
    return f"<{ID}{thing}> <https://w3id.org/entente/ontology/locatedIn> <{ID}{place}>"


def test_view_and_inferences_have_their_graphs(project: Path, settings: Settings) -> None:
    build(project, settings)
    quads = quads_of(settings)
    assert located("facility/workshop", "place/beta") in graph(quads, GRAPH_CURRENT)
    assert located("facility/workshop", "place/delta") in graph(quads, GRAPH_INFERRED)


def test_a_hoped_claim_is_not_in_the_view(project: Path, settings: Settings) -> None:
    build(project, settings)
    hoped = located("facility/workshop", "place/delta")
    assert hoped not in graph(quads_of(settings), GRAPH_CURRENT)


def test_two_builds_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from entente.build.pipeline import build;"
        "from entente.core.settings import read_settings;"
        "build(Path(sys.argv[1]), read_settings({'state': sys.argv[2]}))"
    )
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        state = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", code, str(project), str(state)], env=environment, check=True
        )
        folder = read_settings({"state": state}, environment={}).artifact
        digests.add(tuple(sorted((path.name, path.read_bytes()) for path in folder.iterdir())))
    assert len(digests) == 1


def test_a_fresh_artifact_is_not_built_again(project: Path, settings: Settings) -> None:
    stages: list[str] = []
    first = build(project, settings, progress=stages.append)
    assert stages != []
    stages.clear()
    second = build(project, settings, progress=stages.append)
    assert stages == []
    assert second == first


def test_asking_whether_an_artifact_is_fresh_imports_no_engine(
    project: Path, settings: Settings
) -> None:
    build(project, settings)
    code = (
        "import sys; from pathlib import Path; from entente.build.pipeline import build;"
        "from entente.core.settings import read_settings;"
        "build(Path(sys.argv[1]), read_settings({'state': sys.argv[2]}));"
        "sys.exit(len({'rdflib', 'owlrl', 'pyshacl', 'pyoxigraph'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(project), str(settings.state)]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/entities/all.ttl", '"Gamma"@en', '"Gama"@en'),
        ("ontology/shapes/closure/places.ttl", "rename it", "rename this"),
        ("ontology/checks/names.rq", "forbidden name", "bad name"),
    ],
)
def test_a_changed_source_is_built_again(
    project: Path, settings: Settings, file: str, old: str, new: str
) -> None:
    first = build(project, settings)
    edit(project / file, old, new)
    assert build(project, settings).inputs != first.inputs


def test_a_damaged_artifact_is_built_again(project: Path, settings: Settings) -> None:
    manifest = build(project, settings)
    dataset = settings.artifact / manifest.files["dataset"]
    dataset.write_bytes(b"")
    assert build(project, settings) == manifest
    assert dataset.read_bytes() != b""


def test_the_dump_is_isomorphic_to_the_sources(project: Path, settings: Settings) -> None:
    build(project, settings)
    name = f"https://w3id.org/entente/graph/article/{ARTICLE}"
    source = parse(path=project / f"data/articles/2025/{ARTICLE}.trig", format=RdfFormat.TRIG)
    assert {str(quad.triple) for quad in source} == graph(quads_of(settings), name)


def test_metadata_counts_what_is_there(project: Path, settings: Settings) -> None:
    manifest = build(project, settings)
    store = Store()
    store.extend(quads_of(settings))
    triples = NamedNode(VOID + "triples")
    for name, count in manifest.counts.items():
        held = list(store.quads_for_pattern(None, None, None, NamedNode(name)))
        said = list(store.quads_for_pattern(NamedNode(name), triples, None, NamedNode(GRAPH_META)))
        assert len(held) == count
        assert [quad.object.value for quad in said] == [str(count)]  # type: ignore[union-attr]  # a literal
    dataset = NamedNode(GRAPH_META + "#dataset")
    (total,) = store.quads_for_pattern(dataset, triples, None, None)
    assert int(total.object.value) == len(store)  # type: ignore[union-attr]  # a literal


def test_both_engines_build_the_same_triples(project: Path, tmp_path: Path) -> None:
    manifests: list[Manifest] = []
    for engines in ("auto", "reference"):
        settings = read_settings({"state": tmp_path / engines}, environment={})
        manifests.append(build(project, settings, engines=engines))
    assert [m.facts["closure-engine"] for m in manifests] == ["fast", "owlrl"]
    assert [m.facts["shacl-engine-asserted"] for m in manifests] == ["fast", "pyshacl"]
    assert manifests[0].digests == manifests[1].digests


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(SettingError, match="no folder 'ontology'"):
        build(tmp_path, settings)
