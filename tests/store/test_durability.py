"""What is synced, and what need not be: a hard link to a file that was synced before."""

import os
from pathlib import Path

import pytest

from entente.store import durability
from entente.store.durability import sync_tree


def test_the_same_file_is_synced_once_and_a_copy_of_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, now = tmp_path / "1", tmp_path / "2"
    before.mkdir()
    (now / "inner").mkdir(parents=True)
    (before / "table").write_text("kept")
    os.link(before / "table", now / "table")
    (now / "copy").write_text("kept")
    (now / "inner" / "own").write_text("new")
    os.link(now / "copy", now / "inner" / "twin")  # two names, but none of them in the other folder
    forced = list[Path]()
    monkeypatch.setattr(durability, "sync", forced.append)
    sync_tree(now, synced=before)
    assert set(forced) == {now, now / "inner"} | {
        now / name for name in ("copy", "inner/own", "inner/twin")
    }
    forced.clear()
    sync_tree(now)
    assert now / "table" in forced
