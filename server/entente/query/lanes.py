"""Lanes: queries that take long step aside, so that short ones always find a reader.

Owns who counts as long, how many of those run at one time (the others are stopped and take turns),
and which one ends when they are too many or hold too much memory. Works on a crew with its lock
held, called by the keeper at each of its ticks. A reader that was long is not used again: its
priority cannot be raised.
"""

import time
from collections.abc import Iterable
from typing import Final

from entente.query.crew import Crew
from entente.query.reader import Reader

LONG_SECONDS: Final = 0.1
"""After so long a query steps aside, and another reader is forked in its place."""

LONG_SECONDS_UNFORKED: Final = 0.3
"""The same where another one has to be started, which costs more."""

TURN_SECONDS: Final = 1.0
MOST_LONG: Final = 4
"""How many long queries there may be for each reader of the crew."""

MEBIBYTE: Final = 1024 * 1024


def part_lanes(crew: Crew) -> None:
    """Let long queries step aside, give them turns, and end those that are too many."""
    now = time.monotonic()
    longest = LONG_SECONDS if crew.forks is not None else LONG_SECONDS_UNFORKED
    for reader in crew.busy:
        if not reader.aside and now - reader.began > longest and reader.killed_for is None:
            reader.step_aside()
    long = [reader for reader in crew.busy if reader.aside and reader.killed_for is None]
    long.sort(key=lambda reader: reader.began)
    while len(long) > MOST_LONG * crew.size:
        long.pop(0).kill("load")
    _end_the_largest(crew, long)
    _take_turns([reader for reader in long if reader.killed_for is None], crew.size, now)


def _end_the_largest(crew: Crew, long: Iterable[Reader]) -> None:
    """Hold all readers together to the memory that a crew without lanes could take."""
    held = {reader: reader.resident() - reader.resident_at_start for reader in long}
    if sum(held.values()) > crew.size * crew.plan.memory * MEBIBYTE:
        max(held, key=held.__getitem__).kill("memory")


def _take_turns(long: list[Reader], most: int, now: float) -> None:
    """Let `most` of them run, each for a turn; who has waited longest comes next."""
    running = sorted((reader for reader in long if not reader.stopped), key=lambda r: r.turned)
    waiting = sorted((reader for reader in long if reader.stopped), key=lambda r: r.turned)
    free = most - len(running)
    for reader in running:
        over = now - reader.turned > TURN_SECONDS and len(waiting) > max(0, free)
        if free < 0 or over:
            reader.stop_for_a_while()
            free += 1
    for reader in waiting[: max(0, free)]:
        reader.go_on()
