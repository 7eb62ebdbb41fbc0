"""The crew: which readers there are, what each does, and who waits for one.

Owns the state that the pool and its keeper share, and the lock over it. Every method that is named
without a remark is called with the lock held.
"""

import threading
from collections import deque
from typing import Final

from entente.core.errors import StoreError
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
        next_plan: what readers are started for, to replace all others at once.
        starting: not yet ready, of either plan.
        fresh: ready, of the next plan.
        idle: ready, of the present plan.
        busy: at work, of the present plan or an older one.
        dead: to be closed by the keeper.
        failure: why the last reader that was started did not get ready.
    """

    def __init__(self, plan: ReaderPlan, *, size: int, lanes: bool) -> None:
        self.plan = plan
        self.lanes: Final = lanes
        self.next_plan: ReaderPlan | None = None
        self.size: Final = size
        self.starting: list[Reader] = []
        self.fresh: list[Reader] = []
        self.idle: list[Reader] = []
        self.busy: set[Reader] = set()
        self.dead: list[Reader] = []
        self.places: deque[Place] = deque()
        self.failure: StoreError | None = None
        self.retry_at = 0.0
        self.stopping = False
        self.stopped = False
        self.lock: Final = threading.Lock()
        self.changed: Final = threading.Condition(self.lock)
        self.work: Final = threading.Event()  # set, with or without the lock, to wake the keeper

    @property
    def able(self) -> bool:
        """Whether a reader is there, at rest or at work."""
        return bool(self.idle or self.busy)

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
        """Take a new reader into service; the last one of the next plan replaces all old ones."""
        if reader.plan is self.plan:
            self.failure = None
            self.offer(reader)
        elif reader.plan is self.next_plan:
            self.fresh.append(reader)
            if len(self.fresh) >= self.size:
                self._switch(self.next_plan)
        else:
            self.dead.append(reader)

    def reject(self, reader: Reader, failure: StoreError, *, retry_at: float) -> None:
        """Note that a new reader did not get ready."""
        self.dead.append(reader)
        if reader.plan is (self.next_plan or self.plan):
            self.failure, self.retry_at = failure, retry_at

    def drop_next_plan(self) -> None:
        """Stay with the present plan."""
        self.next_plan, self.failure, self.retry_at = None, None, 0.0
        self.dead += self.fresh
        self.fresh = []

    def missing(self) -> list[ReaderPlan]:
        """Give a plan for each reader to be started; one that stepped aside is replaced."""
        there = (*self.starting, *self.fresh, *self.idle, *self.busy)
        living = [reader.plan for reader in there if reader.killed_for is None and not reader.aside]
        wanted = [plan for plan in (self.plan, self.next_plan) if plan is not None]
        return [
            plan for plan in wanted for _ in range(self.size - sum(each is plan for each in living))
        ]

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
        last = [*self.starting, *self.fresh, *self.idle, *self.dead]
        self.starting, self.fresh, self.idle, self.dead = [], [], [], []
        return last

    def _switch(self, plan: ReaderPlan) -> None:
        self.plan, self.next_plan = plan, None
        self.dead += self.idle
        fresh, self.idle, self.fresh = self.fresh, [], []
        for reader in fresh:
            self.offer(reader)
