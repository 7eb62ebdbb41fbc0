"""Releases: the terms of this version are on record, and the changelog is what the records say."""

from itertools import pairwise
from typing import Final

import rdflib

from entente.build.term_changes import changelog, compare, told
from entente.build.term_record import read_record
from entente.core.terms import ENT, OWL
from tests.ontology.knowledge import ONTOLOGY, ROOT, files, graph

ITSELF: Final = rdflib.URIRef(ENT.rstrip("/"))
RELEASES: Final = {path.stem: path for path in files("releases/*.tsv")}


def said(name: str) -> str | None:
    """What the ontology says of itself by a property of OWL."""
    value = graph().value(ITSELF, rdflib.URIRef(OWL + name))
    return None if value is None else str(value)


def test_the_terms_of_this_version_are_on_record() -> None:
    """Once a version is published its record stays: raise the version and write another.

    Before that: `entente terms > ontology/releases/VERSION.tsv`, then
    `entente terms --changelog > ontology/CHANGELOG.md`.
    """
    version = said("versionInfo")
    assert version in RELEASES
    assert list(told(compare(read_record(RELEASES[version]), read_record(ROOT)))) == []


def test_the_changelog_is_what_the_records_say() -> None:
    records = {version: read_record(path) for version, path in RELEASES.items()}
    assert changelog(records) == (ONTOLOGY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_version_names_the_one_before_it() -> None:
    """`owl:priorVersion` as soon as there is a second release, and none before."""
    versions = sorted(RELEASES, key=lambda name: [int(part) for part in name.split(".")])
    version = said("versionInfo")
    prior = {later: earlier for earlier, later in pairwise(versions)}.get(version or "")
    assert said("priorVersion") == (None if prior is None else ENT + prior)
    assert said("versionIRI") == f"{ENT}{version}"
