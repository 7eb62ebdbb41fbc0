"""The register: which queries wait or run, whose they are, and how the finished ones ended.

Owns the list that `GET /queries` shows and the counts that the metrics are made of. Holds only the
first words of a query. Its methods may be called from any thread.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from entente.core.errors import Cancelled, LimitExceeded, NotFound

FIRST_CHARACTERS: Final = 120
Outcome = str  # done, cancelled, failed, or the name of the limit that struck


@dataclass(slots=True, kw_only=True)
class Entry:
    """One query that waits or runs.

    `form` is `None` while it waits; `client` names the token that it came with, if any; `ended` is
    set by who wants it to end, `gone` when nobody reads the answer any more.
    """

    id: str
    words: str
    client: str | None
    since: float = field(default_factory=time.monotonic)
    form: str | None = None
    ended: bool = False
    gone: bool = False

    @property
    def age(self) -> float:
        """Seconds since it arrived."""
        return time.monotonic() - self.since

    @property
    def state(self) -> str:
        """`waiting` for its first bytes, or `running`."""
        return "waiting" if self.form is None else "running"


class Register:
    """The queries of one service."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._outcomes: Counter[Outcome] = Counter()

    def enter(self, query_id: str, query: str, *, client: str | None) -> Entry:
        """Note a query that arrives."""
        words = " ".join(query[: 4 * FIRST_CHARACTERS].split())[:FIRST_CHARACTERS]
        entry = Entry(id=query_id, words=words, client=client)
        with self._lock:
            self._entries[query_id] = entry
        return entry

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        """Note how a query ended; only the first time counts."""
        with self._lock:
            if self._entries.pop(entry.id, None) is not None:
                self._outcomes[outcome] += 1

    def entries(self) -> tuple[Entry, ...]:
        """Give what waits or runs, the oldest first."""
        with self._lock:
            for entry in tuple(self._entries.values()):
                if entry.gone:
                    del self._entries[entry.id]
                    self._outcomes["cancelled"] += 1
            return tuple(sorted(self._entries.values(), key=lambda entry: entry.since))

    def outcomes(self) -> dict[Outcome, int]:
        """Give how many queries ended in which way."""
        with self._lock:
            return dict(self._outcomes)

    def end(self, query_id: str, *, allowed: Callable[[Entry], bool]) -> None:
        """Ask a query to end; it does within about 50 ms.

        Raises:
            NotFound: no such query waits or runs, or it is another's.
        """
        with self._lock:
            entry = self._entries.get(query_id)
            if entry is None or not allowed(entry):
                raise NotFound("no query of yours with this id waits or runs")
            entry.ended = True


def outcome_of(error: BaseException) -> Outcome:
    """Name the way in which a query failed."""
    if isinstance(error, LimitExceeded):
        return error.limit
    return "cancelled" if isinstance(error, Cancelled) else "failed"
