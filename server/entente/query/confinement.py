"""Confinement: what a reader process takes from itself before it reads what a user wrote.

Owns the limits that the kernel holds. The guard refuses SERVICE by reading the text; this is the
wall behind it: a reader cannot open a socket, run a program or write a file, whatever the engine
is talked into. Known limit: the wall against sockets stands on Linux on x86-64 and arm64 only.
"""

import contextlib
import ctypes
import errno
import os
import resource
import signal
import struct
from typing import Final

MEBIBYTE: Final = 1024 * 1024

_SET_PARENT_DEATH_SIGNAL: Final = 1
_SET_NO_NEW_PRIVILEGES: Final = 38
_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2
_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_IF_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_IF_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data
_OTHER_ABI: Final = 0x40000000  # x32: the same calls under other numbers

# Audit number of the architecture, then: execve, execveat, ptrace, socket, connect, io_uring_setup.
_CALLS: Final = {
    "x86_64": (0xC000003E, (59, 322, 101, 41, 42, 425)),
    "aarch64": (0xC00000B7, (221, 281, 117, 198, 203, 425)),
}


_PROGRAMS: Final = 3
"""How many of the calls start or trace programs; the others are for sockets."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def deny_network(*, sockets: bool = False) -> bool:
    """Make every later try to open a socket or run a program fail with EACCES, for good.

    Must be called before threads are started: those that run already are not bound.
    https://docs.kernel.org/userspace-api/seccomp_filter.html

    Args:
        sockets: leave those open, as the fetcher needs them, which has no store.

    Returns:
        Whether the wall stands; not on other systems and architectures.
    """
    system = os.uname()
    if system.sysname != "Linux" or system.machine not in _CALLS:
        return False
    architecture, denied = _CALLS[system.machine]
    calls = denied[:_PROGRAMS] if sockets else denied
    count = len(calls)
    code = [
        _instruction(_LOAD, _ARCHITECTURE_AT),
        _instruction(_JUMP_IF_EQUAL, architecture, otherwise=count + 3),
        _instruction(_LOAD, _NUMBER_AT),
        _instruction(_JUMP_IF_AT_LEAST, _OTHER_ABI, then=count + 1),
        *(
            _instruction(_JUMP_IF_EQUAL, call, then=count - index)
            for index, call in enumerate(calls)
        ),
        _instruction(_RETURN, _ALLOW),
        _instruction(_RETURN, _FAIL | errno.EACCES),
    ]
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    program = _Program(len(code), b"".join(code))
    failed: int = library.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    failed |= library.prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program), 0, 0)
    return failed == 0


def die_with_parent() -> None:
    """Let the kernel end this process when the thread that started it ends.

    A reader notices the end of its parent by itself, but not while it is stopped. Known limit: what
    starts it has to be a thread that lives as long as it is needed, as the keeper does.
    """
    if os.uname().sysname == "Linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        library.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def limit_resources(memory: int) -> None:
    """Bound the memory of this process to what it has now and `memory` MiB; forbid files.

    Private writable memory is what is bounded: the files that the store maps do not count.
    """
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    limit_memory(memory)


def limit_memory(memory: int) -> None:
    """Bound the memory of this process to what it has now and `memory` MiB; forbid core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open("/proc/self/statm", "rb") as statistics:  # noqa: PTH123  # a lean import, no pathlib
        data = int(statistics.read().split()[5]) * resource.getpagesize()
    limit = data + memory * MEBIBYTE
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def go_first_when_memory_is_short() -> None:
    """Let the kernel end this process before all others when the machine's memory runs out.

    Some containers forbid it; the reader then takes its turn like the others.
    """
    with (
        contextlib.suppress(PermissionError),
        open("/proc/self/oom_score_adj", "wb") as score,  # noqa: PTH123  # see above
    ):
        score.write(b"1000")


def _instruction(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
