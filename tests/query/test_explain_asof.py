"""Query services of the past: derived snapshots with readers of their own."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from entente.core.settings import Settings, read_settings
from entente.core.terms import ENT, GRAPH_ENTITIES, GRAPH_ONTOLOGY, ID, RDF, RDFS
from entente.query.asof import BEFORE_ALL, KEPT, Past
from entente.query.explain import ExplainService
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.query.warming import Warmer
from entente.store.snapshots import Snapshots
from tests.store.artifacts import write

HOLDER = f"SELECT ?who {{ <{ID}post/defence-minister-of-ukraine> <{ENT}currentHolder> ?who }}"
CLAIMS = f"SELECT (COUNT(*) AS ?n) {{ ?claim a <{ENT}Claim> }}"
TERMS = f"SELECT (COUNT(DISTINCT ?term) AS ?n) {{ VALUES ?term {{ <{ENT}Claim> }} ?term a ?kind }}"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    state = tmp_path_factory.mktemp("past")
    return read_settings({"state": state, "readers": 1, "query_seconds": 20.0}, environment={})


@pytest.fixture(scope="module")
def service(settings: Settings, artifact: Path) -> Iterator[QueryService]:
    snapshots = Snapshots(settings.store)
    snapshots.load(artifact)
    with QueryService(settings, snapshots) as running:
        yield running


@pytest.fixture(scope="module")
def past(service: QueryService, settings: Settings) -> Past:
    return Past(service, settings)


def ask(service: QueryService, query: str) -> list[str]:
    with service.open_query(QueryRequest(query=query, results_format="csv")) as answer:
        return answer.read().decode().split()[1:]


def test_a_day_of_the_past_has_its_own_answer(past: Past) -> None:
    assert ask(past.at("2025-06-27"), HOLDER) == [ID + "person/rustem-umerov"]
    assert ask(past.at("2025-10-01"), HOLDER) == [ID + "person/denys-shmyhal"]


def test_days_between_two_reports_share_one_service(past: Past) -> None:
    assert past.at("2025-07-18") is past.at("2025-09-30")
    assert past.at("2025-07-18") is not past.at("2025-10-01")


def test_before_the_first_report_there_is_an_ontology_and_no_claim(past: Past) -> None:
    assert past.at("1999-12-31") is past.at(BEFORE_ALL)
    assert ask(past.at(BEFORE_ALL), CLAIMS) == ["0"]
    assert ask(past.at(BEFORE_ALL), TERMS) == ["1"]


def test_the_present_is_not_disturbed(past: Past, service: QueryService) -> None:
    before = ask(service, CLAIMS)
    past.at("2025-06-05")
    assert ask(service, CLAIMS) == before


def test_only_a_few_days_have_readers_at_one_time(
    service: QueryService, settings: Settings
) -> None:
    past = Past(service, settings)
    days = ("1999-12-31", "2025-06-05", "2025-06-27", "2025-07-18", "2025-10-01")
    services = [past.at(day) for day in days]
    assert [one.ready() for one in services] == [False] * (len(days) - KEPT) + [True] * KEPT
    assert ask(past.at(days[0]), CLAIMS) == ["0"]
    past.stop()
    assert not any(one.ready() for one in services)


def test_an_explainer_is_started_when_it_is_needed_and_ends_with_the_service(
    settings: Settings,
) -> None:
    with QueryService(settings, Snapshots(settings.store)) as service:
        why = ExplainService(service, settings)
        country = Iri(ID + "country/romania")
        factory = Iri(ID + "facility/brasov-drone-factory")
        told = why.explain((factory, Iri(ENT + "locatedIn"), country))
        assert told.revision == service.revision
        assert b'"holds": true' in told.body
        assert why.running
    assert not why.running


def test_a_warm_explainer_is_there_before_anybody_asks_and_follows_the_revision(
    tmp_path: Path,
) -> None:
    settings = read_settings({"state": tmp_path, "readers": 1}, environment={})
    snapshots = Snapshots(settings.store)
    for name in ("first", "second"):
        kind = f"<{RDF}type> <http://example.org/{name}> <{GRAPH_ENTITIES}>"
        write(tmp_path / name, [f"<http://example.org/it> {kind} ."])
    snapshots.load(tmp_path / "first")
    with QueryService(settings, snapshots) as service:
        why = ExplainService(service, settings)
        with Warmer(service, [why.standby], seconds=0.05):
            wait_for(lambda: why.standby.revision == 1)
            snapshots.load(tmp_path / "second")
            service.reload()
            wait_for(lambda: why.standby.revision == 2)
            assert why.running
    assert not why.running


def wait_for(true: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_explainer_and_the_past_follow_the_revision(tmp_path: Path) -> None:
    """What held in one revision lacks its premise in the next."""
    kind = f"<{RDF}type> <http://example.org/Class> <{GRAPH_ENTITIES}>"
    lines = [f"<http://example.org/it> {kind} ."]
    axiom = (
        f"<http://example.org/Class> <{RDFS}subClassOf> <http://example.org/Wide> "
        f"<{GRAPH_ONTOLOGY}> ."
    )
    settings = read_settings({"state": tmp_path, "readers": 1}, environment={})
    snapshots = Snapshots(settings.store)
    write(tmp_path / "first", [*lines, axiom])
    write(tmp_path / "second", lines)
    snapshots.load(tmp_path / "first")
    subject, predicate = Iri("http://example.org/it"), Iri(RDF + "type")
    object_ = Iri("http://example.org/Wide")
    wide = f"SELECT ?it {{ ?it a <{object_}> }}"
    with QueryService(settings, snapshots) as service:
        why, past = ExplainService(service, settings), Past(service, settings)
        told = why.explain((subject, predicate, object_))
        assert (told.revision, b'"rule": "cax-sco"' in told.body) == (1, True)
        assert ask(past.at("2025-01-01"), wide) == [subject.value]
        snapshots.load(tmp_path / "second")
        service.reload()
        told = why.explain((subject, predicate, object_))
        assert (told.revision, b'"holds": false' in told.body) == (2, True)
        assert ask(past.at("2025-01-01"), wide) == []
