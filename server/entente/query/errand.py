"""The errand of a companion, seen from within: its pipes, its thread, and its end.

Owns what every process beside the server does alike: nothing that prints tears its frames, work is
done on a thread with a deep stack, and the process ends when its parent does. Imports are kept few:
a reader imports this and has to start quickly.
"""

import os
import select
import sys
import threading
from collections.abc import Callable

MEBIBYTE = 1024 * 1024


def open_output() -> int:
    """Give the descriptor that frames go to; what prints goes elsewhere from now on."""
    output = os.dup(1)
    os.dup2(2, 1)
    return output


def send(output: int, frames: bytes | bytearray) -> None:
    """Write all of some bytes to a pipe."""
    view = memoryview(frames)
    while view:
        view = view[os.write(output, view) :]


def run(work: Callable[[], None], *, stack: int) -> None:
    """Do the work on a thread of its own; end the process with it, or with the parent.

    Args:
        work: what it raises ends the process too.
        stack: of the thread, in MiB.
    """

    def work_and_end() -> None:
        failed = 1
        try:
            work()
            failed = 0
        finally:
            if failed:
                sys.excepthook(*sys.exc_info())  # the parent reads the last words
            os._exit(failed)

    threading.stack_size(stack * MEBIBYTE)
    threading.Thread(target=work_and_end, daemon=True).start()
    parent = select.poll()
    parent.register(0, 0)  # nothing but the hang-up, which comes when the parent ends
    parent.poll()
    os._exit(0)
