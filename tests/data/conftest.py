from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store


@pytest.fixture(scope="session")
def dataset(dataset_path: Path) -> Store:
    """Return the built dataset."""
    store = Store()
    store.bulk_load(path=str(dataset_path), format=RdfFormat.N_QUADS)
    return store
