"""The writer: a process that does one write at a time.

Run as `python -m entente.query.writer PLAN`. Requests come by standard input, notes go by standard
output (`entente.query.wire`). Owns the job loop; what a user wrote is parsed here and nowhere else.
It may be killed at any moment: what it had not committed did not happen.
"""

import gc
import json
import sys
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final, Self

from entente.core.errors import EntenteError, QuerySyntaxError
from entente.core.messages import Chunk, Note, encode, read_message
from entente.core.writes import WriteRequest
from entente.query.confinement import deny_network, limit_memory
from entente.query.errand import open_output, run, send
from entente.query.guard import inspect
from entente.query.inserted import inserted_literals
from entente.query.limits import QueryLimits
from entente.query.loads import without_loads
from entente.query.updates import split, with_using
from entente.query.wire import note_of_error, note_of_outcome, request_of
from entente.query.worker import DEEPEST
from entente.store.attempt import require_syntax
from entente.store.press import Press
from entente.store.snapshots import Snapshots
from entente.store.spelling import Spelling

STACK: Final = 256
ROUNDS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterPlan:
    """All that a writer needs to know; `memory` is in MiB, `rules` a folder."""

    folder: str
    union: bool
    kept: int
    memory: int
    rules: str | None
    limits: QueryLimits

    def encode(self) -> str:
        """Give the plan as one argument of a command line."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what `encode` gave."""
        fields = json.loads(text)
        return cls(**{**fields, "limits": QueryLimits(**fields["limits"])})


def operations_of(request: WriteRequest, limits: QueryLimits, *, union: bool) -> list[str]:
    """Guard a text and give its operations, one by one where that matters.

    Raises:
        QuerySyntaxError, QueryRefused: see there.
    """
    if request.kind not in ("update", "patch"):
        return []
    text, refusal = without_loads(request.text)
    text = inspect(text, limits, updates=True)
    if refusal is not None:
        require_syntax(text, request.base_iri)
        raise refusal
    if request.using_graphs or request.using_named_graphs:
        return with_using(text, request.using_graphs, request.using_named_graphs)
    operations = split(text)
    # the engine runs several in one go, but does not renew the union between them
    return operations if union and len(operations) > 1 else [text]


def spelling_of(operations: list[str], request: WriteRequest) -> Spelling:
    """Give the literals that an update inserts, as its text spells them."""
    spelling = Spelling()
    for operation in operations:
        for turtle in inserted_literals(operation):
            spelling.see(turtle, base_iri=request.base_iri)
    return spelling


def serve(press: Press, plan: WriterPlan, jobs: BinaryIO, output: int) -> None:
    """Do writes until the parent closes the pipe."""
    gc.disable()
    send(output, encode(Note(name="ready", fields={"revision": press.open()})))
    press.warm()  # while nothing is asked yet
    gc.freeze()
    rounds = count(1)

    def committing() -> None:
        send(output, encode(Note(name="committing", fields={})))

    while isinstance(note := read_message(jobs), Note):
        if note.name == "follow":
            follow(press, output)
            continue
        contents = []
        for _ in note.fields["documents"]:
            chunk = read_message(jobs)
            if not isinstance(chunk, Chunk):
                return
            contents.append(chunk.payload)
        send(output, encode(Note(name="begun", fields={})))
        try:
            request = request_of(note, contents)
            try:
                operations = operations_of(request, plan.limits, union=plan.union)
                spelling = spelling_of(operations, request)
                outcome = press.write(request, operations, spelling=spelling, committing=committing)
            except QuerySyntaxError as error:
                from entente.query.syntax import explain  # not needed to start

                raise explain(request.text, error, update=True) from error
            send(output, encode(note_of_outcome(outcome)))
        except Exception as error:  # noqa: BLE001  # the one job loop: whatever fails, the next write is done
            send(output, encode(note_of_error(error)))
        tidy(press, next(rounds))  # now that the answer is out


def follow(press: Press, output: int) -> None:
    """Read the revision that another process has made current, and get ready for a write."""
    try:
        send(output, encode(Note(name="ready", fields={"revision": press.open()})))
    except (EntenteError, OSError) as error:
        send(output, encode(note_of_error(error)))
        return
    tidy(press, 0)  # what was known of the revision before is garbage


def tidy(press: Press, number: int) -> None:
    """Get ready for the next write, and collect garbage, which would be slow in mid-write.

    What has survived once is looked at again every so often only: it is large, and it mostly stays.
    """
    press.warm()
    if number % ROUNDS == 0:
        gc.unfreeze()
    gc.collect()
    gc.freeze()


def main() -> None:
    """Open the store, and write until the parent is gone."""
    plan = WriterPlan.decode(sys.argv[1])
    output = open_output()
    deny_network()
    snapshots = Snapshots(Path(plan.folder), union=plan.union, kept=plan.kept)
    press = Press(snapshots, rules=None if plan.rules is None else Path(plan.rules))
    sys.setrecursionlimit(DEEPEST)  # for the recogniser of syntax errors, on that stack

    def work() -> None:
        limit_memory(plan.memory)
        try:
            with open(0, "rb", closefd=False) as jobs:
                serve(press, plan, jobs, output)
        except (EntenteError, OSError) as error:  # the parent is told why there is no writer
            send(output, encode(note_of_error(error)))

    run(work, stack=STACK)


if __name__ == "__main__":
    main()
