"""A companion: a process of our own beside this one, spoken to in frames over two pipes.

Owns the process, its pipes and its end. Must be used by one thread at a time, except `kill`, which
any thread may call. Knows nothing of what is said.
"""

import os
import select
import signal
import subprocess
import sys
from typing import Final

from entente.core.messages import Message, decode_frame, encode, has_frame
from entente.query.forking import ForkServer, environment

POLL_SECONDS: Final = 0.05
"""How often somebody who waits for a companion is asked whether it still matters."""

_READ: Final = 256 * 1024
_STDERR: Final = 500


class Companion:
    """A process that runs a module of this package.

    Args:
        program: the module.
        plan: its one argument.
        forks: forks a process that runs it, where given; otherwise one is started.

    Attributes:
        frames: file descriptor of what it says.
        killed_for: the first reason that it was killed for.
    """

    def __init__(self, program: str, plan: str, *, forks: ForkServer | None = None) -> None:
        self.killed_for: str | None = None
        self._buffer = bytearray()
        self._process = _start(program, plan) if forks is None else forks.start(plan)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._told = self._process.stdin.fileno()
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

    @property
    def was_killed(self) -> bool:
        """Whether the process ended by a signal that none can answer, from us or from others."""
        return self._process.poll() == -signal.SIGKILL

    @property
    def has_message(self) -> bool:
        """Whether a whole message was read already."""
        return has_frame(self._buffer)

    def give(self, *messages: Message) -> bool:
        """Tell it something; `False` when it was dead already."""
        try:
            for message in messages:
                frame = memoryview(encode(message))
                while frame:
                    frame = frame[os.write(self._told, frame) :]
        except BrokenPipeError:
            return False
        return True

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

    def _hears(self, seconds: float) -> bool:
        """Wait until something is said, or the process ends."""
        return bool(self._poll.poll(1000 * seconds))

    def _fill(self) -> bool:
        """Read what is said; `False` when the process has ended."""
        part = os.read(self.frames, _READ)
        self._buffer += part
        return bool(part)

    def _next_buffered(self) -> Message | None:
        return decode_frame(self._buffer)

    def _autopsy(self) -> tuple[str, int, str]:
        """Wait for its end; give the reason, the status and its last words."""
        status, words = self._process.wait(), self._last_words()
        if self.killed_for is not None:
            return self.killed_for, status, words
        out_of_memory = "memory allocation" in words or status == -signal.SIGKILL
        return ("memory" if out_of_memory else "crash"), status, words

    def _last_words(self) -> str:
        try:
            return os.read(self._talk, _STDERR).decode(errors="replace")
        except OSError:
            return ""


def _start(program: str, plan: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-P", "-m", program, plan],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=environment(),
        start_new_session=True,  # an interrupt from the terminal is the parent's to answer
    )
