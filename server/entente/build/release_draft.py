"""Draft: the files of a release while they are written, beside the place where they will stand.

Owns sizes and digests (taken while writing), compression without a clock, the checksums and the
last step: a release appears whole, by one renaming, or not at all. Equal content gives equal bytes.
"""

import gzip
import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from entente.core.errors import ReleaseError
from entente.core.releases import JSON, NAME, SUMS, TEXT, Release, ReleaseFile

LEVEL: Final = 6
BUFFER: Final = 1024 * 1024


class _Counted(io.RawIOBase):
    """A file that knows its size and SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.sums = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: "bytes | memoryview") -> int:  # type: ignore[override]  # what buffers give
        self.sums.update(content)
        self.size += len(content)
        return self._file.write(content)


class Draft:
    """The files written so far.

    Args:
        folder: an empty one, beside the release's place.
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self.files: list[ReleaseFile] = []

    @contextmanager
    def open(self, name: str, *, title: str, media_type: str) -> Iterator[IO[bytes]]:
        """Give a file to write; it is one of the release's when the block ends.

        Args:
            name: POSIX path in the release; compressed where it ends in `.gz`.
            title: what it holds, for people.
            media_type: of the content.
        """
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        compressed = name.endswith(".gz")
        with path.open("xb") as file:
            counted = _Counted(file)
            if compressed:
                # no name and no time in the header: the same content gives the same bytes
                with (
                    gzip.GzipFile(
                        "", "wb", compresslevel=LEVEL, fileobj=counted, mtime=0
                    ) as packed,
                    io.BufferedWriter(packed, BUFFER) as buffer,
                ):
                    yield buffer
            else:
                with io.BufferedWriter(counted, BUFFER) as buffer:  # type: ignore[type-var]  # write is enough
                    yield buffer
            file.flush()
            os.fsync(file.fileno())
        self.files.append(
            ReleaseFile(
                name=name,
                title=title,
                media_type=media_type,
                compressed=compressed,
                bytes=counted.size,
                sha256=counted.sums.hexdigest(),
            )
        )

    def write(self, name: str, content: bytes, *, title: str, media_type: str) -> None:
        """Write a whole file."""
        with self.open(name, title=title, media_type=media_type) as file:
            file.write(content)

    def seal(self, release: Release) -> None:
        """Write the manifest, and the checksums as `sha256sum -c` reads them."""
        self.write(NAME, release.encode(), title="Manifest of the release", media_type=JSON)
        held = sorted(self.files, key=lambda file: file.name)
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in held)
        self.write(SUMS, sums.encode(), title="Checksums", media_type=TEXT)

    def publish(self, place: Path) -> bool:
        """Move the release to its place; give `False` where the very same one stands there.

        Raises:
            ReleaseError: another release stands there.
        """
        if place.exists():
            if _same(self.folder / SUMS, place / SUMS):
                return False
            raise ReleaseError(
                f"there is another release {place.name} already; it stays: "
                "name another day (--date), or another folder (--to)"
            )
        when = datetime.fromisoformat(place.name).replace(tzinfo=UTC).timestamp()
        for path in (*self.folder.rglob("*"), self.folder):
            os.utime(path, (when, when))
        try:
            self.folder.rename(place)
        except OSError as error:
            raise ReleaseError(f"the release cannot be put at {place}: {error.strerror}") from error
        _sync(place.parent)
        return True


def _same(mine: Path, theirs: Path) -> bool:
    """Tell whether two releases have the same checksums, and the files of the second hold them."""
    try:
        if mine.read_bytes() != theirs.read_bytes():
            return False
        for line in theirs.read_text().splitlines():
            digest, _, name = line.partition("  ")
            with (theirs.parent / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    return False
    except OSError:
        return False
    return True


def _sync(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def clear(folder: Path) -> None:
    """Remove what a release that was broken off has left."""
    for path in folder.glob(".*.new"):
        shutil.rmtree(path, ignore_errors=True)
