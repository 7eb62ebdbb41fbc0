"""An answer that has begun: its bytes as they come from a reader, or from the cache.

Owns what happens around the bytes: a query that somebody wants to end is ended, one that ends is
taken off the register, and a small answer that came whole is kept for the next who asks.
"""

from collections.abc import Iterator
from typing import Self

from entente.core.errors import Cancelled
from entente.core.messages import Form
from entente.query.cache import AnswerCache, Kept, Key
from entente.query.register import Entry, Register, outcome_of
from entente.query.run import Run


class Answer:
    """An answer that must be iterated to its end or closed; a context manager.

    Attributes:
        format: a name of `entente.core.media`.
        age: seconds since a kept answer was made; `None` for a fresh one.
    """

    query_id: str
    form: Form
    format: str
    revision: int
    age: float | None = None

    @property
    def seconds(self) -> float:
        """The reader's own time; 0 until the last chunk was read, and for a kept answer."""
        return 0.0

    def read(self) -> bytes:
        """Give the whole answer."""
        return b"".join(self)

    def close(self) -> None:
        """Give up what is left of it; the query ends at once."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FreshAnswer(Answer):
    """An answer that a reader gives.

    Args:
        run: the query that runs.
        entry: its place in the register.
        register: where it stands until it ends.
        cache: where it is kept if it turns out to be small; `None` where it may differ next time.
        key: what it is kept under.
    """

    def __init__(
        self,
        run: Run,
        entry: Entry,
        *,
        register: Register,
        cache: AnswerCache | None,
        key: Key,
    ) -> None:
        self.query_id = entry.id
        self.form = run.head.form
        self.format = run.head.format
        self.revision = run.revision
        self._run = run
        self._entry = entry
        self._register = register
        self._cache = cache if key.revision == run.revision else None
        self._key = key
        self._parts: list[bytes] = []
        self._size = 0
        entry.form = self.form

    @property
    def seconds(self) -> float:
        """The reader's own time; 0 until the last chunk was read."""
        return self._run.seconds

    def close(self) -> None:
        """Give up what is left of it; the query ends at once."""
        self._run.close()
        self._register.leave(self._entry, "cancelled")
        self._cache = None

    def __next__(self) -> bytes:
        try:
            if self._entry.ended:
                self._run.close()
                raise Cancelled("the query was ended by its holder")
            part = next(self._run)
        except StopIteration:
            self._finish()
            raise
        except BaseException as error:
            self._register.leave(self._entry, outcome_of(error))
            raise
        self._collect(part)
        return part

    def __del__(self) -> None:
        # May run anywhere, also where the register's lock is held: mark only.
        self._entry.gone = True

    def _collect(self, part: bytes) -> None:
        if self._cache is None:
            return
        self._size += len(part)
        if self._size > self._cache.largest:
            self._cache = None
            self._parts.clear()
        else:
            self._parts.append(part)

    def _finish(self) -> None:
        self._register.leave(self._entry, "done")
        cache, self._cache = self._cache, None
        if cache is None:
            return
        body = b"".join(self._parts)
        kept = Kept(form=self.form, format=self.format, body=body, seconds=self.seconds)
        cache.keep(self._key, kept)
        self._parts.clear()


class KeptAnswer(Answer):
    """An answer from the cache."""

    def __init__(self, query_id: str, kept: Kept, *, revision: int) -> None:
        self.query_id = query_id
        self.form = kept.form
        self.format = kept.format
        self.revision = revision
        self.age = kept.age
        self._body: bytes | None = kept.body

    def __next__(self) -> bytes:
        body, self._body = self._body, None
        if not body:
            raise StopIteration
        return body
