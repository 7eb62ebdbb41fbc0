"""The change log: one line for each accepted write, and its patch in a file beside it.

Owns the folder `changes`. The line is the commit: a write whose line is whole on disk happened, all
others did not. A line that a crash cut short is no line. Nothing is ever rewritten; whoever appends
holds the lock of the snapshots.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from entente.core.errors import NotFound, StoreError
from entente.core.manifest import sha256_of
from entente.core.writes import Change
from entente.store.durability import sync

LOG: Final = "log.jsonl"
CHANGES: Final = "changes"
"""Folder of the log within that of the snapshots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: `base` is the revision at which the artifact was loaded that all this builds on."""

    revision: int
    base: int
    time: str
    who: str
    why: str | None
    kind: str
    added: int
    removed: int
    graphs: tuple[str, ...]
    patch: str
    digest: str

    def as_change(self) -> Change:
        """Give what people read of it."""
        return Change(
            revision=self.revision,
            time=self.time,
            who=self.who,
            why=self.why,
            kind=self.kind,
            added=self.added,
            removed=self.removed,
            graphs=self.graphs,
        )


class ChangeLog:
    """The log in one folder, which need not exist before the first write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / LOG
        self._entries: list[Entry] = []
        self._offset = 0
        self._file: tuple[int, int] | None = None

    def entries(self) -> tuple[Entry, ...]:
        """Give all entries, oldest first; reads only what was appended since the last time.

        Raises:
            StoreError: a line in the middle is damaged.
        """
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                if self._file != (status.st_dev, status.st_ino) or status.st_size < self._offset:
                    self._entries, self._offset = [], 0
                    self._file = (status.st_dev, status.st_ino)
                file.seek(self._offset)
                tail = file.read()
        except FileNotFoundError:
            self._entries, self._offset, self._file = [], 0, None
            return ()
        whole = tail[: tail.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self._entries.append(_entry(line))
        self._offset += len(whole)
        return tuple(self._entries)

    @property
    def last(self) -> Entry | None:
        """The newest entry."""
        entries = self.entries()
        return entries[-1] if entries else None

    def patch_of(self, entry: Entry) -> bytes:
        """Read the patch of an entry, and hold it to its digest.

        Raises:
            StoreError: it is missing or altered.
        """
        try:
            content = (self._folder / entry.patch).read_bytes()
        except OSError as error:
            raise StoreError(f"the patch of revision {entry.revision} is missing") from error
        if sha256_of(content) != entry.digest:
            raise StoreError(f"the patch of revision {entry.revision} was altered")
        return content

    def find(self, revision: int) -> Entry:
        """Find the entry of a revision.

        Raises:
            NotFound: no write made that revision.
        """
        for entry in self.entries():
            if entry.revision == revision:
                return entry
        raise NotFound(f"no change has the revision {revision}")

    def append(self, change: Change, *, base: int, patch: bytes) -> Entry:
        """Write patch and line to disk; when this returns, the write has happened.

        Raises:
            OSError: it has not.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        digest = sha256_of(patch)
        name = f"{change.revision:08d}-{digest[:12]}.rdfp"
        entry = Entry(**asdict(change), base=base, patch=name, digest=digest)
        _write_synced(self._folder / name, patch, os.O_TRUNC)
        sync(self._folder)
        line = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True).encode() + b"\n"
        size = self._path.stat().st_size if self._path.exists() else 0
        try:
            _write_synced(self._path, line, os.O_APPEND)
            sync(self._folder)
        except BaseException:
            if self._path.exists():
                os.truncate(self._path, size)
            raise
        return entry

    def mend(self) -> None:
        """Take away a last line that was cut short."""
        try:
            with self._path.open("rb+") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 1))
                if file.read() in (b"", b"\n"):
                    return
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
                os.fsync(file.fileno())
        except FileNotFoundError:
            return


def _entry(line: bytes) -> Entry:
    try:
        fields = json.loads(line)
        return Entry(**{**fields, "graphs": tuple(fields["graphs"])})
    except (ValueError, TypeError, KeyError) as error:
        raise StoreError("the change log is damaged: restore it from a backup") from error


def _write_synced(path: Path, content: bytes, mode: int) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | mode, 0o644)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(opened, view) :]
        os.fsync(opened)
    finally:
        os.close(opened)
