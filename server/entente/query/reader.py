"""One reader process, seen from the parent: its pipes, its life and its death.

Owns the file descriptors and the process; must be used by one thread at a time, except `kill`,
which any thread may call. Knows nothing of queues or deadlines of others.
"""

import contextlib
import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Final

import entente
from entente.core.errors import Cancelled, LimitExceeded, QueryError, StoreError
from entente.core.messages import Failure, Message, Note, Ready, decode_frame, encode, has_frame
from entente.query.limits import ReaderPlan

AT_ONCE: Final = 0.25
"""A reader killed from outside within so many seconds of a job did not die of the job."""

POLL_SECONDS: Final = 0.05
"""How often a query that runs is asked whether somebody still waits for it."""

LOWEST: Final = 19
"""The priority of a query that takes long."""

_LOG: Final = logging.getLogger(__name__)
_READ: Final = 256 * 1024
_STDERR: Final = 500


class NotBegun(QueryError):
    """The reader died before it took the job; another one can."""


class Reader:
    """A process that answers one job at a time."""

    def __init__(self, plan: ReaderPlan) -> None:
        self.plan = plan
        self.deadline = float("inf")  # of the job that runs, on the monotonic clock
        self._seconds = float("inf")  # that the job was given
        self._silent = True  # nothing of the job's answer has come
        self.began = float("inf")  # on the monotonic clock
        self.turned = 0.0  # when it last was stopped or went on
        self.aside = False  # works beside the others, at low priority
        self.stopped = False
        self.goes_over = False  # to another snapshot, and is not ready
        self.killed_for: str | None = None
        self.abandoned = False  # nobody reads the answer any more
        self.resident_at_start = 0
        self._buffer = bytearray()
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-P", "-m", plan.program, plan.encode()],
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
        self._jobs = self._process.stdin.fileno()
        self.frames: Final = self._process.stdout.fileno()
        self._talk = self._process.stderr.fileno()
        self._poll = select.poll()
        self._poll.register(self.frames, select.POLLIN)
        os.set_blocking(self._talk, False)

    @property
    def process(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs; one that ended is reaped by asking."""
        return self._process.poll() is None

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
            StoreError: it could not, or it died.
        """
        message = self._next_buffered()
        if message is None and self._poll.poll(0):
            self._fill()
            message = self._next_buffered()
        if isinstance(message, Failure):
            raise StoreError(message.message)
        if message is None and not self.alive:
            raise StoreError(f"a reader died before it was ready: {self._last_words()}")
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

    def give(self, message: Message) -> bool:
        """Hand a job over, or what it asked for; `False` when the reader was dead already."""
        frame = memoryview(encode(message))
        try:
            while frame:
                frame = frame[os.write(self._jobs, frame) :]
        except BrokenPipeError:
            return False
        return True

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
            if self._poll.poll(1000 * min(POLL_SECONDS, left)):
                if not self._fill():
                    raise self._obituary()
            elif cancelled():
                self.kill("cancelled")
                raise Cancelled("the query was given up")

    def kill(self, reason: str) -> None:
        """End the process at once; the first reason is the one that counts."""
        if self.killed_for is None:
            self.killed_for = reason
        self._process.kill()

    def reap(self) -> None:
        """End the process, and wait for its end."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process, reap it and close the pipes."""
        self.reap()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def resident(self) -> int:
        """Give the memory in use, in bytes; 0 when the process is gone."""
        try:
            pages = Path(f"/proc/{self.process}/statm").read_bytes().split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def has_message(self) -> bool:
        """Whether a whole message was read already."""
        return has_frame(self._buffer)

    def _fill(self) -> bool:
        part = os.read(self.frames, _READ)
        self._buffer += part
        self._silent = self._silent and not part
        return bool(part)

    def _next_buffered(self) -> Message | None:
        return decode_frame(self._buffer)

    def _obituary(self) -> QueryError:
        """Say why the reader died, after waiting for its end."""
        status = self._process.wait()
        words = self._last_words()
        reason = self.killed_for
        if reason is None and (self._job_is_untouched() or self._was_dying(status)):
            return NotBegun("the reader had died before")
        if reason is None:
            out_of_memory = "memory allocation" in words or status == -signal.SIGKILL
            reason = "memory" if out_of_memory else "crash"
        if reason in ("memory", "crash"):
            fields = {"process": self.process, "status": status, "reason": reason}
            _LOG.warning("a reader died over a query", extra={"fields": {**fields, "said": words}})
        messages = {
            "time": f"the query ran longer than {self._seconds:.3g} s",
            "memory": f"the query needed more memory than the {self.plan.memory} MiB it may take",
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
        fcntl.ioctl(self._jobs, termios.FIONREAD, unread)
        return unread[0] > 0

    def _was_dying(self, status: int) -> bool:
        """Tell whether the job met a process that somebody was killing.

        The kernel may hand the job over before it delivers the signal; a query cannot use up the
        machine's memory in so short a time.
        """
        at_once = time.monotonic() - self.began < AT_ONCE
        return self._silent and at_once and status == -signal.SIGKILL

    def _last_words(self) -> str:
        try:
            return os.read(self._talk, _STDERR).decode(errors="replace")
        except (BlockingIOError, OSError):
            return ""


def environment() -> dict[str, str]:
    """Give a process what it needs to find this package, and none of the parent's secrets.

    Where the certificates lie that the keeper of the machine trusts is for the fetcher.
    """
    kept = ("LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
    return {
        "PYTHONPATH": str(Path(entente.__file__).parent.parent),
        "LC_ALL": "C.UTF-8",
        "RUST_BACKTRACE": "0",
        **{name: os.environ[name] for name in kept if name in os.environ},
    }
