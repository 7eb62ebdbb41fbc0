"""One snapshot: its folder, what it builds on, and the promise that it stays.

Owns the names of the files in a snapshot's folder. Must not change one.
"""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from entente.core.errors import StoreError
from entente.core.manifest import NAME

LAYOUT: Final = "quads-2"
"""Folder of the embedded store; its number changes when older snapshots cannot be served."""

OWN_LAYOUT: Final = "quads-own-2"
"""The same where the default graph is a graph of its own, not the union of all."""

BASE_NAME: Final = "base.json"
CLOSURE_SHAPES_NAME: Final = "closure-shapes.nq"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One revision of the dataset; `digest` is that of the artifact's manifest."""

    revision: int
    path: Path
    digest: str

    @property
    def quads(self) -> Path:
        """Folder of the embedded store."""
        return self.path / (LAYOUT if self.union else OWN_LAYOUT)

    @property
    def union(self) -> bool:
        """Whether the default graph is the union of all graphs."""
        return (self.path / LAYOUT).is_dir()

    @property
    def base(self) -> int:
        """The revision at which the artifact was loaded that this one builds on."""
        try:
            return int(json.loads((self.path / BASE_NAME).read_bytes())["revision"])
        except FileNotFoundError:
            return self.revision
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"snapshot {self.revision} is damaged: load again") from error

    @property
    def inputs(self) -> dict[str, str]:
        """Path and SHA-256 of each source file that the artifact was built from."""
        try:
            return dict(json.loads((self.path / NAME).read_bytes())["inputs"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"snapshot {self.revision} is damaged: load again") from error

    @property
    def closure_shapes(self) -> Path:
        """File of the shapes that are held against the closure; absent where there are none."""
        return self.path / CLOSURE_SHAPES_NAME


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
