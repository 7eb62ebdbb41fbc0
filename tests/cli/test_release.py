"""`entente release`: what goes where, and which exit code comes back."""

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.build.project import edit
from tests.cli.test_commands import run

DATE = "2026-11-22"
FOLDER = f".entente/releases/{DATE}"


@pytest.fixture
def here(project: Path, tmp_path: Path) -> Path:
    """Give a folder to run in; the small project lies below it."""
    assert project == tmp_path / "project"
    return tmp_path


def release(here: Path, *more: str) -> tuple[int, str, str]:
    done = run("release", "--root", "project", "--date", DATE, *more, folder=here)
    return done.returncode, done.stdout, done.stderr


def test_a_release_prints_its_folder_and_talks_on_standard_error(here: Path) -> None:
    status, out, talk = release(here)
    assert (status, out) == (0, f"{FOLDER}\n")
    assert "3 claims" in talk
    manifest = json.loads((here / FOLDER / "release.json").read_bytes())
    assert manifest["date"] == DATE
    assert manifest["counts"]["claims"] == 3


def test_the_same_again_is_good_and_another_of_that_day_is_1(here: Path) -> None:
    release(here)
    status, out, talk = release(here)
    assert (status, out) == (0, f"{FOLDER}\n")
    assert "there already" in talk
    edit(here / "project/data/entities/all.ttl", '"Workshop"@en', '"Shop"@en')
    status, out, talk = release(here)
    assert (status, out) == (1, "")
    assert f"there is another release {DATE} already" in talk


def test_it_goes_where_it_is_told_and_is_compared_with_what_is_named(here: Path) -> None:
    release(here)
    status, out, _ = release(here, "--to", "elsewhere", "--date", "2026-12-01", "--since", FOLDER)
    assert (status, out) == (0, "elsewhere/2026-12-01\n")
    manifest = json.loads((here / "elsewhere/2026-12-01/release.json").read_bytes())
    assert manifest["previous"] == DATE


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--date", "2026-13-01"), "it must be a day such as"),
        (("--since", "2001-01-01"), "it must be a release's day or folder"),
        (("--colour", "blue"), "No such option"),
    ],
)
def test_wrong_usage_is_2(here: Path, options: tuple[str, ...], words: str) -> None:
    status, out, talk = release(here, *options)
    assert (status, out) == (2, "")
    assert words in talk
    assert not (here / FOLDER).exists()


def test_a_folder_that_cannot_be_written_is_1_and_one_line(here: Path) -> None:
    (here / "file").write_text("no folder")
    status, out, talk = release(here, "--to", "file/releases")
    assert (status, out) == (1, "")
    assert talk.splitlines()[-1].startswith("entente: the release cannot be written")


def test_accepted_changes_are_in_the_release(here: Path) -> None:
    """What was written over HTTP is the current revision, though no file has it."""
    from entente.core.settings import read_settings
    from entente.core.writes import WriteRequest
    from entente.query.service import QueryService
    from entente.query.writing import WriteService
    from entente.store.snapshots import Snapshots

    release(here, "--date", "2026-11-21")
    settings = read_settings({"state": here / ".entente", "readers": 1}, environment={})
    snapshots = Snapshots(settings.store)
    text = (
        "INSERT DATA { GRAPH <https://w3id.org/entente/graph/entities> { "
        "<https://w3id.org/entente/id/place/beta> "
        '<http://www.w3.org/2004/02/skos/core#altLabel> "Bêta"@en } }'
    )
    with (
        QueryService(settings, snapshots) as service,
        WriteService(settings, service) as writes,
    ):
        writes.write(WriteRequest(kind="update", text=text, who="test"))
    assert release(here)[0] == 0
    with gzip.open(here / FOLDER / "entente.nq.gz") as file:
        quads = list(ox.parse(file.read(), format=ox.RdfFormat.N_QUADS))
    assert [quad.object.value for quad in quads if "altLabel" in str(quad.predicate)] == ["Bêta"]
    manifest = json.loads((here / FOLDER / "release.json").read_bytes())
    assert manifest["counts"]["quads"] == len(set(quads))
