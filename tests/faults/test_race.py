"""Ten writers with If-Match on one graph: exactly one wins each revision, and history shows all."""

import threading
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import pyoxigraph as ox

from entente.core.tokens import Tokens
from entente.store.changelog import ChangeLog
from entente.store.patches import read_patch
from tests.faults.served import Reply, Served, serving

WRITERS = 10
EACH = 2
GRAPH = "http://example.org/graph/race"
COUNT = f"SELECT ?n {{ GRAPH <{GRAPH}> {{ <urn:it> <urn:count> ?n }} }}"


def test_of_ten_writers_exactly_one_wins_each_revision(tmp_path: Path) -> None:
    won: list[tuple[int, str, int]] = []  # revision, who, the number that was written
    lost: list[int] = []
    strange: list[str] = []
    together = threading.Barrier(WRITERS)

    def race(name: str, secret: str, served: Served) -> None:
        """Read the number and its tag, write the next number; once more where another one won."""
        done = 0
        together.wait()
        while done < EACH:
            try:
                found = served.query(COUNT)
                number = int(found.body.split(b"\r\n")[1]) + 1
                reply = write(served, number, found.headers["ETag"], name=name, secret=secret)
            except (OSError, HTTPException, ValueError, IndexError) as error:
                strange.append(repr(error))
                return
            if reply.status == 412:
                lost.append(int(str(reply.problem["revision"])))
            elif reply.status == 204:
                won.append((int(reply.headers["X-Dataset-Revision"]), name, number))
                done += 1
            else:
                strange.append(f"{reply.status} {reply.body!r}")
                return

    with serving(tmp_path, "--readers", "2", "--snapshots", "2") as served:
        tokens = Tokens(served.state / "tokens.json")
        names = [f"writer-{number}" for number in range(WRITERS)]
        secrets = {name: tokens.new(name, "write") for name in names}
        first = write(served, 0, "", name="first", secret=served.secret)
        assert first.status == 201
        run_all([make(race, name, secrets[name], served) for name in names])
        assert strange == []
        assert served.rows(COUNT) == [str(WRITERS * EACH)]
        entries = ChangeLog(served.state / "store/changes").entries()
    won.sort()
    assert [number for _, _, number in won] == list(range(1, WRITERS * EACH + 1))
    assert len({revision for revision, _, _ in won}) == len(won)
    assert lost, "nobody ever lost: there was no race"
    assert [(entry.revision, entry.who, entry.why) for entry in entries[1:]] == [
        (revision, name, f"{name} writes {number}") for revision, name, number in won
    ]
    log = ChangeLog(tmp_path / "state/store/changes")
    written = [read_patch(log.patch_of(entry)) for entry in entries]
    added = [{str(quad.object) for quad in one.added if GRAPH in str(quad)} for one in written]
    assert added == [{str(ox.Literal(number))} for number in range(WRITERS * EACH + 1)]


def write(served: Served, number: int, tag: str, *, name: str, secret: str) -> Reply:
    """Replace the graph by a number, where nothing has changed since the tag was given."""
    headers = {
        "Authorization": f"Bearer {secret}",
        "X-Change-Reason": f"{name} writes {number}",
        **({"If-Match": tag} if tag else {}),
    }
    return served.graph("PUT", GRAPH, f"<urn:it> <urn:count> {number} .", **headers)


def make(
    work: Callable[[str, str, Served], None], name: str, secret: str, served: Served
) -> threading.Thread:
    return threading.Thread(target=work, args=(name, secret, served), name=name)


def run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
        assert not thread.is_alive()
