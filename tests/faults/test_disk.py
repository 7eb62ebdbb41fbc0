"""A full disk and a read-only folder: refused with a clear error, the old revision is served on."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.core.errors import StoreError
from tests.query.writers import insert, numbers, put, update, writing

SIZE = "8m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "none"]
    if os.geteuid() != 0 or subprocess.run(["mount", *options, place], check=False).returncode:
        pytest.skip("no disk can be mounted here: run as root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(file: Path) -> None:
    """Write until there is no space left."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as opened:
        while opened.write(b"x" * 65536):
            pass
    with contextlib.suppress(OSError), file.open("ab", buffering=0) as opened:
        while opened.write(b"x"):
            pass


def test_a_full_disk_refuses_the_write_and_serves_the_old_revision(small_disk: Path) -> None:
    with writing(small_disk, []) as writes:
        update(writes, insert(1))
        before = writes.revision
        filler = small_disk / "filler"
        fill(filler)
        with pytest.raises(StoreError) as caught:
            update(writes, insert(2))
        assert "cannot be written" in str(caught.value)
        assert str(small_disk) not in str(caught.value)
        assert (numbers(writes), writes.revision) == ([1], before)
        filler.unlink()
        update(writes, insert(3))
        assert numbers(writes) == [1, 3]
        assert [change.revision for change in writes.changes()] == [before + 1, before]


def test_a_large_write_that_fills_the_disk_leaves_nothing(small_disk: Path) -> None:
    with writing(small_disk, []) as writes:
        update(writes, insert(1))
        before = writes.revision
        turtle = "\n".join(
            f'<http://x/{n}> <http://x/p> "{os.urandom(500).hex()}" .' for n in range(9000)
        )
        with pytest.raises(StoreError):
            put(writes, "http://x/big", turtle)
        assert (numbers(writes), writes.revision) == ([1], before)
        update(writes, insert(2))
        assert numbers(writes) == [1, 2]


def test_a_read_only_folder_is_told_at_the_start(small_disk: Path) -> None:
    with writing(small_disk, []) as writes:
        update(writes, insert(1))
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        with pytest.raises(StoreError, match="cannot be written"):
            update(writes, insert(2))
        assert numbers(writes) == [1]
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        update(writes, insert(3))
        assert numbers(writes) == [1, 3]
