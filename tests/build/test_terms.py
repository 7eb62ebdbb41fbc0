"""Records of terms and what differs between two of them."""

from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

from entente.build.term_changes import Change, Changes, changelog, compare, told
from entente.build.term_record import Fact, parse_record, read_record, record_terms, write_record
from entente.core.errors import SettingError

OLD: Final = """
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ent:Place a owl:Class ; ent:module "places" ; skos:definition "Somewhere."@en ; rdfs:label "x" .
ent:City a owl:Class ; ent:module "places" ; rdfs:subClassOf ent:Place .
ent:near a owl:ObjectProperty ; ent:module "places" ;
    owl:propertyChainAxiom ( ent:near ent:near ) .
<https://elsewhere.example/Class> a owl:Class .
<https://w3id.org/entente/vocab/bound/exact> a skos:Concept ;
    skos:inScheme <https://w3id.org/entente/vocab/bound> .
"""
NEW: Final = (
    OLD.replace("Somewhere.", "Location.")
    .replace("ent:City a owl:Class", "ent:Town a owl:Class")
    .replace("; rdfs:label", "; rdfs:comment")
)


def record(turtle: str) -> tuple[Fact, ...]:
    return record_terms(parse(turtle, format=RdfFormat.TURTLE))


def test_a_record_holds_our_terms_with_what_their_users_rely_on() -> None:
    found = record(OLD)
    assert {term for term, _, _ in found} == {
        "ent:City",
        "ent:Place",
        "ent:near",
        "voc:bound/exact",
    }
    assert ("ent:near", "owl:propertyChainAxiom", "(ent:near ent:near)") in found
    assert ("ent:Place", "skos:definition", "Somewhere.") in found
    assert "rdfs:label" not in {predicate for _, predicate, _ in found}


def test_a_record_is_read_as_it_was_written() -> None:
    found = record(OLD)
    assert found == parse_record(write_record(found), name="x.tsv")


@pytest.mark.parametrize("text", ["something else", "term\tpredicate\tvalue\nonly two\tfields"])
def test_a_text_that_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="no record"):
        parse_record(text, name="x.tsv")


@pytest.mark.parametrize("name", ["1.0.0.tsv", "ontology.ttl", "project"])
def test_a_release_is_a_record_a_file_or_a_project(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    if name == "project":
        (place / "ontology" / "modules").mkdir(parents=True)
        (place / "ontology" / "modules" / "all.ttl").write_text(OLD)
    else:
        place.write_text(write_record(record(OLD)) if name.endswith("tsv") else OLD)
    assert record(OLD) == read_record(place)


@pytest.mark.parametrize("name", ["notes.txt", "broken.ttl", "empty"])
def test_what_is_no_release_is_refused(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    if name == "empty":
        place.mkdir()
    else:
        place.write_text("words")
    with pytest.raises(SettingError):
        read_record(place)


def test_added_changed_and_removed_terms_are_told_apart() -> None:
    changed = Change(
        term="ent:Place",
        lost=(("skos:definition", "Somewhere."),),
        gained=(("skos:definition", "Location."),),
    )
    expected = Changes(added=("ent:Town",), changed=(changed,), removed=("ent:City",))
    found = compare(record(OLD), record(NEW))
    assert expected == found
    assert list(told(found)) == [
        "added    ent:Town",
        "changed  ent:Place: skos:definition was “Somewhere.”, is “Location.”",
        "removed  ent:City",
    ]


def test_nothing_differs_between_a_record_and_itself() -> None:
    assert compare(record(OLD), record(OLD)) == Changes(added=(), changed=(), removed=())


def test_the_changelog_begins_with_the_newest_release() -> None:
    text = changelog({"1.0.0": record(OLD), "1.10.0": record(OLD), "1.9.0": record(NEW)})
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## 1.10.0",
        "## 1.9.0",
        "## 1.0.0",
    ]
    assert "First release: 4 terms." in text
    assert "1 added, 1 changed, 1 removed." in text
    assert "**Module places** (3): `ent:City`, `ent:Place`, `ent:near`" in text
    assert "**Vocabulary bound** (1): `exact`" in text
