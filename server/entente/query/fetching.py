"""Fetching: the way from a reader's wish to another server's bytes, and back to the reader.

Owns the pool of fetcher processes, which is started when SERVICE is first asked for, and the
counts of what became of each. Relays bytes and reads none of them.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator

from entente.core.errors import LimitExceeded, RemoteFailed, StoreError
from entente.core.messages import Chunk, End, Job, Message, Note
from entente.core.metrics import Counter
from entente.core.settings import Settings
from entente.query.limits import Federation, ReaderPlan
from entente.query.pool import Pool
from entente.query.worker import describe

PROGRAM = "entente.query.fetcher"
MEMORY = 128


class Fetching:
    """Asks other servers for readers.

    Args:
        settings: which may be asked, for how long and for how much.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._federation = Federation.of(settings)
        self._pool: Pool | None = None
        self._lock = threading.Lock()
        self.counted = Counter(
            "entente_services_total", "Other servers asked by SERVICE, by outcome.", "outcome"
        )

    def __call__(
        self, wish: Note, *, deadline: float, cancelled: Callable[[], bool]
    ) -> Iterator[Message]:
        """Do what a reader wishes; gives what it is to be told.

        Args:
            wish: with `endpoint` and `query`.
            deadline: of the reader's own job, on the monotonic clock.
            cancelled: true gives up.

        Raises:
            Cancelled: nobody waits any more.
        """
        seconds = min(self._federation.seconds, max(0.0, deadline - time.monotonic()))
        job = Job(
            id="service", query=json.dumps(dict(wish.fields)), max_bytes=self._federation.length
        )
        outcome = "failed"
        try:
            run = self._running().run(job, seconds=seconds, cancelled=cancelled)
            yield run.head
            for part in run:
                yield Chunk(part)
            yield End(seconds=run.seconds)
            outcome = "answered"
        except LimitExceeded as error:
            late = error.limit in ("time", "queue")
            detail = f"it took longer than {seconds:.3g} s"
            yield describe(RemoteFailed(detail, late=True) if late else error)
        except (RemoteFailed, StoreError) as error:
            yield describe(error)
        finally:
            self.counted.add(outcome)

    def stop(self) -> None:
        """End the fetchers; they start again when they are needed."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()

    def _running(self) -> Pool:
        with self._lock:
            if self._pool is None:
                plan = ReaderPlan(
                    place="",
                    revision=0,
                    program=PROGRAM,
                    memory=MEMORY,
                    federation=self._federation,
                )
                pool = Pool(plan, size=self._settings.readers, queue=self._settings.query_queue)
                pool.start()
                self._pool = pool
            return self._pool
