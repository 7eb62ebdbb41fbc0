"""Documents: every IRI under the public base answers at its path.

Owns the views of things (`/id/…`, which redirect to `/page/…` or `/data/…`) and of documents
(`/ontology/…`, `/article/…` and so on, which answer themselves). An IRI that the graph does not
know is 404; no path ever names a file.
"""

import re
from typing import Final

from flask import Blueprint, Response, render_template, request

from entente.core.errors import NotAcceptable, NotFound
from entente.core.media import GRAPHS, PAGE, Format, negotiate
from entente.core.terms import GRAPH_ONTOLOGY, GRAPH_SHAPES, GRAPH_VOCAB, shorten
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.addresses import DOCUMENTS, Address, Addresses, encode, split_suffix
from entente.web.answers import mark, stream, tag_of, unchanged
from entente.web.jsonld import compact
from entente.web.sparql import client_left
from entente.web.thing import read_thing
from entente.web.wholes import read_whole

# Folders that are documents themselves: all of one graph.
WHOLES: Final = {"ontology": GRAPH_ONTOLOGY, "vocab": GRAPH_VOCAB, "shapes": GRAPH_SHAPES}
_VERSION: Final = re.compile(r"ontology/\d+(\.\d+)*")
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


class Documents:
    """The documents of one graph under one public base."""

    def __init__(self, service: QueryService, addresses: Addresses) -> None:
        self._service = service
        self._addresses = addresses

    def redirect_thing(self, path: str, target: str) -> Response:
        """Send who asks for a thing to a document about it (303, httpRange-14)."""
        self._require_known(path)
        offer = choose(None)
        location = f"/page/{target}" if offer is PAGE else f"/data/{target}.{offer.extension}"
        response = Response(status=303)
        response.headers["Location"] = encode(location)
        self._link(response, f"/data/{target}")
        return response

    def answer(self, path: str, offer: Format, *, location: str) -> Response:
        """Answer with the document about the IRI of a path.

        Args:
            path: of the IRI, without leading slash.
            offer: the format.
            location: path of the document without suffix, for Content-Location and Link.
        """
        iri = self._iri(path)
        tag = tag_of(self._service.revision, "document", iri, offer.name)
        known = unchanged(tag, self._service.revision)
        if known is not None:
            return known
        response = self._page(iri, location) if offer is PAGE else self._data(iri, offer, tag)
        mark(response, tag, self._service.revision)
        response.headers["Content-Location"] = encode(f"{location}.{offer.extension}")
        self._link(response, location)
        return response

    def _page(self, iri: str, location: str) -> Response:
        alternates = [
            {
                "href": encode(f"{location}.{offer.extension}"),
                "media_type": offer.media_type,
                "title": offer.name,
            }
            for offer in GRAPHS
        ]
        path = iri.removeprefix(self._addresses.public_base)
        if path in WHOLES:
            template, values = f"{path}.html", read_whole(self._service, path)
        else:
            template, values = "thing.html", {"page": read_thing(self._service, iri)}
        body = render_template(template, alternates=alternates, **values)
        return Response(body, content_type=PAGE.content_type)

    def _data(self, iri: str, offer: Format, tag: str) -> Response:
        name, about = self._query_of(iri)
        text = self._service.library.get(name).with_values({"it": Iri(about)})
        answer = self._service.open_query(
            QueryRequest(query=text, results_format=None, graph_format=offer.name),
            cancelled=client_left(),
        )
        response = stream(answer, tag=tag)
        if offer.name == "jsonld" and response.is_sequence:
            response.data = compact(response.get_data(), first=iri)
        return response

    def _query_of(self, iri: str) -> tuple[str, str]:
        """Choose the query that makes an IRI's document, and what it is asked about."""
        path = iri.removeprefix(self._addresses.public_base)
        if path in WHOLES:
            return "pages/graph-content", WHOLES[path]
        self._require_known(path)
        if _VERSION.fullmatch(path):
            return "pages/graph-content", GRAPH_ONTOLOGY
        return ("pages/graph-content" if path.startswith("graph/") else "pages/document"), iri

    def _require_known(self, path: str) -> None:
        iri = self._iri(path)
        if not self._service.holds("pages/exists", it=Iri(iri)):
            raise NotFound(f"the graph says nothing about {shorten(iri)}")

    def _iri(self, path: str) -> str:
        iri = self._addresses.iri_of(path)
        if iri is None:
            raise NotFound("no IRI of the graph has such characters")
        return iri

    def _link(self, response: Response, location: str) -> None:
        for offer in (*GRAPHS, PAGE):
            if not (offer is PAGE and location.startswith("/data/")):
                target = encode(f"{location}.{offer.extension}")
                response.headers.add(
                    "Link", f'<{target}>; rel="alternate"; type="{offer.media_type}"'
                )
        response.headers.add("Link", f'<{LICENSE}>; rel="license"')


def choose(named: Format | None) -> Format:
    """Choose the format of a document: that of its suffix, else by Accept, else Turtle.

    Raises:
        NotAcceptable: nothing in Accept is offered.
    """
    if named is not None:
        return named
    offer = negotiate(request.headers.get("Accept"), (*GRAPHS, PAGE))
    if offer is None:
        offers = tuple(known.media_type for known in (*GRAPHS, PAGE))
        raise NotAcceptable("nothing in Accept is offered here", offers=offers)
    return offer


def documents_blueprint(service: QueryService, addresses: Addresses) -> Blueprint:
    """Make the views of all IRIs."""
    blueprint = Blueprint("documents", __name__)
    documents = Documents(service, addresses)

    @blueprint.get("/id/<path:name>")
    def thing(name: str) -> Response:
        address = split_suffix(name)
        if address.format is None:
            return documents.redirect_thing(f"id/{name}", name)
        return _about_thing(address, address.format)

    @blueprint.get("/page/<path:name>")
    def page(name: str) -> Response:
        return _about_thing(Address(name, PAGE), PAGE)

    @blueprint.get("/data/<path:name>")
    def data(name: str) -> Response:
        address = split_suffix(name)
        return _about_thing(address, choose(address.format))

    def _about_thing(address: Address, offer: Format) -> Response:
        folder = "page" if offer is PAGE else "data"
        return documents.answer(f"id/{address.path}", offer, location=f"/{folder}/{address.path}")

    for part in DOCUMENTS:

        @blueprint.get(f"/{part}/<path:name>", endpoint=part)
        def document(name: str, part: str = part) -> Response:
            address = split_suffix(f"{part}/{name}")
            offer = choose(address.format)
            return documents.answer(address.path, offer, location=f"/{address.path}")

    for whole in WHOLES:

        @blueprint.get(f"/{whole}", endpoint=f"{whole}_whole")
        @blueprint.get(f"/{whole}/", endpoint=f"{whole}_whole_slash")
        @blueprint.get(f"/{whole}.<extension>", endpoint=f"{whole}_whole_suffix")
        def all_of(whole: str = whole, extension: str = "") -> Response:
            address = split_suffix(f"{whole}.{extension}" if extension else whole)
            if address.path != whole:
                raise NotFound(f"no format has the suffix {extension[:20]!r}")
            return documents.answer(whole, choose(address.format), location=f"/{whole}")

    return blueprint
