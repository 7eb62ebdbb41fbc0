"""Support counted from quads in memory is that which queries count in a store, for every fact."""

from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from entente.core.terms import ENT, GRAPH_CURATION, GRAPH_CURRENT, GRAPH_INFERRED, ID, RDF, VOC
from entente.logic.explanation import Evidence
from entente.logic.support import NO_SUPPORT, Support
from entente.query.library import QueryLibrary
from entente.query.results import Iri, Literal, Row, Term, read_rows
from entente.query.support import Fact, gather_support

N = ox.NamedNode
ROOT: Final = Path(__file__).resolve().parents[2]
LIBRARY: Final = QueryLibrary(ROOT / "queries")


@pytest.fixture(scope="module")
def told(quads: list[ox.Quad]) -> dict[Fact, Support]:
    return read_all(quads)


def read_all(quads: list[ox.Quad]) -> dict[Fact, Support]:
    """Read the support of all facts of all things from a store."""
    store = ox.Store()
    store.extend(quads)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)

    def rows(name: str, batch: tuple[Iri, ...]) -> list[Row]:
        found = store.query(LIBRARY.get(name).with_values({"it": batch}))
        assert isinstance(found, ox.QuerySolutions)
        return read_rows(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    subjects = {quad.subject.value for quad in quads if isinstance(quad.subject, N)}
    return gather_support((one for one in subjects if one.startswith((ID, ENT, VOC))), rows)


def term(value: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(value, Iri):
        return N(value.value)
    assert isinstance(value, Literal)
    if value.language is not None:
        return ox.Literal(value.value, language=value.language)
    return ox.Literal(value.value, datatype=N(value.datatype))


def differing(quads: list[ox.Quad], told: dict[Fact, Support]) -> list[str]:
    backing = Evidence(quads).backing
    return [
        f"{fact}: {found} {backing.of(*map(term, fact))}"
        for fact, found in told.items()
        if backing.of(*map(term, fact)) != found
    ]


def test_memory_and_store_count_alike(quads: list[ox.Quad], told: dict[Fact, Support]) -> None:
    assert len(told) > 1000
    assert differing(quads, told) == []


def test_every_triple_of_the_view_has_a_source_and_what_follows_has_none(
    quads: list[ox.Quad], told: dict[Fact, Support]
) -> None:
    backing = Evidence(quads).backing
    for quad in quads:
        found = backing.of(quad.subject, quad.predicate, quad.object)
        if quad.graph_name == N(GRAPH_CURRENT):
            assert (found.sources > 0, found.claims != (), found.inferred) == (True, True, False)
        elif quad.graph_name == N(GRAPH_INFERRED):
            assert found == Support(inferred=True)
    assert {found.sources for found in told.values()} >= {0, 1, 2}


def test_a_claim_that_curation_retracts_counts_for_nothing_in_either(
    quads: list[ox.Quad], told: dict[Fact, Support]
) -> None:
    fact, support = next((f, s) for f, s in sorted(told.items(), key=str) if s.sources > 1)
    status, retracted = N(ENT + "curationStatus"), N(VOC + "curation-status/retracted")
    graph = N(GRAPH_CURATION)
    added = [ox.Quad(N(claim), status, retracted, graph) for claim in support.claims]
    fewer = [*quads, *added[1:]]
    found = read_all(fewer)
    assert found[fact] == Support(1, support.claims[:1])
    assert differing(fewer, found) == []


def test_names_classes_and_what_does_not_hold_have_no_support(quads: list[ox.Quad]) -> None:
    backing = Evidence(quads).backing
    factory = N(ID + "facility/brasov-drone-factory")
    assert backing.of(factory, N(RDF + "type"), N(ENT + "Factory")) == NO_SUPPORT
    assert backing.of(factory, N(ENT + "locatedIn"), N(ID + "country/norway")) == NO_SUPPORT
