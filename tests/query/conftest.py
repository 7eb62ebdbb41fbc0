from collections.abc import Iterator

import pytest

from entente.query.service import QueryService
from tests.query.services import running
from tests.store.artifacts import numbered


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryService]:
    """A service over 2,000 triples for tests that leave it as they find it."""
    with running(tmp_path_factory.mktemp("shared"), numbered(2000)) as service:
        yield service
