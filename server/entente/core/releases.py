"""Releases: what a dated folder of dumps says about itself.

Owns the release's manifest (`release.json`), which names every file with size, digest and media
type, and the finding of releases in a folder. Knows nothing of how dumps are made or served; a file
that the manifest does not name is no part of the release.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from entente.core.errors import ReleaseError
from entente.core.terms import BASE

LAYOUT: Final = 1
NAME: Final = "release.json"
SUMS: Final = "SHA256SUMS"
RELEASES: Final = BASE + "releases/"
NANOPUB: Final = BASE + "nanopub/"
NANOPUBS: Final = "nanopubs.trig.gz"
NAMES: Final = "nanopubs.csv"
"""Table of two columns: a nanopublication and its claim, one line each."""
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
GZIP: Final = "application/gzip"
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFile:
    """One file: `name` is a POSIX path in the release, `media_type` that of its content.

    `compressed` tells that the bytes are the content's gzip; `bytes` and `sha256` are the file's.
    """

    name: str
    title: str
    media_type: str
    compressed: bool
    bytes: int
    sha256: str

    @property
    def content_type(self) -> str:
        """What a server says of the bytes: a compressed file is an archive, not an encoding."""
        return GZIP if self.compressed else self.media_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release: `date` is its name, `previous` that of the one whose facts it is compared with.

    `dataset` is the SHA-256 of all quads as sorted N-Quads; `counts` maps what was counted (quads,
    claims, articles …) to its number; `versions` maps what shaped the release to its version.
    """

    layout: int
    date: str
    previous: str | None
    dataset: str
    counts: Mapping[str, int]
    versions: Mapping[str, str]
    files: tuple[ReleaseFile, ...]

    @property
    def iri(self) -> str:
        """IRI of the release."""
        return f"{RELEASES}{self.date}/"

    def encode(self) -> bytes:
        """Give the manifest as canonical JSON (sorted keys, final newline)."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"


def read_release(folder: Path) -> Release:
    """Read the manifest of a release.

    Raises:
        ReleaseError: no manifest, or one that this version does not read.
    """
    try:
        fields = json.loads((folder / NAME).read_bytes())
        if fields["layout"] != LAYOUT:
            raise ReleaseError(f"{folder / NAME} has layout {fields['layout']!r}, not {LAYOUT}")
        files = tuple(ReleaseFile(**entry) for entry in fields.pop("files"))
        return Release(**fields, files=files)
    except OSError as error:
        raise ReleaseError(f"{folder} is no release: it has no readable {NAME}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{folder / NAME} is no manifest of a release") from error


def dates_in(folder: Path) -> list[str]:
    """Give the dates of the releases in a folder, newest first; none where it is absent.

    A symbolic link is no release: what it leads to may lie anywhere.
    """
    try:
        found = [
            path.name
            for path in folder.iterdir()
            if DATE.fullmatch(path.name) and not path.is_symlink() and (path / NAME).is_file()
        ]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found, reverse=True)
