"""The keeper: the one thread that starts readers, reaps them and watches the clock.

Owns the life of readers outside their queries. Deadlines are held by who waits for an answer; the
keeper ends those queries whose client is too slow to notice. It must not fail: what it cannot do
now it tries again.
"""

import threading
import time
from typing import Final

from entente.core.errors import StoreError
from entente.query.crew import Crew
from entente.query.lanes import part_lanes
from entente.query.reader import KilledAtStart, Reader

TICK_SECONDS: Final = 0.1
STARTING_TICK_SECONDS: Final = 0.005
RETRY_SECONDS: Final = 1.0
KILLED_IN_A_ROW: Final = 8
"""After so many the cause is not somebody who kills, but memory that is short."""


class Keeper:
    """Keeps a crew at its size until it is told to stop."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._killed = 0  # readers in a row, each as it started
        self._thread = threading.Thread(target=self._keep, name="entente-keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the end, which `Crew.stopping` brings."""
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        crew = self._crew
        while not crew.stopping:
            crew.work.wait(STARTING_TICK_SECONDS if crew.starting else TICK_SECONDS)
            crew.work.clear()
            self._end_overdue()
            if crew.lanes:
                with crew.lock:
                    part_lanes(crew)
            self._close_gone()
            self._start_missing()
            self._welcome()
        with crew.lock:
            crew.stopped = True
            last, busy = crew.all_at_rest(), list(crew.busy)
        for reader in last:
            reader.close()
        for reader in busy:
            reader.reap()  # whoever reads from it closes it

    def _end_overdue(self) -> None:
        now = time.monotonic()
        with self._crew.lock:
            for reader in self._crew.busy:
                if reader.deadline < now:
                    reader.kill("time")

    def _close_gone(self) -> None:
        with self._crew.lock:
            gone = self._crew.gone()
        for reader in gone:
            reader.close()

    def _start_missing(self) -> None:
        crew = self._crew
        if time.monotonic() < crew.retry_at:
            return
        with crew.lock:
            crew.send_ahead()
            missing = crew.missing()
        for plan in missing:
            try:
                reader = Reader(plan, forks=crew.forks)
            except OSError as error:
                with crew.changed:
                    crew.failure = StoreError(f"a reader cannot be started: {error}")
                    crew.retry_at = time.monotonic() + RETRY_SECONDS
                    crew.changed.notify_all()
                return
            with crew.lock:
                crew.starting.append(reader)

    def _welcome(self) -> None:
        crew = self._crew
        for reader in tuple(crew.starting):
            failure = None
            try:
                if not reader.try_ready():
                    continue
            except StoreError as error:
                failure = error
            self._killed = self._killed + 1 if isinstance(failure, KilledAtStart) else 0
            with crew.changed:
                crew.starting.remove(reader)
                if failure is None:
                    crew.admit(reader)
                elif 0 < self._killed <= KILLED_IN_A_ROW:
                    crew.dead.append(reader)  # another takes its place, and who waits does so
                else:
                    crew.reject(reader, failure, retry_at=time.monotonic() + RETRY_SECONDS)
                crew.changed.notify_all()
