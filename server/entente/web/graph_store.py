"""The graph store: `/graphs`, where whole graphs are read and written.

Owns the views of the Graph Store Protocol. Reads go to a reader and come back as they are written
there; documents go to the writer process as they came.
"""

from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from entente.core.errors import NotFound, RevisionConflict
from entente.core.media import GRAPHS
from entente.core.terms import shorten
from entente.core.writes import DEFAULT, Document, WriteKind, WriteOutcome, WriteRequest
from entente.query.asof import Past
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.addresses import Addresses
from entente.web.answers import head_of, mark, stream, tag_of, unchanged
from entente.web.api_past import turn
from entente.web.fields import read_body, read_fields, require_plain
from entente.web.graph_protocol import (
    RDF_PATCH,
    STORE,
    TYPES,
    GraphNames,
    Part,
    graph_write,
    read_documents,
)
from entente.web.incoming import client_left, http_request
from entente.web.problems import RequestRefused, problem, wrong_parameter
from entente.web.protocol import UPDATE
from entente.web.reports import answer_outcome, answer_stored
from entente.web.update_protocol import read_revisions
from entente.web.updates import Writing, options_of
from entente.web.variants import choose_among

METHODS: Final = ("GET", "PUT", "POST", "DELETE", "PATCH")
FORM_DATA: Final = "multipart/form-data"
MOST_RACES: Final = 5


class GraphStore:
    """The graphs of one server, each read and written as a whole."""

    def __init__(self, service: QueryService, writing: Writing, past: Past) -> None:
        self._service = service
        self._past = past
        self._writing = writing

    def answer(self, graph: str | None, names: GraphNames) -> Response:
        """Do what the current request asks with a graph; `None` is the store itself."""
        if request.method in ("GET", "HEAD"):
            return self._read(_require(graph))
        token = self._writing.admit()
        if request.method == "PUT" and "Content-Range" in request.headers:  # RFC 9110 14.5
            detail = "a part of a graph is not put (Content-Range): put the whole, or add by POST"
            raise wrong_parameter(detail)
        if request.method == "DELETE":
            return self._write("delete", _require(graph), who=token.name)
        if request.method == "PATCH":
            return self._patch(graph, who=token.name)
        documents = read_documents(_parts())
        if request.method == "PUT":
            return self._write("put", _require(graph), who=token.name, documents=documents)
        minted = names.mint() if graph is None else None
        response = self._write(
            "post", minted or _require(graph), who=token.name, documents=documents
        )
        if minted is not None and response.status_code == 201:
            response.headers["Location"] = names.address_of(minted)
        return response

    def _read(self, graph: str) -> Response:
        offer = choose_among(*GRAPHS)
        dated = turn(self._service, self._past, request.args.items(multi=True))
        service = dated.service
        tag = tag_of(service.revision, "graph", graph, offer.name, dated.day)
        known = unchanged(tag, service.revision)
        if known is not None:
            return dated.mark(known)
        if graph != DEFAULT and not service.holds("pages/graph-exists", it=Iri(graph)):
            raise NotFound(f"there is no graph {shorten(graph)}")
        if request.method == "HEAD":
            response = head_of(offer)
            mark(response, tag, service.revision)
            return dated.mark(response)
        if graph == DEFAULT:
            text = service.library.get("pages/default-graph").text
        else:
            text = service.library.get("pages/graph-content").with_values({"it": Iri(graph)})
        asked = QueryRequest(query=text, results_format=None, graph_format=offer.name)
        answer = service.open_query(asked, cancelled=client_left())
        return dated.mark(stream(answer, tag=tag))

    def _patch(self, graph: str | None, *, who: str) -> Response:
        incoming = http_request()
        names = {UPDATE: "update", RDF_PATCH: "patch"} if graph is None else {UPDATE: "update"}
        if incoming.content_type not in names:
            detail = f"a patch is {' or '.join(names)}, not {incoming.content_type or 'unnamed'}"
            raise RequestRefused(problem("media-type", detail, offers=tuple(names)))
        ((name, text),) = read_body(incoming, names)
        if name == "patch":
            return self._write("rdf-patch", None, who=who, text=text)
        return self._write("patch", _require(graph), who=who, text=text)

    def _write(
        self,
        kind: WriteKind,
        graph: str | None,
        *,
        who: str,
        documents: tuple[Document, ...] = (),
        text: str = "",
    ) -> Response:
        options = options_of(read_fields(request.query_string, "the address"))
        base = request.url if graph == DEFAULT else graph  # RFC 3986 5.1
        asked = graph_write(
            kind, graph, options, base_iri=base, who=who, documents=documents, text=text
        )
        if graph is None or not (request.if_none_match or request.if_match.star_tag):
            outcome = self._writing.do(asked)
        else:
            outcome = self._write_where_it_may(graph, asked)
        if asked.dry_run:
            return answer_outcome(self._service, outcome)
        response = answer_stored(self._service, outcome)
        if outcome.created:
            response.status_code = 201
            response.headers["Location"] = request.url
        return response

    def _write_where_it_may(self, graph: str, asked: WriteRequest) -> WriteOutcome:
        """Write if `If-None-Match` and `If-Match: *` allow it for what is there at that time."""
        unwanted = read_revisions(request.headers.get("If-None-Match"))
        for _ in range(MOST_RACES):
            revision = self._service.revision
            there = self._exists(graph)
            if request.if_none_match and there and (unwanted is None or revision in unwanted):
                raise RevisionConflict("the graph is there already", revision=revision)
            if request.if_match.star_tag and not there:
                raise RevisionConflict("the graph is not there", revision=revision)
            if asked.if_match is not None and revision not in asked.if_match:
                return self._writing.do(asked)  # which is refused, or another was faster
            try:
                return self._writing.do(replace(asked, if_match=frozenset({revision})))
            except RevisionConflict:
                continue
        raise RevisionConflict("others write faster", revision=self._service.revision)

    def _exists(self, graph: str) -> bool:
        return graph == DEFAULT or self._service.holds("pages/graph-exists", it=Iri(graph))


def _require(graph: str | None) -> str:
    if graph is None:
        detail = "name a graph: ?graph=IRI or ?default, or the path of the graph"
        raise wrong_parameter(detail)
    return graph


def _parts() -> list[Part]:
    """Give the documents of the current request."""
    if request.mimetype == FORM_DATA:
        files = [file for name in request.files for file in request.files.getlist(name)]
        return [
            Part(
                file.read(),
                file.mimetype,
                file.mimetype_params.get("charset", ""),
                file.filename or "",
            )
            for file in files
        ]
    incoming = http_request()
    require_plain(incoming)
    return [Part(incoming.body, incoming.content_type, incoming.charset)]


def graphs_blueprint(
    service: QueryService, writing: Writing, *, addresses: Addresses, past: Past
) -> Blueprint:
    """Make the views of the graph store."""
    blueprint = Blueprint("graphs", __name__)
    store = GraphStore(service, writing, past)

    def names() -> GraphNames:
        return GraphNames(addresses, root=request.url_root)

    @blueprint.route(f"/{STORE}", methods=METHODS)
    @blueprint.route(f"/{STORE}/", methods=METHODS, endpoint="slash")
    def indirect() -> Response:
        fields = read_fields(request.query_string, "the address")
        return store.answer(names().of_fields(fields), names())

    @blueprint.route(f"/{STORE}/<path:name>", methods=METHODS)
    def direct(name: str) -> Response:
        return store.answer(names().of_path(name), names())

    @blueprint.route("/graph/<path:name>", methods=METHODS[1:])
    def document(name: str) -> Response:
        return store.answer(names().of_path(name), names())

    @blueprint.after_request
    def accept(response: Response) -> Response:
        if request.method == "OPTIONS":
            response.headers["Accept-Patch"] = UPDATE
            response.headers["Accept-Post"] = ", ".join((*TYPES, FORM_DATA))
        return response

    return blueprint
