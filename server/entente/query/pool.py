"""The pool: readers, the queue before them, and the clock over them.

Owns who runs when (first come, first served), until when (from arrival to last byte), and what
follows a death: the query fails with a clear limit, a new reader takes the place. Must not fork:
that is not safe beside threads; readers are forked by the fork server, or started one by one.
"""

import contextlib
import time
from collections.abc import Callable
from typing import Final, Self

from entente.core.errors import Cancelled, LimitExceeded, StoreError
from entente.core.messages import Job
from entente.query.companion import POLL_SECONDS
from entente.query.crew import Crew, Place
from entente.query.forking import ForkServer
from entente.query.keeper import Keeper
from entente.query.limits import ReaderPlan
from entente.query.reader import NotBegun, Reader
from entente.query.run import Fetching, Run

LONG_SECONDS: Final = 0.1
SWOLLEN: Final = 128 * 1024 * 1024
"""A reader that holds so much more than at its start is replaced, to give the memory back."""


class Pool:
    """A number of readers of one plan; a context manager.

    Args:
        plan: what they read, and how.
        size: how many are kept for new queries.
        queue: how many queries may wait for one.
        lanes: whether a query that takes long steps aside, and another reader takes its place.
        fetching: asks other servers for readers, if that is done.
        forks: forks the readers; they are started one by one when not given.
    """

    def __init__(
        self,
        plan: ReaderPlan,
        *,
        size: int,
        queue: int,
        lanes: bool = False,
        fetching: Fetching | None = None,
        forks: ForkServer | None = None,
    ) -> None:
        self._crew = Crew(plan, size=size, lanes=lanes, forks=forks)
        self._keeper = Keeper(self._crew)
        self._queue = queue
        self._fetching = fetching

    def start(self, *, timeout: float = 30.0) -> None:
        """Start the readers and wait for the first.

        Raises:
            StoreError: no reader came up.
        """
        crew = self._crew
        crew.work.set()
        self._keeper.start()
        with crew.changed:
            crew.changed.wait_for(lambda: crew.failure or crew.able, timeout)
            if crew.able:
                return
            failure = crew.failure or StoreError(f"no reader was ready within {timeout:g} s")
        self.stop()
        raise failure

    def stop(self) -> None:
        """End all readers; queries that run or wait fail as cancelled."""
        crew = self._crew
        with crew.changed:
            crew.stopping = True
            for reader in crew.busy:
                reader.kill("stopped")
            for place in crew.places:
                place.served.set()
            crew.places.clear()
            crew.changed.notify_all()
        crew.work.set()
        self._keeper.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def revision(self) -> int:
        """Revision that new queries are answered from."""
        return self._crew.plan.revision

    @property
    def ready(self) -> bool:
        """Whether a query would find a reader."""
        with self._crew.lock:
            return self._crew.able and not self._crew.stopping

    @property
    def processes(self) -> tuple[int, ...]:
        """Numbers of the processes that are ready or at work."""
        with self._crew.lock:
            return tuple(reader.process for reader in (*self._crew.idle, *self._crew.busy))

    def run(self, job: Job, *, seconds: float, cancelled: Callable[[], bool]) -> Run:
        """Wait for a reader and start a query.

        Args:
            job: the query.
            seconds: from now to the last byte, the time in the queue included.
            cancelled: asked about every 50 ms; true gives the query up.

        Raises:
            QueryError: the query failed before its first chunk.
            StoreError: there is no reader, and none comes up.
        """
        deadline = time.monotonic() + seconds
        while True:
            reader = self._acquire(deadline, seconds, cancelled)
            if reader.give(job):
                with contextlib.suppress(NotBegun):
                    return Run(self, reader, cancelled, fetching=self._fetching)
            else:
                self.bury(reader)

    def renew(self, plan: ReaderPlan, *, timeout: float = 30.0) -> None:
        """Answer from another plan, as soon as one reader has opened it.

        Readers go over in place where only the snapshot is another. Queries that run are answered
        to their end from the plan they began with; those that come meanwhile wait for a moment.

        Raises:
            StoreError: the new readers did not come up; the old ones go on.
        """
        crew = self._crew
        with crew.changed:
            crew.next_plan, crew.next_failure, crew.retry_at = plan, None, 0.0
            crew.work.set()
            crew.changed.wait_for(
                lambda: crew.plan is plan or crew.next_failure or crew.stopping, timeout
            )
            if crew.plan is plan:
                return
            failure = crew.next_failure or StoreError(f"no reader was ready within {timeout:g} s")
            crew.drop_next_plan()
        crew.work.set()
        raise failure

    def release(self, reader: Reader, *, seconds: float) -> None:
        """Take a reader back whose answer is whole; one that is spoiled is replaced."""
        crew = self._crew
        swollen = seconds > LONG_SECONDS and reader.resident() > reader.resident_at_start + SWOLLEN
        with crew.lock:
            reader.deadline = reader.began = float("inf")
            spoiled = reader.killed_for is not None or reader.aside or swollen
            if not spoiled and not crew.stopping and reader.plan is crew.plan:
                crew.busy.discard(reader)
                crew.offer(reader)
                return
            if not spoiled and not crew.stopping and crew.lanes:
                crew.busy.discard(reader)
                crew.update(reader)
                return
        self.bury(reader)

    def bury(self, reader: Reader) -> None:
        """Take a reader back that is dead or must die."""
        crew = self._crew
        with crew.lock:
            crew.busy.discard(reader)
            stopped = crew.stopped
            if not stopped:
                crew.dead.append(reader)
        if stopped:
            reader.close()
        else:
            crew.work.set()

    def _acquire(self, deadline: float, seconds: float, cancelled: Callable[[], bool]) -> Reader:
        """Take a reader, or a place in the queue until one is free."""
        crew = self._crew
        with crew.lock:
            reader = None if crew.stopping else self._idle_reader()
            if reader is None:
                place = self._queue_up()
        while reader is None:
            left = deadline - time.monotonic()
            served = place.served.wait(max(0.0, min(POLL_SECONDS, left)))
            given_up = not served and cancelled()
            with crew.lock:
                reader = place.reader
                failure = None if crew.able else crew.failure
                if reader is not None or (left > 0 and not (failure or served or given_up)):
                    continue
                with contextlib.suppress(ValueError):
                    crew.places.remove(place)
            if failure is not None:
                raise failure
            if served or given_up:
                raise Cancelled("the server stops" if served else "the query was given up")
            raise LimitExceeded(f"no reader was free within {seconds:g} s", limit="time")
        reader.begin(deadline, seconds)
        return reader

    def _idle_reader(self) -> Reader | None:
        crew = self._crew
        while crew.idle:
            reader = crew.idle.pop()
            if reader.alive:
                crew.busy.add(reader)
                return reader
            crew.dead.append(reader)
        return None

    def _queue_up(self) -> Place:
        crew = self._crew
        if crew.stopping:
            raise Cancelled("the server stops")
        if len(crew.places) >= self._queue:
            raise LimitExceeded(
                f"{len(crew.places)} queries wait already; try again soon", limit="queue"
            )
        place = Place()
        crew.places.append(place)
        crew.work.set()
        return place
