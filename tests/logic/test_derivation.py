"""A write derives from a dataset what the build derives from files."""

from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from entente.core.manifest import Manifest
from entente.logic.derivation import CURRENT, GENERATED, INFERRED, derive


def test_view_and_closure_are_those_of_the_build(
    dataset_path: Path, artifact: Path, manifest: Manifest
) -> None:
    quads: list[Quad] = list(parse(path=str(dataset_path), format=RdfFormat.N_QUADS))
    shapes = parse(path=str(artifact / manifest.files["closure-shapes"]), format=RdfFormat.N_QUADS)
    subjects = frozenset(quad.subject for quad in shapes)
    asserted = [quad for quad in quads if quad.graph_name not in GENERATED]
    derived = derive(asserted, closure_shapes=subjects)
    assert derived.errors == ()
    assert derived.view == {quad.triple for quad in quads if quad.graph_name == CURRENT}
    assert derived.inferred == {quad.triple for quad in quads if quad.graph_name == INFERRED}
