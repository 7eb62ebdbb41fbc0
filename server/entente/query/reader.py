"""One reader process, seen from the parent: its job, its clock and why it died.

Must be used by one thread at a time, except `kill`, which any thread may call. Knows nothing of
queues or deadlines of others.
"""

import contextlib
import fcntl
import logging
import os
import signal
import termios
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final

from entente.core.errors import Cancelled, LimitExceeded, QueryError, StoreError
from entente.core.messages import Failure, Message, Note, Ready
from entente.query.companion import POLL_SECONDS, Companion
from entente.query.forking import ForkServer
from entente.query.limits import ReaderPlan

AT_ONCE: Final = 0.25
"""A reader killed from outside within so many seconds of a job did not die of the job."""

LOWEST: Final = 19
"""The priority of a query that takes long."""

_LOG: Final = logging.getLogger(__name__)


class NotBegun(QueryError):
    """The reader died before it took the job; another one can."""


class KilledAtStart(StoreError):
    """Somebody, or the kernel, killed a reader before it was ready; it is not the snapshot."""


class Reader(Companion):
    """A process that answers one job at a time."""

    def __init__(self, plan: ReaderPlan, *, forks: ForkServer | None = None) -> None:
        super().__init__(plan.program, plan.encode(), forks=forks)
        self.plan = plan
        self.deadline = float("inf")  # of the job that runs, on the monotonic clock
        self._seconds = float("inf")  # that the job was given
        self._silent = True  # nothing of the job's answer has come
        self.began = float("inf")  # on the monotonic clock
        self.turned = 0.0  # when it last was stopped or went on
        self.aside = False  # works beside the others, at low priority
        self.stopped = False
        self.goes_over = False  # to another snapshot, and is not ready
        self.abandoned = False  # nobody reads the answer any more
        self.resident_at_start = 0

    def go_over(self, plan: ReaderPlan) -> bool:
        """Have another snapshot opened; `try_ready` then tells when that is done.

        Returns:
            `False` when the reader was dead already.
        """
        self.plan, self.goes_over = plan, True
        return self.give(Note(name="open", fields={"place": plan.place, "revision": plan.revision}))

    def try_ready(self) -> bool:
        """Tell whether the reader has opened its snapshot, without waiting.

        Raises:
            KilledAtStart: somebody killed it.
            StoreError: it could not, or it died.
        """
        message = self._next_buffered()
        if message is None and self._hears(0):
            self._fill()
            message = self._next_buffered()
        if isinstance(message, Failure):
            raise StoreError(message.message)
        if message is None and not self.alive:
            failure = KilledAtStart if self.was_killed else StoreError
            raise failure(f"a reader died before it was ready: {self._last_words()}")
        if isinstance(message, Ready):
            self.goes_over = False
            self.resident_at_start = self.resident_at_start or self.resident()
        return isinstance(message, Ready)

    def begin(self, deadline: float, seconds: float) -> None:
        """Set the clock for the next job."""
        self.deadline, self._seconds = deadline, seconds
        self.began = time.monotonic()
        self._silent = True

    def step_aside(self) -> None:
        """Leave the processor to others from now on; cannot be taken back."""
        self.aside, self.turned = True, time.monotonic()
        with contextlib.suppress(OSError):  # the process may end meanwhile; the keeper must not
            for task in Path(f"/proc/{self.process}/task").iterdir():
                with contextlib.suppress(ProcessLookupError):
                    os.setpriority(os.PRIO_PROCESS, int(task.name), LOWEST)

    def stop_for_a_while(self) -> None:
        """Hold the process where it is; its clock goes on."""
        self.stopped, self.turned = True, time.monotonic()
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the process run again."""
        self.stopped, self.turned = False, time.monotonic()
        self._process.send_signal(signal.SIGCONT)

    def next_message(self, cancelled: Callable[[], bool]) -> Message:
        """Wait for the next message of the job that runs.

        Raises:
            LimitExceeded: the deadline passed, or the reader died.
            Cancelled: `cancelled` turned true.
        """
        while True:
            message = self._next_buffered()
            if message is not None:
                return message
            left = self.deadline - time.monotonic()
            if left <= 0:
                self.kill("time")
            if self.killed_for is not None:
                raise self._obituary()
            if self._hears(min(POLL_SECONDS, left)):
                if not self._fill():
                    raise self._obituary()
            elif cancelled():
                self.kill("cancelled")
                raise Cancelled("the query was given up")

    def resident(self) -> int:
        """Give the memory in use, in bytes; 0 when the process is gone."""
        try:
            pages = Path(f"/proc/{self.process}/statm").read_bytes().split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _fill(self) -> bool:
        heard = super()._fill()
        self._silent = self._silent and not heard
        return heard

    def _obituary(self) -> QueryError:
        """Say why the reader died, after waiting for its end."""
        reason, status, words = self._autopsy()
        killed = self.killed_for is not None
        if not killed and (self._job_is_untouched() or self._was_dying(status)):
            return NotBegun("the reader had died before")
        if reason in ("memory", "crash"):
            fields = {"process": self.process, "status": status, "reason": reason}
            _LOG.warning("a reader died over a query", extra={"fields": {**fields, "said": words}})
        killed_by_others = "the query's process was killed: memory ran out, or somebody ended it"
        too_much = f"the query needed more memory than the {self.plan.memory} MiB it may take"
        messages = {
            "time": f"the query ran longer than {self._seconds:.3g} s",
            "memory": too_much if killed or status != -signal.SIGKILL else killed_by_others,
            "crash": "the engine broke down over this query; no other query is concerned",
        }
        if reason == "load":
            detail = "too many long queries run at the same time; this one had run longest"
            return LimitExceeded(detail, limit="queue", retry_after=10)
        if reason in messages:
            return LimitExceeded(messages[reason], limit=reason)
        return Cancelled(f"the query was given up ({reason})")

    def _job_is_untouched(self) -> bool:
        """Tell whether the pipe still holds what was written for the process that died."""
        unread = array("i", [0])
        fcntl.ioctl(self._told, termios.FIONREAD, unread)
        return unread[0] > 0

    def _was_dying(self, status: int) -> bool:
        """Tell whether the job met a process that somebody was killing.

        The kernel may hand the job over before it delivers the signal; a query cannot use up the
        machine's memory in so short a time.
        """
        at_once = time.monotonic() - self.began < AT_ONCE
        return self._silent and at_once and status == -signal.SIGKILL
