"""An index answers for its own snapshot only, and is made beside everything else."""

from pathlib import Path

import pytest

from entente.core.errors import LimitExceeded, StoreError
from entente.core.settings import read_settings
from entente.query import names as names_module
from entente.query.finding import Sought
from entente.query.names import Names
from entente.query.search import search
from entente.query.service import QueryService
from entente.store.snapshots import Snapshots
from tests.query.services import LIMITS, eventually, running
from tests.store.artifacts import write

LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


def labelled(*labels: str) -> list[str]:
    return [
        f'<http://example.org/s{place}> <{LABEL}> "{label}" <http://example.org/g> .'
        for place, label in enumerate(labels)
    ]


def total(names: Names, service: QueryService, text: str) -> int:
    return search(names.of(service.snapshot), Sought(text=text), limit=5).total


def files(service: QueryService) -> list[Path]:
    return sorted((service.settings.cache / "names").glob("*"))


def test_a_new_revision_is_answered_from_its_own_index(tmp_path: Path) -> None:
    settings = read_settings({"state": tmp_path, **LIMITS}, environment={})
    snapshots = Snapshots(settings.store)
    write(settings.artifact, labelled("Alpha"))
    snapshots.load(settings.artifact)
    (tmp_path / "queries").mkdir()
    with QueryService(settings, snapshots, queries=tmp_path / "queries") as service:
        names = Names(service)
        assert (total(names, service, "alpha"), total(names, service, "beta")) == (1, 0)
        write(settings.artifact, labelled("Beta"))
        snapshots.load(settings.artifact)
        assert (total(names, service, "alpha"), total(names, service, "beta")) == (1, 0)
        service.reload()
        assert (total(names, service, "alpha"), total(names, service, "beta")) == (0, 1)


def test_once_in_use_the_index_of_a_new_revision_is_begun_without_being_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read_settings({"state": tmp_path, **LIMITS}, environment={})
    snapshots = Snapshots(settings.store)
    write(settings.artifact, labelled("Alpha"))
    snapshots.load(settings.artifact)
    (tmp_path / "queries").mkdir()
    monkeypatch.setattr(names_module, "CALM_SECONDS", 0.0)
    with QueryService(settings, snapshots, queries=tmp_path / "queries") as service:
        total(Names(service), service, "alpha")
        write(settings.artifact, labelled("Beta"))
        snapshots.load(settings.artifact)
        service.reload()
        assert eventually(lambda: len([f for f in files(service) if f.suffix == ".sqlite"]) == 2)


def test_revisions_that_follow_each_other_are_not_all_indexed(tmp_path: Path) -> None:
    settings = read_settings({"state": tmp_path, **LIMITS}, environment={})
    snapshots = Snapshots(settings.store, kept=9)
    write(settings.artifact, labelled("Alpha"))
    snapshots.load(settings.artifact)
    (tmp_path / "queries").mkdir()
    with QueryService(settings, snapshots, queries=tmp_path / "queries") as service:
        names = Names(service)
        total(names, service, "alpha")
        for number in range(4):
            write(settings.artifact, labelled(f"Beta {number}"))
            snapshots.load(settings.artifact)
            service.reload()
        assert total(names, service, "beta 3") == 1
        assert len(files(service)) == 2


def test_an_index_is_found_again_by_the_next_server(tmp_path: Path) -> None:
    lines = labelled("Alpha")
    with running(tmp_path, lines) as service:
        total(Names(service), service, "alpha")
        (before,) = files(service)
        made = before.stat().st_mtime_ns
    with running(tmp_path, lines) as service:
        assert total(Names(service), service, "alpha") == 1
        assert [file.stat().st_mtime_ns for file in files(service)] == [made]


def test_who_asks_while_the_index_is_written_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names_module, "PATIENCE_SECONDS", 0.0)
    with running(tmp_path, labelled("Alpha")) as service:
        names = Names(service)
        with pytest.raises(LimitExceeded, match="being written"):
            names.of(service.snapshot)
        assert eventually(lambda: answers(names, service))


def answers(names: Names, service: QueryService) -> bool:
    try:
        return total(names, service, "alpha") == 1
    except LimitExceeded:
        return False


def test_an_index_that_cannot_be_kept_is_the_servers_fault(tmp_path: Path) -> None:
    with running(tmp_path, labelled("Alpha")) as service:
        (tmp_path / "cache").mkdir(exist_ok=True)
        (tmp_path / "cache" / "names").write_text("in the way", encoding="utf-8")
        with pytest.raises(StoreError, match="cannot be kept"):
            Names(service).of(service.snapshot)


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    with running(tmp_path, labelled("Alpha")) as service:
        total(Names(service), service, "alpha")
        assert [file.suffix for file in files(service)] == [".sqlite"]
