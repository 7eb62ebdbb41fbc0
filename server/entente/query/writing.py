"""The write service: the only way to change the graph while it is served.

Owns the queue before the writer process, its deadline and its death. Nothing is parsed in this
process. One write after another; each is published whole as the next revision, or refused.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from entente.core.errors import Cancelled, LimitExceeded, StoreError
from entente.core.settings import Settings
from entente.core.writes import Change, WriteOutcome, WriteRequest
from entente.query.companion import POLL_SECONDS
from entente.query.limits import QueryLimits
from entente.query.reader import NotBegun
from entente.query.register import Entry
from entente.query.scribe import DiedInCommit, Scribe
from entente.query.service import QueryService, never
from entente.query.writer import WriterPlan
from entente.store.snapshots import Snapshots

SHOWN_TRIES: Final = 5
KEPT_SECONDS: Final = 0.2
RETRY_SECONDS: Final = 5.0

_LOG: Final = logging.getLogger(__name__)


class WriteService:
    """Changes the graph that a query service answers from; a context manager.

    Args:
        settings: limits of writes.
        service: started; it is reloaded with every revision before a write is answered.
        rules: folder of the reasoner's rules; the project's own where `None`.
    """

    def __init__(
        self, settings: Settings, service: QueryService, *, rules: Path | None = None
    ) -> None:
        self._settings = settings
        self._service = service
        self._snapshots = Snapshots(
            settings.store, union=settings.default_graph == "union", kept=settings.snapshots
        )
        limits = QueryLimits.of(settings)
        self._plan = WriterPlan(
            folder=str(settings.store.resolve()),
            union=settings.default_graph == "union",
            kept=settings.snapshots,
            memory=settings.write_memory,
            rules=None if rules is None else str(rules),
            limits=QueryLimits(
                length=settings.write_bytes,
                nesting=limits.nesting,
                patterns=limits.patterns,
                chain=limits.chain,
            ),
        )
        self._scribe: Scribe | None = None
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._stopping = False

    def start(self) -> None:
        """Start the writer process, which finishes or discards what a crash has left.

        Raises:
            StoreError: the store cannot be written.
        """
        self._stopping = False
        self._living()
        self._service.reload()

    def begin(self) -> None:
        """Start the writer process behind the queue: writes wait for it, queries need not.

        One that dies is replaced at once, not when somebody writes; so is what it knows when
        another process makes a revision current. Where the store cannot be written that is told in
        the log, and each write tries again.
        """
        self._stopping = False
        threading.Thread(target=self._keep, name="entente-writer", daemon=True).start()

    def _keep(self) -> None:
        told = ""
        while not self._stopping:
            try:
                if not self._is_ready():
                    with self._turn(float("inf"), never):
                        self._make_ready()
                time.sleep(KEPT_SECONDS)
            except Cancelled:
                return  # the server stops
            except StoreError as error:
                if str(error) != told:
                    _LOG.error("writes have to wait: %s", error)
                told = str(error)
                time.sleep(RETRY_SECONDS)

    def _is_ready(self) -> bool:
        """Tell whether a writer is alive and knows the current revision."""
        scribe = self._scribe
        if scribe is None or not scribe.alive:
            return False
        return scribe.revision == self._snapshots.current_revision()

    def _make_ready(self) -> None:
        if self._scribe is None or not self._scribe.alive:
            self._living()
            self._service.reload()
        elif not self._is_ready():  # no write was faster
            self._scribe.follow(cancelled=lambda: self._stopping)

    def stop(self) -> None:
        """End the writer; a write that is under way is finished or leaves no trace."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting, self._settings.write_seconds)
        self._bury()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def revision(self) -> int:
        """The current revision, for If-Match and ETag."""
        return self._service.revision

    @property
    def process(self) -> int | None:
        """Number of the writer's process."""
        return None if self._scribe is None else self._scribe.process

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
            Cancelled: the client went away before the commit.
            StoreError: the disk is full or cannot be written; the old revision is served on.
        """
        limit = self._settings.write_seconds
        seconds = limit if request.timeout is None else min(limit, max(0.0, request.timeout))
        deadline = time.monotonic() + seconds
        text = request.text or f"{request.kind} {request.graph}"
        register = self._service.register
        with register.watch(
            request.number or os.urandom(8).hex(), text, client=request.who or None, kind="update"
        ) as entry:

            def given_up() -> bool:
                return entry.ended or cancelled()

            with self._turn(deadline, given_up):
                entry.form = request.kind
                outcome = self._write(request, deadline, given_up, entry)
                if outcome.published:
                    self._show(outcome.revision)
                return outcome

    def changes(self, *, after: int = 0, limit: int = 100) -> tuple[Change, ...]:
        """Give the newest changes of the log, newest first, of revisions above `after`."""
        entries = [entry for entry in self._snapshots.log.entries() if entry.revision > after]
        return tuple(entry.as_change() for entry in reversed(entries[-limit:]))

    def patch_of(self, revision: int) -> bytes:
        """Give the RDF patch of one change.

        Raises:
            NotFound: no change has that revision.
            StoreError: it is missing or altered.
        """
        log = self._snapshots.log
        return log.patch_of(log.find(revision))

    def _write(
        self,
        request: WriteRequest,
        deadline: float,
        cancelled: Callable[[], bool],
        entry: Entry,
    ) -> WriteOutcome:
        def committing() -> None:
            entry.committing = True

        def attempt() -> WriteOutcome:
            return self._living().write(
                request, deadline=deadline, cancelled=cancelled, committing=committing
            )

        last = self._snapshots.log.last
        try:
            try:
                return attempt()
            except NotBegun:
                self._bury()
                return attempt()
        except DiedInCommit:
            self._bury()
            self._living(given_up=never)  # which finishes or discards it
            found = self._snapshots.log.last
            if found is None or found == last:
                raise
            return WriteOutcome(
                revision=found.revision, published=True, added=found.added, removed=found.removed
            )

    def _living(self, *, given_up: Callable[[], bool] | None = None) -> Scribe:
        if self._scribe is not None and not self._scribe.alive:
            self._bury()
        if self._scribe is None:
            self._scribe = Scribe(self._plan, cancelled=given_up or (lambda: self._stopping))
        return self._scribe

    def _bury(self) -> None:
        scribe, self._scribe = self._scribe, None
        if scribe is not None:
            scribe.close()

    def _show(self, revision: int) -> None:
        """Let queries see what was published; a reader may be killed as it starts."""
        for _ in range(SHOWN_TRIES):
            try:
                self._service.reload()
                return
            except StoreError as error:
                reason = str(error)
        # it is published: the write stands, and whoever watches the store tries again
        fields = {"revision": revision, "reason": reason}
        _LOG.error("a published revision could not be opened", extra={"fields": fields})

    @contextmanager
    def _turn(self, deadline: float, cancelled: Callable[[], bool]) -> Iterator[None]:
        """Wait for one's turn: first come, first served."""
        ticket = object()
        with self._changed:
            if len(self._waiting) > self._settings.write_queue:
                raise LimitExceeded(
                    f"{len(self._waiting) - 1} writes wait already; try again soon", limit="queue"
                )
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        raise LimitExceeded("other writes took all the time", limit="time")
                    self._changed.wait(min(POLL_SECONDS, left))
                    if cancelled():
                        raise Cancelled("the write was given up; nothing has changed")
                if self._stopping:
                    raise Cancelled("the server stops")
            except BaseException:
                self._leave(ticket)
                raise
        try:
            yield
        finally:
            with self._changed:
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        self._waiting.remove(ticket)
        self._changed.notify_all()
