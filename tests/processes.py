"""Processes of a server under test, as the kernel shows them."""

from pathlib import Path
from typing import Final

WORKERS: Final = {
    "writer": b"entente.query.writer",
    "reader": b"entente-reader\n",
    "fork server": b"entente-forks\n",
}
"""What the name or the command line of a worker holds, by its role."""


def descendants(process: int) -> list[int]:
    """Give the processes that a process has started, and those that these have started."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(number) for number in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def workers(process: int, role: str) -> list[int]:
    """Give the workers of a server that have a role, see `WORKERS`."""
    return [worker for worker in descendants(process) if WORKERS[role] in command_of(worker)]


def command_of(process: int) -> bytes:
    """Give the name of a process and its command line; nothing when it is gone, or a zombie."""
    folder = Path(f"/proc/{process}")
    try:
        line = (folder / "cmdline").read_bytes()
        return line and (folder / "comm").read_bytes() + line
    except OSError:
        return b""


def resident(process: int) -> int:
    """Give the memory of a process, in bytes; 0 when it is gone."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * 4096
