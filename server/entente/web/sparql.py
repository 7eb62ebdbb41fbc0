"""The endpoint: `/sparql` for queries, its own description, and a page for people.

Owns the views of the SPARQL 1.1 protocol. Must not look into a query: what a user wrote goes to a
reader process as it came.
"""

import time
from typing import Final

from flask import Blueprint, Response, g, render_template, request

from entente.core.errors import LimitExceeded, NotAcceptable
from entente.core.media import GRAPHS, PAGE
from entente.core.releases import RELEASES, dates_in
from entente.core.settings import Settings
from entente.core.terms import SD
from entente.core.tokens import Token
from entente.query.answer import Answer
from entente.query.asof import Past
from entente.query.library import NamedQuery
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.access import Access
from entente.web.answers import describe, mark, stream, tag_of, tag_of_query, unchanged
from entente.web.api_past import Dated, turn
from entente.web.channel import ARRIVED
from entente.web.fields import FORM
from entente.web.incoming import client_left, http_request, require_short_address
from entente.web.jsonld import read_frames
from entente.web.problems import RequestRefused, problem
from entente.web.protocol import (
    QUERY,
    UPDATE,
    Asked,
    is_update,
    read_operation,
    read_query,
)
from entente.web.rendering import show_day
from entente.web.results_page import read_table
from entente.web.updates import Writing

METHODS: Final = ("GET", "POST", "QUERY")
ACCEPT_QUERY: Final = f"{QUERY}, {FORM}"
EXAMPLES: Final = "examples/"
FORMATS: Final = "http://www.w3.org/ns/formats/"
INPUTS: Final = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


def sparql_blueprint(
    service: QueryService, settings: Settings, *, access: Access, writing: Writing, past: Past
) -> Blueprint:
    """Make the views of the endpoint over a query service, and over those of its past."""
    blueprint = Blueprint("sparql", __name__)

    @blueprint.route("/sparql", methods=METHODS)
    @blueprint.route("/sparql/", methods=METHODS, endpoint="sparql_slash")
    def sparql() -> Response:
        require_short_address(settings)
        holder = writing.admit() if request.mimetype == UPDATE else access.holder()
        incoming = http_request()
        fields = read_operation(incoming)
        if is_update(fields):
            return _update(writing, fields)
        asked = read_query(fields, incoming)
        if asked.query is None:
            if asked.page:
                return _query_page(turn(service, past, fields))
            return _describe_service(service, asked, settings)
        g.query = asked.query
        question = query_request(asked, settings, base_iri=request.base_url, holder=holder)
        dated = turn(service, past, fields)  # the first time, a day's graph has to be made
        show_day(dated.day)
        revision = dated.service.revision
        tag = dated.tag(tag_of_query(asked, revision=revision, base_iri=request.base_url))
        known = unchanged(tag, revision)
        if known is not None:
            return dated.mark(known)
        answer = dated.service.open_query(question, cancelled=client_left())
        if asked.page:
            return dated.mark(_results_page(answer, asked.query, tag))
        return dated.mark(stream(answer, tag=tag, download="entente" if asked.chosen else None))

    @blueprint.after_request
    def accept_query(response: Response) -> Response:
        response.headers["Accept-Query"] = ACCEPT_QUERY
        return response

    return blueprint


def _update(writing: Writing, fields: list[tuple[str, str]]) -> Response:
    """Do an update that came to this address; only POST may carry one."""
    token = writing.admit()
    if request.method != "POST":
        raise RequestRefused(problem("method", "an update comes by POST", allow=("POST",)))
    return writing.update(fields, token)


def query_request(
    asked: Asked, settings: Settings, *, base_iri: str, holder: Token | None
) -> QueryRequest:
    """Turn what is asked into a request to the service, less the time it has waited already.

    Raises:
        LimitExceeded: the client's time is over before a thread was free.
    """
    arrived: float = request.environ.get(ARRIVED, time.monotonic())
    limit = min(asked.timeout or settings.query_seconds, settings.query_seconds)
    left = limit - (time.monotonic() - arrived)
    if left <= 0:
        detail = f"its {limit:.3g} s were over before the query could begin; try again later"
        raise LimitExceeded(detail, limit="queue")
    return QueryRequest(
        query=asked.query or "",
        results_format=asked.results.name if asked.results else None,
        graph_format=asked.graph.name if asked.graph else None,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        timeout=left,
        base_iri=base_iri,
        client=holder.name if holder else None,
        audience=holder.scope if holder else None,
    )


def examples_of(service: QueryService) -> tuple[NamedQuery, ...]:
    """Give the queries of the library that a person can start from."""
    library = service.library
    return tuple(library.get(name) for name in library.names if name.startswith(EXAMPLES))


def _query_page(dated: Dated) -> Response:
    show_day(dated.day)
    examples = examples_of(dated.service)
    body = render_template("sparql.html", table=None, examples=examples)
    response = Response(body, content_type=PAGE.content_type)
    mark(response, None, dated.service.revision)
    return dated.mark(response)


def _results_page(answer: Answer, query: str, tag: str | None) -> Response:
    table = read_table(answer)
    body = render_template(
        "sparql.html", query=query, table=table, seconds=answer.seconds, examples=()
    )
    response = Response(body, content_type=PAGE.content_type)
    describe(response, answer)
    mark(response, tag, answer.revision)
    return response


def _abilities(settings: Settings) -> dict[str, tuple[Iri, ...]]:
    """Give what this server can do beside answering queries, for its description."""
    features = {
        "UnionDefaultGraph": settings.default_graph == "union",
        "BasicFederatedQuery": bool(settings.services),
    }
    found = {"feature": tuple(Iri(SD + name) for name, there in features.items() if there)}
    found["frame"] = tuple(Iri(f"{request.url_root}frames/{name}.jsonld") for name in read_frames())
    found["release"] = tuple(
        Iri(f"{RELEASES}{date}/") for date in dates_in(settings.release_folder)[:1]
    )
    if settings.writable:
        found["language"] = (Iri(SD + "SPARQL11Update"),)
        found["input"] = tuple(Iri(FORMATS + name) for name in INPUTS)
    return {name: values for name, values in found.items() if values}


def _describe_service(service: QueryService, asked: Asked, settings: Settings) -> Response:
    if asked.graph is None:
        offers = tuple(offer.media_type for offer in GRAPHS)
        raise NotAcceptable("the service description is RDF", offers=offers)
    endpoint = request.url_root + "sparql"
    abilities = _abilities(settings)
    tag = tag_of(service.revision, "service", endpoint, asked.graph.name, abilities)
    known = unchanged(tag, service.revision)
    if known is not None:
        return known
    text = service.library.get("pages/service-description").with_values(abilities)
    answer = service.open_query(
        QueryRequest(query=text, graph_format=asked.graph.name, base_iri=endpoint)
    )
    return stream(answer, tag=tag, download="entente" if asked.chosen else None)
