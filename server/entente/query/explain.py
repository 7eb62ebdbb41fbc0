"""Asking why: the way from a question about a statement or a claim to the explainer's answer.

Owns the one explainer process, which is started when it is first needed (or before: see
`entente.query.warming`), follows the revision of the query service, and dies by the same limits as
a reader. Nothing is proved in this process.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from entente.core.messages import Job
from entente.core.settings import Settings
from entente.query.library import serialise
from entente.query.results import Term
from entente.query.service import QueryService, never
from entente.query.standby import Standby

PROGRAM: Final = "entente.query.explainer"
QUEUE: Final = 50
MOST_SECONDS: Final = 30.0
"""How long an answer may take, whatever the limit of queries: what is asked is ours, not a query
that a user wrote, and a day of the past takes a second of work to derive, on a busy machine many.
There is one explainer: whoever takes it for longer keeps all others waiting."""

Statement = tuple[Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Told:
    """What the explainer answered; `body` is in the format asked for, empty where there is none."""

    body: bytes
    format: str
    revision: int
    seconds: float


class ExplainService:
    """Answers why something holds, and what rests on a claim.

    Args:
        service: whose current snapshot is explained; it stops the explainer when it stops.
        settings: time and memory limits.
    """

    def __init__(self, service: QueryService, settings: Settings) -> None:
        self._settings = settings
        self._register = service.register
        self.standby = Standby(service, program=PROGRAM, memory=settings.query_memory, queue=QUEUE)

    def explain(
        self,
        statement: Statement,
        *,
        as_of: str | None = None,
        document: str | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Told:
        """Say why a statement holds, or what it lacks.

        Args:
            statement: subject, predicate and object.
            as_of: the day whose knowledge counts, in ISO 8601.
            document: IRI of the document that the proof is written to as Turtle; JSON without.
            cancelled: asked while waiting; true gives up.

        Raises:
            QueryRefused: the three are not one triple of RDF.
            QueryError: a limit struck.
            StoreError: the graph cannot be explained.
        """
        asked: dict[str, object] = {
            "kind": "explain",
            "statement": [serialise(term) for term in statement],
            "format": "json" if document is None else "ttl",
            "document": document,
        }
        return self._ask(asked, as_of, cancelled)

    def impact(
        self, claim: str, *, as_of: str | None = None, cancelled: Callable[[], bool] = never
    ) -> Told:
        """Say what would vanish without a claim: JSON, `null` where there is no such claim."""
        return self._ask({"kind": "impact", "claim": claim}, as_of, cancelled)

    def changes(
        self, start: str, end: str, *, patch: bool = False, cancelled: Callable[[], bool] = never
    ) -> Told:
        """Say what became known between two days, as JSON or as an RDF patch."""
        form = "patch" if patch else "json"
        asked: dict[str, object] = {"kind": "changes", "from": start, "to": end, "format": form}
        return self._ask(asked, None, cancelled)

    @property
    def running(self) -> bool:
        """Whether there is an explainer now."""
        return self.standby.running

    def stop(self) -> None:
        """End the process; it starts again when it is needed."""
        self.standby.stop()

    def _ask(
        self, asked: dict[str, object], as_of: str | None, cancelled: Callable[[], bool]
    ) -> Told:
        text = json.dumps({**asked, "as_of": as_of})
        job = Job(id=os.urandom(8).hex(), query=text, max_bytes=self._settings.result_bytes)
        with self._register.watch(job.id, text, client=None, kind="explanation") as entry:
            run = self.standby.ready().run(
                job, seconds=MOST_SECONDS, cancelled=lambda: entry.ended or cancelled()
            )
            entry.form = run.head.form
            body = b"".join(run)
        return Told(body, run.head.format, run.revision, run.seconds)
