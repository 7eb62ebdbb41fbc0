from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.query.cache import AnswerCache, Kept, Key
from entente.query.service import QueryRequest, QueryService
from entente.store.snapshots import Snapshots
from tests.query.services import POINT, running
from tests.store.artifacts import write

LINES = [
    f"<http://example.org/s{n}> <http://example.org/p> <http://example.org/n{n}> <http://g> ."
    for n in range(2000)
]
ALL = "SELECT * { ?s ?p ?o }"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[QueryService]:
    with running(tmp_path, LINES, cache_bytes=1_000_000) as service:
        yield service


def ask(service: QueryService, query: str = POINT, **values: object) -> tuple[bytes, float | None]:
    request = QueryRequest(query=query, **values)  # type: ignore[arg-type]  # values of its fields
    with service.open_query(request) as answer:
        return answer.read(), answer.age


def test_an_answer_is_kept_for_the_next_who_asks(service: QueryService) -> None:
    first, fresh = ask(service)
    again, age = ask(service)
    assert first == again
    assert fresh is None
    assert age is not None
    assert (service.cache.hits, service.cache.misses) == (1, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"results_format": "csv"},
        {"graph_format": "nt"},
        {"default_graphs": ("http://g",)},
        {"named_graphs": ("http://g",)},
        {"base_iri": "http://base/"},
        {"audience": "read"},
    ],
    ids=str,
)
def test_what_decides_the_bytes_decides_whether_an_answer_is_the_same(
    service: QueryService, values: dict[str, str]
) -> None:
    ask(service)
    assert ask(service, **values)[1] is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (rand() AS ?t) {}",
        "SELECT (STRUUID #\n () AS ?t) {}",
        "SELECT (1 AS ?t) {} ORDER BY(RAND())",
    ],
)
def test_an_answer_that_may_differ_is_not_kept(service: QueryService, query: str) -> None:
    assert ask(service, query)[1] is None
    assert ask(service, query)[1] is None


def test_another_revision_has_other_answers(service: QueryService, tmp_path: Path) -> None:
    before, _ = ask(service)
    write(tmp_path / "artifact", [LINES[1].replace("n1>", "other>")])
    Snapshots(tmp_path / "store").load(tmp_path / "artifact")
    service.reload()
    after, age = ask(service)
    assert age is None
    assert b"other" in after
    assert b"other" not in before


def test_a_long_answer_is_not_kept(service: QueryService) -> None:
    assert len(ask(service, ALL)[0]) > service.cache.largest
    assert ask(service, ALL)[1] is None


def test_an_answer_that_is_not_read_to_its_end_is_not_kept(service: QueryService) -> None:
    service.open_query(QueryRequest(query=POINT)).close()
    assert ask(service)[1] is None


def test_a_failure_is_not_kept(service: QueryService) -> None:
    with pytest.raises(Exception, match="expected"):
        ask(service, "SELECT")
    assert service.cache.bytes == 0


def test_no_bytes_is_no_cache(tmp_path: Path) -> None:
    with running(tmp_path, LINES, cache_bytes=0) as service:
        ask(service)
        assert ask(service)[1] is None


def key(number: int, revision: int = 1) -> Key:
    return Key(revision, f"query {number}", "json", "ttl", (), (), None, None)


def kept(size: int) -> Kept:
    return Kept(form="select", format="json", body=b"x" * size, seconds=0.0)


def test_the_cache_stays_within_its_bytes_and_forgets_what_was_not_wanted() -> None:
    cache = AnswerCache(16_000)
    for number in range(100):
        cache.keep(key(number), kept(900))
        cache.find(key(0))
    assert cache.bytes <= 16_000
    assert cache.find(key(0)) is not None
    assert cache.find(key(1)) is None
    assert cache.find(key(99)) is not None


def test_an_older_revision_gives_way_and_does_not_come_back() -> None:
    cache = AnswerCache(16_000)
    cache.keep(key(1), kept(10))
    cache.keep(key(1, revision=2), kept(10))
    cache.keep(key(2, revision=1), kept(10))
    assert cache.find(key(1)) is None
    assert cache.find(key(2)) is None
    assert cache.find(key(1, revision=2)) is not None
