"""One release of the real data, for all tests that only read it."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from entente.build.release import Made, make_release

DATE = "2026-11-22"


@pytest.fixture(scope="session")
def made(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the release."""
    with dataset_path.open("rb") as lines:
        return make_release(lines, to=tmp_path_factory.mktemp("releases"), date=DATE)


@pytest.fixture(scope="session")
def folder(made: Made) -> Path:
    """Give the folder of the release."""
    return made.folder


@pytest.fixture(scope="session")
def quads(dataset_path: Path) -> list[ox.Quad]:
    """Give the quads that were released."""
    return list(ox.parse(path=str(dataset_path), format=ox.RdfFormat.N_QUADS))


@pytest.fixture
def exact_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep rdflib from writing numbers in its own way."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
