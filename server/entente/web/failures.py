"""Failures: turns errors raised anywhere in the application into answers.

Owns the three forms of a problem (JSON, HTML, plain text) and the last handler. The statuses and
words are chosen in `entente.web.problems`.
"""

import logging
import os
from dataclasses import replace
from typing import Final

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from entente.core.errors import EntenteError
from entente.core.media import PAGE, TEXT, Format, negotiate
from entente.web.json_body import dump
from entente.web.problems import (
    PROBLEM_TYPE,
    Problem,
    as_fields,
    as_text,
    excerpt_of,
    headers_of,
    problem,
    problem_of,
    problem_of_status,
)

LOG: Final = logging.getLogger("entente.web")

_JSON: Final = Format(
    "problem", "results", (PROBLEM_TYPE, "application/json"), "json", charset=False
)


def install_handlers(app: Flask) -> None:
    """Register the handlers of all errors."""

    @app.errorhandler(EntenteError)
    def foreseen(error: EntenteError) -> Response:
        found = problem_of(error)
        response = answer_problem(found)
        if found.status >= 500 and str(error) not in found.detail:
            # what names folders of this machine is for the log; the number leads there
            number = response.headers["X-Query-Id"] = os.urandom(8).hex()
            fields = {"query": number, "reason": str(error)}
            LOG.error("a failure was told in general words", extra={"fields": fields})
        return response

    @app.errorhandler(HTTPException)
    def refused_by_flask(error: HTTPException) -> Response:
        allow: tuple[str, ...] = ()
        if isinstance(error, MethodNotAllowed):
            allow = tuple(sorted(error.valid_methods or ()))
        status = error.code or 500
        return answer_problem(
            problem_of_status(status, error.description or error.name, allow=allow)
        )

    @app.after_request
    def explain_precondition(response: Response) -> Response:
        # Flask answers If-Match on a file with 412 and the file.
        if response.status_code == 412 and response.direct_passthrough:
            response.close()
            return answer_problem(problem_of_status(412, "the file is not the one in If-Match"))
        return response

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        LOG.error("unforeseen error at %s", request.path, exc_info=error)
        return answer_problem(problem("internal", "an error that this server did not foresee"))


def answer_problem(found: Problem) -> Response:
    """Give a problem in the form that the client prefers; JSON where it has no wish."""
    query: str | None = g.get("query")
    text: str | None = g.get("written", query)
    if text is not None and found.excerpt is None:
        found = replace(found, excerpt=excerpt_of(text, found.line, found.column))
    if found.status >= 500:
        LOG.warning("%s", found.detail, extra={"fields": {"status": found.status}})
    form = negotiate(request.headers.get("Accept"), (_JSON, PAGE, TEXT))
    if form is PAGE:
        body = render_template("problem.html", problem=found, query=query, path=request.path)
        response = Response(body, status=found.status, content_type=PAGE.content_type)
    elif form is TEXT:
        response = Response(as_text(found), status=found.status, content_type=TEXT.content_type)
    else:
        fields = as_fields(found, base=request.url_root)
        response = Response(dump(fields), status=found.status, content_type=PROBLEM_TYPE)
    response.headers.update(headers_of(found))
    response.headers["Content-Language"] = "en"
    return response
