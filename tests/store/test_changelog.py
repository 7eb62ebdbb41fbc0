"""The change log commits: a crash before its line leaves the old revision, one after it the new."""

import json
from pathlib import Path

import pytest

from entente.core.errors import ChangesPending, NotFound, StoreError
from entente.core.writes import WriteOutcome, WriteRequest
from entente.store.changelog import LOG
from entente.store.press import Press
from entente.store.snapshots import Snapshots
from tests.store.artifacts import numbered, write

GRAPH = "http://example.org/graph/a"


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    """A store of two quads, revision 1."""
    write(tmp_path / "artifact", numbered(2))
    snapshots = Snapshots(tmp_path / "store")
    snapshots.load(tmp_path / "artifact")
    return snapshots


def add(snapshots: Snapshots, number: int) -> WriteOutcome:
    """Write `s<number> p n<number>` as another process would."""
    press = Press(snapshots)
    press.open()
    text = (
        f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <http://example.org/s{number}> "
        f"<http://example.org/p> <http://example.org/n{number}> }} }}"
    )
    return press.write(WriteRequest(kind="update", text=text, who="me"), [text])


def test_a_crash_after_the_line_is_finished(snapshots: Snapshots) -> None:
    """The snapshot stands, the line stands, the link was not switched."""
    add(snapshots, 7)
    link = snapshots.folder / "current"
    link.unlink()
    link.symlink_to("snapshots/00001")
    with snapshots.alone():
        assert snapshots.current().revision == 2


def test_a_crash_before_the_line_is_discarded(snapshots: Snapshots) -> None:
    """The snapshot stands, its line was cut short."""
    add(snapshots, 7)
    add(snapshots, 8)
    log = snapshots.changes / LOG
    log.write_bytes(log.read_bytes()[:-10])
    link = snapshots.folder / "current"
    link.unlink()
    link.symlink_to("snapshots/00002")
    with snapshots.alone():
        assert snapshots.current().revision == 2
    assert [entry.revision for entry in snapshots.log.entries()] == [2]
    assert snapshots.revisions() == [1, 2]
    assert add(snapshots, 9).revision == 3


def test_an_altered_patch_is_told(snapshots: Snapshots) -> None:
    add(snapshots, 7)
    entry = snapshots.log.find(2)
    (snapshots.changes / entry.patch).write_bytes(b"TX .\nTC .\n")
    with pytest.raises(StoreError, match="altered"):
        snapshots.log.patch_of(entry)


def test_a_damaged_line_in_the_middle_is_told(snapshots: Snapshots) -> None:
    add(snapshots, 7)
    log = snapshots.changes / LOG
    log.write_bytes(b"{}\n" + log.read_bytes())
    with pytest.raises(StoreError, match="damaged"):
        Snapshots(snapshots.folder).log.entries()


def test_an_unknown_revision_is_not_found(snapshots: Snapshots) -> None:
    with pytest.raises(NotFound):
        snapshots.log.find(99)


def test_a_line_says_who_when_and_on_what_build(snapshots: Snapshots) -> None:
    add(snapshots, 7)
    line = json.loads((snapshots.changes / LOG).read_bytes())
    assert (line["who"], line["revision"], line["base"], line["added"]) == ("me", 2, 1, 1)
    assert line["time"].endswith("+00:00")


def test_a_build_that_lacks_accepted_changes_is_refused(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    add(snapshots, 7)
    write(tmp_path / "artifact", numbered(3))
    with pytest.raises(ChangesPending, match="entente export"):
        snapshots.load(tmp_path / "artifact")
    assert snapshots.current().revision == 2


def test_a_build_that_holds_the_changes_takes_their_place(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    add(snapshots, 7)
    write(tmp_path / "artifact", numbered(8))
    assert snapshots.load(tmp_path / "artifact").revision == 3
    assert snapshots.pending() == ()
    write(tmp_path / "artifact", numbered(4))
    assert snapshots.load(tmp_path / "artifact").revision == 4


def test_changes_are_dropped_where_that_is_asked_for(snapshots: Snapshots, tmp_path: Path) -> None:
    add(snapshots, 7)
    write(tmp_path / "artifact", numbered(3))
    assert snapshots.load(tmp_path / "artifact", drop_changes=True).revision == 3
    assert snapshots.pending() == ()


def test_the_same_build_keeps_the_changes(snapshots: Snapshots, tmp_path: Path) -> None:
    add(snapshots, 7)
    assert snapshots.load(tmp_path / "artifact").revision == 2
    assert [entry.revision for entry in snapshots.pending()] == [2]


def test_a_write_that_was_taken_back_is_not_missed(snapshots: Snapshots, tmp_path: Path) -> None:
    add(snapshots, 7)
    press = Press(snapshots)
    press.open()
    text = f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ <http://example.org/s7> ?p ?o }} }}"
    press.write(WriteRequest(kind="update", text=text), [text])
    write(tmp_path / "artifact", numbered(3))
    assert snapshots.load(tmp_path / "artifact").revision == 4


def test_old_snapshots_go_and_the_log_stays(snapshots: Snapshots) -> None:
    for number in range(10, 15):
        add(snapshots, number)
    assert snapshots.revisions() == [4, 5, 6]
    assert [entry.revision for entry in snapshots.log.entries()] == [2, 3, 4, 5, 6]
