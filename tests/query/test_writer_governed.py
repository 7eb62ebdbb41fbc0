"""Writes to the real graph: shapes hold, view, closure and counts follow, nothing else changes."""

import shutil
from collections.abc import Iterator

import pytest

from entente.core.errors import ReadOnly, WriteRefused
from entente.core.settings import Settings
from entente.core.writes import WriteRequest
from entente.query.writing import WriteService
from tests.query.writers import ask, update, writing

PREFIXES = """
PREFIX ent: <https://w3id.org/entente/ontology/>
PREFIX graph: <https://w3id.org/entente/graph/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
BRASOV = "<https://w3id.org/entente/id/place/brasov>"
FACTORY = "<https://w3id.org/entente/id/facility/brasov-drone-factory>"
ALL = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def writes(built: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WriteService]:
    """A writable service over the real data."""
    folder = tmp_path_factory.mktemp("governed")
    shutil.copytree(built.artifact, folder / "artifact")
    with writing(folder) as service:
        yield service


def label(text: str) -> str:
    """Give an update that adds a spelling of Brasov."""
    data = f'{BRASOV} skos:altLabel "{text}"@en'
    return f"{PREFIXES} INSERT DATA {{ GRAPH graph:entities {{ {data} }} }}"


def test_counts_of_the_description_stay_true(writes: WriteService) -> None:
    outcome = update(writes, label("Kronstadt"))
    assert outcome.published
    count = f"{PREFIXES} SELECT (COUNT(*) AS ?n) {{ GRAPH graph:entities {{ ?s ?p ?o }} }}"
    counted = ask(writes, count)
    said = ask(writes, f"{PREFIXES} SELECT ?n {{ graph:entities void:triples ?n }}")
    assert counted == said
    update(writes, label("Kronstadt").replace("INSERT", "DELETE"))


def test_what_is_written_and_taken_back_leaves_the_graph_as_it_was(writes: WriteService) -> None:
    digest = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
    before = ask(writes, digest)
    update(writes, label("Stephanopolis"))
    update(writes, label("Stephanopolis").replace("INSERT", "DELETE"))
    assert ask(writes, digest) == before


def test_a_broken_shape_is_refused_with_a_report_and_nothing_changes(writes: WriteService) -> None:
    before, count = writes.revision, ask(writes, ALL)
    with pytest.raises(WriteRefused, match="skos:prefLabel") as caught:
        update(writes, f"{PREFIXES} DELETE WHERE {{ GRAPH ?g {{ {BRASOV} skos:prefLabel ?l }} }}")
    report = caught.value.report
    assert report.results[0].severity == "error"
    assert report.results[0].focus == BRASOV[1:-1]
    assert "sh:conforms false" in report.turtle
    assert "<http://www.w3.org/ns/shacl#ValidationReport>" in report.ntriples
    assert (writes.revision, ask(writes, ALL)) == (before, count)
    assert update(writes, label("After")).published


def test_a_refused_write_leaves_no_line_in_the_log(writes: WriteService) -> None:
    before = writes.changes(limit=1)
    with pytest.raises(WriteRefused):
        update(writes, f"{PREFIXES} DELETE WHERE {{ GRAPH ?g {{ {BRASOV} skos:prefLabel ?l }} }}")
    assert writes.changes(limit=1) == before


def test_a_contradiction_is_refused(writes: WriteService) -> None:
    text = f"{PREFIXES} INSERT DATA {{ GRAPH graph:entities {{ {BRASOV} a ent:Claim }} }}"
    with pytest.raises(WriteRefused):
        update(writes, text)


def test_the_view_and_the_closure_follow_the_claims(writes: WriteService) -> None:
    """A claim that is no longer accepted takes its triple, and what followed from it, away."""
    view = f"{PREFIXES} ASK {{ GRAPH graph:current {{ {FACTORY} ent:locatedIn {BRASOV} }} }}"
    inferred = (
        f"{PREFIXES} ASK {{ GRAPH graph:inferred {{ {FACTORY} ent:locatedIn "
        "<https://w3id.org/entente/id/country/romania> } }"
    )
    status = "<https://w3id.org/entente/vocab/curation-status/"
    change = (
        f"{PREFIXES} DELETE {{ GRAPH ?g {{ ?c ent:curationStatus {status}accepted> }} }} "
        f"INSERT {{ GRAPH ?g {{ ?c ent:curationStatus {status}disputed> }} }} "
        f"WHERE {{ GRAPH ?g {{ ?c ent:predicate ent:locatedIn ; ent:subject {FACTORY} ; "
        f"ent:curationStatus {status}accepted> }} }}"
    )
    assert _holds(writes, view)
    assert _holds(writes, inferred)
    outcome = update(writes, change, dry_run=True)
    assert outcome.added == outcome.removed > 0
    assert update(writes, change).published
    assert not _holds(writes, view)
    assert not _holds(writes, inferred)


def _holds(writes: WriteService, query: str) -> bool:
    return ask(writes, query.replace("ASK", "SELECT (1 AS ?yes)", 1)) == "1"


@pytest.mark.parametrize("graph", ["current", "inferred", "meta"])
def test_a_generated_graph_is_not_written_by_hand(writes: WriteService, graph: str) -> None:
    text = f"{PREFIXES} INSERT DATA {{ GRAPH graph:{graph} {{ {BRASOV} skos:note 'x' }} }}"
    with pytest.raises(ReadOnly, match=graph):
        update(writes, text)


def test_a_graph_that_nothing_reads_is_written_and_dropped(writes: WriteService) -> None:
    name = "http://example.org/scratch"
    assert update(writes, f"INSERT DATA {{ GRAPH <{name}> {{ <http://x/s> <http://x/p> 1 }} }}")
    assert writes.write(WriteRequest(kind="delete", graph=name)).removed == 1
