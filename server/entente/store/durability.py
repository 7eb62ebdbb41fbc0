"""Durability: what was written is on disk, names of files included."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Force a file's content, or a folder's names, to disk.

    Raises:
        OSError: the disk is full or broken.
    """
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sync_tree(folder: Path) -> None:
    """Force a folder and all in it to disk; links are names."""
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink():
            sync(path)
