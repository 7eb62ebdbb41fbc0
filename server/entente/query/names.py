"""Names: which index of names answers for a snapshot, made when it is first asked for.

Owns the folder `cache/names`, one file a snapshot, the process that writes a file, and the few
files that are open. A file belongs to one snapshot and is never read for another: until it is
written, whoever asks waits a little and is then told to come again. Once names were asked for, the
file of a new revision is begun without being asked, but only when no newer one has come for a
while: writes that follow each other would all wait for processors otherwise.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

import entente
from entente.core.errors import LimitExceeded, StoreError
from entente.core.manifest import NAME
from entente.query.name_file import NameFile
from entente.query.service import QueryService
from entente.store.name_index import LAYOUT
from entente.store.snapshot import Hold, Snapshot

PROGRAM: Final = "entente.query.indexer"
WRITING_SECONDS: Final = 600.0
PATIENCE_SECONDS: Final = 10.0
"""How long a request waits for a file that is being written."""

WAITING: Final = 8
"""How many requests wait at one time: the others have threads to find."""

LOOK_SECONDS: Final = 0.5
CALM_SECONDS: Final = 2.0
"""How long a revision is served before its file is begun unasked."""

OPEN: Final = 5
KEPT: Final = 8


class Names:
    """The indexes of names of one server.

    Args:
        service: whose revisions are followed; it ends this when it stops.
    """

    def __init__(self, service: QueryService) -> None:
        self._service = service
        self._folder = service.settings.cache / "names"
        self._open: OrderedDict[str, NameFile] = OrderedDict()
        self._writing: dict[str, _Writing] = {}
        self._lock = threading.Lock()
        self._waiting = threading.Semaphore(WAITING)
        self._stopped = threading.Event()
        self._follower: threading.Thread | None = None
        service.attend(self.stop)

    def of(self, snapshot: Snapshot) -> NameFile:
        """Give the index of a snapshot.

        Raises:
            LimitExceeded: it is still being written.
            StoreError: it cannot be written.
        """
        self._follow()
        key = _key_of(snapshot)
        with self._lock:
            known = self._open.get(key)
            if known is not None:
                self._open.move_to_end(key)
                return known
            writing = self._begin(key, snapshot)
            writing.awaited = True
        if not writing.done.is_set() and not self._waits_for(writing):
            detail = f"the index of names of revision {snapshot.revision} is being written"
            raise LimitExceeded(detail, limit="queue", retry_after=2)
        if writing.failure is not None:
            raise writing.failure
        return self._opened(key)

    def stop(self) -> None:
        """Close all files and end what is being written."""
        self._stopped.set()
        with self._lock:
            opened, self._open = list(self._open.values()), OrderedDict()
            writing = list(self._writing.values())
        for file in opened:
            file.close()
        for one in writing:
            one.end()

    def _waits_for(self, writing: "_Writing") -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return writing.done.wait(PATIENCE_SECONDS)
        finally:
            self._waiting.release()

    def _begin(self, key: str, snapshot: Snapshot) -> "_Writing":
        writing = self._writing.get(key)
        if writing is None or (writing.failure is not None and writing.done.is_set()):
            writing = self._writing[key] = _Writing(snapshot, self._folder / key)
            writing.start()
        return writing

    def _opened(self, key: str) -> NameFile:
        with self._lock:
            self._writing.pop(key, None)
            if key not in self._open:
                self._open[key] = NameFile(self._folder / key)
                while len(self._open) > OPEN:
                    self._open.popitem(last=False)[1].close()
            self._open.move_to_end(key)
            found = self._open[key]
        self._retire()
        return found

    def _follow(self) -> None:
        """From now on, begin the file of each revision when it is served."""
        with self._lock:
            if self._follower is None and not self._stopped.is_set():
                self._follower = threading.Thread(
                    target=self._look, name="entente-names", daemon=True
                )
                self._follower.start()

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            with suppress(StoreError):
                snapshot = self._service.snapshot
                key = _key_of(snapshot)
                with self._lock:
                    self._end_others(key)
                    calm = time.time() - self._service.since >= CALM_SECONDS
                    if calm and key not in self._open and key not in self._writing:
                        self._begin(key, snapshot)

    def _end_others(self, key: str) -> None:
        """End the writing of files that nobody waits for and no revision needs any more."""
        for other, writing in list(self._writing.items()):
            if other != key and not writing.awaited:
                writing.end()
                del self._writing[other]

    def _retire(self) -> None:
        """Remove the oldest files; who has one open reads on."""
        with suppress(OSError):
            files = sorted(self._folder.glob("[!.]*"), key=lambda path: path.stat().st_mtime)
            for path in files[:-KEPT]:
                path.unlink(missing_ok=True)


class _Writing:
    """One file that is being written, or the failure to do so."""

    def __init__(self, snapshot: Snapshot, file: Path) -> None:
        self._snapshot = snapshot
        self._file = file
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self.awaited = False
        self.failure: StoreError | None = None
        self.done = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="entente-indexing", daemon=True).start()

    def end(self) -> None:
        self._ended = True
        if self._process is not None:
            self._process.kill()

    def _run(self) -> None:
        try:
            if not self._file.exists():
                with Hold(self._snapshot):
                    self._write()
        except StoreError as error:
            self.failure = error
        except OSError as error:
            self.failure = StoreError(f"the index of names cannot be kept: {error}")
        finally:
            self.done.set()

    def _write(self) -> None:
        unfinished = self._file.with_name(f".{self._file.name}.{os.getpid()}.new")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        plan = {"place": str(self._snapshot.quads.resolve()), "file": str(unfinished.resolve())}
        try:
            process = self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", PROGRAM, json.dumps(plan)],
                env={"PYTHONPATH": str(Path(entente.__file__).parent.parent), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            if self._ended:
                process.kill()
            _, said = process.communicate(timeout=WRITING_SECONDS)
            if process.returncode != 0:
                words = said.decode(errors="replace").strip().rpartition("\n")[2]
                raise StoreError(f"the index of names cannot be written: {words}")
            unfinished.replace(self._file)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            detail = f"the index of names took longer than {WRITING_SECONDS:g} s to write"
            raise StoreError(detail) from error
        finally:
            unfinished.unlink(missing_ok=True)


def _key_of(snapshot: Snapshot) -> str:
    """Name the file of a snapshot by what no other snapshot has, even one of the same number."""
    try:
        status = (snapshot.path / NAME).stat()
    except OSError as error:
        raise StoreError(f"snapshot {snapshot.revision} was removed") from error
    born = f"{status.st_ino:x}-{status.st_mtime_ns:x}"
    return f"{snapshot.digest[:12]}-{snapshot.revision:05d}-{born}-{LAYOUT}.sqlite"
