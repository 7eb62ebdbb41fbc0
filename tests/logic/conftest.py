from pathlib import Path

import pyoxigraph as ox
import pytest


@pytest.fixture(scope="session")
def quads(dataset_path: Path) -> list[ox.Quad]:
    """Give the real dataset's quads, to be read only."""
    return list(ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS))
