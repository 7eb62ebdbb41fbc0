"""The writer process, seen from the parent: its pipes, its clock and its death.

Owns one process; must be used by one thread at a time. A write may be ended at any moment until
the writer says that it commits; from then on it is waited for.
"""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from entente.core.errors import Cancelled, LimitExceeded, QueryError, StoreError, StoreUnwritable
from entente.core.messages import Chunk, Note, decode_frame, encode
from entente.core.writes import WriteOutcome, WriteRequest
from entente.query.reader import POLL_SECONDS, NotBegun, environment
from entente.query.wire import error_of, note_of_request, outcome_of
from entente.query.writer import WriterPlan

START_SECONDS: Final = 120.0
COMMIT_SECONDS: Final = 60.0
"""How long a write that has begun to commit is waited for beyond its deadline."""

_LOG: Final = logging.getLogger(__name__)
_READ: Final = 256 * 1024
_STDERR: Final = 500


class DiedInCommit(StoreError):
    """The writer died after the judgement; the log says whether the write has happened."""


class Scribe:
    """A process that does one write at a time.

    Raises:
        StoreError: it did not get ready; the message says why.
    """

    def __init__(self, plan: WriterPlan) -> None:
        self._plan = plan
        self._buffer = bytearray()
        self._killed_for: str | None = None
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-P", "-m", "entente.query.writer", plan.encode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=environment(),
            start_new_session=True,  # an interrupt from the terminal is the parent's to answer
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._requests = self._process.stdin.fileno()
        self._notes = self._process.stdout.fileno()
        self._talk = self._process.stderr.fileno()
        self._poll = select.poll()
        self._poll.register(self._notes, select.POLLIN)
        os.set_blocking(self._talk, False)
        try:
            note = self._next(time.monotonic() + START_SECONDS, lambda: False)
            error = error_of(note) if note is not None and note.name == "error" else None
            if isinstance(error, StoreUnwritable):
                raise error
            if note is None or note.name != "ready":
                raise StoreError(f"the writer did not start: {self._reason(note)}")
        except BaseException:
            self.close()
            raise
        self.revision: int = note.fields["revision"]

    @property
    def process(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

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
        if not self._send(request):
            raise NotBegun("the writer had died before")
        note = self._next(deadline, cancelled)
        if note is None and self._killed_for is None:
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

    def close(self) -> None:
        """End the process, reap it and close the pipes."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _send(self, request: WriteRequest) -> bool:
        frames = [encode(note_of_request(request))]
        frames += [encode(Chunk(document.content)) for document in request.documents]
        try:
            for frame in frames:
                left = memoryview(frame)
                while left:
                    left = left[os.write(self._requests, left) :]
        except BrokenPipeError:
            return False
        return True

    def _next(self, deadline: float, cancelled: Callable[[], bool]) -> Note | None:
        """Wait for the next note; `None` when the process has died."""
        while True:
            message = decode_frame(self._buffer)
            if isinstance(message, Note):
                return message
            left = deadline - time.monotonic()
            if left <= 0:
                self._kill("time")
                return None
            if self._poll.poll(1000 * min(POLL_SECONDS, left)):
                part = os.read(self._notes, _READ)
                if not part:
                    return None
                self._buffer += part
            elif cancelled():
                self._kill("cancelled")
                return None

    def _kill(self, reason: str) -> None:
        self._killed_for = reason
        self._process.kill()

    def _reason(self, note: Note | None) -> str:
        if note is not None and note.name == "error":
            return str(note.fields["message"])
        return str(self._obituary())

    def _obituary(self) -> QueryError:
        """Say why the writer died."""
        status = self._process.wait()
        words = self._last_words()
        reason = self._killed_for
        if reason is None:
            out_of_memory = "memory allocation" in words or status == -signal.SIGKILL
            reason = "memory" if out_of_memory else "crash"
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

    def _last_words(self) -> str:
        try:
            return os.read(self._talk, _STDERR).decode(errors="replace")
        except OSError:
            return ""
