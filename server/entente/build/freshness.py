"""Freshness: whether an artifact is what a build of the present inputs would give.

Compares digests of the input files, of the program's own code and versions of libraries with those
of the manifest. Must import nothing heavy: a server that starts on a fresh artifact pays for this
module alone.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from entente import __version__
from entente.core.errors import ArtifactError, SettingError
from entente.core.manifest import Manifest, read_manifest, sha256_of

SEAL: Final = "data/verified.txt"
LIBRARIES: Final = ("owlrl", "pyoxigraph", "pyshacl", "rdflib")
LAYERS: Final = ("core", "logic", "build")
_QUERIES: Final = ("queries/api", "queries/examples", "queries/questions", "queries/rules")
_FOLDERS: Final = ("ontology", "data", *_QUERIES)
# Files of these kinds are triples, or pretend to be; the parser judges.
_SUFFIXES: Final = frozenset({".ttl", ".trig", ".nt", ".nq", ".rdf", ".owl", ".n3", ".rq", ".xml"})


def read_inputs(root: Path) -> dict[str, bytes]:
    """Read the files that shape the artifact: POSIX path relative to the root, and content.

    Raises:
        SettingError: the root has no `ontology` or no `data`.
    """
    for folder in ("ontology", "data"):
        if not (root / folder).is_dir():
            raise SettingError(f"no folder {folder!r} in {root}: this is not a project of Entente")
    found: dict[str, bytes] = {}
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and _shapes_the_artifact(name):
                found[name] = path.read_bytes()
    return found


def _shapes_the_artifact(name: str) -> bool:
    file = Path(name)
    return name == SEAL or (file.suffix in _SUFFIXES and not file.name.startswith("."))


@cache
def software_versions() -> Mapping[str, str]:
    """Give the versions that shape the artifact: libraries, Entente, and its code's digest."""
    code = hashlib.sha256()
    package = Path(__file__).resolve().parent.parent
    for layer in LAYERS:
        for path in sorted((package / layer).glob("*.py")):
            code.update(path.name.encode() + b"\0" + path.read_bytes())
    versions = {"entente": __version__, "code": code.hexdigest()[:16]}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions


def digests_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """Give the SHA-256 of each input file."""
    return {name: sha256_of(content) for name, content in contents.items()}


def digest_of_inputs(digests: Mapping[str, str]) -> str:
    """Give one SHA-256 for all inputs and their names."""
    return sha256_of(json.dumps(dict(sorted(digests.items()))).encode())


def fresh_manifest(artifact: Path, contents: Mapping[str, bytes]) -> Manifest | None:
    """Give the artifact's manifest where a build of these inputs would give the same again."""
    try:
        manifest = read_manifest(artifact)
    except ArtifactError:
        return None
    same = manifest.inputs == digests_of(contents) and manifest.versions == software_versions()
    return manifest if same else None
