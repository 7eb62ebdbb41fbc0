"""The journal: what was asked, what became of it, how long it took; as log lines and as metrics.

Owns the layer around the application that sees every answer to its last byte, and `/metrics`. Logs
no parameters and no headers: a query may be private and a token is.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Flask, Response, request

from entente.core.build_record import BuildRecord
from entente.core.errors import StoreError
from entente.core.metrics import (
    CONTENT_TYPE,
    Counter,
    Family,
    Histogram,
    Sample,
    gauge,
    render,
)
from entente.query.service import QueryService
from entente.web.channel import WAITING

ACCESS: Final = logging.getLogger("entente.access")
RULE: Final = "entente.rule"
CLIENT: Final = "entente.client"
QUERY_ID: Final = "X-Query-Id"
CUT: Final = "cut"


class Journal:
    """Counts and logs the answers of an application."""

    def __init__(self) -> None:
        self.requests = Counter(
            "entente_requests_total", "Requests answered.", "rule", "method", "status"
        )
        self.seconds = Histogram(
            "entente_request_seconds", "Seconds from request to last byte.", "rule"
        )
        self.sent = Counter("entente_sent_bytes_total", "Bytes of answers.")
        self.writes = Counter("entente_writes_total", "Writes, by what became of them.", "outcome")
        self.others: list[Callable[[], Iterable[Family]]] = []  # what else is measured

    def around(self, application: WSGIApplication) -> WSGIApplication:
        """Give the application with the journal around it."""

        def journalled(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return _Watched(self, application, environ, start_response)

        return journalled

    def note(self, environ: WSGIEnvironment, *, status: str, size: int, seconds: float) -> None:
        """Note one answer."""
        rule = environ.get(RULE, "none")
        self.requests.add(rule, environ["REQUEST_METHOD"], status)
        self.seconds.observe(seconds, rule)
        self.sent.add(amount=size)


class _Watched:
    """The body of one answer, which tells the journal when it ends."""

    def __init__(
        self,
        journal: Journal,
        application: WSGIApplication,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> None:
        self._journal, self._environ = journal, environ
        self._started = time.monotonic()
        self._status, self._query_id, self._size, self._whole = CUT, "", 0, False

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            self._status = status.split(" ")[0]
            self._query_id = next((v for n, v in headers if n == QUERY_ID), "")
            return start_response(status, headers, *rest)  # type: ignore[arg-type]  # as it came

        self._body = application(environ, start)  # type: ignore[arg-type]  # the writer as it came

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._size += len(part)
            yield part
        self._whole = True

    def close(self) -> None:
        """End the answer, whole or not."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
        seconds = time.monotonic() - self._started
        # an answer to HEAD or 304 is not read to its end either
        whole = self._whole or not self._size
        status = self._status if whole else CUT
        self._journal.note(self._environ, status=status, size=self._size, seconds=seconds)
        fields = {
            "client": self._environ.get(CLIENT),
            "query": self._query_id or None,
            "status": status,
            "bytes": self._size,
            "seconds": round(seconds, 4),
            "address": self._environ.get("REMOTE_ADDR"),
        }
        method, path = self._environ["REQUEST_METHOD"], self._environ.get("PATH_INFO", "")
        kept = {name: value for name, value in fields.items() if value is not None}
        ACCESS.info("%s %s", method, path, extra={"fields": kept})


def install_journal(app: Flask, service: QueryService, *, record: BuildRecord) -> Journal:
    """Put a journal around an application, and its metrics at `/metrics`."""
    journal = Journal()
    app.wsgi_app = journal.around(app.wsgi_app)  # type: ignore[assignment,method-assign]  # as Flask advises
    blueprint = Blueprint("metrics", __name__)

    @app.before_request
    def name_rule() -> None:
        request.environ[RULE] = request.url_rule.rule if request.url_rule else "none"

    @blueprint.get("/metrics")
    def metrics() -> Response:
        others = (family for measure in journal.others for family in measure())
        text = render((*_counted(journal), *_built(record), *_measured(service), *others))
        response = Response(text, content_type=CONTENT_TYPE)
        response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(blueprint)
    return journal


def _counted(journal: Journal) -> Iterator[Family]:
    yield journal.requests.family()
    yield journal.seconds.family()
    yield journal.sent.family()
    yield journal.writes.family()


def _built(record: BuildRecord) -> Iterator[Family]:
    yield record.builds.family()
    stale = record.failure is not None
    yield gauge("entente_build_stale", "Whether the last build failed and is not served.", stale)


def _measured(service: QueryService) -> Iterator[Family]:
    """Give what is measured at this moment."""
    outcomes = sorted(service.register.outcomes().items())
    ended = tuple(Sample({"outcome": name}, count) for name, count in outcomes)
    yield Family("entente_queries_total", "counter", "Queries that ended, by how.", ended)
    states = [one.state for one in service.register.entries() if one.kind != "update"]
    at_work = tuple(Sample({"state": s}, states.count(s)) for s in ("running", "waiting"))
    yield Family("entente_queries_at_work", "gauge", "Queries that run or wait.", at_work)
    waiting = float(request.environ.get(WAITING, 0))
    yield gauge("entente_requests_waiting", "Requests that wait for a thread.", waiting)
    cache = service.cache
    asked = (Sample({"found": "yes"}, cache.hits), Sample({"found": "no"}, cache.misses))
    yield Family("entente_cache_total", "counter", "Answers looked for in the cache.", asked)
    if service.fetching is not None:
        yield service.fetching.counted.family()
    yield gauge("entente_cache_bytes", "Bytes of answers in the cache.", cache.bytes)
    yield gauge("entente_ready", "Whether a query would find a reader.", service.ready())
    try:
        revision, age = service.revision, time.time() - service.since
    except StoreError:
        return
    yield gauge("entente_revision", "Revision that is served.", revision)
    yield gauge("entente_revision_age_seconds", "Seconds since it is served.", age)
