"""Clients that others write, each fetched once into `.cache` and run in a process of its own.

Owns their versions. Without the tools or the network a test is skipped, but never in CI.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.without import do_without

ROOT: Final = Path(__file__).resolve().parents[2]
COMUNICA: Final = "@comunica/query-sparql@4.5.0"
PYTHON: Final = ("SPARQLWrapper==2.0.0", "pandas==2.3.3")
RECONCILERS: Final = ("reconciler==0.2.2", "pandas==2.3.3", "jsonschema==4.25.1")
COCODA: Final = "cocoda-sdk@3.6.1"
SPECIFICATIONS: Final = "https://github.com/reconciliation-api/specs"
ATTACKERS: Final = ("schemathesis==4.32.5", "openapi-spec-validator==0.9.0")
MINUTES: Final = 600


@dataclass(frozen=True)
class Client:
    """A command that takes a JSON object on standard input and gives JSON on standard output."""

    command: tuple[str, ...]
    folder: Path
    environment: tuple[tuple[str, str], ...] = ()

    def run(self, **fields: object) -> Any:
        """Run the client once; what it says on standard error becomes the assertion's message."""
        done = subprocess.run(
            self.command,
            input=json.dumps(fields),
            cwd=self.folder,
            env={**os.environ, **dict(self.environment)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)


def find_comunica(script: Path) -> Client:
    """Find Comunica or fetch it from npm; `script` is the program that uses it."""
    return find_npm_client(script, COMUNICA, "comunica-4.5.0")


def find_npm_client(script: Path, package: str, name: str) -> Client:
    """Find a package of npm or fetch it; `script` is the program that uses it."""
    folder = ROOT / ".cache" / name
    if not (folder / "complete").exists():
        for tool in ("node", "npm"):
            if shutil.which(tool) is None:
                do_without(tool)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        fetch(folder, "npm", "install", "--no-audit", "--no-fund", "--loglevel=error", package)
    # A module is looked up from where the script lies, not from where it is run.
    copy = folder / script.name
    copy.write_bytes(script.read_bytes())
    return Client(("node", str(copy)), folder)


def find_python_clients(
    script: Path, *, packages: tuple[str, ...] = PYTHON, name: str = "python-clients"
) -> Client:
    """Find libraries of Python or fetch them with pip; `script` is the program that uses them."""
    folder = find_libraries(name, *packages)
    path = (("PYTHONPATH", str(folder)),)
    return Client((sys.executable, str(script)), folder, path)


def find_schemathesis() -> Client:
    """Find Schemathesis and the validator of OpenAPI or fetch them; the command is a Python."""
    folder = find_libraries("schemathesis-4.32.5", *ATTACKERS)
    # Alone, so that no library of ours takes the place of one of theirs.
    return Client((sys.executable, "-S"), folder, (("PYTHONPATH", str(folder)),))


def find_libraries(name: str, *packages: str) -> Path:
    """Find Python packages below `.cache` or fetch them there with pip."""
    folder = ROOT / ".cache" / name
    if not (folder / "complete").exists():
        if shutil.which("python3") is None:
            do_without("python3 with pip")
        folder.mkdir(parents=True, exist_ok=True)
        pip = ("python3", "-m", "pip", "--python", sys.executable, "install", "--quiet")
        fetch(folder, *pip, "--disable-pip-version-check", "--target", str(folder), *packages)
    return folder


def find_specifications() -> Path:
    """Find the published specifications of reconciliation, or clone them; they are not ours.

    A copy stands in `suites/reconciliation` of the shared folder, or in `.cache`. Where neither is
    and GitHub cannot be reached, the test is skipped even in CI: no package of them is published.
    """
    shared = Path(os.environ.get("ENTENTE_SHARED", ROOT.parent / "shared"))
    if (shared / "suites" / "reconciliation").is_dir():
        return shared / "suites" / "reconciliation"
    folder = ROOT / ".cache" / "reconciliation-specs"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ("git", "clone", "--quiet", "--depth=1", SPECIFICATIONS, "specs")
        if (
            shutil.which("git") is None
            or subprocess.run(command, cwd=folder, check=False).returncode
        ):
            pytest.skip(f"{SPECIFICATIONS} cannot be cloned here")
        (folder / "complete").touch()
    return folder / "specs"


def fetch(folder: Path, *command: str) -> None:
    """Run an installer in a folder and note that it came to its end."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=MINUTES, check=False
    )
    if done.returncode != 0:
        do_without(f"{command[-1]}, which could not be fetched:\n{done.stderr[-2000:]}")
    (folder / "complete").touch()
