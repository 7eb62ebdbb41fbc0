"""Locks: one process after another, also where a restore puts another folder in place."""

import fcntl
import os
from pathlib import Path


def take_lock(path: Path) -> int:
    """Wait for the lock of a file, and give its descriptor; who closes it lets the next one in.

    The file that was waited for may have gone aside meanwhile, with its folder: then its lock keeps
    nobody out, and that of the file in place is waited for.

    Raises:
        OSError: the folder is absent or cannot be written.
    """
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(path.stat(), os.fstat(lock)):
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)
