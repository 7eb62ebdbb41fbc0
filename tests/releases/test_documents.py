"""Every document of the graph holds the same triples in every form of JSON-LD and in Turtle.

All things, claims, articles, concepts and terms of the five articles: `tests/logic/test_framing.py`
has one or two of each class, and looks closer. Every fifth by default; `ENTENTE_LONG=1` takes all.
"""

import json
import os
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest
import rdflib

from entente.core.terms import ART, BASE, CLAIM, ENT, ID, PREFIXES, VOC
from entente.query.framer import read_framing
from entente.query.library import QueryLibrary
from entente.query.results import Iri
from tests.releases.dumps import lines_of, read_with_pyld

ROOT: Final = Path(__file__).resolve().parents[2]
FRAMING: Final = read_framing(ROOT / "ontology")
LIBRARY: Final = QueryLibrary(ROOT / "queries")
FORMS: Final = ("compacted", "expanded", "flattened")
SPACES: Final = {"things": ID, "claims": CLAIM, "articles": ART, "concepts": VOC, "terms": ENT}
STEP: Final = 1 if os.environ.get("ENTENTE_LONG") else 5
FEW: Final = 40 // STEP
"""One document in so many is also read by PyLD and rdflib, which take a hundred times as long."""


@pytest.fixture(scope="module")
def store(quads: list[ox.Quad]) -> ox.Store:
    """Give the dataset with its union as default graph."""
    store = ox.Store()
    store.extend(quads)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def documents(store: ox.Store, space: str) -> dict[str, list[ox.Triple]]:
    """Give the triples of the document of each IRI of a kind."""
    names = {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}
    chosen = sorted(name for name in names if name.startswith(space) and "#" not in name)
    query = LIBRARY.get("pages/document")
    found = {}
    for iri in chosen[::STEP]:
        answer = store.query(query.with_values({"it": Iri(iri)}))
        assert isinstance(answer, ox.QueryTriples)
        found[iri] = list(answer)
    return found


def in_default(triples: list[ox.Triple]) -> list[ox.Quad]:
    return [ox.Quad(one.subject, one.predicate, one.object) for one in triples]


def parsed(body: bytes | str, syntax: ox.RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(body, format=syntax))


@pytest.mark.usefixtures("exact_literals")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("kind", SPACES)
def test_every_document_is_the_same_in_all_forms_and_in_turtle(store: ox.Store, kind: str) -> None:
    found = documents(store, SPACES[kind])
    assert len(found) > 1
    wrong = []
    for number, (iri, triples) in enumerate(found.items()):
        body = ox.serialize(triples, format=ox.RdfFormat.JSON_LD)
        turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
        assert body is not None
        assert turtle is not None
        expected = lines_of(parsed(turtle, ox.RdfFormat.TURTLE))
        assert expected == lines_of(in_default(triples)), iri
        for form in FORMS:
            given = FRAMING.give(body, root=iri, form=form)
            readings = [parsed(given, ox.RdfFormat.JSON_LD)]
            if number % FEW == 0 and len(given) < 200_000:
                text = rdflib.Graph().parse(data=given, format="json-ld").serialize(format="nt")
                readings.append(parsed(text, ox.RdfFormat.N_TRIPLES))
                readings.append(read_with_pyld(json.loads(given)))
            wrong += [(iri, form) for reading in readings if lines_of(reading) != expected]
    assert wrong == []


def test_the_spaces_are_all_of_the_graph(quads: list[ox.Quad]) -> None:
    """What else has an IRI under our base is a graph, a shape, or no document."""
    others = {
        quad.subject.value.removeprefix(BASE).partition("/")[0].partition("#")[0]
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(BASE)
        and not quad.subject.value.startswith(tuple(SPACES.values()))
    }
    assert others <= {"graph", "shapes", "ontology", "data", "dataset", "sparql"}
