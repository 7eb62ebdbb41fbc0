"""Caches of what is finished: what was asked of a revision need not be asked of it again.

Owns which answers may be kept (whole, small, and the same each time), the bound on their bytes and
who is forgotten first: the one that was not wanted for longest. A key holds all that decides the
bytes; what is of another revision is dropped as soon as something of a newer one is kept.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from entente.core.messages import Form, Job

LARGEST_PART: Final = 16
"""An answer may take the cache's bytes divided by this."""
PAGES_PART: Final = 4
"""One part in so many of the memory for what is finished is for whole responses."""
OVERHEAD_BYTES: Final = 512
"""What a kept answer takes beside its bytes and its query."""

# The answer of such a query may differ the next time, though the dataset does not. Errs towards
# finding one: a keyword needs no space before it.
_FLEETING: Final = re.compile(r"(?:NOW|RAND|UUID)(?![A-Za-z0-9_])|SERVICE", re.IGNORECASE)


def is_repeatable(query: str) -> bool:
    """Tell whether a query has the same answer each time it is asked of one revision."""
    return _FLEETING.search(query) is None


@dataclass(frozen=True, slots=True)
class Key:
    """All that decides the bytes of an answer, and for whom it was made."""

    revision: int
    query: str
    results_format: str | None
    graph_format: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    base_iri: str | None
    audience: str | None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.query.encode("utf-8", "surrogatepass")) + OVERHEAD_BYTES


def key_of(job: Job, *, revision: int, audience: str | None) -> Key:
    """Make the key of a job's answer from a revision, for those with one scope."""
    return Key(
        revision,
        job.query,
        job.results_format,
        job.graph_format,
        job.default_graphs,
        job.named_graphs,
        job.base_iri,
        audience,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A finished answer."""

    form: Form
    format: str
    body: bytes
    seconds: float
    made: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self.made


class Keyed(Hashable, Protocol):
    """What a cache finds something by."""

    @property
    def revision(self) -> int:
        """Revision that it is of."""
        ...

    @property
    def size(self) -> int:
        """Bytes that the key and all but the body take, about."""
        ...


class Bodied(Protocol):
    """What a cache keeps."""

    @property
    def body(self) -> bytes:
        """Its bytes."""
        ...


K = TypeVar("K", bound=Keyed)
V = TypeVar("V", bound=Bodied)


class Cache(Generic[K, V]):
    """What is finished, within a number of bytes; 0 keeps nothing."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._answers: OrderedDict[K, V] = OrderedDict()
        self._revision = 0
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    @property
    def largest(self) -> int:
        """Bytes of the largest body that is kept."""
        return self._most // LARGEST_PART

    def find(self, key: K) -> V | None:
        """Give what is kept."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is None:
                self.misses += 1
                return None
            self.hits += 1
            self._answers.move_to_end(key)
            return kept

    def keep(self, key: K, answer: V) -> None:
        """Keep something, and forget what no longer fits or is of an older revision."""
        if len(answer.body) > self.largest:
            return
        with self._lock:
            if key.revision < self._revision or key in self._answers:
                return
            if key.revision > self._revision:
                self._answers.clear()
                self.bytes, self._revision = 0, key.revision
            self._answers[key] = answer
            self.bytes += key.size + len(answer.body)
            while self.bytes > self._most:
                old, forgotten = self._answers.popitem(last=False)
                self.bytes -= old.size + len(forgotten.body)


class AnswerCache(Cache[Key, Kept]):
    """Finished answers of queries."""
