"""The pool: readers, the queue before them, and the clock over them.

Owns who runs when (first come, first served), until when (from arrival to last byte), and what
follows a death: the query fails with a clear limit, a new reader takes the place. One thread, the
keeper, starts readers, reaps them and ends those whose client is too slow to notice the deadline.
Must not fork: readers are started with `subprocess`, which is safe beside threads.
"""

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Self

from entente.core.errors import Cancelled, LimitExceeded, StoreError
from entente.core.messages import Job
from entente.query.limits import ReaderPlan
from entente.query.reader import POLL_SECONDS, Reader
from entente.query.run import Run

TICK_SECONDS: Final = 0.1
RETRY_SECONDS: Final = 1.0
SWOLLEN: Final = 128 * 1024 * 1024
"""A reader that holds so much more than at its start is replaced, to give the memory back."""


class _Place:
    """A place in the queue; the reader is put in by whoever frees one."""

    def __init__(self) -> None:
        self.reader: Reader | None = None
        self.served = threading.Event()


class Pool:
    """A number of readers of one plan."""

    def __init__(self, plan: ReaderPlan, *, size: int, queue: int) -> None:
        self._plan = plan  # that queries are answered from
        self._next: ReaderPlan | None = None  # that readers are started for, to replace all others
        self._size = size
        self._queue = queue
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._starting: list[Reader] = []
        self._fresh: list[Reader] = []  # ready, of the next plan
        self._idle: list[Reader] = []
        self._busy: set[Reader] = set()
        self._dead: list[Reader] = []
        self._places: deque[_Place] = deque()
        self._failure: StoreError | None = None
        self._retry_at = 0.0
        self._stopping = False
        self._stopped = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._keeper = threading.Thread(target=self._keep, name="entente-keeper", daemon=True)

    def start(self, *, timeout: float = 30.0) -> None:
        """Start the readers and wait for the first.

        Raises:
            StoreError: no reader came up.
        """
        self._keeper.start()
        with self._changed:
            self._changed.wait_for(lambda: self._failure or self._idle or self._busy, timeout)
            if self._failure is None and (self._idle or self._busy):
                return
            failure = self._failure or StoreError(f"no reader was ready within {timeout:g} s")
        self.stop()
        raise failure

    def stop(self) -> None:
        """End all readers; queries that run or wait fail as cancelled."""
        with self._changed:
            self._stopping = True
            for reader in self._busy:
                reader.kill("stopped")
            for place in self._places:
                place.served.set()
            self._places.clear()
            self._changed.notify_all()
        self._nudge()
        if self._keeper.is_alive():
            self._keeper.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def revision(self) -> int:
        """Revision that new queries are answered from."""
        return self._plan.revision

    @property
    def ready(self) -> bool:
        """Whether a reader is there."""
        with self._lock:
            return bool(self._idle or self._busy) and not self._stopping

    @property
    def processes(self) -> tuple[int, ...]:
        """Numbers of the processes that live."""
        with self._lock:
            readers = (*self._idle, *self._busy, *self._fresh, *self._starting)
            return tuple(reader.process for reader in readers)

    def run(self, job: Job, *, deadline: float, cancelled: Callable[[], bool]) -> Run:
        """Wait for a reader and start a query.

        Args:
            job: the query.
            deadline: of the last byte, on the monotonic clock.
            cancelled: asked now and then; true gives the query up.

        Raises:
            QueryError: the query failed before its first chunk.
            StoreError: there is no reader, and none comes up.
        """
        while True:
            reader = self._acquire(deadline, cancelled)
            if reader.give(job):
                return Run(self, reader, cancelled)
            self.bury(reader)

    def renew(self, plan: ReaderPlan, *, timeout: float = 30.0) -> None:
        """Answer from another plan, all at once when its readers are ready.

        Queries that run are answered to their end from the plan they began with.

        Raises:
            StoreError: the new readers did not come up; the old ones go on.
        """
        with self._changed:
            self._next, self._failure, self._retry_at = plan, None, 0.0
            self._nudge()
            self._changed.wait_for(
                lambda: self._plan is plan or self._failure or self._stopping, timeout
            )
            if self._plan is plan:
                return
            failure = self._failure or StoreError(f"the readers were not ready in {timeout:g} s")
            self._next, self._failure, self._retry_at = None, None, 0.0
            self._dead += self._fresh
            self._fresh = []
        self._nudge()
        raise failure

    def release(self, reader: Reader, *, seconds: float) -> None:
        """Take a reader back whose answer is whole."""
        swollen = seconds > TICK_SECONDS and reader.resident() > reader.resident_at_start + SWOLLEN
        with self._lock:
            self._busy.discard(reader)
            reader.deadline = float("inf")
            spoiled = swollen or reader.killed_for is not None or reader.plan is not self._plan
            if not spoiled and not self._stopping:
                self._offer(reader)
                return
        self.bury(reader)

    def bury(self, reader: Reader) -> None:
        """Take a reader back that is dead or must die."""
        with self._lock:
            self._busy.discard(reader)
            stopped = self._stopped
            if not stopped:
                self._dead.append(reader)
        if stopped:
            reader.close()
        else:
            self._nudge()

    def _offer(self, reader: Reader) -> None:
        if self._places:
            place = self._places.popleft()
            place.reader = reader
            self._busy.add(reader)
            place.served.set()
        else:
            self._idle.append(reader)

    def _acquire(self, deadline: float, cancelled: Callable[[], bool]) -> Reader:
        with self._lock:
            if self._stopping:
                raise Cancelled("the server stops")
            while self._idle and not self._places:
                reader = self._idle.pop()
                if reader.alive:
                    self._busy.add(reader)
                    reader.deadline = deadline
                    return reader
                self._dead.append(reader)
            if len(self._places) >= self._queue:
                raise LimitExceeded(
                    f"{len(self._places)} queries wait already; try again soon", limit="queue"
                )
            place = _Place()
            self._places.append(place)
        while True:
            left = deadline - time.monotonic()
            served = place.served.wait(max(0.0, min(POLL_SECONDS, left)))
            with self._lock:
                if place.reader is not None:
                    place.reader.deadline = deadline
                    return place.reader
                failure = self._failure if not (self._busy or self._idle) else None
                if left > 0 and failure is None and not served and not cancelled():
                    continue
                with contextlib.suppress(ValueError):
                    self._places.remove(place)
            if failure is not None:
                raise failure
            if left <= 0:
                raise LimitExceeded("no reader was free within the time limit", limit="time")
            raise Cancelled("the server stops" if served else "the query was given up")

    def _nudge(self) -> None:
        with contextlib.suppress(OSError):
            os.eventfd_write(self._wake, 1)

    def _keep(self) -> None:
        """Start, reap, replace and end readers until the pool stops."""
        while not self._stopping:
            self._end_overdue()
            self._reap()
            self._start_missing()
            self._welcome()
            self._rest()
        with self._lock:
            self._stopped = True
            last = [*self._idle, *self._fresh, *self._starting, *self._dead]
            self._idle, self._fresh, self._starting, self._dead = [], [], [], []
        for reader in last:
            reader.close()  # those that are busy were killed; who reads them closes them
        os.close(self._wake)

    def _rest(self) -> None:
        poll = select.poll()
        poll.register(self._wake, select.POLLIN)
        for reader in self._starting:
            poll.register(reader.frames, select.POLLIN)
        poll.poll(1000 * TICK_SECONDS)
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        with self._lock:
            for reader in self._busy:
                if reader.deadline < now:
                    reader.kill("time")

    def _reap(self) -> None:
        with self._lock:
            died = [reader for reader in self._idle if not reader.alive]
            left = [reader for reader in self._busy if reader.abandoned]
            self._idle = [reader for reader in self._idle if reader not in died]
            self._busy.difference_update(left)
            gone = [*self._dead, *died, *left]
            self._dead = []
        for reader in gone:
            reader.close()

    def _start_missing(self) -> None:
        if time.monotonic() < self._retry_at:
            return
        with self._lock:
            there = (*self._starting, *self._fresh, *self._idle, *self._busy)
            living = [reader.plan for reader in there if reader.killed_for is None]
            plans = [plan for plan in (self._plan, self._next) if plan is not None]
        for plan in plans:
            for _ in range(self._size - sum(each is plan for each in living)):
                self._starting.append(Reader(plan))

    def _welcome(self) -> None:
        for reader in tuple(self._starting):
            try:
                if not reader.try_ready():
                    continue
                failure = None
            except StoreError as error:
                failure = error
            with self._changed:
                self._starting.remove(reader)
                if failure is None and reader.plan in (self._plan, self._next):
                    self._admit(reader)
                else:
                    self._dead.append(reader)
                if failure is not None and reader.plan is (self._next or self._plan):
                    self._failure = failure
                    self._retry_at = time.monotonic() + RETRY_SECONDS
                self._changed.notify_all()

    def _admit(self, reader: Reader) -> None:
        """Take a new reader into service; the last one of the next plan replaces the old."""
        if reader.plan is self._plan:
            self._failure = None
            self._offer(reader)
            return
        self._fresh.append(reader)
        if self._next is not None and len(self._fresh) >= self._size:
            self._plan, self._next = self._next, None
            self._dead += self._idle
            fresh, self._idle, self._fresh = self._fresh, [], []
            for each in fresh:
                self._offer(each)
