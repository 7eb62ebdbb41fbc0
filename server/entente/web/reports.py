"""Reports: what became of a write, in the form that the client reads.

Owns the answers to accepted, tried and refused writes: JSON, plain text for people, and the SHACL
validation report in the formats of RDF. A report is turned into another syntax by a reader, since
it quotes what the client wrote.
"""

from dataclasses import asdict
from typing import Final

from flask import Flask, Response, request

from entente.core.errors import EntenteError, WriteRefused
from entente.core.media import GRAPHS, PAGE, TEXT, Format, by_name, negotiate
from entente.core.writes import Report, WriteOutcome
from entente.query.service import QueryRequest, QueryService
from entente.web.failures import answer_problem
from entente.web.json_body import dump
from entente.web.problems import PROBLEM_TYPE, problem_of

_JSON: Final = Format("json", "results", ("application/json", PROBLEM_TYPE), "json", charset=False)
# In the order of what is meant by `*/*`; `text/plain` is for people here, not N-Triples.
FORMS: Final = (_JSON, TEXT, PAGE, *GRAPHS)


def install_reports(app: Flask, service: QueryService) -> None:
    """Answer refused writes with their report."""

    @app.errorhandler(WriteRefused)
    def refused(error: WriteRefused) -> Response:
        offer = wished_form()
        if offer is None or offer not in GRAPHS:
            return answer_problem(problem_of(error))
        response = answer_report(service, error.report, offer)
        response.status_code = 409
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Dataset-Revision"] = str(error.revision)
        return response


def wished_form() -> Format | None:
    """Give the form that the client of the current request reads best; `None` where none."""
    named = request.args.get("format", "")
    if named:
        return by_name(named, (_JSON, *GRAPHS))
    return negotiate(request.headers.get("Accept"), FORMS)


def answer_report(service: QueryService, report: Report, offer: Format) -> Response:
    """Answer with a validation report as RDF; Turtle where the wished syntax cannot be had."""
    body, written = report.turtle.encode(), GRAPHS[0]
    if offer.name != written.name:
        construct = f"CONSTRUCT {{ {report.ntriples} }} WHERE {{}}"
        try:
            asked = QueryRequest(query=construct, results_format=None, graph_format=offer.name)
            with service.open_query(asked) as answer:
                body, written = answer.read(), offer
        except EntenteError:
            written = GRAPHS[0]  # longer or deeper than a query may be
    return Response(body, content_type=written.content_type)


def answer_outcome(service: QueryService, outcome: WriteOutcome) -> Response:
    """Answer a write that was done or tried, with all that is known of it."""
    offer = wished_form()
    if offer in GRAPHS:
        assert offer is not None
        response = answer_report(service, outcome.report, offer)
    elif offer is TEXT or offer is PAGE:
        response = Response(_text(outcome), content_type=TEXT.content_type)
    elif offer is _JSON:
        response = Response(dump(_fields(outcome)), content_type=_JSON.content_type)
    else:
        response = _nothing()
    mark_outcome(response, outcome)
    return response


def answer_stored(service: QueryService, outcome: WriteOutcome) -> Response:
    """Answer a graph that was written: with nothing, unless literals are not as they were sent."""
    response = answer_outcome(service, outcome) if outcome.rewritten else _nothing()
    mark_outcome(response, outcome)
    return response


def _nothing() -> Response:
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def mark_outcome(response: Response, outcome: WriteOutcome) -> None:
    """Add the revision, for the next If-Match, and the writer's time."""
    response.set_etag(str(outcome.revision), weak=True)
    response.headers["X-Dataset-Revision"] = str(outcome.revision)
    if outcome.rewritten:
        response.headers["X-Rewritten-Literals"] = str(outcome.rewritten)
    response.headers["Server-Timing"] = f"write;dur={outcome.seconds * 1000:.1f}"
    response.headers["Cache-Control"] = "no-store"


def _fields(outcome: WriteOutcome) -> dict[str, object]:
    fields = asdict(outcome)
    del fields["report"]
    return {**fields, "results": [asdict(result) for result in outcome.report.results]}


def _text(outcome: WriteOutcome) -> str:
    done = "published" if outcome.published else "nothing published"
    lines = [
        f"Revision {outcome.revision}, {done}: {outcome.added} added, {outcome.removed} removed."
    ]
    lines += [
        " ".join(f"{result.severity}: {result.focus} {result.path}: {result.message}".split())
        for result in outcome.report.results
    ]
    if outcome.rewritten:
        lines += ["", f"Literals kept otherwise than sent: {outcome.rewritten}."]
        lines += [f"{one.sent} is kept as {one.kept}" for one in outcome.rewritings]
    if outcome.difference and not outcome.published:
        lines += ["", outcome.difference]
    return "\n".join(lines) + "\n"
