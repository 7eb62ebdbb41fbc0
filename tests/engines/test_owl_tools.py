"""OWL tools read the ontology: two parsers alike, and the OWL API within OWL 2 RL."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import rdflib
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    RdfFormat,
    parse,
    serialize,
)

from entente.core.terms import VOC
from tests.engines.robot import Robot, find_robot
from tests.ontology.knowledge import files, quads

FORMATS: Final = {"turtle": RdfFormat.TURTLE, "xml": RdfFormat.RDF_XML}
TERMS: Final = ("entente.ttl", "modules/*.ttl", "axioms/*.ttl", "alignments/*.ttl")


@cache
def triples(*patterns: str) -> tuple[Quad, ...]:
    """What the files say, in the default graph."""
    found = (Quad(q.subject, q.predicate, q.object) for q in quads(files(*patterns)))
    return tuple(dict.fromkeys(found))


def canonical(found: Dataset) -> set[Quad]:
    """Triples with names for blank nodes that depend on the triples alone."""
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def written(form: RdfFormat, *patterns: str) -> bytes:
    """Ontology in one of the formats, as the server writes it."""
    content = serialize(triples(*patterns), format=form)
    assert content is not None
    return content


@pytest.mark.parametrize("form", FORMATS)
def test_both_parsers_read_the_ontology_alike(form: str) -> None:
    content = written(FORMATS[form], *TERMS, "vocab/*.ttl")
    expected = canonical(Dataset(triples(*TERMS, "vocab/*.ttl")))
    assert expected == canonical(Dataset(parse(content, format=FORMATS[form])))
    again = rdflib.Graph().parse(data=content, format=form).serialize(format="nt11")
    assert expected == canonical(Dataset(parse(again, format=RdfFormat.N_TRIPLES)))


@pytest.fixture(scope="module")
def robot() -> Robot:
    return find_robot()


@pytest.fixture(scope="module")
def reports(robot: Robot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with what ROBOT says of the ontology, with and without its vocabularies."""
    folder = tmp_path_factory.mktemp("robot")
    (folder / "ontology.rdf").write_bytes(written(RdfFormat.RDF_XML, *TERMS))
    (folder / "all.ttl").write_bytes(written(RdfFormat.TURTLE, *TERMS, "vocab/*.ttl"))
    for name, source in (("ontology", "ontology.rdf"), ("all", "all.ttl")):
        profiles = [
            part
            for profile in ("RL", "DL")
            for part in ("validate-profile", "--profile", profile, "-o", f"{name}-{profile}.txt")
        ]
        report = ["report", "--fail-on", "none", "-o", f"{name}.tsv"]
        # the first command of a chain names the input
        robot.run(*profiles[:1], "--input", source, *profiles[1:], *report, folder=folder)
    return folder


@pytest.mark.parametrize("name", ["ontology", "all"])
@pytest.mark.parametrize("profile", ["RL", "DL"])
def test_the_owl_api_finds_the_ontology_in_profile(reports: Path, name: str, profile: str) -> None:
    report = (reports / f"{name}-{profile}.txt").read_text(encoding="utf-8")
    assert report.strip().endswith("[Ontology and imports closure in profile]"), report


def errors(path: Path) -> list[dict[str, str]]:
    """Rows of a report of ROBOT whose level is ERROR."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["Level"] == "ERROR"]


def test_robot_reports_no_error_of_the_ontology(reports: Path) -> None:
    assert errors(reports / "ontology.tsv") == []


def test_robot_reports_of_concepts_only_that_schemes_share_words(reports: Path) -> None:
    """A label is unique within its scheme: funding may be planned, and an agreement as well.

    ROBOT takes labels of all entities together; `duplicate-labels.rq` holds each scheme to itself.
    """
    found = errors(reports / "all.tsv")
    assert {"duplicate_label"} == {row["Rule Name"] for row in found}
    homes = defaultdict(list)
    for row in found:
        iri = row["Subject"]
        homes[row["Value"]].append(iri.rpartition("/")[0] if iri.startswith(VOC) else "a term")
    assert {label: held for label, held in homes.items() if len(set(held)) < len(held)} == {}
