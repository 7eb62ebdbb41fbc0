"""The artifact's manifest: what a build made, from what, with what.

An artifact is a folder: `manifest.json`, and beside it files whose names carry their digest. The
manifest is written last and replaced at once, so a reader sees the old artifact or the new one.
The manifest holds nothing that depends on the clock or on the machine: the same input gives the
same bytes.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from entente.core.errors import ArtifactError

LAYOUT: Final = 1
NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Description of one artifact.

    `files` maps a role (`dataset`, `shacl-report` …) to a file name in the folder, `digests` the
    same roles to the SHA-256 of that file; `inputs` maps each source file (POSIX path relative to
    the project's root) to its SHA-256; `counts` maps a graph IRI to its number of triples;
    `versions` maps a library that shaped the result to its version; `facts` holds what the build
    says about itself (engine of the closure, reason of a fallback, warnings).
    """

    layout: int
    files: Mapping[str, str]
    digests: Mapping[str, str]
    inputs: Mapping[str, str]
    counts: Mapping[str, int]
    versions: Mapping[str, str]
    facts: Mapping[str, str | int]

    @property
    def digest(self) -> str:
        """SHA-256 of the whole manifest: names the artifact's content."""
        return hashlib.sha256(self.encode()).hexdigest()

    def encode(self) -> bytes:
        """Give the manifest as canonical JSON (sorted keys, final newline)."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode() + b"\n"


def sha256_of(content: bytes) -> str:
    """Give the SHA-256 of some bytes in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an artifact and hold each named file to its digest.

    Raises:
        ArtifactError: no manifest, one of another layout, or a file that is missing or altered.
    """
    path = folder / NAME
    try:
        fields = json.loads(path.read_bytes())
        layout = fields["layout"]
    except FileNotFoundError as error:
        raise ArtifactError(f"no artifact in {folder}: run `entente build` first") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ArtifactError(f"{path} is no manifest: run `entente build` again") from error
    if layout != LAYOUT:
        raise ArtifactError(
            f"{path} has layout {layout!r}, this version reads {LAYOUT}: run `entente build` again"
        )
    try:
        manifest = Manifest(**fields)
    except TypeError as error:
        raise ArtifactError(f"{path} is incomplete: run `entente build` again") from error
    for role, name in manifest.files.items():
        try:
            content = (folder / name).read_bytes()
        except FileNotFoundError as error:
            raise ArtifactError(f"{folder / name} ({role}) is missing: build again") from error
        if sha256_of(content) != manifest.digests[role]:
            raise ArtifactError(f"{folder / name} ({role}) was altered: build again")
    return manifest


def write_artifact(
    folder: Path,
    *,
    contents: Mapping[str, tuple[str, bytes]],
    inputs: Mapping[str, str],
    counts: Mapping[str, int],
    versions: Mapping[str, str],
    facts: Mapping[str, str | int],
) -> Manifest:
    """Write an artifact so that a crash at any moment leaves the old one or the new one.

    Args:
        folder: made where it is absent.
        contents: role to (file name with extension, bytes); the digest enters the name.

    Returns:
        The manifest as written; files of earlier artifacts are removed after the switch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, digests = {}, {}
    for role, (name, content) in sorted(contents.items()):
        digest = sha256_of(content)
        stem, dot, extension = name.partition(".")
        files[role] = f"{stem}-{digest[:12]}{dot}{extension}"
        digests[role] = digest
        _replace(folder / files[role], content)
    manifest = Manifest(
        layout=LAYOUT,
        files=files,
        digests=digests,
        inputs=dict(sorted(inputs.items())),
        counts=dict(sorted(counts.items())),
        versions=dict(sorted(versions.items())),
        facts=dict(sorted(facts.items())),
    )
    _replace(folder / NAME, manifest.encode())
    kept = {NAME, *files.values()}
    for stale in folder.iterdir():
        if stale.name not in kept and stale.is_file():
            stale.unlink()
    return manifest


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
