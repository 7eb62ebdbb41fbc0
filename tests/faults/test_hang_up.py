"""SIGHUP: what the sources say now is served as a new revision, without a dropped request.

Sources with errors leave the old revision, and the server says so: in the log, at `/readyz` and
among the metrics.
"""

import threading
from http.client import HTTPException
from pathlib import Path

from tests.build.project import edit
from tests.faults.served import Served, serving
from tests.query.services import eventually

LABEL = "SELECT ?l { <https://w3id.org/entente/id/place/beta> ?p ?l . FILTER(isLiteral(?l)) }"
ENTITIES = "data/entities/all.ttl"


def stale(served: Served) -> bool:
    """Tell whether the metrics say that the last build failed."""
    return b"entente_build_stale 1" in served.ask("GET", "/metrics").body


def revision(served: Served) -> int:
    """Give the revision that is served."""
    return int(served.query("ASK {}").headers["X-Dataset-Revision"])


def test_a_hang_up_serves_changed_sources_and_drops_no_request(tmp_path: Path) -> None:
    failures: list[str] = []
    counts: list[int] = []
    over = threading.Event()

    def ask(number: int) -> None:
        asked = 0
        while not over.is_set():
            asked += 1
            try:
                reply = served.query(f"{LABEL} # {number} {asked}")
                if reply.status != 200:
                    failures.append(str(reply.status))
            except (OSError, HTTPException) as error:
                failures.append(type(error).__name__)
        counts.append(asked)

    with serving(tmp_path, "--readers", "2") as served:
        assert served.rows(LABEL) == ["Beta"]
        first = revision(served)
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for turn in range(2):
            edit(served.root / ENTITIES, f"Beta{turn or ''}", f"Beta{turn + 1}")
            served.hang_up()
            wanted = f"Beta{turn + 1}"
            assert eventually(lambda: served.rows(LABEL) == [wanted], within=30)  # noqa: B023  # at once
        over.set()
        for thread in threads:
            thread.join()
        assert revision(served) == first + 2
        assert not stale(served)
        assert served.ask("GET", "/readyz").body == b"ready\n"
    assert failures == []
    assert min(counts) > 10


def test_a_hang_up_with_broken_sources_keeps_the_old_revision_and_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, "--readers", "1") as served:
        before = revision(served)
        edit(served.root / ENTITIES, "a ent:Factory", "a ent:Factori")
        served.hang_up()
        assert eventually(lambda: stale(served), within=30)
        assert (revision(served), served.rows(LABEL)) == (before, ["Beta"])
        ready = served.ask("GET", "/readyz")
        assert (ready.status, ready.body[:6]) == (200, b"ready\n")
        assert b"older revision is served: 1 error in the sources" in ready.body
        assert "undeclared class ent:Factori" in served.log.read_text()
        edit(served.root / ENTITIES, "a ent:Factori", "a ent:Factory")
        edit(served.root / ENTITIES, "Beta", "Mended")
        served.hang_up()
        assert eventually(lambda: served.rows(LABEL) == ["Mended"], within=30)
        assert eventually(lambda: not stale(served))


def test_a_hang_up_does_not_drop_what_was_written(tmp_path: Path) -> None:
    with serving(tmp_path, "--readers", "1") as served:
        written = "INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> <urn:o> } }"
        assert served.update(written).status == 200
        edit(served.root / ENTITIES, "Beta", "Other")
        served.hang_up()
        assert eventually(lambda: stale(served), within=30)
        assert served.rows("SELECT ?o { <urn:s> ?p ?o }") == ["urn:o"]
        assert served.rows(LABEL) == ["Beta"]
        assert b"lacks accepted changes" in served.ask("GET", "/readyz").body


def test_a_hang_up_while_the_server_starts_does_not_end_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--readers", "1") as served:
        served.stop()
        served.start()
        assert eventually(lambda: hears_the_signal(served))
        for _ in range(500):  # one may come while another is being heard
            served.hang_up()
        served.wait()
        assert served.rows(LABEL) == ["Beta"]


def hears_the_signal(served: Served) -> bool:
    """Tell whether the process has taken the signal into its own hands."""
    assert served.process is not None
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1)
