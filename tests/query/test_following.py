"""A server follows what becomes current, and drops no request over it."""

import threading
from pathlib import Path

from entente.core.settings import read_settings
from entente.query.following import Follower
from entente.query.service import QueryService
from entente.store.backup import back_up, restore
from entente.store.snapshots import Snapshots
from tests.query.services import LIMITS, answer, eventually
from tests.store.artifacts import numbered, write

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def require_served(service: QueryService, revision: int) -> None:
    """Wait until a revision is served."""
    assert eventually(lambda: service.revision == revision)


def test_builds_and_backups_are_followed_without_a_dropped_request(tmp_path: Path) -> None:
    settings = read_settings({"state": tmp_path, **LIMITS}, environment={})
    snapshots = Snapshots(settings.store)
    write(settings.artifact, numbered(1))
    snapshots.load(settings.artifact)
    (tmp_path / "queries").mkdir()
    seen: list[str] = []
    over = threading.Event()
    with (
        QueryService(settings, snapshots, queries=tmp_path / "queries") as service,
        Follower(service, snapshots, seconds=0.05),
    ):

        def work() -> None:
            while not over.is_set():
                seen.append(answer(service, COUNT).split()[1])

        thread = threading.Thread(target=work)
        thread.start()
        back_up(snapshots, tmp_path / "b.tar")
        for count in (2, 3):
            write(settings.artifact, numbered(count))
            require_served(service, snapshots.load(settings.artifact).revision)
        require_served(service, restore(snapshots, tmp_path / "b.tar", force=True))
        assert answer(service, COUNT).split()[1] == "1"
        over.set()
        thread.join()
    assert set(seen) <= {"1", "2", "3"}
