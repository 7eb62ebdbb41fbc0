"""Progress: the name of the stage at work, on a terminal; silence in a pipe."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def shown_progress() -> Iterator[Callable[[str], None]]:
    """Give a function that takes a stage's name; the line is cleared at the end."""
    if not sys.stderr.isatty():
        yield lambda _stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda stage: status.update(stage)


def plural(count: int, noun: str) -> str:
    """Give `1 warning`, `2 warnings`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
