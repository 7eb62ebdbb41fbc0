"""Dumps: the whole dataset in one file, with its graphs or without.

Owns `/dataset.nq` and `/dataset.trig`, which keep the named graphs, and the other formats, which
hold the union. Graph after graph is asked of a reader as N-Triples, so nothing is held in memory;
when the revision changes on the way the connection is cut, since two revisions make no dataset.
All take `asOf`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, request

from entente.core.errors import NotFound, StoreError
from entente.core.media import GRAPHS, Format, by_name
from entente.query.asof import Past
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.answers import head_of, mark, stream, tag_of, unchanged
from entente.web.api_past import turn
from entente.web.incoming import client_left
from entente.web.operations import BINARY, Operation, Parameter, declare
from entente.web.variants import LICENSE, choose_graph

NAME: Final = "dataset"
KEEPING: Final = ("nq", "trig")
_END: Final = b" .\n"
_WHOLE: Final = Operation(
    path=f"/{NAME}",
    summary="The whole dataset in one file",
    description="N-Quads and TriG keep the named graphs; the other formats hold their union.",
    tag="Releases",
    formats=tuple(offer.name for offer in GRAPHS),
    answers={offer.media_type: BINARY for offer in GRAPHS},
    dated=True,
)
_SUFFIX: Final = Parameter(
    name="suffix",
    description="The format, as the ending of the address.",
    schema={"type": "string", "enum": [offer.extension for offer in GRAPHS]},
    place="path",
    required=True,
)
OPERATIONS: Final = (
    _WHOLE,
    replace(
        _WHOLE,
        path=f"/{NAME}.{{suffix}}",
        parameters=(_SUFFIX,),
        formats=(),
        problems=("not-found",),
    ),
)


def dumps_blueprint(service: QueryService, past: Past) -> Blueprint:
    """Make the views of the whole dataset."""
    blueprint = Blueprint("dumps", __name__)

    @blueprint.get(f"/{NAME}")
    def negotiated() -> Response:
        return answer(choose_graph())

    @blueprint.get(f"/{NAME}.<extension>")
    def named(extension: str) -> Response:
        offer = next((offer for offer in GRAPHS if offer.extension == extension), None)
        if offer is None:
            raise NotFound(f"no format has the suffix {extension[:20]!r}")
        return answer(offer)

    def answer(offer: Format) -> Response:
        dated = turn(service, past, request.args.items(multi=True))
        held = dated.service
        tag = tag_of(held.revision, NAME, offer.name, dated.day)
        response = unchanged(tag, held.revision)
        if response is None:
            if request.method != "HEAD" and offer.name not in KEEPING:
                response = _union(held, offer, tag)
            else:
                response = head_of(offer)
                if request.method != "HEAD":
                    response.response = _graphs(held, offer, client_left())
                mark(response, tag, held.revision)
        dated.mark(response)
        day = "" if dated.day is None else f"?asOf={dated.day}"
        response.headers["Content-Location"] = f"/{NAME}.{offer.extension}{day}"
        download = f"entente{'' if dated.day is None else '-' + dated.day}.{offer.extension}"
        response.headers["Content-Disposition"] = f'attachment; filename="{download}"'
        for other in GRAPHS:
            link = f'</{NAME}.{other.extension}{day}>; rel="alternate"; type="{other.media_type}"'
            response.headers.add("Link", link)
        response.headers.add("Link", '</.well-known/void>; rel="describedby"; type="text/turtle"')
        response.headers.add("Link", f'<{LICENSE}>; rel="license"')
        return response

    declare(blueprint, *OPERATIONS)
    return blueprint


def _union(service: QueryService, offer: Format, tag: str) -> Response:
    text = service.library.get("pages/default-graph").text
    asked = QueryRequest(query=text, results_format=None, graph_format=offer.name)
    return stream(service.open_query(asked, cancelled=client_left()), tag=tag)


def _graphs(service: QueryService, offer: Format, left: Callable[[], bool]) -> Iterator[bytes]:
    """Give all graphs, each line by line, in the order of their names.

    Raises:
        StoreError: another revision is served by now.
    """
    revision = service.revision
    text = service.library.get("pages/graph-content")
    triples = by_name("nt", GRAPHS)
    assert triples is not None
    for row in service.rows("pages/graphs"):
        graph = row["it"]
        assert isinstance(graph, Iri)
        name = f"<{graph.value}>".encode()
        query = text.with_values({"it": graph})
        asked = QueryRequest(query=query, results_format=None, graph_format=triples.name)
        if offer.name == "trig":
            yield name + b" {\n"
        with service.open_query(asked, cancelled=left) as answer:
            if answer.revision != revision:
                raise StoreError("another revision took the place of this one")
            for lines in _whole_lines(answer):
                yield lines if offer.name == "trig" else lines.replace(_END, b" " + name + _END)
        if offer.name == "trig":
            yield b"}\n"


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Give what comes in parts that end with a line."""
    rest = b""
    for chunk in chunks:
        whole, line_end, rest = (rest + chunk).rpartition(b"\n")
        if whole or line_end:
            yield whole + line_end
    if rest:
        yield rest + b"\n"
