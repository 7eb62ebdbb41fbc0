"""Warming: standbys are ready before somebody asks, at the start and after each new revision.

Owns the one thread that watches the revision. It waits until a revision has stood for a moment, so
that a row of writes does not start a process for each; a question that comes before finds none
ready and starts it itself. A standby that cannot be made ready is told in the log and tried again
with the next revision.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Final, Self

from entente.core.errors import EntenteError
from entente.query.service import QueryService
from entente.query.standby import Standby

QUIET_SECONDS: Final = 1.0
"""How long a revision must have stood."""

_LOG: Final = logging.getLogger(__name__)


class Warmer:
    """Keeps standbys at the revision that is served; a context manager.

    Args:
        service: whose revision counts.
        standbys: the processes.
        seconds: how long a revision must have stood.
    """

    def __init__(
        self, service: QueryService, standbys: Sequence[Standby], *, seconds: float = QUIET_SECONDS
    ) -> None:
        self._service = service
        self._standbys = standbys
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="entente-warmer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def _watch(self) -> None:
        warm = seen = None
        while not self._ended.wait(self._seconds):
            try:
                revision = self._service.revision
                if revision == seen != warm:
                    warm = revision
                    for standby in self._standbys:
                        self._ready(standby)
                seen = revision
            except EntenteError as error:
                self._warn(error)

    def _ready(self, standby: Standby) -> None:
        """Make a standby ready; one that fails keeps no other waiting for the next revision."""
        try:
            standby.ready()
        except EntenteError as error:
            self._warn(error)

    def _warn(self, error: EntenteError) -> None:
        if not self._ended.is_set():
            _LOG.warning("a standby cannot be made ready: %s", error)
