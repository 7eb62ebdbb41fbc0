"""The register: what waits or runs, whose it is, and how what has finished ended.

Owns the list that `GET /queries` shows (queries, updates, explanations, documents) and the counts
that the metrics are made of. Holds only the first words of a text. Its methods may be called from
any thread.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Literal

from entente.core.errors import Cancelled, LimitExceeded, NotFound, TooLate

FIRST_CHARACTERS: Final = 120
STOPPING_SECONDS: Final = 5.0
"""How long who ends an update waits to hear what became of it."""

Kind = Literal["query", "update", "explanation", "document"]
Outcome = str  # done, cancelled, failed, or the name of the limit that struck


@dataclass(slots=True, kw_only=True)
class Entry:
    """One thing that waits or runs.

    `form` is `None` while it waits; `client` names the token that it came with, if any; `ended` is
    set by who wants it to end, `gone` when nobody reads the answer any more, `committing` when it
    can be stopped no more, `over` when it has ended.
    """

    id: str
    words: str
    client: str | None
    kind: Kind = "query"
    committing: bool = False
    over: threading.Event = field(default_factory=threading.Event)
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
        """`waiting` for its turn or first bytes, `running`, or `committing`."""
        if self.committing:
            return "committing"
        return "waiting" if self.form is None else "running"


class Register:
    """What is at work for one service."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._outcomes: Counter[Outcome] = Counter()

    def enter(
        self, query_id: str, query: str, *, client: str | None, kind: Kind = "query"
    ) -> Entry:
        """Note what arrives."""
        words = " ".join(query[: 4 * FIRST_CHARACTERS].split())[:FIRST_CHARACTERS]
        entry = Entry(id=query_id, words=words, client=client, kind=kind)
        with self._lock:
            self._entries[query_id] = entry
        return entry

    def leave(self, entry: Entry, outcome: Outcome) -> None:
        """Note how something ended; only the first time counts. Updates are counted elsewhere."""
        with self._lock:
            if self._entries.pop(entry.id, None) is not None:
                self._outcomes[outcome] += entry.kind != "update"
        entry.over.set()

    @contextmanager
    def watch(self, entry_id: str, text: str, *, client: str | None, kind: Kind) -> Iterator[Entry]:
        """Have something on the list while it is done.

        Raises:
            Cancelled: in clear words, where somebody wanted it to end.
        """
        entry = self.enter(entry_id, text, client=client, kind=kind)
        try:
            yield entry
        except BaseException as error:
            self.leave(entry, outcome_of(error))
            if entry.ended and isinstance(error, Cancelled):
                raise Cancelled(f"the {kind} was ended by its holder") from error
            raise
        self.leave(entry, "done")

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
        """Ask something to end; it does within about 50 ms.

        Raises:
            NotFound: no such query waits or runs, or it is another's.
            TooLate: it is an update that is published, or about to be.
        """
        with self._lock:
            entry = self._entries.get(query_id)
            if entry is None or not allowed(entry):
                raise NotFound("no query of yours with this id waits or runs")
            entry.ended = not entry.committing
        if entry.kind == "update" and entry.ended:
            entry.over.wait(STOPPING_SECONDS)
        if entry.committing:
            raise TooLate("the update is being published, and can be stopped no more")


def outcome_of(error: BaseException) -> Outcome:
    """Name the way in which a query failed."""
    if isinstance(error, LimitExceeded):
        return error.limit
    return "cancelled" if isinstance(error, Cancelled) else "failed"
