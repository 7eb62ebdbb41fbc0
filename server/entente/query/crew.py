"""The crew: which readers there are, what each does, and who waits for one.

Owns the state that the pool and its keeper share, and the lock over it. Every method that is named
without a remark is called with the lock held.
"""

import threading
from collections import deque
from typing import Final

from entente.core.errors import StoreError
from entente.query.forking import ForkServer
from entente.query.limits import ReaderPlan
from entente.query.reader import Reader

FOREVER: Final = float("inf")


class Place:
    """A place in the queue; the reader is put in by whoever frees one."""

    def __init__(self) -> None:
        self.reader: Reader | None = None
        self.served = threading.Event()


class Crew:
    """The readers of a pool.

    Attributes:
        plan: what queries are answered from.
        lanes: whether long queries step aside.
        forks: forks readers, where that can be done.
        next_plan: what one reader goes ahead to open, for all others to follow.
        starting: not yet ready, of either plan.
        idle: ready, of the present plan.
        busy: at work, of the present plan or an older one.
        dead: to be closed by the keeper.
        failure: why the last reader that was started did not get ready.
        next_failure: the same of the one that went ahead.
    """

    def __init__(
        self, plan: ReaderPlan, *, size: int, lanes: bool, forks: ForkServer | None
    ) -> None:
        self.plan = plan
        self.lanes: Final = lanes
        self.forks: Final = forks
        self.next_plan: ReaderPlan | None = None
        self.size: Final = size
        self.starting: list[Reader] = []
        self.idle: list[Reader] = []
        self.busy: set[Reader] = set()
        self.dead: list[Reader] = []
        self.places: deque[Place] = deque()
        self.failure: StoreError | None = None
        self.next_failure: StoreError | None = None
        self.retry_at = 0.0
        self.stopping = False
        self.stopped = False
        self.lock: Final = threading.Lock()
        self.changed: Final = threading.Condition(self.lock)
        self.work: Final = threading.Event()  # set, with or without the lock, to wake the keeper

    @property
    def able(self) -> bool:
        """Whether a reader is there, at rest, at work or on its way from one plan to another."""
        return bool(self.idle or self.busy or any(reader.goes_over for reader in self.starting))

    def offer(self, reader: Reader) -> None:
        """Give a ready reader to who waits longest, or let it rest."""
        reader.deadline = reader.began = FOREVER
        if self.places:
            place = self.places.popleft()
            place.reader = reader
            self.busy.add(reader)
            place.served.set()
        else:
            self.idle.append(reader)

    def admit(self, reader: Reader) -> None:
        """Take a reader that is ready into service; the first of the next plan brings it in."""
        if reader.plan is self.next_plan:
            self._switch(self.next_plan)
        if reader.plan is not self.plan:
            self.update(reader)
        elif self._count(self.plan) >= self.size:
            self.dead.append(reader)  # others have come meanwhile
        else:
            self.failure = None
            self.offer(reader)

    def update(self, reader: Reader) -> None:
        """Send a reader of an older plan, which is at rest, over to the present one."""
        if reader.plan.leads_to(self.plan) and reader.go_over(self.plan):
            self.starting.append(reader)
            self.work.set()
        else:
            self.dead.append(reader)

    def send_ahead(self) -> None:
        """Send a reader at rest to open the next plan, if one can."""
        plan = self.next_plan
        if plan is None or any(reader.plan is plan for reader in self.starting):
            return
        for reader in self.idle:
            if reader.plan.leads_to(plan):
                self.idle.remove(reader)
                (self.starting if reader.go_over(plan) else self.dead).append(reader)
                return

    def reject(self, reader: Reader, failure: StoreError, *, retry_at: float) -> None:
        """Note that a new reader did not get ready."""
        self.dead.append(reader)
        if reader.plan is self.next_plan:
            self.next_failure, self.retry_at = failure, retry_at
        elif reader.plan is self.plan:
            self.failure, self.retry_at = failure, retry_at

    def drop_next_plan(self) -> None:
        """Stay with the present plan."""
        self.next_plan, self.next_failure, self.retry_at = None, None, 0.0

    def missing(self) -> list[ReaderPlan]:
        """Give a plan for each reader to be started; one that stepped aside is replaced."""
        plan, ahead = self.plan, self.next_plan
        if ahead is None:
            return [plan] * (self.size - self._count(plan))
        # the one that went ahead is soon followed by the others
        first = [] if self._count(ahead) else [ahead]
        return [plan] * (self.size - 1 - self._count(plan)) + first

    def _count(self, plan: ReaderPlan) -> int:
        """Count the readers of a plan, those included that go over to it after a short query."""
        there = (*self.starting, *self.idle, *self.busy)
        follow = self.busy if self.lanes and plan is self.plan else ()
        return sum(
            reader.plan is plan or (reader in follow and reader.plan.leads_to(plan))
            for reader in there
            if reader.killed_for is None and not reader.aside
        )

    def gone(self) -> list[Reader]:
        """Take out the readers that must be closed: dead ones, and those nobody reads from."""
        died = [reader for reader in self.idle if not reader.alive]
        left = [reader for reader in self.busy if reader.abandoned]
        self.idle = [reader for reader in self.idle if reader not in died]
        self.busy.difference_update(left)
        gone = [*self.dead, *died, *left]
        self.dead = []
        return gone

    def all_at_rest(self) -> list[Reader]:
        """Take out all readers but those at work."""
        last = [*self.starting, *self.idle, *self.dead]
        self.starting, self.idle, self.dead = [], [], []
        return last

    def _switch(self, plan: ReaderPlan) -> None:
        self.plan, self.next_plan = plan, None
        old, self.idle = self.idle, []
        for reader in old:
            self.update(reader)
