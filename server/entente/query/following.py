"""Following: a server that answers from whichever snapshot is current.

Owns the one thread that looks at the link `current`, so that a build that another process loads, a
restored backup or a writer's revision is served without a restart and without a dropped request.
"""

import logging
import threading
from typing import Final, Self

from entente.core.errors import StoreError
from entente.query.service import QueryService
from entente.store.snapshots import Snapshots

SECONDS: Final = 1.0

_LOG: Final = logging.getLogger(__name__)


class Follower:
    """Reloads a query service when the current snapshot changes; a context manager."""

    def __init__(
        self, service: QueryService, snapshots: Snapshots, *, seconds: float = SECONDS
    ) -> None:
        self._service = service
        self._snapshots = snapshots
        self._seconds = seconds
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._follow, name="entente-follower", daemon=True)

    def look(self) -> None:
        """Look now; may be called from any thread."""
        self._wake.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def _follow(self) -> None:
        failed: tuple[int, str] | None = None
        while not self._stopping:
            self._wake.wait(self._seconds)
            self._wake.clear()
            if self._stopping:
                return
            revision = 0
            try:
                revision = self._snapshots.current_revision()
                if revision != self._service.revision:
                    self._service.reload()
                    _LOG.info("a new revision is served", extra={"fields": {"revision": revision}})
            except StoreError as error:
                if failed != (revision, str(error)):  # once; it is tried again and again
                    _LOG.error("the new revision cannot be opened: %s", error)
                failed = (revision, str(error))
