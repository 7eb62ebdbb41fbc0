"""What is at work: who sees it on `/queries`, who ends it, and what cannot be ended any more."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entente.core.errors import Cancelled, NotFound, TooLate
from entente.query.register import Register
from tests.protocol.writable import G, Writable, run_writable
from tests.web.site import ENDLESS, Reply

SLOW = (
    f"INSERT {{ GRAPH <{G}> {{ <http://example.org/s> <http://example.org/p> ?n }} }} "
    f"WHERE {{ {{ {ENDLESS} }} }}"
)
QUICK = f"INSERT DATA {{ GRAPH <{G}> {{ <http://example.org/s> <http://example.org/p> 1 }} }}"


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A server of its own: its writer is kept busy."""
    with run_writable(tmp_path_factory.mktemp("slow")) as writable:
        yield writable


def listed(writable: Writable, scope: str = "write") -> list[dict[str, object]]:
    found = writable.ask("GET", "/queries", scope=scope).json()
    assert isinstance(found, list)
    return found


def once(
    writable: Writable, holds: Callable[[dict[str, object]], bool], scope: str = "write"
) -> dict[str, object]:
    """Wait until something on the list is so."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for entry in listed(writable, scope):
            if holds(entry):
                return entry
        time.sleep(0.02)
    raise AssertionError(f"nothing such is listed: {listed(writable, scope)}")


@contextmanager
def under_way(writable: Writable, text: str) -> Iterator[list[Reply]]:
    """Send an update and keep its answer."""
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(writable.update(text)))
    thread.start()
    yield replies
    thread.join()


def test_an_update_is_listed_and_ended_by_its_holder(slow: Writable) -> None:
    before = slow.site.service.revision
    with under_way(slow, SLOW) as replies:
        entry = once(slow, lambda entry: entry["state"] == "running")
        assert (entry["kind"], entry["form"], entry["client"]) == ("update", "update", "write")
        assert str(entry["query"]).startswith("INSERT { GRAPH")
        assert listed(slow, "read") == []
        assert slow.ask("DELETE", f"/queries/{entry['id']}", scope="read").status == 404
        assert slow.ask("DELETE", f"/queries/{entry['id']}").status == 204
    (reply,) = replies
    assert (reply.status, reply.headers["X-Query-Id"]) == (503, entry["id"])
    assert "ended by its holder" in str(reply.fields()["detail"])
    assert listed(slow) == []
    assert slow.site.service.revision == before
    assert slow.update(QUICK).status == 200


def test_an_update_that_waits_is_ended_while_another_runs(slow: Writable) -> None:
    with under_way(slow, SLOW) as first:
        running = once(slow, lambda entry: entry["state"] == "running")
        with under_way(slow, QUICK) as second:
            waiting = once(slow, lambda entry: entry["state"] == "waiting")
            assert slow.ask("DELETE", f"/queries/{waiting['id']}").status == 204
        assert second[0].status == 503
        assert not first
        assert slow.ask("DELETE", f"/queries/{running['id']}", scope="admin").status == 204
    assert first[0].status == 503


def test_an_update_that_is_being_published_cannot_be_ended(slow: Writable) -> None:
    register = slow.site.service.register
    with register.watch("last", QUICK, client="write", kind="update") as entry:
        entry.committing = True
        assert [one["state"] for one in listed(slow)] == ["committing"]
        reply = slow.ask("DELETE", "/queries/last")
    assert (reply.status, reply.type) == (409, "application/problem+json")
    assert "can be stopped no more" in str(reply.fields()["detail"])


def test_who_ends_an_update_just_before_it_is_published_is_told_that_it_was() -> None:
    register = Register()
    with register.watch("race", QUICK, client=None, kind="update") as entry:
        told: list[BaseException] = []

        def end() -> None:
            try:
                register.end("race", allowed=lambda _: True)
            except TooLate as error:
                told.append(error)

        thread = threading.Thread(target=end)
        thread.start()
        while not entry.ended:
            time.sleep(0.001)
        entry.committing = True
    thread.join()
    assert len(told) == 1


def test_updates_are_counted_apart_from_queries() -> None:
    register = Register()
    for kind in ("update", "query"):
        with register.watch("x", "text", client=None, kind=kind):
            pass
    assert register.outcomes() == {"done": 1}


def test_what_has_ended_cannot_be_ended() -> None:
    register = Register()
    with register.watch("x", "text", client=None, kind="document"):
        pass
    with pytest.raises(NotFound):
        register.end("x", allowed=lambda _: True)


def test_documents_and_explanations_are_listed_for_an_administrator(tmp_path: Path) -> None:
    with run_writable(tmp_path, cache_bytes=0) as writable:
        register = writable.site.service.register
        seen: list[str] = []
        enter = register.enter

        def watched(*arguments: str, **named: str | None) -> object:
            seen.append(str(named.get("kind", "query")))
            return enter(*arguments, **named)  # type: ignore[arg-type]  # passed on

        register.enter = watched  # type: ignore[assignment,method-assign]  # what is entered is seen
        thing = "/data/facility/brasov-drone-factory"
        assert writable.site.ask(f"{thing}.jsonld?form=flattened").status == 200
        claim = "https://w3id.org/entente/claim/2025-07-18-newsaz-001"
        assert writable.site.ask(f"/api/explain?claim={claim}").status in (200, 404)
        assert {"document", "explanation"} <= set(seen)


def test_what_its_holder_ended_is_told_so() -> None:
    register = Register()

    def do() -> None:
        with register.watch("x", "text", client=None, kind="document") as entry:
            register.end("x", allowed=lambda _: True)
            assert entry.ended
            raise Cancelled("given up")

    with pytest.raises(Cancelled, match="the document was ended by its holder"):
        do()
