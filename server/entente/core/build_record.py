"""The record of builds: whether the sources that lie there are what is served.

Owns what became of the last try to build and load, for the log's readers, `/readyz` and
`/metrics`. Written by whoever builds, read from any thread.
"""

import threading
from datetime import UTC, datetime

from entente.core.metrics import Counter


class BuildRecord:
    """What became of the last build of a server that runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failure: str | None = None
        self.builds = Counter("entente_builds_total", "Builds, by what became of them.", "outcome")

    def succeed(self) -> None:
        """Note that what the sources give is loaded."""
        with self._lock:
            self._failure = None
        self.builds.add("loaded")

    def fail(self, reason: str) -> None:
        """Note that the sources were not built or not loaded.

        Args:
            reason: a clause for people, without paths of the machine.
        """
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            self._failure = f"{reason} ({moment})"
        self.builds.add("failed")

    @property
    def failure(self) -> str | None:
        """Why the last build is not served, and since when; `None` where it is."""
        with self._lock:
            return self._failure
