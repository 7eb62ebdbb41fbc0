"""Snapshots: numbered, immutable copies of an artifact in the form that readers open.

Owns the folder `store`: `snapshots/00001` … each with `manifest.json` and its quads, the symbolic
link `current`, and the lock files. A snapshot appears whole or not at all: it is loaded beside its
place and renamed, then the link is renamed over the old one. A snapshot that was once current is
never written again; old ones are removed, but none that somebody holds.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from entente.core.errors import StoreError
from entente.core.manifest import NAME, Manifest, read_manifest, sha256_of
from entente.store.embedded import load_quads

KEPT: Final = 3
"""How many snapshots stay, the current one included."""

DATASET_ROLE: Final = "dataset"

LAYOUT: Final = "quads-2"
"""Folder of the embedded store; its number changes when older snapshots cannot be served."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision of the dataset; `digest` is that of the artifact's manifest."""

    revision: int
    path: Path
    digest: str

    @property
    def quads(self) -> Path:
        """Folder of the embedded store."""
        return self.path / LAYOUT


class Hold:
    """A promise that a snapshot stays on disk until `release`; also a context manager."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        try:
            self._lock: int | None = os.open(snapshot.path / NAME, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise StoreError(f"snapshot {snapshot.revision} was removed") from error
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def release(self) -> None:
        """End the promise; doing so twice is harmless."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


class Snapshots:
    """The snapshots in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
                f"no snapshot in {self._folder}: build and load an artifact first"
            ) from error
        return self._read(self._numbered / name)

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

    def load(self, artifact: Path) -> Snapshot:
        """Make an artifact current: a new snapshot, or the current one if it holds the same.

        Raises:
            ArtifactError: the artifact is missing, incomplete or altered.
            StoreError: its quads cannot be loaded; what was current stays so.
        """
        manifest = read_manifest(artifact)
        if DATASET_ROLE not in manifest.files:
            raise StoreError(f"the artifact has no file in the role {DATASET_ROLE!r}: build again")
        try:
            self._numbered.mkdir(parents=True, exist_ok=True)
            with self._alone():
                return self._load(artifact, manifest)
        except OSError as error:
            raise StoreError(f"the artifact cannot be loaded: {error}") from error

    def _load(self, artifact: Path, manifest: Manifest) -> Snapshot:
        if self._current.is_symlink():
            try:
                current = self.current()
            except StoreError:
                current = None  # a damaged snapshot is replaced by a good one
            if current is not None and current.digest == manifest.digest:
                return current
        self._sweep()
        revision = max(self._revisions(), default=0) + 1
        unfinished = self._numbered / f".{revision:05d}.new"
        dataset = artifact / manifest.files[DATASET_ROLE]
        unfinished.mkdir()
        try:
            held = load_quads(dataset, unfinished / LAYOUT)
            _require_all_quads(held, dataset)
            (unfinished / NAME).write_bytes(manifest.encode())
            _sync_tree(unfinished)
            path = self._numbered / f"{revision:05d}"
            unfinished.rename(path)
        except (OSError, StoreError):
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        _sync(self._numbered)
        self._point_at(path)
        self._retire()
        return Snapshot(revision, path, manifest.digest)

    def _point_at(self, path: Path) -> None:
        link = self._folder / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(path.relative_to(self._folder))
        link.replace(self._current)
        _sync(self._folder)

    def _read(self, path: Path) -> Snapshot:
        try:
            content = (path / NAME).read_bytes()
            if not (path / LAYOUT).is_dir():
                raise StoreError(f"snapshot {path.name} is of another version: load again")
            return Snapshot(int(path.name), path, sha256_of(content))
        except (OSError, ValueError) as error:
            raise StoreError(f"snapshot {path.name} is damaged: build and load again") from error

    def _revisions(self) -> list[int]:
        return sorted(int(path.name) for path in self._numbered.iterdir() if path.name.isdigit())

    def _sweep(self) -> None:
        """Remove what a load that was cut short has left."""
        for path in self._numbered.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    def _retire(self) -> None:
        """Remove old snapshots, but none that is held."""
        for revision in self._revisions()[:-KEPT]:
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
    def _alone(self) -> Iterator[None]:
        """Let one load after another change the folder, in this process and in others."""
        lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
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


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
