"""The tables hold things, view and claims, and are described so that nothing is lost."""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from entente.build.release_columns import Table, cells_of, table_of, variant_of
from entente.build.release_draft import Draft
from entente.build.release_spool import Spool
from entente.build.release_tables import write_tables
from entente.core.terms import BASE, GRAPH_ENTITIES, ID
from tests.releases.csvw import read_table_group
from tests.releases.dumps import triples_of

TABLED = ("entities", "background", "current", "curation", "vocab", "article/")
THING = ox.NamedNode(ID + "kind/thing")
PROPERTY = ox.NamedNode(BASE + "ontology/property")


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_as_csv_on_the_web_the_tables_give_the_same_triples(
    folder: Path, quads: list[ox.Quad]
) -> None:
    found = [str(triple) for triple in read_table_group(folder / "tables" / "csv-metadata.json")]
    assert Counter(found).most_common(1)[0][1] == 1
    assert set(found) == triples_of(quads, *TABLED)
    assert not (folder / "tables" / "rest.nt").exists()


def test_a_row_says_what_a_person_wants_to_know(folder: Path) -> None:
    rows = {row["iri"]: row for row in table(folder, "facility")}
    factory = rows[ID + "facility/brasov-drone-factory"]
    assert factory["prefLabel"] == "Drone factory in Brasov"
    assert (factory["typeLabel"], factory["locatedInLabel"]) == ("Factory", "Brasov")
    assert factory["lifecycleStatusLabel"] == "planned"


def test_every_claim_is_a_row_and_mentions_what_it_is_about(folder: Path) -> None:
    claims = {row["iri"] for row in table(folder, "claim")}
    mentions = table(folder, "mentions")
    assert len(claims) > 600
    assert {row["claim"] for row in mentions} <= claims
    subjects = {row["claim"]: row["thing"] for row in mentions if row["role"] == "subject"}
    assert subjects == {
        row["iri"]: row["subject"] for row in table(folder, "claim") if row["subject"]
    }


def package(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "tables" / "datapackage.json").read_bytes())
    assert isinstance(found, dict)
    return found


def test_the_data_package_describes_each_table_as_it_is(folder: Path) -> None:
    resources = package(folder)["resources"]
    assert {one["path"] for one in resources} == {
        path.name for path in (folder / "tables").glob("*.csv")
    }
    for one in resources:
        content = (folder / "tables" / one["path"]).read_bytes()
        assert one["bytes"] == len(content)
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        head = content.split(b"\r\n", 1)[0].decode().split(",")
        assert [field["name"] for field in one["schema"]["fields"]] == head


def test_keys_of_the_data_package_lead_to_rows(folder: Path) -> None:
    resources: Mapping[str, Any] = {one["name"]: one for one in package(folder)["resources"]}
    checked = 0
    for one in resources.values():
        rows = table(folder, one["name"])
        key = one["schema"]["primaryKey"]
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
        for foreign in one["schema"].get("foreignKeys", ()):
            target = {row["iri"] for row in table(folder, foreign["reference"]["resource"])}
            assert {row[foreign["fields"][0]] for row in rows} <= target
            checked += 1
    assert checked == 4


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (ID + "facility/brasov-drone-factory", "facility"),
        (ID + "group-of-agents/allies", "group-of-agents"),
        (BASE + "claim/2025-01-02-outlet-001", "claim"),
        (BASE + "article/2025-01-02-outlet", "article"),
        (BASE + "article/2025-01-02-outlet#char=1,2", "passage"),
        (BASE + "vocab/modality/hoped", "concept"),
        (BASE + "vocab/modality", "scheme"),
        (ID + "Ünder/../x", None),
        ("https://example.org/elsewhere", None),
    ],
)
def test_the_iri_says_in_which_table_a_thing_is(iri: str, name: str | None) -> None:
    assert table_of(iri) == name


@pytest.mark.parametrize(
    "odd",
    [
        ox.BlankNode("x"),
        ox.Literal(""),
        ox.Literal("a\rb"),
        ox.NamedNode("https://example.org/Brașov"),
    ],
    ids=str,
)
def test_what_no_cell_holds_is_known(odd: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
    assert variant_of(odd) is None


def test_two_properties_and_ways_of_writing_never_share_a_column() -> None:
    values = (
        ox.Literal("one"),
        ox.Literal("eins", language="de"),
        ox.Literal("one", language="en"),
        ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        THING,
    )
    other = ox.NamedNode("https://schema.org/property")
    triples = [ox.Triple(THING, name, value) for name in (PROPERTY, other) for value in values]
    held = Table("kind")
    held.take(cells_of(triples)[0])
    names = [column.name for column in held.ordered()]
    assert len(set(names)) == len(names) == 10
    assert "property" in names
    assert "schema_property" in names


ODD = [
    ox.Literal("plain"),
    ox.Literal("with | one"),
    ox.Literal('"quoted", and\na line'),
    ox.Literal(" spaces "),
    ox.Literal("=1+1"),
    ox.Literal("ein Wort", language="de-at"),
    ox.Literal("P1Y", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#duration")),
    ox.Literal(""),
    ox.BlankNode("b"),
    ox.NamedNode("https://example.org/a?b=c,d#e"),
    ox.NamedNode("https://example.org/%C8%99"),
    ox.NamedNode("https://example.org/Brașov"),
]


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_values_come_back_from_table_or_rest(
    odd: ox.NamedNode | ox.BlankNode | ox.Literal, count: int, tmp_path: Path
) -> None:
    values = [odd, ox.Literal("¦‖␟|"), ox.NamedNode("https://example.org/second")][:count]
    triples = [ox.Triple(THING, PROPERTY, value) for value in values]
    lines = [f"{one} <{GRAPH_ENTITIES}> .\n".encode() for one in triples]
    place = tmp_path / "release"
    place.mkdir()
    with Spool(tmp_path / "spool") as spool:
        spool.fill(lines)
        write_tables(spool, Draft(place), date="2026-11-22")
    found = {str(one) for one in read_table_group(place / "tables" / "csv-metadata.json")}
    rest = place / "tables" / "rest.nt"
    if rest.exists():
        read = ox.parse(path=str(rest), format=ox.RdfFormat.N_TRIPLES)
        found |= {str(quad.triple) for quad in read}
    assert found == {str(one) for one in triples}
