"""The built dataset in two engines: Oxigraph, which serves it; rdflib, which shares no code."""

import re
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store


@pytest.fixture(scope="session")
def oxigraph(dataset_path: Path) -> Store:
    """Return the built dataset in Oxigraph."""
    store = Store()
    store.bulk_load(path=str(dataset_path), format=RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="session")
def rdflib_union(dataset_path: Path) -> rdflib.Graph:
    """Return the built dataset in rdflib: all graphs as one, each triple once."""
    quads = dataset_path.read_text(encoding="utf-8")
    triples = re.sub(r" <[^<>]*> \.$", " .", quads, flags=re.MULTILINE)
    return rdflib.Graph().parse(data=triples, format="nt")
