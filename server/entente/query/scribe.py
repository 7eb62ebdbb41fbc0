"""The writer process, seen from the parent: its write, its clock and why it died.

Must be used by one thread at a time. A write may be ended at any moment until the writer says that
it commits; from then on it is waited for.
"""

import logging
import time
from collections.abc import Callable
from typing import Final

from entente.core.errors import Cancelled, LimitExceeded, QueryError, StoreError, StoreUnwritable
from entente.core.messages import Chunk, Note
from entente.core.writes import WriteOutcome, WriteRequest
from entente.query.companion import POLL_SECONDS, Companion
from entente.query.reader import NotBegun
from entente.query.wire import error_of, note_of_request, outcome_of
from entente.query.writer import WriterPlan

START_SECONDS: Final = 120.0
COMMIT_SECONDS: Final = 60.0
"""How long a write that has begun to commit is waited for beyond its deadline."""

_LOG: Final = logging.getLogger(__name__)


class DiedInCommit(StoreError):
    """The writer died after the judgement; the log says whether the write has happened."""


class Scribe(Companion):
    """A process that does one write at a time.

    Args:
        plan: of the writer.
        cancelled: asked about every 50 ms while it starts.

    Raises:
        Cancelled: `cancelled` turned true.
        StoreError: it did not get ready; the message says why.
    """

    def __init__(self, plan: WriterPlan, *, cancelled: Callable[[], bool]) -> None:
        super().__init__("entente.query.writer", plan.encode())
        self._plan = plan
        self.revision: int
        try:
            self._await_ready(cancelled)
        except BaseException:
            self.close()
            raise

    def follow(self, *, cancelled: Callable[[], bool]) -> None:
        """Read the revision that is current by now, so that no write has to wait for that.

        Raises:
            Cancelled, StoreError: as at the start.
        """
        if self.give(Note(name="follow", fields={})):
            self._await_ready(cancelled)

    def _await_ready(self, cancelled: Callable[[], bool]) -> None:
        note = self._next(time.monotonic() + START_SECONDS, cancelled)
        if self.killed_for == "cancelled":
            raise Cancelled("the server stops")
        error = error_of(note) if note is not None and note.name == "error" else None
        if isinstance(error, StoreUnwritable):
            raise error
        if note is None or note.name != "ready":
            raise StoreError(f"the writer did not get ready: {self._reason(note)}")
        self.revision = note.fields["revision"]

    def write(
        self,
        request: WriteRequest,
        *,
        deadline: float,
        cancelled: Callable[[], bool],
        committing: Callable[[], None],
    ) -> WriteOutcome:
        """Do one write.

        Args:
            request: see there.
            deadline: on the monotonic clock, for all before the commit.
            cancelled: asked about every 50 ms until the commit begins.
            committing: told when it does.

        Raises:
            NotBegun: the process was dead; another one can do it.
            LimitExceeded: time, memory or a crash; nothing has changed.
            Cancelled: nothing has changed.
            DiedInCommit: see there.
            EntenteError: what the writer says.
        """
        documents = (Chunk(document.content) for document in request.documents)
        if not self.give(note_of_request(request), *documents):
            raise NotBegun("the writer had died before")
        note = self._next(deadline, cancelled)
        if note is None and self.killed_for is None:
            raise NotBegun("the writer had died before")
        if note is not None and note.name == "begun":
            note = self._next(deadline, cancelled)
        commits = note is not None and note.name == "committing"
        if commits:
            committing()
            note = self._next(max(deadline, time.monotonic()) + COMMIT_SECONDS, lambda: False)
            if note is None:
                raise DiedInCommit(f"the writer died in a commit: {self._obituary()}")
        if note is None:
            raise self._obituary()
        if note.name == "error":
            raise error_of(note)
        self.revision = note.fields["revision"]
        return outcome_of(note)

    def _next(self, deadline: float, cancelled: Callable[[], bool]) -> Note | None:
        """Wait for the next note; `None` when the process has died."""
        while True:
            message = self._next_buffered()
            if isinstance(message, Note):
                return message
            left = deadline - time.monotonic()
            if left <= 0:
                self.kill("time")
                return None
            if self._hears(min(POLL_SECONDS, left)):
                if not self._fill():
                    return None
            elif cancelled():
                self.kill("cancelled")
                return None

    def _reason(self, note: Note | None) -> str:
        if note is not None and note.name == "error":
            return str(note.fields["message"])
        return str(self._obituary())

    def _obituary(self) -> QueryError:
        """Say why the writer died."""
        reason, status, words = self._autopsy()
        if self.killed_for is None:
            fields = {"process": self.process, "status": status, "said": words}
            _LOG.warning("the writer died over a write", extra={"fields": fields})
        if reason == "cancelled":
            return Cancelled("the write was given up; nothing has changed")
        messages = {
            "time": "the write took longer than it may",
            "memory": f"the write needed more memory than the {self._plan.memory} MiB it may take",
            "crash": "the engine broke down over this write",
        }
        return LimitExceeded(f"{messages[reason]}; nothing has changed", limit=reason)
