"""Every dump gives back what was released, also to parsers that did not write it."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.terms import CLAIM, ENT, GRAPH_ENTITIES, RDF
from tests.releases.dumps import (
    lines_of,
    read_with_pyld,
    read_with_rdflib,
    triples_of,
    unpacked,
)

PARTS = {
    "view": ("entities", "background", "current", "inferred"),
    "claims": ("article/", "curation"),
    "ontology": ("ontology", "vocab"),
    "shapes": ("shapes",),
    "meta": ("meta",),
}
REIFIES = ox.NamedNode(RDF + "reifies")
SPOKEN = tuple(ox.NamedNode(ENT + name) for name in ("subject", "predicate", "object"))
DESCRIBES = ox.NamedNode(ENT + "describes")

# rdflib warns of a class of its own, which its TriG parser uses.
pytestmark = [
    pytest.mark.usefixtures("exact_literals"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib"),
]


def test_the_n_quads_are_the_artifacts_very_bytes(folder: Path, dataset_path: Path) -> None:
    assert unpacked(folder / "entente.nq.gz") == dataset_path.read_bytes()


def test_rdflib_reads_the_same_dataset_out_of_the_trig(folder: Path, quads: list[ox.Quad]) -> None:
    read = read_with_rdflib(unpacked(folder / "entente.trig.gz"), "trig")
    assert lines_of(read) == lines_of(quads)


def test_pyld_reads_the_same_dataset_out_of_the_json_ld(folder: Path, quads: list[ox.Quad]) -> None:
    read = read_with_pyld(json.loads(unpacked(folder / "entente.jsonld.gz")))
    assert lines_of(read) == lines_of(quads)


def test_each_graph_stands_in_one_place_of_the_json_ld_with_its_name_first(folder: Path) -> None:
    """Readers that stream must know the graph before its content."""
    entries = json.loads(unpacked(folder / "entente.jsonld.gz"))
    assert [list(entry) for entry in entries] == [["@id", "@graph"]] * len(entries)
    assert len({entry["@id"] for entry in entries}) == len(entries)


@pytest.mark.parametrize(("extension", "syntax"), [("ttl", "turtle"), ("rdf", "xml")])
@pytest.mark.parametrize("part", PARTS)
def test_rdflib_reads_the_same_triples_out_of_each_part(
    folder: Path, quads: list[ox.Quad], part: str, extension: str, syntax: str
) -> None:
    read = read_with_rdflib(unpacked(folder / f"{part}.{extension}.gz"), syntax)
    expected = triples_of(quads, *PARTS[part])
    assert expected
    assert lines_of(read) == expected


def test_no_graph_is_in_no_part(quads: list[ox.Quad]) -> None:
    held = set().union(*(triples_of(quads, *graphs) for graphs in PARTS.values()))
    assert held >= triples_of(quads, "entities", "background", "current", "article/")
    names = {
        str(quad.graph_name).removeprefix("<https://w3id.org/entente/graph/")[:-1] for quad in quads
    }
    assert {name.partition("/")[0] for name in names} == {
        name.rstrip("/") for graphs in PARTS.values() for name in graphs
    }


def annotated(folder: Path) -> list[ox.Triple]:
    content = unpacked(folder / "annotated.ttl.gz")
    return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)]


def test_without_what_is_reified_the_rdf_1_2_turtle_is_things_view_and_claims(
    folder: Path, quads: list[ox.Quad]
) -> None:
    plain = [one for one in annotated(folder) if one.predicate != REIFIES]
    expected = triples_of(quads, "entities", "background", "current", "article/", "curation")
    assert {str(one) for one in plain} == expected


def test_what_claims_reify_gives_back_the_same_claims(folder: Path, quads: list[ox.Quad]) -> None:
    """Subject, predicate and object of each claim follow from what it reifies, and nothing else."""
    triples = annotated(folder)
    describing = {one.subject for one in triples if one.predicate == DESCRIBES}
    rebuilt = set()
    for one in triples:
        if one.predicate == REIFIES and one.subject not in describing:
            assert isinstance(one.object, ox.Triple)
            said = (one.object.subject, one.object.predicate, one.object.object)
            rebuilt |= {
                (one.subject, name, value) for name, value in zip(SPOKEN, said, strict=True)
            }
    whole = {quad.subject for quad in quads if quad.predicate == SPOKEN[2]}
    expected = {
        (quad.subject, quad.predicate, quad.object)
        for quad in quads
        if quad.predicate in SPOKEN
        and quad.subject in whole
        and str(quad.subject)[1:].startswith(CLAIM)
    }
    assert len(whole) > 500
    assert rebuilt == expected


def test_a_claim_reifies_each_triple_of_the_situations_it_describes(
    folder: Path, quads: list[ox.Quad]
) -> None:
    reified: dict[object, set[object]] = {}
    for one in annotated(folder):
        if one.predicate == REIFIES:
            reified.setdefault(one.subject, set()).add(one.object)
    content: dict[object, set[object]] = {}
    for quad in quads:
        if quad.graph_name == ox.NamedNode(GRAPH_ENTITIES):
            content.setdefault(quad.subject, set()).add(quad.triple)
    pairs = [(q.subject, q.object) for q in quads if q.predicate == DESCRIBES]
    assert len(pairs) > 50
    assert [pair for pair in pairs if reified[pair[0]] != content[pair[1]]] == []
