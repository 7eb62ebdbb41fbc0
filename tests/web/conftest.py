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
