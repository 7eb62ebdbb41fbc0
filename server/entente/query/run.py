"""A query that runs: the answer as it comes out of its reader.

Owns the reading of one answer's frames and what becomes of the reader afterwards: back to the
pool when the answer is whole, killed when it is given up. A failure before the first chunk is
raised at once; a later one is raised while iterating, and the answer must then be cut off.
"""

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from entente.core.errors import (
    EntenteError,
    LimitExceeded,
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
    RemoteFailed,
    StoreError,
)
from entente.core.messages import Chunk, End, Failure, Head, Message, Note
from entente.query.reader import Reader


class Owner(Protocol):
    """Who takes a reader back."""

    def release(self, reader: Reader, *, seconds: float) -> None:
        """Take a reader back whose answer is whole."""
        ...

    def bury(self, reader: Reader) -> None:
        """Take a reader back that is dead or must die."""
        ...


class Fetching(Protocol):
    """Who asks other servers for a reader."""

    def __call__(
        self, wish: Note, *, deadline: float, cancelled: Callable[[], bool]
    ) -> Iterator[Message]:
        """Give what the reader is to be told."""
        ...


class Run:
    """An answer: its head is known, its chunks are iterated over.

    `seconds` is the reader's own time, 0 until the last chunk was read.
    """

    def __init__(
        self,
        owner: Owner,
        reader: Reader,
        cancelled: Callable[[], bool],
        *,
        fetching: Fetching | None = None,
    ) -> None:
        self.revision: Final = reader.plan.revision
        self.seconds = 0.0
        self._owner = owner
        self._reader: Reader | None = reader
        self._cancelled = cancelled
        self._fetching = fetching
        self._first: list[bytes] = []
        try:
            self.head = self._read_start(reader)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first:
            return self._first.pop(0)
        if self._reader is None:
            raise StopIteration
        try:
            message = self._next(self._reader)
        except BaseException:
            self.close()
            raise
        if isinstance(message, Chunk):
            return message.payload
        raise StopIteration

    def close(self) -> None:
        """Give the query up if it still runs; doing so twice is harmless."""
        reader, self._reader = self._reader, None
        self._first.clear()
        if reader is not None:
            reader.kill("closed")
            self._owner.bury(reader)

    def __del__(self) -> None:
        # may run anywhere, also where the pool's lock is held: mark only, the keeper does the rest
        reader = getattr(self, "_reader", None)
        if reader is not None:
            reader.abandoned = True
            reader.kill("closed")

    def _read_start(self, reader: Reader) -> Head:
        """Read the head and the first chunk, and the end where it has come with them."""
        head = self._next(reader)
        if not isinstance(head, Head):
            raise StoreError("a reader broke the protocol")
        message = self._next(reader)
        while isinstance(message, Chunk):
            self._first.append(message.payload)
            if not reader.has_message:
                break
            message = self._next(reader)
        return head

    def _next(self, reader: Reader) -> Message:
        message = reader.next_message(self._cancelled)
        while isinstance(message, Note) and self._fetching is not None:
            wished = self._fetching(message, deadline=reader.deadline, cancelled=self._cancelled)
            for told in wished:
                reader.give(told)
            message = reader.next_message(self._cancelled)
        if isinstance(message, End):
            self.seconds = message.seconds
            self._release(reader)
        elif isinstance(message, Failure):
            self._release(reader)
            raise error_of(message)
        return message

    def _release(self, reader: Reader) -> None:
        self._reader = None
        self._owner.release(reader, seconds=self.seconds)


def error_of(failure: Failure) -> EntenteError:
    """Turn a reader's failure into the error that the caller raises."""
    if failure.kind == "syntax":
        return QuerySyntaxError(failure.message, line=failure.line, column=failure.column)
    if failure.kind == "refused":
        return QueryRefused(failure.message, line=failure.line, column=failure.column)
    if failure.kind == "not-acceptable":
        return NotAcceptable(failure.message, offers=failure.offers)
    if failure.kind in ("bytes", "rows", "memory"):
        return LimitExceeded(failure.message, limit=failure.kind)
    if failure.kind in ("remote", "remote-late"):
        return RemoteFailed(failure.message, late=failure.kind == "remote-late")
    return StoreError(failure.message)
