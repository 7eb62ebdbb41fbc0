"""A standby: one process for special work, started when first needed, at the current revision.

Owns when the process starts, follows a new revision and ends; what it is asked belongs to the
services that hold one.
"""

import threading

from entente.query.limits import QueryLimits, ReaderPlan
from entente.query.pool import Pool
from entente.query.service import QueryService


class Standby:
    """A pool of one process.

    Args:
        service: whose current snapshot the process opens; it stops the process when it stops.
        program: module that the process runs.
        memory: what it may take above its start, in MiB.
        queue: how many jobs may wait for it.
        limits: what its guard holds texts to; the guard's own defaults when not given.
        lanes: whether work that takes long steps aside, and another process takes its place.
    """

    def __init__(
        self,
        service: QueryService,
        *,
        program: str,
        memory: int,
        queue: int,
        limits: QueryLimits | None = None,
        lanes: bool = False,
    ) -> None:
        self._service = service
        self._program = program
        self._memory = memory
        self._queue = queue
        self._limits = limits or QueryLimits()
        self._lanes = lanes
        self._pool: Pool | None = None
        self._lock = threading.Lock()
        service.attend(self.stop)

    @property
    def running(self) -> bool:
        """Whether there is a process now."""
        return self._pool is not None and self._pool.ready

    @property
    def revision(self) -> int | None:
        """Revision that the process answers from; `None` where there is no process."""
        pool = self._pool
        return None if pool is None else pool.revision

    def ready(self) -> Pool:
        """Give the pool of the current revision; it is started where there is none."""
        with self._lock:
            snapshot = self._service.snapshot
            plan = ReaderPlan(
                place=str(snapshot.quads.resolve()),
                revision=snapshot.revision,
                program=self._program,
                memory=self._memory,
                limits=self._limits,
            )
            if self._pool is None:
                pool = Pool(plan, size=1, queue=self._queue, lanes=self._lanes)
                pool.start()
                self._pool = pool
            elif self._pool.revision != plan.revision:
                self._pool.renew(plan)
            return self._pool

    def stop(self) -> None:
        """End the process; it starts again when it is needed."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
