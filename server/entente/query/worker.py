"""The reader: a process that answers one query at a time from one snapshot.

Forked by `entente.query.fork_server`, or run as `python -m entente.query.worker PLAN`. Jobs come by
standard input, frames of `entente.core.messages` go by standard output. Owns the job loop and the
end when the parent ends. It may die at any moment by what a query does: the parent expects that.
Imports are kept few, for where each reader reads them anew.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import BinaryIO, Final

from entente.core.errors import (
    LimitExceeded,
    NotAcceptable,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    RemoteFailed,
    StoreError,
)
from entente.core.media import GRAPHS, RESULTS
from entente.core.messages import Chunk, End, Failure, Head, Job, Note, Ready, encode, read_message
from entente.query.confinement import (
    deny_network,
    die_with_parent,
    go_first_when_memory_is_short,
    limit_resources,
)
from entente.query.errand import open_output, run, send
from entente.query.guard import inspect
from entente.query.limits import Federation, QueryLimits, ReaderPlan
from entente.store.embedded import open_source
from entente.store.source import Question, Source

OPEN: Final = "open"
CHUNK: Final = 64 * 1024
DEEPEST: Final = 50_000


class FrameSink:
    """Cuts an answer into chunks; the head goes with the first, so errors before it are free."""

    def __init__(self, output: int, head: Head, max_bytes: int) -> None:
        self._output = output
        self._ready = bytearray(encode(head))
        self._waiting = bytearray()
        self._left = max_bytes
        self._max_bytes = max_bytes

    def write(self, part: bytes) -> int:
        """Take a part of the answer.

        Raises:
            LimitExceeded: the answer is longer than it may be.
        """
        self._left -= len(part)
        if self._left < 0:
            raise LimitExceeded(
                f"the answer is longer than {self._max_bytes} bytes; add LIMIT", limit="bytes"
            )
        self._waiting += part
        if len(self._waiting) >= CHUNK:
            self._pack()
            self._send()
        return len(part)

    def flush(self) -> None:
        """Do nothing: chunks are sent when they are full."""

    def end(self, seconds: float) -> None:
        """Send what is left, and the end with it."""
        self._pack()
        self._ready += encode(End(seconds=seconds))
        self._send()

    def _pack(self) -> None:
        if self._waiting:
            self._ready += encode(Chunk(bytes(self._waiting)))
            self._waiting.clear()

    def _send(self) -> None:
        send(self._output, self._ready)
        self._ready.clear()


def ask_parent(output: int, endpoint: str, query: str) -> tuple[str, bytes]:
    """Let another server be asked, in the middle of a job.

    Returns:
        The format of its answer, and the answer.

    Raises:
        RemoteFailed: it could not be asked.
        LimitExceeded: its answer has too many bytes.
    """
    send(output, encode(Note(name="fetch", fields={"endpoint": endpoint, "query": query})))
    name, body = "", bytearray()
    with open(0, "rb", buffering=0, closefd=False) as replies:
        while isinstance(message := read_message(replies), Head | Chunk):
            if isinstance(message, Head):
                name = message.format
            else:
                body += message.payload
    if isinstance(message, Failure):
        if message.kind == "bytes":
            raise LimitExceeded(message.message, limit="bytes")
        raise RemoteFailed(message.message, late=message.kind == "remote-late")
    return name, bytes(body)


def answer(
    source: Source, job: Job, limits: QueryLimits, output: int, *, federation: Federation
) -> None:
    """Answer one job, or raise what it failed of."""
    started = time.perf_counter()
    question = Question(
        query=job.query,
        default_graphs=job.default_graphs,
        named_graphs=job.named_graphs,
        base_iri=job.base_iri,
    )
    asks_others = bool(federation.prefixes) and "SERVICE" in job.query.upper()
    if asks_others:
        from entente.query.federation import resolve_services  # not needed to start

        fetch = partial(ask_parent, output)
        question = replace(question, query=resolve_services(job, limits, federation, fetch))
    try:
        if not asks_others:
            question = replace(question, query=inspect(job.query, limits))
        result = source.evaluate(question)
    except QuerySyntaxError as error:
        from entente.query.syntax import explain  # not needed to start

        raise explain(question.query if asks_others else job.query, error) from error
    chosen = job.graph_format if result.form == "graph" else job.results_format
    if chosen is None:
        offers = GRAPHS if result.form == "graph" else RESULTS
        raise NotAcceptable(
            f"no format that you accept fits the answer of this {result.form} query",
            offers=tuple(offer.media_type for offer in offers),
        )
    sink = FrameSink(output, Head(form=result.form, format=chosen), job.max_bytes)
    result.write(sink, chosen, most=job.max_rows)
    sink.end(time.perf_counter() - started)


def describe(error: BaseException) -> Failure:
    """Turn an error into the message that tells the parent of it."""
    if isinstance(error, QuerySyntaxError | QueryRefused):
        kind = "syntax" if isinstance(error, QuerySyntaxError) else "refused"
        return Failure(kind=kind, message=str(error), line=error.line, column=error.column)
    if isinstance(error, NotAcceptable):
        return Failure(kind="not-acceptable", message=str(error), offers=error.offers)
    if isinstance(error, LimitExceeded):
        return Failure(kind=error.limit, message=str(error))
    if isinstance(error, RemoteFailed):
        return Failure(kind="remote-late" if error.late else "remote", message=str(error))
    if isinstance(error, MemoryError):
        return Failure(kind="memory", message="the query needs more memory than it may take")
    if isinstance(error, QueryError | StoreError):
        return Failure(kind="internal", message=str(error))
    return Failure(kind="internal", message=f"{type(error).__name__} while answering")


Answering = Callable[[Job, int], None]
"""Answers one job to a file descriptor, or raises what it failed of."""


Opening = Callable[[ReaderPlan], Answering]
"""Opens a snapshot."""


def serve(
    answering: Answering, opening: Opening, plan: ReaderPlan, jobs: BinaryIO, output: int
) -> None:
    """Answer jobs until the parent closes the pipe; go over to another snapshot when told to."""
    send(output, encode(Ready(revision=plan.revision, process=os.getpid())))
    while isinstance(message := read_message(jobs), Job | Note):
        try:
            if isinstance(message, Note):
                if message.name != OPEN:
                    return
                plan = replace(plan, **message.fields)
                answering = opening(plan)  # and let go of the one before
                send(output, encode(Ready(revision=plan.revision, process=os.getpid())))
            else:
                answering(message, output)
        except Exception as error:  # noqa: BLE001  # the one job loop: whatever fails, the next job is answered
            send(output, encode(describe(error)))


def open_reader(plan: ReaderPlan) -> Answering:
    """Open the snapshot for queries."""
    source = open_source(plan.place)
    return lambda job, output: answer(source, job, plan.limits, output, federation=plan.federation)


def main(
    opening: Opening = open_reader, *, sockets: bool = False, plan: ReaderPlan | None = None
) -> None:
    """Open the snapshot, and answer until the parent is gone; only the fetcher has sockets."""
    plan = plan or ReaderPlan.decode(sys.argv[1])
    output = open_output()
    die_with_parent()
    deny_network(sockets=sockets)
    go_first_when_memory_is_short()
    try:
        answering = opening(plan)
    except StoreError as error:
        send(output, encode(describe(error)))
        sys.exit(1)
    sys.setrecursionlimit(DEEPEST)  # for the recogniser of syntax errors, on that stack

    def work() -> None:
        limit_resources(plan.memory)
        with open(0, "rb", buffering=0, closefd=False) as jobs:
            serve(answering, opening, plan, jobs, output)

    run(work, stack=plan.stack)


if __name__ == "__main__":
    main()
