import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.errors import ArtifactError, StoreError
from entente.store.embedded import EmbeddedSource
from entente.store.snapshots import KEPT, Snapshots
from entente.store.source import Question
from tests.store.artifacts import numbered, write


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "artifact"
    write(folder, numbered(10))
    return folder


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "store")


def count(folder: Path) -> int:
    store = ox.Store.read_only(str(folder))
    return sum(quad.graph_name != ox.DefaultGraph() for quad in store)


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_an_artifact_becomes_the_current_snapshot(snapshots: Snapshots, artifact: Path) -> None:
    snapshot = snapshots.load(artifact)
    assert snapshots.current() == snapshot
    assert snapshot.revision == 1
    assert count(snapshot.quads) == 10


def test_the_same_artifact_is_not_loaded_twice(snapshots: Snapshots, artifact: Path) -> None:
    assert snapshots.load(artifact) == snapshots.load(artifact)


def test_another_artifact_gets_the_next_number(snapshots: Snapshots, artifact: Path) -> None:
    first = snapshots.load(artifact)
    write(artifact, numbered(11))
    second = snapshots.load(artifact)
    assert second.revision == first.revision + 1
    assert second.digest != first.digest
    assert count(second.quads) == 11


def test_without_a_load_there_is_no_snapshot(snapshots: Snapshots) -> None:
    with pytest.raises(StoreError, match="build and load"):
        snapshots.current()


def test_a_truncated_artifact_leaves_the_old_snapshot(snapshots: Snapshots, artifact: Path) -> None:
    before = snapshots.load(artifact)
    manifest = write(artifact, numbered(12))
    dataset = artifact / manifest.files["dataset"]
    dataset.write_bytes(dataset.read_bytes()[:-40])
    with pytest.raises(ArtifactError, match="altered"):
        snapshots.load(artifact)
    assert snapshots.current() == before
    assert count(before.quads) == 10


def test_quads_that_are_none_leave_the_old_snapshot(snapshots: Snapshots, artifact: Path) -> None:
    before = snapshots.load(artifact)
    write(artifact, ["this is not a quad ."])
    with pytest.raises(StoreError, match="not N-Quads"):
        snapshots.load(artifact)
    assert snapshots.current() == before
    assert sorted(path.name for path in before.path.parent.iterdir()) == ["00001"]


def test_literals_that_the_store_would_merge_are_refused(
    snapshots: Snapshots, artifact: Path
) -> None:
    """Oxigraph stores "01" and "1" as one integer; nothing may be dropped in silence."""
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    write(artifact, [f'<urn:s> <urn:p> "{text}"^^{integer} <urn:g> .' for text in ("1", "01")])
    with pytest.raises(StoreError, match="2 quads, the store holds 1"):
        snapshots.load(artifact)


def test_two_loads_at_once_do_not_clash(tmp_path: Path) -> None:
    artifacts = [tmp_path / f"artifact{number}" for number in range(4)]
    for number, folder in enumerate(artifacts):
        write(folder, numbered(20 + number))
    failures: list[BaseException] = []

    def load(folder: Path) -> None:
        try:
            Snapshots(tmp_path / "store").load(folder)
        except BaseException as error:  # noqa: BLE001  # shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=load, args=(folder,)) for folder in artifacts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    current = Snapshots(tmp_path / "store").current()
    assert current.revision == len(artifacts)
    assert count(current.quads) in range(20, 24)


def test_two_processes_may_load_at_once(tmp_path: Path, artifact: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from entente.store.snapshots import Snapshots; "
        "print(Snapshots(Path(sys.argv[1])).load(Path(sys.argv[2])).revision)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store"), str(artifact)]
    loads = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [load.communicate(timeout=60)[0].strip() for load in loads] == ["1", "1"]


def test_what_a_load_that_was_cut_short_left_is_removed(
    snapshots: Snapshots, artifact: Path
) -> None:
    path = snapshots.load(artifact).path
    (path.parent / ".00002.new" / "quads-2").mkdir(parents=True)
    write(artifact, numbered(3))
    second = snapshots.load(artifact)
    assert sorted(each.name for each in path.parent.iterdir()) == ["00001", "00002"]
    assert count(second.quads) == 3


def test_a_damaged_current_snapshot_is_replaced(snapshots: Snapshots, artifact: Path) -> None:
    first = snapshots.load(artifact)
    (first.path / "manifest.json").unlink()
    with pytest.raises(StoreError, match="damaged"):
        snapshots.current()
    assert snapshots.load(artifact).revision == 2


def test_only_the_last_snapshots_are_kept(snapshots: Snapshots, artifact: Path) -> None:
    for number in range(KEPT + 2):
        write(artifact, numbered(number + 1))
        current = snapshots.load(artifact)
    assert [int(path.name) for path in sorted(current.path.parent.iterdir())] == [3, 4, 5]


def test_a_snapshot_that_is_held_is_kept(snapshots: Snapshots, artifact: Path) -> None:
    write(artifact, numbered(1))
    snapshots.load(artifact)
    with snapshots.hold() as hold:
        for number in range(KEPT + 2):
            write(artifact, numbered(number + 2))
            snapshots.load(artifact)
        assert count(hold.snapshot.quads) == 1
    write(artifact, numbered(50))
    snapshots.load(artifact)
    assert not hold.snapshot.path.exists()


def test_queries_change_no_file_of_a_snapshot(snapshots: Snapshots, artifact: Path) -> None:
    snapshot = snapshots.load(artifact)
    before = digests(snapshot.path)
    source = EmbeddedSource(str(snapshot.quads))
    result = source.evaluate(Question(query="SELECT * { ?s ?p ?o }"))
    with (snapshot.path.parent.parent / "answer").open("wb") as answer:
        result.write(answer, "csv")
    del source, result
    assert digests(snapshot.path) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, artifact: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir(mode=0o555)
    with pytest.raises(StoreError, match="cannot be loaded"):
        Snapshots(folder / "store").load(artifact)


def test_a_snapshot_of_an_older_layout_is_replaced(snapshots: Snapshots, artifact: Path) -> None:
    first = snapshots.load(artifact)
    first.quads.rename(first.path / "quads")
    with pytest.raises(StoreError, match="another version"):
        snapshots.current()
    assert snapshots.load(artifact).revision == 2
