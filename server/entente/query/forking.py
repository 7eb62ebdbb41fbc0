"""Forking: the parent's side of the fork server, and of the processes that it forks.

Owns the fork server's life: it is started when first needed and again when it has died (its readers
die with it). A forked process is used like one of `subprocess.Popen`. On systems without process
descriptors readers are started one by one instead, which takes longer.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Final

import entente

PROGRAM: Final = "entente.query.fork_server"
LONGEST_ANSWER: Final = 64
LONGEST_STATUS: Final = 16


class ForkedProcess:
    """A process that the fork server forked; `kill` may be called by any thread.

    Attributes:
        pid: its number.
        stdin, stdout, stderr: this side's ends of its streams.
        returncode: exit status, negative for a signal; `None` until it was asked for.
    """

    def __init__(
        self, pid: int, streams: tuple[IO[bytes], IO[bytes], IO[bytes]], handle: int, status: int
    ) -> None:
        self.pid: Final = pid
        self.stdin, self.stdout, self.stderr = streams
        self.returncode: int | None = None
        self._handle = handle
        self._status = status
        self._waiting, self._signalling = threading.Lock(), threading.Lock()

    def poll(self) -> int | None:
        """Give the exit status, `None` while it runs."""
        with self._waiting:
            running = self.returncode is None and not _is_readable(self._status)
        return None if running else self.wait()

    def wait(self) -> int:
        """Wait for its end and give the exit status."""
        with self._waiting:
            if self.returncode is None:
                # Where the fork server died, nothing is told, and the process was killed with it.
                told = os.read(self._status, LONGEST_STATUS)
                with self._signalling:
                    self.returncode = int(told) if told else -signal.SIGKILL
                    os.close(self._handle)
                os.close(self._status)
            return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal; none where it has ended."""
        with self._signalling, contextlib.suppress(ProcessLookupError):
            if self.returncode is None:
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """A process that forks readers; may be used by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    @property
    def process(self) -> int | None:
        """Number of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def start(self, plan: str) -> ForkedProcess:
        """Have a reader forked.

        Args:
            plan: as `ReaderPlan.encode` gives it.

        Raises:
            OSError: it cannot be forked, not by another fork server either.
        """
        with self._lock:
            if self._socket is not None:
                try:
                    return _order(self._socket, plan)
                except (ConnectionError, EOFError):
                    self._end()
            try:
                return _order(self._begin(), plan)
            except EOFError as error:
                self._end()
                raise ConnectionResetError("the fork server died as it started") from error

    def stop(self) -> None:
        """End the fork server and all that it forked."""
        with self._lock:
            self._end()

    def _begin(self) -> socket.socket:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", PROGRAM, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment(),
                start_new_session=True,
            )
        return self._socket

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = None


def can_fork() -> bool:
    """Tell whether this system has what the fork server needs: descriptors of processes."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def environment() -> dict[str, str]:
    """Give a process what it needs to find this package, and none of the parent's secrets."""
    return {
        "PYTHONPATH": str(Path(entente.__file__).parent.parent),
        "LC_ALL": "C.UTF-8",
        "RUST_BACKTRACE": "0",
        **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
    }


def _is_readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _order(server: socket.socket, plan: str) -> ForkedProcess:
    """Ask for a reader.

    Raises:
        ConnectionError: the fork server is dead.
        EOFError: it died over this.
    """
    given, told = os.pipe()
    said, heard = os.pipe()
    complained, complaint = os.pipe()
    ours = [told, said, complained]
    theirs = [given, heard, complaint]
    try:
        socket.send_fds(server, [plan.encode()], theirs)
        answer, handles, _, _ = socket.recv_fds(server, LONGEST_ANSWER, 2, socket.MSG_CMSG_CLOEXEC)
        if len(handles) != 2:  # of the process, and of its status
            raise EOFError
    except BaseException:
        for descriptor in ours:
            os.close(descriptor)
        raise
    finally:
        for descriptor in theirs:
            os.close(descriptor)
    pipes = (
        os.fdopen(ours[0], "wb", buffering=0),
        os.fdopen(ours[1], "rb", buffering=0),
        os.fdopen(ours[2], "rb", buffering=0),
    )
    return ForkedProcess(int(answer), pipes, *handles)
