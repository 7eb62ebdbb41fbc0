"""The query service: the only way to ask the graph anything.

Owns the path of a question: its limits, its reader, its answer. Nothing is parsed or evaluated in
this process; what a user wrote goes to a reader as it is. The web, the commands and the pages use
this class and nothing behind it.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from entente.core.errors import Cancelled, EntenteError, StoreError
from entente.core.messages import Job
from entente.core.places import project_root
from entente.core.settings import Settings
from entente.query.answer import Answer, FreshAnswer, KeptAnswer
from entente.query.cache import PAGES_PART, AnswerCache, is_repeatable, key_of
from entente.query.fetching import Fetching
from entente.query.forking import ForkServer, can_fork
from entente.query.guard import require_length
from entente.query.library import QueryLibrary, Value
from entente.query.limits import Federation, QueryLimits, ReaderPlan
from entente.query.pool import Pool
from entente.query.register import Register, outcome_of
from entente.query.results import Row, read_boolean, read_rows
from entente.store.snapshot import Hold, Snapshot
from entente.store.snapshots import Snapshots


def never() -> bool:
    """Say that nobody gave up."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRequest:
    """A query as a client asked it.

    `results_format` and `graph_format` are names of `entente.core.media`, `None` where the client
    accepts none. `timeout` is in seconds and can only shorten the server's own. `client` names who
    asks, for the register; an answer is shared by those with the same `audience`.
    """

    query: str
    results_format: str | None = "json"
    graph_format: str | None = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    base_iri: str | None = None
    client: str | None = None
    audience: str | None = None


class QueryService:
    """Answers queries from the current snapshot; a context manager.

    Args:
        settings: limits and the number of readers.
        snapshots: where the current snapshot is found.
        queries: folder of the query library; that of the project when not given.
        forks: forks the readers, where another service shares what it has.
    """

    def __init__(
        self,
        settings: Settings,
        snapshots: Snapshots,
        *,
        queries: Path | None = None,
        forks: ForkServer | None = None,
    ) -> None:
        self._settings = settings
        self._snapshots = snapshots
        self._limits = QueryLimits.of(settings)
        self._pool: Pool | None = None
        self._hold: Hold | None = None
        self.since = 0.0  # when the revision began to be served, in seconds of the epoch
        self._attendants: list[Callable[[], None]] = []
        self._reloading = threading.Lock()
        self._shares = forks is not None
        self.forks = forks or (ForkServer() if can_fork() else None)
        self.register = Register()
        self.cache = AnswerCache(settings.cache_bytes - settings.cache_bytes // PAGES_PART)
        self.fetching = Fetching(settings) if settings.services else None
        self.library = QueryLibrary(queries or project_root() / "queries")

    def start(self) -> None:
        """Open the current snapshot.

        Raises:
            StoreError: there is none, or no reader came up.
        """
        hold = self._snapshots.hold()
        pool = Pool(
            self._plan(hold),
            size=self._settings.readers,
            queue=self._settings.query_queue,
            lanes=True,
            fetching=self.fetching,
            forks=self.forks,
        )
        try:
            pool.start()
        except StoreError:
            hold.release()
            self._stop_forking()
            raise
        self._pool, self._hold, self.since = pool, hold, time.time()

    def stop(self) -> None:
        """End all queries and readers."""
        for stop in self._attendants:
            stop()
        if self.fetching is not None:
            self.fetching.stop()
        if self._pool is not None:
            self._pool.stop()
        self._stop_forking()
        if self._hold is not None:
            self._hold.release()
        self._pool = self._hold = None

    def _stop_forking(self) -> None:
        if self.forks is not None and not self._shares:
            self.forks.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reload(self) -> int:
        """Answer from the snapshot that is current now; queries that run are not disturbed.

        Returns:
            The revision.

        Raises:
            StoreError: it cannot be opened; the old one is served on.
        """
        with self._reloading:
            return self._reload()

    def _reload(self) -> int:
        hold = self._snapshots.hold()
        if hold.snapshot.revision == self.revision:
            hold.release()
            return self.revision
        try:
            self._running().renew(self._plan(hold))
        except StoreError:
            hold.release()
            raise
        if self._hold is not None:
            self._hold.release()
        self._hold, self.since = hold, time.time()
        return self.revision

    @property
    def revision(self) -> int:
        """Number of the snapshot that new queries are answered from."""
        return self._running().revision

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that new queries are answered from."""
        if self._hold is None:
            raise StoreError("the query service is not started")
        return self._hold.snapshot

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def attend(self, stop: Callable[[], None]) -> None:
        """Call something when the service stops: what lives from its snapshot ends with it."""
        self._attendants.append(stop)

    def ready(self) -> bool:
        """Tell whether a query would find a reader."""
        return self._pool is not None and self._pool.ready

    def open_query(self, request: QueryRequest, *, cancelled: Callable[[], bool] = never) -> Answer:
        """Start a query and wait for the first part of its answer.

        Args:
            request: the query and how it is to be answered.
            cancelled: asked about every 50 ms; true ends the query.

        Raises:
            QueryError: the query failed; once this has returned, the chunks raise instead.
            StoreError: the store cannot be read.
        """
        limit = self._settings.query_seconds
        seconds = limit if request.timeout is None else min(limit, max(0.0, request.timeout))
        require_length(request.query, self._limits)
        job = Job(
            id=os.urandom(8).hex(),
            query=request.query,
            results_format=request.results_format,
            graph_format=request.graph_format,
            default_graphs=request.default_graphs,
            named_graphs=request.named_graphs,
            base_iri=request.base_iri,
            max_bytes=self._settings.result_bytes,
            max_rows=self._settings.result_rows,
        )
        key = key_of(job, revision=self.revision, audience=request.audience)
        repeatable = is_repeatable(request.query)
        kept = self.cache.find(key) if repeatable else None
        if kept is not None:
            return KeptAnswer(job.id, kept, revision=key.revision)
        entry = self.register.enter(job.id, request.query, client=request.client)
        try:
            run = self._running().run(
                job, seconds=seconds, cancelled=lambda: entry.ended or cancelled()
            )
        except EntenteError as error:
            self.register.leave(entry, outcome_of(error))
            if entry.ended and isinstance(error, Cancelled):
                raise Cancelled("the query was ended by its holder") from error
            raise
        cache = self.cache if repeatable else None
        return FreshAnswer(run, entry, register=self.register, cache=cache, key=key)

    def rows(self, name: str, **values: Value) -> list[Row]:
        """Run a SELECT of the query library.

        Args:
            name: `folder/name` of the file.
            values: terms, or tuples of terms, for its parameters.

        Raises:
            NotFound: there is no such query.
            QueryRefused: a value is not a term that SPARQL can write.
        """
        return read_rows(self._read(name, values))

    def holds(self, name: str, **values: Value) -> bool:
        """Run an ASK of the query library; see `rows`."""
        return read_boolean(self._read(name, values))

    def _read(self, name: str, values: dict[str, Value]) -> bytes:
        query = self.library.get(name).with_values(values)
        with self.open_query(QueryRequest(query=query)) as answer:
            return answer.read()

    def _plan(self, hold: Hold) -> ReaderPlan:
        return ReaderPlan(
            place=str(hold.snapshot.quads.resolve()),
            revision=hold.snapshot.revision,
            memory=self._settings.query_memory,
            limits=self._limits,
            federation=Federation.of(self._settings),
        )

    def _running(self) -> Pool:
        if self._pool is None:
            raise StoreError("the query service is not started")
        return self._pool
