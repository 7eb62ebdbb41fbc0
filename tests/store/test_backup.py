"""A backup comes back whole, or is refused before anything changes."""

import fcntl
import shutil
import tarfile
import threading
import time
from pathlib import Path

import pytest

from entente.core.errors import StoreError
from entente.store import backup
from entente.store.backup import back_up, restore
from entente.store.durability import exchange
from entente.store.embedded import EmbeddedSource
from entente.store.snapshots import Snapshots
from entente.store.source import Question
from tests.store.artifacts import numbered, write
from tests.store.test_changelog import add


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    """A store with one change."""
    write(tmp_path / "artifact", numbered(2))
    snapshots = Snapshots(tmp_path / "store")
    snapshots.load(tmp_path / "artifact")
    add(snapshots, 7)
    return snapshots


def subjects(snapshots: Snapshots) -> list[str]:
    """Names of all subjects, as queries see them."""

    class Sink:
        content = b""

        def write(self, part: bytes, /) -> int:
            self.content += part
            return len(part)

        def flush(self) -> None:
            """Nothing waits."""

    sink = Sink()
    source = EmbeddedSource(str(snapshots.current().quads))
    source.evaluate(Question(query="SELECT ?s { ?s ?p ?o } ORDER BY ?s")).write(sink, "csv")
    return sink.content.decode().replace("http://example.org/", "").split()[1:]


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_a_backup_comes_back_with_its_log(snapshots: Snapshots, tmp_path: Path, name: str) -> None:
    assert back_up(snapshots, tmp_path / name) == 2
    fresh = Snapshots(tmp_path / "elsewhere" / "store")
    assert restore(fresh, tmp_path / name) == 2
    assert subjects(fresh) == ["s0", "s1", "s7"]
    assert [entry.revision for entry in fresh.pending()] == [2]
    assert add(fresh, 8).revision == 3


def test_a_restored_revision_is_above_all_that_were_served(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    back_up(snapshots, tmp_path / "b.tar")
    add(snapshots, 8)
    with pytest.raises(StoreError, match="--force"):
        restore(snapshots, tmp_path / "b.tar")
    assert restore(snapshots, tmp_path / "b.tar", force=True) == 4
    assert subjects(snapshots) == ["s0", "s1", "s7"]
    assert add(snapshots, 9).revision == 5
    assert subjects(snapshots) == ["s0", "s1", "s7", "s9"]


def test_a_write_during_a_restore_does_not_get_the_number_of_what_is_restored(
    snapshots: Snapshots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two contents of one revision: a server would answer from the one it knows already."""
    back_up(snapshots, tmp_path / "b.tar")
    unpack = backup._unpack

    def unpack_slowly(source: Path, target: Path) -> int:
        revision = unpack(source, target)
        add(snapshots, 8)
        return revision

    monkeypatch.setattr(backup, "_unpack", unpack_slowly)
    assert restore(snapshots, tmp_path / "b.tar", force=True) == 4
    assert subjects(snapshots) == ["s0", "s1", "s7"]
    assert add(snapshots, 9).revision == 5


def test_who_waited_for_the_lock_has_that_of_the_store_in_place(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    """Not that of a store which a restore has put aside meanwhile: it would keep nobody out."""
    aside = tmp_path / "aside"
    shutil.copytree(snapshots.folder, aside, symlinks=True)
    held = threading.Event()
    done = threading.Event()

    def wait() -> None:
        with Snapshots(snapshots.folder).alone():
            held.set()
            done.wait(20)

    waiting = threading.Thread(target=wait)
    with snapshots.alone():
        waiting.start()
        time.sleep(0.3)  # by now it waits for the lock of what is in place
        exchange(aside, snapshots.folder)
    assert held.wait(20)
    with (snapshots.folder / "lock").open("rb+") as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    done.set()
    waiting.join()


def test_a_store_is_there_at_every_moment_of_a_restore(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    """Whoever looks finds the old store or the new one: never none, never a half."""
    back_up(snapshots, tmp_path / "b.tar")
    seen: set[int] = set()
    missing: list[OSError] = []
    over = threading.Event()
    current = snapshots.folder / "current"

    def look() -> None:
        while not over.is_set():
            try:
                seen.add(int(current.readlink().name))
            except OSError as error:
                missing.append(error)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        revisions = [restore(snapshots, tmp_path / "b.tar", force=True) for _ in range(12)]
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert missing == []
    assert seen <= {2, *revisions}
    former = sorted(path.name for path in tmp_path.glob("store.before-*"))
    assert len(former) == 12
    assert {Snapshots(tmp_path / name).current_revision() for name in former} < {2, *revisions}


def test_two_folders_exchange_their_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "a", tmp_path / "b")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["a"]
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "c")
    assert (tmp_path / "a" / "b").exists()


def test_a_damaged_backup_is_refused_and_nothing_changes(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    backup = tmp_path / "b.tar"
    back_up(snapshots, backup)
    content = bytearray(backup.read_bytes())
    with tarfile.open(backup) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith(".sst"))
        content[member.offset_data + member.size // 2] ^= 255
    backup.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        restore(snapshots, backup, force=True)
    assert snapshots.current().revision == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["artifact", "b.tar", "store"]


def test_a_file_that_leads_elsewhere_is_no_backup(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    (tmp_path / "x").write_text("x")
    with tarfile.open(archive, "w") as made:
        made.add(tmp_path / "x", arcname="../outside")
    with pytest.raises(StoreError, match="no backup"):
        restore(Snapshots(tmp_path / "s" / "store"), archive)
    assert not (tmp_path / "outside").exists()


def test_a_backup_does_not_replace_a_file(snapshots: Snapshots, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("precious")
    with pytest.raises(StoreError, match="exists"):
        back_up(snapshots, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_text() == "precious"


def test_where_a_backup_cannot_be_written_its_own_name_is_told(
    snapshots: Snapshots, tmp_path: Path
) -> None:
    target = tmp_path / "absent" / "b.tar"
    with pytest.raises(StoreError, match=f"No such file or directory: {target}$"):
        back_up(snapshots, target)
