"""The commands that count and compare what is known: `entente stats` and `entente terms`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.build.project import ARTICLE, edit

ENTENTE: Final = (
    sys.executable,
    "-c",
    "from entente.cli.main import main; main(prog_name='entente')",
)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")}
    return subprocess.run(
        [*ENTENTE, *arguments],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_figures_are_json_in_a_pipe(project: Path) -> None:
    done = run("stats", "--root", ".", folder=project)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["claims"]["all"] == 3
    assert figures["coverage"][ARTICLE]["share"] > 0
    assert figures["constraints"]["asserted"]["constraints"] == 1
    assert figures["triples"]["inferred"] > 0


def test_figures_are_tables_for_people(project: Path) -> None:
    done = run("stats", "--root", ".", "--format", "table", folder=project)
    assert done.returncode == 0, done.stderr
    titles = ("Articles", "Claims by modality", "Terms by module", "Constraints of shapes")
    assert [title for title in titles if title not in done.stdout] == []


def test_terms_are_compared_with_an_earlier_record(project: Path) -> None:
    record = run("terms", "--root", ".", folder=project)
    assert record.returncode == 0, record.stderr
    (project / "old.tsv").write_text(record.stdout)
    edit(project / "ontology/entente.ttl", "ent:Tenure a owl:Class", "ent:Term a owl:Class")
    text = run("terms", "--since", "old.tsv", "--root", ".", folder=project)
    assert text.stdout.splitlines() == ["added    ent:Term", "removed  ent:Tenure"]
    assert text.stderr == "1 term added, 0 changed, 1 removed\n"
    data = run("terms", "--since", "old.tsv", "--format", "json", "--root", ".", folder=project)
    assert json.loads(data.stdout) == {
        "added": ["ent:Term"],
        "changed": [],
        "removed": ["ent:Tenure"],
    }


@pytest.mark.parametrize(
    "arguments", [["--since", "nowhere"], ["--since", "data", "--changelog"], ["--since", "data"]]
)
def test_a_release_that_is_none_is_wrong_usage(project: Path, arguments: list[str]) -> None:
    assert run("terms", *arguments, "--root", ".", folder=project).returncode == 2
