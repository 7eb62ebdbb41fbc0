"""The past: query services that answer from what was reported by a day.

Owns the derived snapshots below `cache/as-of`, one a revision and day of reports, and the few
services that run over them. A day is first turned to the last day of reports up to it, so there
are no more snapshots than days on which something was reported. Known limit: a service that is put
away for another day ends the queries that still run in it.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Final

import entente
from entente.core.errors import LimitExceeded, StoreError
from entente.core.manifest import NAME
from entente.core.settings import Settings
from entente.query.service import QueryService
from entente.store.snapshot import LAYOUT, OWN_LAYOUT, Hold, Snapshot
from entente.store.snapshots import Snapshots

PROGRAM: Final = "entente.query.asof_snapshot"
KEPT: Final = 4
"""How many days have readers at one time, one each."""

DERIVING_SECONDS: Final = 60.0
BEFORE_ALL: Final = "0001-01-01"


class PastSnapshots(Snapshots):
    """One derived snapshot, which is never another."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.path)
        self._snapshot = snapshot

    def current(self) -> Snapshot:
        """Give the snapshot."""
        return self._snapshot

    def hold(self) -> Hold:
        """Hold the snapshot."""
        return Hold(self._snapshot)


class Past:
    """Query services for days of the past.

    Args:
        service: whose current snapshot has a past; it stops the others when it stops.
        settings: limits, and the folder of caches.
    """

    def __init__(self, service: QueryService, settings: Settings) -> None:
        self._service = service
        self._settings = replace(
            settings, readers=1, cache_bytes=settings.cache_bytes // (2 * KEPT)
        )
        self._folder = settings.state / "cache" / "as-of"
        self._running: OrderedDict[tuple[int, str], QueryService] = OrderedDict()
        self._lock = threading.Lock()
        service.attend(self.stop)

    def at(self, day: str) -> QueryService:
        """Give a service that answers from what was reported by a day (ISO 8601).

        Raises:
            StoreError: the snapshot of that day cannot be made.
            LimitExceeded: it took too long.
        """
        days = sorted({str(row["reported"]) for row in self._service.rows("evidence/days")})
        effective = max((known for known in days if known <= day), default=BEFORE_ALL)
        with self._lock:
            snapshot = self._service.snapshot
            key = (snapshot.revision, effective)
            if key not in self._running:
                past = PastSnapshots(self._derived(snapshot, effective))
                service = QueryService(self._settings, past, forks=self._service.forks)
                service.library = self._service.library
                service.start()
                self._running[key] = service
                while len(self._running) > KEPT:
                    self._running.popitem(last=False)[1].stop()
            self._running.move_to_end(key)
            return self._running[key]

    def stop(self) -> None:
        """End all services of the past."""
        with self._lock:
            running = list(self._running.values())
            self._running.clear()
        for service in running:
            service.stop()

    def _derived(self, snapshot: Snapshot, day: str) -> Snapshot:
        name = f"{snapshot.digest[:12]}-{snapshot.revision:05d}-{day}"
        path = self._folder / name
        if not path.is_dir():
            self._retire(keep=name.rpartition(day)[0])
            self._derive(snapshot, day, path)
        return Snapshot(snapshot.revision, path, snapshot.digest)

    def _derive(self, snapshot: Snapshot, day: str, path: Path) -> None:
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        plan = {
            "place": str(snapshot.quads.resolve()),
            "day": day,
            "folder": str((unfinished / (LAYOUT if snapshot.union else OWN_LAYOUT)).resolve()),
            "union": snapshot.union,
        }
        try:
            done = subprocess.run(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", PROGRAM, json.dumps(plan)],
                env={"PYTHONPATH": str(Path(entente.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=DERIVING_SECONDS,
                check=False,
            )
            if done.returncode != 0:
                words = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
                raise StoreError(f"the graph as of {day} cannot be derived: {words}")
            (unfinished / NAME).write_bytes((snapshot.path / NAME).read_bytes())
            unfinished.rename(path)
        except subprocess.TimeoutExpired as error:
            detail = f"the graph as of {day} took longer than {DERIVING_SECONDS:g} s to derive"
            raise LimitExceeded(detail, limit="time") from error
        except OSError as error:
            raise StoreError(f"the graph as of {day} cannot be kept: {error}") from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)

    def _retire(self, *, keep: str) -> None:
        """Remove what belongs to other revisions, but none that somebody holds."""
        for path in self._folder.glob("[!.]*"):
            if path.name.startswith(keep):
                continue
            try:
                lock = os.open(path / NAME, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                shutil.rmtree(path, ignore_errors=True)
                continue
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            except BlockingIOError:
                pass
            finally:
                os.close(lock)
