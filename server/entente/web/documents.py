"""Documents: every IRI under the public base answers at its path.

Owns the views of things (`/id/…`, which redirect to `/page/…` or `/data/…`) and of documents
(`/ontology/…`, `/article/…` and so on, which answer themselves). An IRI that the graph does not
know is 404; no path ever names a file.
"""

import re
from dataclasses import dataclass
from typing import Final, Self

from flask import Blueprint, Response, render_template, request

from entente.core.errors import NotAcceptable, NotFound
from entente.core.media import GRAPHS, PAGE, Format, negotiate
from entente.core.terms import GRAPH_ONTOLOGY, GRAPH_SHAPES, GRAPH_VOCAB, shorten
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.addresses import DOCUMENTS, Address, Addresses, encode, split_suffix
from entente.web.answers import mark, stream, tag_of, unchanged
from entente.web.incoming import client_left
from entente.web.jsonld import JSONLD, JsonLd, Variant, add_frames, is_wished, read_variant
from entente.web.short_names import compact
from entente.web.thing import read_thing
from entente.web.wholes import read_graph, read_whole

# Folders that are documents themselves: all of one graph.
WHOLES: Final = {"ontology": GRAPH_ONTOLOGY, "vocab": GRAPH_VOCAB, "shapes": GRAPH_SHAPES}
_VERSION: Final = re.compile(r"ontology/\d+(\.\d+)*")
GRAPH_CONTENT: Final = "pages/graph-content"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Location:
    """Where the documents about one IRI stand: `data` takes a suffix, `page` is whole."""

    data: str
    page: str

    @classmethod
    def of_thing(cls, name: str) -> Self:
        """Give the addresses about a thing, which is no document itself."""
        return cls(f"/data/{name}", f"/page/{name}")

    @classmethod
    def of_document(cls, path: str) -> Self:
        """Give the addresses of the variants of a document."""
        return cls(f"/{path}", f"/{path}.{PAGE.extension}")

    def of(self, offer: Format) -> str:
        """Give the address of one variant, ready for a header or a link."""
        return encode(self.page if offer is PAGE else f"{self.data}.{offer.extension}")


class Documents:
    """The documents of one graph under one public base."""

    def __init__(self, service: QueryService, addresses: Addresses) -> None:
        self._service = service
        self._addresses = addresses
        self.jsonld = JsonLd(service)

    def redirect_thing(self, name: str) -> Response:
        """Send who asks for a thing to a document about it (303, httpRange-14)."""
        self._require_known(f"id/{name}")
        location = Location.of_thing(name)
        offer = choose(None)
        variant = read_variant(self.jsonld.frames) if offer is JSONLD else None
        response = Response(status=303)
        response.headers["Location"] = location.of(offer) + (variant.search if variant else "")
        _link(response, location)
        return response

    def answer(self, path: str, offer: Format, *, location: Location) -> Response:
        """Answer with the document about the IRI of a path.

        Args:
            path: of the IRI, without leading slash.
            offer: the format.
            location: where the variants stand, for Content-Location and Link.
        """
        iri = self._iri(path)
        variant = read_variant(self.jsonld.frames) if offer is JSONLD else None
        tag = tag_of(self._service.revision, "document", iri, offer.name, variant)
        known = unchanged(tag, self._service.revision)
        if known is not None:
            return known
        if offer is PAGE:
            response = self._page(iri, location)
        elif variant is not None:
            response = self._json(iri, variant, tag)
        else:
            response = self._data(iri, offer, tag)
        mark(response, tag, self._service.revision)
        response.headers["Content-Location"] = location.of(offer) + (
            variant.search if variant else ""
        )
        _link(response, location)
        return response

    def _page(self, iri: str, location: Location) -> Response:
        alternates = [
            {
                "href": location.of(offer),
                "media_type": offer.media_type,
                "title": offer.name,
            }
            for offer in GRAPHS
        ]
        path = iri.removeprefix(self._addresses.public_base)
        if path in WHOLES:
            template, values = f"{path}.html", read_whole(self._service, path)
        elif path.startswith("graph/"):
            template, values = "graph.html", {"graph": read_graph(self._service, iri)}
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
        return stream(answer, tag=tag)

    def _json(self, iri: str, variant: Variant, tag: str) -> Response:
        """Answer in JSON-LD; the content of a graph, which may be long, as it comes."""
        name, about = self._query_of(iri)
        if variant.is_default and name == GRAPH_CONTENT:
            response = self._data(iri, JSONLD, tag)
            if response.is_sequence:
                response.data = compact(response.get_data(), first=iri)
            return response
        if variant.frame is not None:
            name, about = "frames/surroundings", iri
        query = self._service.library.get(name).with_values({"it": Iri(about)})
        return self.jsonld.answer(query, root=iri, variant=variant)

    def _query_of(self, iri: str) -> tuple[str, str]:
        """Choose the query that makes an IRI's document, and what it is asked about."""
        path = iri.removeprefix(self._addresses.public_base)
        if path in WHOLES:
            return GRAPH_CONTENT, WHOLES[path]
        self._require_known(path)
        if _VERSION.fullmatch(path):
            return GRAPH_CONTENT, GRAPH_ONTOLOGY
        return (GRAPH_CONTENT if path.startswith("graph/") else "pages/document"), iri

    def _require_known(self, path: str) -> None:
        iri = self._iri(path)
        if not self._service.holds("pages/exists", it=Iri(iri)):
            raise NotFound(f"the graph says nothing about {shorten(iri)}")

    def _iri(self, path: str) -> str:
        iri = self._addresses.iri_of(path)
        if iri is None:
            raise NotFound("no IRI of the graph has such characters")
        return iri


def _link(response: Response, location: Location) -> None:
    """Name all variants and the licence in Link headers (RFC 8288)."""
    for offer in (*GRAPHS, PAGE):
        response.headers.add(
            "Link", f'<{location.of(offer)}>; rel="alternate"; type="{offer.media_type}"'
        )
    response.headers.add("Link", f'<{LICENSE}>; rel="license"')


def choose(named: Format | None) -> Format:
    """Choose the format of a document: that of its suffix, else by Accept, else Turtle.

    Where no suffix names another, a wish for a frame or form is one for JSON-LD.

    Raises:
        NotAcceptable: nothing in Accept is offered.
    """
    if named is not None:
        return named
    if is_wished():
        return JSONLD
    offer = negotiate(request.headers.get("Accept"), (*GRAPHS, PAGE))
    if offer is None:
        offers = tuple(known.media_type for known in (*GRAPHS, PAGE))
        raise NotAcceptable("nothing in Accept is offered here", offers=offers)
    return offer


def documents_blueprint(service: QueryService, addresses: Addresses) -> Blueprint:
    """Make the views of all IRIs."""
    blueprint = Blueprint("documents", __name__)
    documents = Documents(service, addresses)
    add_frames(blueprint, documents.jsonld)

    @blueprint.get("/id/<path:name>")
    def thing(name: str) -> Response:
        address = split_suffix(name)
        if address.format is None:
            return documents.redirect_thing(name)
        return _about_thing(address, address.format)

    @blueprint.get("/page/<path:name>")
    def page(name: str) -> Response:
        return _about_thing(Address(name, PAGE), PAGE)

    @blueprint.get("/data/<path:name>")
    def data(name: str) -> Response:
        address = split_suffix(name)
        return _about_thing(address, choose(address.format))

    def _about_thing(address: Address, offer: Format) -> Response:
        location = Location.of_thing(address.path)
        return documents.answer(f"id/{address.path}", offer, location=location)

    for part in DOCUMENTS:

        @blueprint.get(f"/{part}/<path:name>", endpoint=part)
        def document(name: str, part: str = part) -> Response:
            address = split_suffix(f"{part}/{name}")
            offer = choose(address.format)
            location = Location.of_document(address.path)
            return documents.answer(address.path, offer, location=location)

    for whole in WHOLES:

        @blueprint.get(f"/{whole}", endpoint=f"{whole}_whole")
        @blueprint.get(f"/{whole}/", endpoint=f"{whole}_whole_slash")
        @blueprint.get(f"/{whole}.<extension>", endpoint=f"{whole}_whole_suffix")
        def all_of(whole: str = whole, extension: str = "") -> Response:
            address = split_suffix(f"{whole}.{extension}" if extension else whole)
            if address.path != whole:
                raise NotFound(f"no format has the suffix {extension[:20]!r}")
            location = Location.of_document(whole)
            return documents.answer(whole, choose(address.format), location=location)

    return blueprint
