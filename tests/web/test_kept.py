"""Whole responses are kept and given again, and never to somebody they are not for."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from entente.store.snapshots import Snapshots
from tests.protocol.writable import Writable, run_writable
from tests.web.site import Reply, Site, run_site, write_dataset

THING = "/page/facility/brasov-drone-factory"
FACETS = [
    "/",
    "/agreements",
    THING,
    "/ontology",
    "/vocab",
    "/data/facility/brasov-drone-factory.ttl",
]
FORMS = "/data/facility/brasov-drone-factory"
API = "/api/claims?subject=id:facility/brasov-drone-factory"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server whose revision does not change."""
    with run_site(tmp_path_factory.mktemp("kept")) as site:
        yield site


def is_hit(reply: Reply) -> bool:
    return "cache;desc=hit" in (reply.headers["Server-Timing"] or "")


def counted(site: Site, found: str) -> float:
    lines = site.ask("/metrics").text.splitlines()
    name = f'entente_pages_total{{found="{found}"}} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def same_but_timing(one: Reply, other: Reply) -> bool:
    apart = {"Server-Timing", "Date", "X-Query-Id", "Age"}

    def headers(reply: Reply) -> list[tuple[str, str]]:
        return sorted((n, value) for n, value in reply.headers.items() if n not in apart)

    return (one.status, one.body, headers(one)) == (other.status, other.body, headers(other))


@pytest.mark.parametrize("path", [*FACETS, API])
def test_the_second_who_asks_gets_the_same_response_from_memory(kept: Site, path: str) -> None:
    first = kept.ask(path)
    before = counted(kept, "yes")
    second = kept.ask(path, headers={"User-Agent": "another", "Accept-Encoding": "br"})
    assert first.status == 200
    assert counted(kept, "yes") == before + 1
    assert is_hit(second)
    assert same_but_timing(first, second)


@pytest.mark.parametrize("path", [THING, API])
def test_head_has_the_kept_headers_and_no_body(kept: Site, path: str) -> None:
    got = kept.ask(path)
    headed = kept.ask(path, method="HEAD")
    assert is_hit(headed)
    assert (headed.status, headed.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Link", "X-Dataset-Revision"):
        assert headed.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", [*FACETS, API])
def test_who_has_it_is_told_304(kept: Site, path: str) -> None:
    tag = kept.ask(path).headers["ETag"]
    reply = kept.ask(path, headers={"If-None-Match": tag})
    assert (reply.status, reply.body, reply.headers["ETag"]) == (304, b"", tag)
    assert reply.headers["Content-Type"] is None
    assert "Accept" in reply.headers["Vary"]
    assert kept.ask(path, headers={"If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/turtle"},
        {"Accept": "application/ld+json"},
        {"Accept-Language": "uk"},
        {"Accept-Datetime": "Thu, 31 Jul 2025 12:00:00 GMT"},
        {"X-Anything-Else": "that a view may read some day"},
    ],
    ids=str,
)
def test_what_may_decide_a_response_decides_which_is_given(
    kept: Site, headers: Mapping[str, str]
) -> None:
    kept.ask(FORMS)
    kept.ask(FORMS)
    reply = kept.ask(FORMS, headers=headers)
    assert reply.status in (200, 503)  # the tests' data knows no days
    if "Accept" in headers:
        assert reply.type == headers["Accept"]
        assert kept.ask(FORMS).type != reply.type or headers["Accept"] == "text/turtle"


def test_another_day_and_another_search_are_other_responses(kept: Site) -> None:
    replies = [kept.ask(f"{API}&limit={number}") for number in (1, 2, 1)]
    assert replies[0].body == replies[2].body
    assert [is_hit(reply) for reply in replies] == [False, False, True]


def test_another_host_name_is_another_response(kept: Site) -> None:
    path = f"{THING}?host"
    kept.ask(path)
    assert not is_hit(kept.ask(path, headers={"Host": "other.example"}))
    assert is_hit(kept.ask(path))


def test_nothing_is_given_from_memory_to_who_shows_a_token(kept: Site) -> None:
    kept.ask(THING)
    for _ in range(2):
        assert not is_hit(kept.ask(THING, headers={"Authorization": "Bearer nothing"}))


@pytest.mark.parametrize("path", ["/no/such", "/page/no/such", "/healthz", "/metrics", "/queries"])
def test_refusals_and_what_changes_by_itself_are_not_kept(kept: Site, path: str) -> None:
    kept.ask(path)
    assert not is_hit(kept.ask(path))


def test_another_revision_is_shown_at_once(tmp_path: Path) -> None:
    with run_site(tmp_path) as site:
        before = site.ask(THING)
        assert is_hit(site.ask(THING))
        quads = site.query("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }", format="nq")
        assert quads.status == 200
        lines = [
            f"{line[:-2]} <http://example.org/all> .\n"
            for line in quads.text.splitlines()
            if line.endswith(" .")
        ]
        write_dataset(tmp_path / "artifact", "".join(sorted(lines)).encode())
        Snapshots(site.settings.store).load(tmp_path / "artifact")
        site.service.reload()
        after = site.ask(THING)
    assert not is_hit(after)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["X-Dataset-Revision"] != before.headers["X-Dataset-Revision"]


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with run_writable(tmp_path_factory.mktemp("kept-writable")) as running:
        yield running


def test_who_has_written_sees_what_was_written(writable: Writable) -> None:
    site = writable.site
    page = "/page/thing/kept"
    assert site.ask(page).status == 404
    for number in range(3):
        thing = "https://w3id.org/entente/id/thing/kept"
        text = (
            f"INSERT DATA {{ GRAPH <http://example.org/kept> "
            f'{{ <{thing}> <http://example.org/p> "number {number}" }} }}'
        )
        assert writable.update(text).status == 200
        for _ in range(2):
            assert f"number {number}" in site.ask(page).text


def test_memory_is_bounded(tmp_path: Path) -> None:
    with run_site(tmp_path, cache_bytes=1_000_000) as site:
        for number in range(20):
            site.ask(f"{THING}?{number}")
        (line,) = [
            line
            for line in site.ask("/metrics").text.splitlines()
            if line.startswith("entente_pages_bytes ")
        ]
    assert 0 < float(line.split()[1]) <= 250_000


def test_without_memory_nothing_is_kept(tmp_path: Path) -> None:
    with run_site(tmp_path, cache_bytes=0) as site:
        site.ask(THING)
        assert not is_hit(site.ask(THING))


def test_who_asks_too_often_is_refused_what_is_kept_too(tmp_path: Path) -> None:
    with run_site(tmp_path, client_rate=0.01, client_burst=2) as site:
        assert [site.ask(THING).status for _ in range(3)] == [200, 200, 429]
