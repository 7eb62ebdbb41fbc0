"""Snapshots: numbered, immutable copies of an artifact in the form that readers open.

Owns the folder `store`: `snapshots/00001` … each with `manifest.json` and its quads, the symbolic
link `current`, and the lock files. A snapshot appears whole or not at all: it is loaded beside its
place and renamed, then the link is renamed over the old one. A snapshot that was once current is
never written again; old ones are removed, but none that somebody holds. One that a write made
keeps the manifest of the artifact it builds on, and `base.json` says so.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from entente.core.errors import ChangesPending, StoreError
from entente.core.manifest import NAME, Manifest, read_manifest, sha256_of
from entente.store.changelog import CHANGES, ChangeLog, Entry
from entente.store.durability import sync, sync_tree
from entente.store.embedded import load_quads
from entente.store.locks import take_lock
from entente.store.pending import lost_changes
from entente.store.snapshot import CLOSURE_SHAPES_NAME, LAYOUT, OWN_LAYOUT, Hold, Snapshot

__all__ = ["Hold", "Snapshot", "Snapshots"]

KEPT: Final = 3
"""How many snapshots stay, the current one included."""

DATASET_ROLE: Final = "dataset"
CLOSURE_SHAPES_ROLE: Final = "closure-shapes"


class Snapshots:
    """The snapshots in one folder.

    Args:
        folder: made where it is absent.
        union: whether the default graph is the union of all graphs, or one of its own.
        kept: how many snapshots stay, the current one included.
    """

    def __init__(self, folder: Path, *, union: bool = True, kept: int = KEPT) -> None:
        self.folder: Final = folder
        self._union = union
        self._kept = kept
        self.changes: Final = folder / CHANGES
        self.log: Final = ChangeLog(self.changes)
        self._numbered = folder / "snapshots"
        self._current = folder / "current"

    def current(self) -> Snapshot:
        """Find the snapshot that is served.

        Raises:
            StoreError: nothing was loaded yet, or the snapshot is damaged.
        """
        try:
            name = self._current.readlink().name
        except OSError as error:
            raise StoreError(
                f"no snapshot in {self.folder}: build and load an artifact first"
            ) from error
        return self._read(self._numbered / name)

    def current_revision(self) -> int:
        """Give the number of the snapshot that is served, by the link alone.

        Raises:
            StoreError: there is none.
        """
        try:
            return int(self._current.readlink().name)
        except (OSError, ValueError) as error:
            raise StoreError(f"no snapshot in {self.folder}: load an artifact first") from error

    def pending(self) -> tuple[Entry, ...]:
        """Give the changes that were accepted since the artifact was loaded, oldest first."""
        base = self.current().base
        return tuple(entry for entry in self.log.entries() if entry.revision > base)

    def hold(self) -> Hold:
        """Hold the current snapshot, whichever it is when the lock is taken.

        Raises:
            StoreError: there is none, or the disk changes faster than we can follow.
        """
        for _ in range(10):
            hold = Hold(self.current())
            if hold.snapshot.path.exists():
                return hold
            hold.release()
        raise StoreError("the current snapshot is removed as soon as it is found")

    def load(self, artifact: Path, *, drop_changes: bool = False) -> Snapshot:
        """Make an artifact current: a new snapshot, or the current one if it holds the same.

        Args:
            artifact: its folder.
            drop_changes: load it although it lacks changes that were accepted since the last.

        Raises:
            ArtifactError: the artifact is missing, incomplete or altered.
            ChangesPending: accepted changes are not in it.
            StoreError: its quads cannot be loaded; what was current stays so.
        """
        manifest = read_manifest(artifact)
        if DATASET_ROLE not in manifest.files:
            raise StoreError(f"the artifact has no file in the role {DATASET_ROLE!r}: build again")
        try:
            with self.alone():
                return self._load(artifact, manifest, drop_changes=drop_changes)
        except OSError as error:
            raise StoreError(f"the artifact cannot be loaded: {error}") from error

    def _load(self, artifact: Path, manifest: Manifest, *, drop_changes: bool) -> Snapshot:
        if self._current.is_symlink():
            try:
                current = self.current()
            except StoreError:
                current = None  # a damaged snapshot is replaced by a good one
            if current is not None and current.digest == manifest.digest and not drop_changes:
                return current
            if not drop_changes:
                self._require_all_changes(current, artifact / manifest.files[DATASET_ROLE])
        dataset = artifact / manifest.files[DATASET_ROLE]

        def fill(folder: Path) -> None:
            held = load_quads(dataset, folder / self._layout, union=self._union)
            _require_all_quads(held, dataset)
            (folder / NAME).write_bytes(manifest.encode())
            if CLOSURE_SHAPES_ROLE in manifest.files:
                shapes = artifact / manifest.files[CLOSURE_SHAPES_ROLE]
                shutil.copyfile(shapes, folder / CLOSURE_SHAPES_NAME)

        return self.publish(fill, digest=manifest.digest)

    def publish(
        self,
        fill: Callable[[Path], None],
        *,
        digest: str,
        commit: Callable[[int], None] | None = None,
    ) -> Snapshot:
        """Make a new snapshot current; to be called within `alone`.

        A crash before `commit` leaves the old one; a crash after it is made good by `alone`.

        Args:
            fill: writes manifest and quads into the folder it is given.
            digest: of the manifest.
            commit: told the revision when the snapshot is whole on disk; writes the log.

        Raises:
            OSError, StoreError: nothing has changed.
        """
        revision = max(self.revisions(), default=0) + 1
        unfinished = self._numbered / f".{revision:05d}.new"
        path = self._numbered / f"{revision:05d}"
        link = self.folder / "current.new"
        try:
            unfinished.mkdir()
            fill(unfinished)
            sync_tree(unfinished, synced=self._synced())
            unfinished.rename(path)
            sync(self._numbered)
            link.unlink(missing_ok=True)
            link.symlink_to(path.relative_to(self.folder))
            if commit is not None:
                commit(revision)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.rmtree(path, ignore_errors=True)
            self.log.mend()
            raise
        link.replace(self._current)
        sync(self.folder)
        self._retire()
        return Snapshot(revision, path, digest)

    def _synced(self) -> Path | None:
        """Give the folder of the current snapshot, which was synced before it became that."""
        if not self._current.is_symlink():
            return None
        folder = self._numbered / self._current.readlink().name
        return folder if folder.is_dir() else None

    def _recover(self) -> None:
        """Finish a write that a crash cut short after its commit, discard one before it."""
        self.log.mend()
        self._sweep()
        last = self.log.last
        try:
            current = int(self._current.readlink().name)
        except OSError:
            current = 0
        if last is not None and last.revision > current:
            path = self._numbered / f"{last.revision:05d}"
            if path.is_dir():
                link = self.folder / "current.new"
                link.unlink(missing_ok=True)
                link.symlink_to(path.relative_to(self.folder))
                link.replace(self._current)
                sync(self.folder)
                current = last.revision
        for revision in self.revisions():
            if revision > current > 0:
                shutil.rmtree(self._numbered / f"{revision:05d}", ignore_errors=True)

    def _require_all_changes(self, current: Snapshot | None, dataset: Path) -> None:
        last = self.log.last
        if last is None:
            return
        base = current.base if current is not None else last.base
        pending = [entry for entry in self.log.entries() if entry.revision > base]
        lost = lost_changes(self.log, pending, dataset) if pending else ()
        if lost:
            raise ChangesPending(
                f"the new build lacks {len(lost)} quads of {len(pending)} accepted changes "
                f"(revisions {pending[0].revision} to {pending[-1].revision}), first: {lost[0]}. "
                "Run `entente export --to` the sources' folder and build again, or drop them with "
                "`entente load --drop-changes`"
            )

    @property
    def _layout(self) -> str:
        return LAYOUT if self._union else OWN_LAYOUT

    def _read(self, path: Path) -> Snapshot:
        try:
            content = (path / NAME).read_bytes()
            if not (path / self._layout).is_dir():
                raise StoreError(f"snapshot {path.name} is of another version: load again")
            return Snapshot(int(path.name), path, sha256_of(content))
        except (OSError, ValueError) as error:
            raise StoreError(f"snapshot {path.name} is damaged: build and load again") from error

    def revisions(self) -> list[int]:
        """Give the numbers of all snapshots on disk."""
        if not self._numbered.is_dir():
            return []
        return sorted(int(path.name) for path in self._numbered.iterdir() if path.name.isdigit())

    def _sweep(self) -> None:
        """Remove what a load that was cut short has left."""
        for path in self._numbered.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    def _retire(self) -> None:
        """Remove old snapshots, but none that is held."""
        for revision in self.revisions()[: -self._kept]:
            path = self._numbered / f"{revision:05d}"
            try:
                lock = os.open(path / NAME, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                lock = None
            try:
                if lock is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                gone = path.with_name(f".{path.name}.old")
                path.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
            except BlockingIOError:
                continue
            finally:
                if lock is not None:
                    os.close(lock)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one load or write after another change the folder, in this process and in others.

        What a crash has left is finished or discarded first.

        Raises:
            OSError: the folder cannot be written.
        """
        self._numbered.mkdir(parents=True, exist_ok=True)
        lock = take_lock(self.folder / "lock")
        try:
            self._recover()
            yield
        finally:
            os.close(lock)


def _require_all_quads(held: int, dataset: Path) -> None:
    """Refuse a store that has fewer quads than the file: two literals were taken for one."""
    with dataset.open("rb") as lines:
        expected = len({line for line in lines if line.strip() and not line.startswith(b"#")})
    if held != expected:
        raise StoreError(
            f"{dataset.name} has {expected} quads, the store holds {held}: "
            "literals that are not in canonical form were merged; run `entente check`"
        )
