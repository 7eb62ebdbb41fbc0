"""Fixtures that all tests share: the project, what lies outside it, one build of the real data."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.build.pipeline import build
from entente.core.manifest import Manifest, read_manifest
from entente.core.settings import Settings, read_settings
from tests.build.project import write_project
from tests.canary import Canary, listening

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the checkout, with the real ontology, data and queries."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of articles, questions and suites that is no part of the project."""
    folder = Path(os.environ.get("ENTENTE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no {folder}: set ENTENTE_SHARED to the folder of articles and suites")
    return folder


@pytest.fixture(scope="session")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Build the real data once; the settings say where."""
    settings = read_settings({"state": tmp_path_factory.mktemp("built")}, environment={})
    build(root, settings)
    return settings


@pytest.fixture(scope="session")
def artifact(built: Settings) -> Path:
    """Give the folder of the real data's artifact."""
    return built.artifact


@pytest.fixture(scope="session")
def manifest(artifact: Path) -> Manifest:
    """Give the manifest of the real data's artifact."""
    return read_manifest(artifact)


@pytest.fixture(scope="session")
def dataset_path(artifact: Path, manifest: Manifest) -> Path:
    """Give the real dataset as sorted N-Quads."""
    return artifact / manifest.files["dataset"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a small project without errors, to be broken at will."""
    return write_project(tmp_path / "project")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings whose state lies in a temporary folder."""
    return read_settings({"state": tmp_path / "state"}, environment={})


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Listen on a port that nobody should reach."""
    with listening() as found:
        yield found
