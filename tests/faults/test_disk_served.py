"""A full disk and a read-only folder over HTTP: writes are refused in clear words, reads go on."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.build.project import edit
from tests.faults.served import Reply, Served, serving
from tests.faults.test_disk import fill, small_disk
from tests.query.services import eventually

__all__ = ["small_disk"]  # the fixture

NUMBERS = "SELECT ?o { GRAPH <urn:g> { ?s <urn:n> ?o } } ORDER BY ?o"


def insert(number: int) -> str:
    return f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:n> {number} }} }}"


def require_clear_refusal(served: Served, reply: Reply) -> None:
    """A refusal says that the store cannot be written, and gives nothing of the machine away."""
    assert reply.status == 507, reply.body
    assert reply.problem["type"].endswith("/problems#storage")  # type: ignore[attr-defined]  # a str
    assert "cannot be written" in str(reply.problem["detail"])
    assert str(served.state.parent) not in reply.body.decode()


def revision(served: Served) -> int:
    return int(served.query("ASK {}").headers["X-Dataset-Revision"])


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def test_a_full_disk_refuses_every_kind_of_write_and_queries_go_on(small_disk: Path) -> None:
    with serving(small_disk, "--readers", "1") as served:
        assert served.update(insert(1)).status == 200
        before = revision(served)
        filler = small_disk / "filler"
        fill(filler)
        require_clear_refusal(served, served.update(insert(2)))
        require_clear_refusal(served, served.graph("PUT", "urn:h", "<urn:s> <urn:n> 9 ."))
        require_clear_refusal(served, served.graph("DELETE", "urn:g"))
        assert revision(served) == before
        assert served.rows(NUMBERS) == ["1"]
        assert served.ask("GET", "/readyz").status == 200
        filler.unlink()
        assert served.update(insert(3)).status == 200
        assert served.rows(NUMBERS) == ["1", "3"]


def test_a_disk_that_is_full_at_the_start_is_served_as_it_is(small_disk: Path) -> None:
    with serving(small_disk, "--readers", "1") as served:
        assert served.update(insert(1)).status == 200
        served.kill()
        filler = small_disk / "filler"
        fill(filler)
        served.start()
        served.wait()
        assert served.rows(NUMBERS) == ["1"]
        require_clear_refusal(served, served.update(insert(2)))
        filler.unlink()
        assert served.update(insert(3)).status == 200


def test_a_read_only_folder_refuses_writes_and_serves_what_it_holds(small_disk: Path) -> None:
    with serving(small_disk, "--readers", "1") as served:
        assert served.update(insert(1)).status == 200
        with read_only(small_disk):
            require_clear_refusal(served, served.update(insert(2)))
            assert served.rows(NUMBERS) == ["1"]
        assert served.update(insert(3)).status == 200


def test_a_server_starts_on_a_read_only_folder(small_disk: Path) -> None:
    with serving(small_disk, "--readers", "1") as served:
        assert served.update(insert(1)).status == 200
        served.stop()
        with read_only(small_disk):
            served.start()
            served.wait()
            assert served.rows(NUMBERS) == ["1"]
            assert served.ask("GET", "/readyz").body == b"ready\n"
            require_clear_refusal(served, served.update(insert(2)))
        assert served.update(insert(3)).status == 200


def test_sources_that_cannot_be_built_for_want_of_space_leave_the_old_revision(
    small_disk: Path,
) -> None:
    with serving(small_disk, "--readers", "1") as served:
        before = revision(served)
        edit(served.root / "data/entities/all.ttl", "Beta", "Other")
        fill(small_disk / "filler")
        served.hang_up()
        assert eventually(lambda: b"older revision" in served.ask("GET", "/readyz").body, within=30)
        assert b"the artifact cannot be written" in served.ask("GET", "/readyz").body
        assert revision(served) == before
        (small_disk / "filler").unlink()
        served.hang_up()
        assert eventually(lambda: served.ask("GET", "/readyz").body == b"ready\n", within=30)
        assert eventually(lambda: revision(served) != before)
