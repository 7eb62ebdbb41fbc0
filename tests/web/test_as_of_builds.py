"""A day over HTTP, against a project built for real of nothing but the articles up to then.

The files of later articles are left out of a temporary root, then whatever nothing refers to any
more, and situations that no claim describes, as the checks demand; then the real build runs on it,
checks and all. Two days in the normal run, all days of CQ25 to CQ29 with ENTENTE_LONG.
"""

import json
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from entente.build.pipeline import build
from entente.core.manifest import read_manifest
from entente.core.settings import read_settings
from entente.core.terms import ART, CLAIM, ENT, GRAPH, GRAPH_CURRENT, GRAPH_INFERRED, ID, RDF
from tests.web.site import Site

N = ox.NamedNode
REPORTED: Final = {
    "2025-06-05-unn-france-spain-production": "2025-06-05",
    "2025-06-27-unn-defence-city": "2025-06-27",
    "2025-07-18-newsaz-romania-drone-programme": "2025-07-18",
    "2025-10-01-kyivindependent-romania-joint-drones": "2025-10-01",
    "undated-norway-drone-line": "2025-11-30",
}
DAYS: Final = ("2025-06-27", "2025-06-30", "2025-07-18", "2025-07-31", "2025-10-01", "2025-12-31")
CHOSEN: Final = DAYS if os.environ.get("ENTENTE_LONG") else ("2025-06-30", "2025-07-31")
QUESTIONS: Final = ("cq25", "cq26", "cq27", "cq28", "cq29")


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("builds")


@cache
def built(root: Path, folder: Path, day: str) -> tuple[ox.Quad, ...]:
    """Build a project of the articles up to a day; days between two reports share it."""
    place = folder / max((held for held in REPORTED.values() if held <= day), default="none")
    settings = read_settings({"state": place / "state"}, environment={})
    if not place.is_dir():
        for part in ("ontology", "queries", "data"):
            shutil.copytree(root / part, place / part)
        later = [name for name, reported in REPORTED.items() if reported > day]
        for path in (place / "data" / "articles").rglob("*.trig"):
            if path.stem in later:
                path.unlink()
        leave_out(place / "data", root / "data")
        build(place, settings)
    dataset = settings.artifact / read_manifest(settings.artifact).files["dataset"]
    return tuple(ox.parse(path=dataset, format=ox.RdfFormat.N_QUADS))


def leave_out(data: Path, whole: Path) -> None:
    """Take out of the files what only the articles that were taken out spoke of."""
    held = {path: list(ox.parse(path=path)) for path in files_of(data)}
    described = {
        quad.object
        for path in files_of(whole)
        for quad in ox.parse(path=path)
        if quad.predicate == N(ENT + "describes")
    }
    start = {path: len(quads) for path, quads in held.items()}
    while idle := idle_in([quad for quads in held.values() for quad in quads], described):
        for path, quads in held.items():
            held[path] = [q for q in quads if q.subject not in idle and q.object not in idle]
    for path, quads in held.items():
        if len(quads) != start[path]:
            turtle = path.suffix == ".ttl"
            found = [quad.triple for quad in quads] if turtle else quads
            form = ox.RdfFormat.TURTLE if turtle else ox.RdfFormat.TRIG
            path.write_bytes(ox.serialize(found, format=form) or b"")


def idle_in(quads: list[ox.Quad], described: set[object]) -> set[object]:
    """Give the terms that the checks would complain of; `described` are all situations."""
    named = {quad.object for quad in quads if quad.object != quad.subject}
    now = {quad.object for quad in quads if quad.predicate == N(ENT + "describes")}
    things = {quad.subject for quad in quads if quad.predicate == N(RDF + "type")}
    sides: dict[object, int] = {}
    for quad in quads:
        if quad.predicate == N(ENT + "conflictingClaim"):
            sides[quad.subject] = sides.get(quad.subject, 0) + (quad.object in things)
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    own = {
        term for term in terms if isinstance(term, N) and term.value.startswith((ID, CLAIM, ART))
    }
    return {
        term
        for term in own
        if (term not in things and "#" not in term.value)
        or (term in sides and sides[term] < 2)
        or (term in described and term not in now)
        or (term not in named and term not in sides and term.value.startswith(ID))
    }


def files_of(data: Path) -> list[Path]:
    return [path for path in sorted(data.rglob("*")) if path.suffix in (".ttl", ".trig")]


def content(site: Site, graph: str, day: str) -> set[str]:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    reply = site.query(query, accept="application/n-triples", asOf=day)
    assert reply.status == 200, reply.text
    return {str(triple) for triple in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)}


def triples(quads: tuple[ox.Quad, ...], graph: str) -> list[ox.Triple]:
    return [quad.triple for quad in quads if quad.graph_name == N(graph)]


@pytest.mark.parametrize("day", CHOSEN)
def test_the_view_of_a_day_is_that_of_a_build_of_the_articles_up_to_then(
    graph: Site, root: Path, builds: Path, day: str
) -> None:
    expected = {str(triple) for triple in triples(built(root, builds, day), GRAPH_CURRENT)}
    assert expected != set()
    assert content(graph, GRAPH_CURRENT, day) == expected


@pytest.mark.parametrize("day", CHOSEN)
def test_what_followed_on_a_day_is_what_follows_in_that_build(
    graph: Site, root: Path, builds: Path, day: str
) -> None:
    """All of it but what is about entities that nobody had heard of: the files keep those."""
    query = "SELECT DISTINCT ?it { GRAPH ?g { ?it ?p ?o } }"
    known = {f"<{iri}>" for iri in graph.query(query, asOf=day).terms("it")}
    expected = {
        str(triple)
        for triple in triples(built(root, builds, day), GRAPH_INFERRED)
        if not {term for term in (str(triple.subject), str(triple.object)) if is_thing(term)}
        - known
    }
    assert expected != set()
    assert content(graph, GRAPH_INFERRED, day) == expected


def is_thing(term: str) -> bool:
    return term.startswith(f"<{ID}")


@pytest.mark.parametrize("day", CHOSEN)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_as_of_a_day_as_by_that_build(
    graph: Site, root: Path, builds: Path, name: str, day: str
) -> None:
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for quad in built(root, builds, day)
        if quad.graph_name != N(GRAPH + "meta")
    )
    query = (root / "queries" / "questions" / f"{name}.rq").read_text("utf-8")
    expected = store.query(query)
    assert isinstance(expected, ox.QuerySolutions)
    rows = json.loads(expected.serialize(format=ox.QueryResultsFormat.JSON) or b"")
    reply = graph.query(query, accept="application/sparql-results+json", asOf=day)
    assert json.loads(reply.body)["results"] == rows["results"]
