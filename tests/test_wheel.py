"""The wheel carries ontology, data and queries: installed elsewhere, it serves by itself."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.running import running

ROOT = Path(__file__).resolve().parent.parent
QUERY = """
PREFIX ent: <https://w3id.org/entente/ontology/>
SELECT ?f ?p WHERE { ?f a ent:Factory ; ent:locatedIn ?p }
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("entente-*.whl"))


@pytest.mark.parametrize("folder", ["ontology", "data", "queries"])
def test_the_wheel_carries_every_source_file(wheel: Path, folder: str) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert files != []
    names = [f"entente/bundle/{path.relative_to(ROOT).as_posix()}" for path in files]
    assert [name for name in names if name not in held] == []


def test_an_installed_wheel_serves_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    base = str(getattr(sys, "_base_executable", sys.executable))
    subprocess.run([base, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    pip = [base, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--no-index", str(wheel)], check=True, capture_output=True)
    # the libraries are those of this environment; its .pth files (the checkout) are not read
    site = next((tmp_path / "venv" / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    work = tmp_path / "elsewhere"
    work.mkdir()

    with running([str(python.with_name("entente")), "serve"], folder=work) as server:
        rows = server.sparql(QUERY).rows

    brasov = "https://w3id.org/entente/id/facility/brasov-drone-factory"
    assert {
        "https://w3id.org/entente/id/place/brasov",
        "https://w3id.org/entente/id/country/romania",
    } <= {row["p"] for row in rows if row["f"] == brasov}
    assert (work / ".entente" / "artifact" / "manifest.json").is_file()
