"""Health: whether the process lives, whether it can answer, and the small files every site has."""

from flask import Blueprint, Response, current_app, render_template

from entente.core.build_record import BuildRecord
from entente.core.media import PAGE
from entente.query.service import QueryService
from entente.web.failures import answer_problem
from entente.web.headers import FOR_A_DAY
from entente.web.problem_kinds import KINDS
from entente.web.problems import problem


def health_blueprint(service: QueryService, record: BuildRecord) -> Blueprint:
    """Make the views that supervisors, browsers and crawlers ask for."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return _plain("alive\n", cache="no-store")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        if not service.ready():
            return answer_problem(
                problem("unavailable", "no reader has the graph open yet", retry_after=1)
            )
        stale = f"an older revision is served: {record.failure}\n" if record.failure else ""
        return _plain(f"ready\n{stale}", cache="no-store")

    @blueprint.get("/favicon.svg")
    @blueprint.get("/favicon.ico", endpoint="favicon_ico")
    @blueprint.get("/ontology/logo.svg", endpoint="logo")
    def favicon() -> Response:
        response = current_app.send_static_file("favicon.svg")
        response.headers["Cache-Control"] = FOR_A_DAY
        return response

    @blueprint.get("/problems")
    def problems() -> Response:
        body = render_template("problems.html", kinds=KINDS)
        return Response(body, content_type=PAGE.content_type)

    return blueprint


def _plain(text: str, *, cache: str) -> Response:
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = cache
    return response
