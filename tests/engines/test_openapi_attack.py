"""Schemathesis reads our OpenAPI document and attacks the server that it describes."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.clients import Client, find_schemathesis
from tests.protocol.writable import Writable, run_writable
from tests.web.site import Site, run_site

HERE = Path(__file__).parent
LONG = os.environ.get("ENTENTE_LONG") == "1"
DAY = "2025-07-31"
HOOKS = "schemathesis_hooks"
ADDRESS = "/api/openapi.json"


@pytest.fixture(scope="module")
def schemathesis() -> Client:
    return find_schemathesis()


@pytest.fixture(scope="module")
def graph(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over the real graph that knows the day that is asked for."""
    folder = tmp_path_factory.mktemp("attacked")
    with run_site(folder, quads=dataset_path.read_bytes(), query_seconds=60.0) as running:
        while running.ask(f"/api/search?q=a&asOf={DAY}", seconds=90).status == 503:
            pass
        yield running


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    with run_writable(tmp_path_factory.mktemp("written")) as running:
        yield running


def attack(client: Client, site: Site, folder: Path, *arguments: str, seconds: int) -> None:
    """Attack for some seconds; the assertion's message is what Schemathesis found."""
    settings = (HERE / "schemathesis.toml").read_text(encoding="utf-8")
    kept = [line for line in settings.splitlines() if not (LONG and "query.asOf" in line)]
    (folder / "schemathesis.toml").write_text("\n".join(kept), encoding="utf-8")
    (folder / f"{HOOKS}.py").write_bytes((HERE / f"{HOOKS}.py").read_bytes())
    libraries = {name: f"{path}{os.pathsep}{folder}" for name, path in client.environment}
    command = [*client.command, "-m", "schemathesis.cli", "run", site.url + ADDRESS, "--no-color"]
    done = subprocess.run(
        [*command, "--max-time", str(seconds), *arguments],
        cwd=folder,
        env={**os.environ, **libraries, "SCHEMATHESIS_HOOKS": HOOKS},
        capture_output=True,
        text=True,
        timeout=seconds + 200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested:" in done.stdout


def test_the_document_is_valid_openapi(graph: Site, schemathesis: Client, tmp_path: Path) -> None:
    """By the JSON Schema that the OpenAPI Initiative publishes for 3.1."""
    (tmp_path / "openapi.json").write_bytes(graph.ask(ADDRESS).body)
    done = subprocess.run(
        [*schemathesis.command, "-m", "openapi_spec_validator", "--schema", "3.1", "openapi.json"],
        cwd=tmp_path,
        env={**os.environ, **dict(schemathesis.environment)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_answer_is_outside_its_schema(graph: Site, schemathesis: Client, tmp_path: Path) -> None:
    """No 5xx, no status, media type or member that the document does not name."""
    phases = ("--phases", "examples,coverage,fuzzing,stateful" if LONG else "coverage,fuzzing")
    size = ("-n", "100" if LONG else "3")
    attack(schemathesis, graph, tmp_path, *phases, *size, seconds=1200 if LONG else 45)


@pytest.mark.skipif(not LONG, reason="ENTENTE_LONG=1 attacks a server that takes writes as well")
def test_no_answer_to_a_write_is_outside_its_schema(
    writable: Writable, schemathesis: Client, tmp_path: Path
) -> None:
    attack(
        schemathesis,
        writable.site,
        tmp_path,
        *("--phases", "coverage,fuzzing", "-n", "20", "--include-tag", "SPARQL"),
        *("-H", f"Authorization: Bearer {writable.tokens['write']}"),
        seconds=300,
    )
