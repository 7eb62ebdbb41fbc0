"""An artifact is whole and unaltered, or it is refused."""

from pathlib import Path

import pytest

from entente.core.errors import ArtifactError
from entente.core.manifest import Manifest, read_manifest, write_artifact


def write(folder: Path, content: bytes = b"<a:s> <a:p> <a:o> .\n") -> Manifest:
    return write_artifact(
        folder,
        contents={"dataset": ("dataset.nq", content)},
        inputs={"data/a.ttl": "0" * 64},
        counts={"a:g": 1},
        versions={"pyoxigraph": "0"},
        facts={"engine": "fast"},
    )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert write(tmp_path) == read_manifest(tmp_path)


def test_a_new_artifact_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    first = write(tmp_path)
    second = write(tmp_path, b"")
    assert second == read_manifest(tmp_path)
    assert not (tmp_path / first.files["dataset"]).exists()


def test_a_folder_without_artifact_says_to_build(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="run `entente build` first"):
        read_manifest(tmp_path)


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    manifest = write(tmp_path)
    (tmp_path / manifest.files["dataset"]).write_bytes(b"<a:s> <a:p> <a:other> .\n")
    with pytest.raises(ArtifactError, match="was altered"):
        read_manifest(tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    manifest = write(tmp_path)
    (tmp_path / manifest.files["dataset"]).unlink()
    with pytest.raises(ArtifactError, match="is missing"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b'{"layout": 99}', b"[]", b'{"layout": 1}'])
def test_a_manifest_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(ArtifactError, match="run `entente build` again"):
        read_manifest(tmp_path)


def test_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    assert write(tmp_path / "one").digest == write(tmp_path / "two").digest
