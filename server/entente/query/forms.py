"""Forms of JSON-LD documents: the way from a query and a form to the framer's bytes.

Owns the one framer process, which is started when it is first needed (or before: see
`entente.query.warming`), follows the revision of the query service, and dies by the same limits as
a reader. Nothing is shaped in this process; a document that was made is kept like any answer.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from entente.core.messages import Job
from entente.query.cache import Kept, key_of
from entente.query.limits import QueryLimits
from entente.query.service import QueryService, never
from entente.query.standby import Standby

PROGRAM: Final = "entente.query.framer"
FORMS: Final = ("compacted", "expanded", "flattened")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRequest:
    """A document: what it holds, what it is about, and its form.

    `query` is a CONSTRUCT of the library; `form` one of `FORMS`; `frame` the
    name of a frame, or `None` for all that the query finds.
    """

    query: str
    root: str
    form: str
    frame: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formed:
    """A whole document; `seconds` is 0 and `age` known for one that was kept."""

    body: bytes
    revision: int
    query_id: str
    seconds: float = 0.0
    age: float | None = None


class FormService:
    """Gives JSON-LD documents their form; starts at the first, stops with the query service."""

    def __init__(self, service: QueryService) -> None:
        self._service = service
        settings = service.settings
        self.standby = Standby(
            service,
            program=PROGRAM,
            memory=settings.query_memory,
            queue=settings.query_queue,
            limits=QueryLimits.of(settings),
            lanes=True,
        )

    def give(self, request: FormRequest, *, cancelled: Callable[[], bool] = never) -> Formed:
        """Give a document in its form.

        Args:
            request: what, and how.
            cancelled: asked while waiting; true gives up.

        Raises:
            QueryRefused: the frame does not fit the thing.
            QueryError: a limit struck.
            StoreError: the store cannot be read.
        """
        settings = self._service.settings
        fields = {name: getattr(request, name) for name in request.__slots__}
        job = Job(
            id=os.urandom(8).hex(),
            query=json.dumps(fields, sort_keys=True),
            graph_format="jsonld",
            max_bytes=settings.result_bytes,
        )
        key = key_of(job, revision=self._service.revision, audience=PROGRAM)
        kept = self._service.cache.find(key)
        if kept is not None:
            return Formed(body=kept.body, revision=key.revision, query_id=job.id, age=kept.age)
        register = self._service.register
        with register.watch(job.id, job.query, client=None, kind="document") as entry:
            run = self.standby.ready().run(
                job,
                seconds=settings.query_seconds,
                cancelled=lambda: entry.ended or cancelled(),
            )
            entry.form = run.head.form
            body = b"".join(run)
        if run.revision == key.revision and len(body) <= self._service.cache.largest:
            made = Kept(form=run.head.form, format=run.head.format, body=body, seconds=run.seconds)
            self._service.cache.keep(key, made)
        return Formed(body=body, revision=run.revision, query_id=job.id, seconds=run.seconds)

    def stop(self) -> None:
        """End the process; it starts again when it is needed."""
        self.standby.stop()
