from collections.abc import Iterator

import pytest

from tests.protocol.writable import Writable, run_writable
from tests.web.site import Site, run_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests that do not disturb it."""
    with run_site(tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture(scope="session")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """One server for all tests that write; each into graphs of its own."""
    with run_writable(tmp_path_factory.mktemp("writable")) as running:
        yield running
