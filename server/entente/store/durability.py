"""Durability: what was written is on disk, names of files included, and no name is ever missing."""

import ctypes
import errno
import os
from pathlib import Path
from typing import Final

_HERE: Final = -100  # AT_FDCWD: paths are what they are
_EXCHANGE: Final = 2  # RENAME_EXCHANGE
_NOT_DONE: Final = (errno.ENOSYS, errno.EINVAL)


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


def sync_tree(folder: Path, *, synced: Path | None = None) -> None:
    """Force a folder and all in it to disk; links are names.

    Args:
        folder: what must survive.
        synced: a folder that went through this before; what is the same file there as here (a hard
            link, told by device and inode) is on disk already, and its name here is its folder's.
    """
    known = _files(synced) if synced is not None else frozenset()
    for path in (*folder.rglob("*"), folder):
        if not path.is_symlink() and _file(path) not in known:
            sync(path)


def _files(folder: Path) -> frozenset[tuple[int, int]]:
    return frozenset(_file(path) for path in folder.rglob("*") if path.is_file())


def _file(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def exchange(one: Path, other: Path) -> None:
    """Give each of two folders the other's name, at one moment: both names exist all the time.

    Where the file system cannot do that (renameat2 with RENAME_EXCHANGE, Linux 3.15), it is done
    by three renamings, between which `other` is missing for some microseconds.

    Raises:
        OSError: nothing was renamed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = (os.fsencode(one), os.fsencode(other))
    if libc.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0:
        return
    number = ctypes.get_errno()
    if number not in _NOT_DONE:
        raise OSError(number, os.strerror(number), str(other))
    aside = one.with_name(f"{one.name}.aside")
    other.rename(aside)
    one.rename(other)
    aside.rename(one)
