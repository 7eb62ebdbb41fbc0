"""The endpoint: `/sparql` for queries, its own description, and a page for people.

Owns the views of the SPARQL 1.1 protocol. Must not look into a query: what a user wrote goes to a
reader process as it came.
"""

import time
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, g, render_template, request

from entente.core.errors import LimitExceeded, NotAcceptable
from entente.core.media import GRAPHS, PAGE
from entente.core.settings import Settings
from entente.query.answer import Answer
from entente.query.library import NamedQuery
from entente.query.service import QueryRequest, QueryService
from entente.web.answers import describe, mark, stream, tag_of, tag_of_query, unchanged
from entente.web.channel import ARRIVED
from entente.web.problems import RequestRefused, problem
from entente.web.protocol import Asked, HttpRequest, read_protocol, refuse_update
from entente.web.results_page import read_table

METHODS: Final = ("GET", "POST")
EXAMPLES: Final = "examples/"


def sparql_blueprint(service: QueryService, settings: Settings) -> Blueprint:
    """Make the views of the endpoint over a query service."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=METHODS)
    @blueprint.route("/sparql/", methods=METHODS, endpoint="sparql_slash")
    def sparql() -> Response:
        require_short_address(settings)
        asked = read_protocol(http_request())
        if asked.query is None:
            return _query_page(service) if asked.page else _describe_service(service, asked)
        g.query = asked.query
        tag = tag_of_query(asked, revision=service.revision, base_iri=request.base_url)
        known = unchanged(tag, service.revision)
        if known is not None:
            return known
        answer = service.open_query(
            query_request(asked, settings, base_iri=request.base_url), cancelled=client_left()
        )
        if asked.page:
            return _results_page(answer, asked.query, tag)
        return stream(answer, tag=tag, download="entente" if asked.chosen else None)

    @blueprint.route("/update", methods=["POST"])
    def update() -> Response:
        raise refuse_update()

    return blueprint


def http_request() -> HttpRequest:
    """Give the parts of the current request that the protocol looks at."""
    return HttpRequest(
        method=request.method,
        search=request.query_string,
        accept=request.headers.get("Accept"),
        content_type=request.mimetype,
        charset=request.mimetype_params.get("charset", ""),
        content_encoding=request.headers.get("Content-Encoding", "").strip().lower(),
        body=request.get_data(cache=False) if request.method == "POST" else b"",
    )


def require_short_address(settings: Settings) -> None:
    """Refuse an address longer than the longest query may be.

    Raises:
        RequestRefused: with status 414.
    """
    length = len(request.query_string)
    if length > settings.query_bytes:
        raise RequestRefused(
            problem(
                "uri-too-long",
                f"the address has {length} bytes, at most {settings.query_bytes} are read; "
                "send the query by POST",
            )
        )


def client_left() -> Callable[[], bool]:
    """Give the function that tells whether the current request's client has gone."""
    left: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    return left


def query_request(asked: Asked, settings: Settings, *, base_iri: str) -> QueryRequest:
    """Turn what is asked into a request to the service, less the time it has waited already.

    Raises:
        LimitExceeded: the client's time is over before a thread was free.
    """
    arrived: float = request.environ.get(ARRIVED, time.monotonic())
    limit = min(asked.timeout or settings.query_seconds, settings.query_seconds)
    left = limit - (time.monotonic() - arrived)
    if left <= 0:
        raise LimitExceeded("too many requests are waiting; try again later", limit="queue")
    return QueryRequest(
        query=asked.query or "",
        results_format=asked.results.name if asked.results else None,
        graph_format=asked.graph.name if asked.graph else None,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        timeout=left,
        base_iri=base_iri,
    )


def examples_of(service: QueryService) -> tuple[NamedQuery, ...]:
    """Give the queries of the library that a person can start from."""
    library = service.library
    return tuple(library.get(name) for name in library.names if name.startswith(EXAMPLES))


def _query_page(service: QueryService) -> Response:
    examples = examples_of(service)
    body = render_template("sparql.html", table=None, examples=examples)
    response = Response(body, content_type=PAGE.content_type)
    mark(response, None, service.revision)
    return response


def _results_page(answer: Answer, query: str, tag: str | None) -> Response:
    table = read_table(answer)
    body = render_template(
        "sparql.html", query=query, table=table, seconds=answer.seconds, examples=()
    )
    response = Response(body, content_type=PAGE.content_type)
    describe(response, answer)
    mark(response, tag, answer.revision)
    return response


def _describe_service(service: QueryService, asked: Asked) -> Response:
    if asked.graph is None:
        offers = tuple(offer.media_type for offer in GRAPHS)
        raise NotAcceptable("the service description is RDF", offers=offers)
    endpoint = request.url_root + "sparql"
    tag = tag_of(service.revision, "service", endpoint, asked.graph.name)
    known = unchanged(tag, service.revision)
    if known is not None:
        return known
    text = service.library.get("pages/service-description").text
    answer = service.open_query(
        QueryRequest(query=text, graph_format=asked.graph.name, base_iri=endpoint)
    )
    return stream(answer, tag=tag, download="entente" if asked.chosen else None)
