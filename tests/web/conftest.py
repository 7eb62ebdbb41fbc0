from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site import Site, run_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests that do not disturb it."""
    with run_site(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, dataset_path: Path) -> Iterator[Site]:
    """One server of the five articles' graph, for tests that do not disturb it."""
    quads = dataset_path.read_bytes()
    with run_site(tmp_path_factory.mktemp("real"), quads=quads, query_seconds=30.0) as running:
        yield running


@pytest.fixture(scope="module")
def graph(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of the real graph for one module, with time for past days on a busy machine."""
    quads = dataset_path.read_bytes()
    folder = tmp_path_factory.mktemp("graph")
    with run_site(folder, quads=quads, query_seconds=60.0) as running:
        yield running
