"""The ontology survives being written in one format and read again: gate Q44."""

from typing import Final

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from tests.ontology.knowledge import ROOT, files, quads

TRIPLES: Final = tuple(
    Quad(q.subject, q.predicate, q.object) for q in quads(files("*.ttl", "*/*.ttl", "*/*/*.ttl"))
)
DATA: Final = tuple(quads(sorted((ROOT / "data").rglob("*.t[rt][il]*"))))
CHAINS: Final = {
    "by JSON-LD": (RdfFormat.JSON_LD, RdfFormat.TURTLE),
    "by TriG": (RdfFormat.TRIG, RdfFormat.TURTLE),
    "by RDF/XML": (RdfFormat.RDF_XML, RdfFormat.N_TRIPLES),
}


def canonical(found: Dataset) -> set[Quad]:
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def written(held: Dataset, form: RdfFormat) -> Dataset:
    """Write and read again."""
    content = serialize(held, format=form)
    assert content is not None
    return Dataset(parse(content, format=form))


@pytest.mark.parametrize("chain", CHAINS.values(), ids=list(CHAINS))
def test_the_ontology_comes_back(chain: tuple[RdfFormat, ...]) -> None:
    found = Dataset(TRIPLES)
    for form in chain:
        found = written(found, form)
    assert canonical(Dataset(TRIPLES)) == canonical(found)


@pytest.mark.parametrize("form", [RdfFormat.JSON_LD, RdfFormat.TRIG, RdfFormat.N_QUADS], ids=str)
def test_the_data_comes_back_graph_by_graph(form: RdfFormat) -> None:
    assert len(DATA) > 1000
    assert set(DATA) == set(written(Dataset(DATA), form))
