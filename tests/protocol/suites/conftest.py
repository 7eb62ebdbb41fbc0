import os
from collections.abc import Iterator

import pytest

from tests.protocol.suites.manifest import suites_folder
from tests.protocol.suites.registry import Session


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One run of the suites of the W3C, where they are at hand."""
    if not suites_folder().is_dir():
        reason = f"no {suites_folder()}: set ENTENTE_SUITES to the folder that holds w3c"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with Session(tmp_path_factory.mktemp("suites")) as session:
        yield session
