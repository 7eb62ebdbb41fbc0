"""Libraries that others write read what a release holds: Frictionless, CSV on the Web, nanopub."""

import csv
import json
import os
import sys
from itertools import groupby
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from entente.build.release import make_release
from tests.engines.clients import Client, find_libraries
from tests.releases.dumps import unpacked

HERE: Final = Path(__file__).parent
READERS: Final = ("frictionless==5.21.0", "csvw==4.1.1", "nanopub==2.0.1", "rdflib==7.6.0")
FEW: Final = 1 if os.environ.get("ENTENTE_LONG") else 40


@pytest.fixture(scope="module")
def readers() -> Client:
    """Find the libraries, or fetch them."""
    folder = find_libraries("release-readers", *READERS)
    # Alone, so that no library of ours takes the place of one of theirs.
    command = (sys.executable, "-S", "-W", "ignore", str(HERE / "use_release_readers.py"))
    return Client(command, folder, (("PYTHONPATH", str(folder)),))


@pytest.fixture(scope="module")
def folder(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a release of the real data."""
    with dataset_path.open("rb") as lines:
        to = tmp_path_factory.mktemp("releases")
        return make_release(lines, to=to, date="2026-11-22").folder


def rows_of(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def test_frictionless_finds_the_data_package_valid(readers: Client, folder: Path) -> None:
    """Types, required and unique values, keys between tables, sizes and digests."""
    tables = len(list((folder / "tables").glob("*.csv")))
    found = readers.run(reader="frictionless", path=str(folder / "tables" / "datapackage.json"))
    assert found == {"errors": [], "tables": tables}


def test_csvw_finds_the_tables_as_they_are_described(readers: Client, folder: Path) -> None:
    found = readers.run(reader="csvw", path=str(folder / "tables" / "csv-metadata.json"))
    assert (found["valid"], found["warnings"]) == (True, [])
    held = {path.name: rows_of(path) for path in (folder / "tables").glob("*.csv")}
    assert {Path(name).name: rows for name, rows in found["rows"].items()} == held


def test_nanopub_finds_each_nanopublication_valid_and_truly_named(
    readers: Client, folder: Path, tmp_path: Path
) -> None:
    quads = ox.parse(unpacked(folder / "nanopubs.trig.gz"), format=ox.RdfFormat.TRIG)
    texts = {
        name: (ox.serialize(held, format=ox.RdfFormat.TRIG) or b"").decode()
        for name, held in groupby(quads, key=lambda quad: str(quad.graph_name).partition("#")[0])
    }
    chosen = sorted(texts)[::FEW]
    path = tmp_path / "nanopubs.json"
    path.write_text(json.dumps([texts[name] for name in chosen]), encoding="utf-8")
    assert len(chosen) > 10
    assert readers.run(reader="nanopub", path=str(path)) == [name[1:] for name in chosen]
