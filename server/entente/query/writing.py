"""The write service: the only way to change the graph while it is served.

Owns the queue before the writer process, its deadline and its death. Nothing is parsed in this
process. One write after another; each is published whole as the next revision, or refused.
"""

from collections.abc import Callable
from typing import Self

from entente.core.settings import Settings
from entente.core.writes import Change, WriteOutcome, WriteRequest
from entente.query.service import QueryService, never


class WriteService:
    """Changes the graph that a query service answers from; a context manager.

    Args:
        settings: limits of writes.
        service: started; it is reloaded with every revision before a write is answered.
    """

    def __init__(self, settings: Settings, service: QueryService) -> None:
        self._settings = settings
        self._service = service

    def start(self) -> None:
        """Start the writer process, which finishes or discards what a crash has left."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the writer; a write that is under way is finished or leaves no trace."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def revision(self) -> int:
        """The current revision, for If-Match and ETag."""
        return self._service.revision

    def write(
        self, request: WriteRequest, *, cancelled: Callable[[], bool] = never
    ) -> WriteOutcome:
        """Do one write; when this returns, queries see it and it survives a crash.

        Raises:
            QuerySyntaxError, QueryRefused: the text is no update, or one that is not done here.
            MalformedDocument: a document cannot be read.
            ReadOnly: a generated graph was to be changed.
            RevisionConflict: `if_match` has not the current revision.
            NotFound: a graph was to be deleted or patched that does not exist.
            WriteRefused: it breaks a shape or contradicts itself.
            LimitExceeded: time, memory or the queue.
            StoreError: the disk is full or cannot be written; the old revision is served on.
        """
        raise NotImplementedError

    def graph_exists(self, graph: str) -> bool:
        """Tell whether a graph has a triple; the default graph (`DEFAULT`) always exists."""
        raise NotImplementedError

    def changes(self, *, after: int = 0, limit: int = 100) -> tuple[Change, ...]:
        """Give the newest changes of the log, newest first, of revisions above `after`."""
        raise NotImplementedError

    def patch_of(self, revision: int) -> bytes:
        """Give the RDF patch of one change.

        Raises:
            NotFound: no change has that revision.
        """
        raise NotImplementedError
