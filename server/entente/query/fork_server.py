"""The fork server: a process that has read all a reader needs, and forks one when asked.

Run as `python -m entente.query.fork_server SOCKET` with the number of a socket it inherits; each
packet there is a reader's plan with the reader's three standard streams, and is answered with the
reader's number, a descriptor of its process, and a pipe that will tell its exit status. A reader
that is forked takes a fifth of the processor time of one that is started. Must stay a process
of one thread without an open store: neither outlives a fork. The parent's side is
`entente.query.forking`.
"""

import contextlib
import gc
import os
import select
import socket
import sys
from pathlib import Path
from typing import Final, NoReturn

# readers find these read already
import entente.query.federation
import entente.query.syntax  # noqa: F401
from entente.query.confinement import die_with_parent
from entente.query.limits import ReaderPlan
from entente.query.worker import main as read

STREAMS: Final = 3
LONGEST_PLAN: Final = 64 * 1024


class Nursery:
    """The readers that live, each with the pipe that tells how it ended."""

    def __init__(self, parent: socket.socket) -> None:
        self._parent = parent
        self._poll = select.poll()
        self._poll.register(parent, select.POLLIN)
        self._living: dict[int, tuple[int, int]] = {}

    def serve(self) -> None:
        """Fork and reap until the parent is gone."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor != self._parent.fileno():
                    self._reap(descriptor)
                elif not self._answer():
                    return

    def _answer(self) -> bool:
        plan, streams, _, _ = socket.recv_fds(self._parent, LONGEST_PLAN, STREAMS)
        if not plan:
            return False
        this = os.getpid()
        process = os.fork()
        if process == 0:
            become_reader(plan.decode(), streams, parent=this)
        for stream in streams:
            os.close(stream)
        handle = os.pidfd_open(process)
        told, status = os.pipe()
        try:
            socket.send_fds(self._parent, [str(process).encode()], [handle, told])
        except BrokenPipeError:
            return False
        finally:
            os.close(told)
        self._living[handle] = process, status
        self._poll.register(handle, select.POLLIN)
        return True

    def _reap(self, handle: int) -> None:
        process, status = self._living.pop(handle)
        self._poll.unregister(handle)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        with contextlib.suppress(BrokenPipeError):  # nobody wants to know any more
            os.write(status, str(code).encode())
        os.close(status)
        os.close(handle)


def become_reader(plan: str, streams: list[int], *, parent: int) -> NoReturn:
    """Read in the process that was just forked, with nothing of the fork server's left open."""
    try:
        name_process("entente-reader")
        os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.closerange(STREAMS, os.sysconf("SC_OPEN_MAX"))
        die_with_parent()
        if os.getppid() == parent:
            read(plan=ReaderPlan.decode(plan))
    finally:  # whatever it is, it must not return to the fork server
        kind, error, trace = sys.exc_info()
        if kind is not None and error is not None and kind is not SystemExit:
            sys.excepthook(kind, error, trace)  # the parent reads the last words
        os._exit(1)


def name_process(name: str) -> None:
    """Have this process shown by a name of at most fifteen characters."""
    with contextlib.suppress(OSError):  # it is for people only
        Path("/proc/self/comm").write_text(name)


def main() -> None:
    """Serve the parent that started this process."""
    name_process("entente-forks")
    gc.collect()
    gc.freeze()  # what is there now is never looked at again, and so stays shared
    Nursery(socket.socket(fileno=int(sys.argv[1]))).serve()


if __name__ == "__main__":
    main()
