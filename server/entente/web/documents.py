"""Documents: every IRI under the public base answers at its path.

Owns the views of things (`/id/…`, which redirect to `/page/…` or `/data/…`) and of documents
(`/ontology/…`, `/article/…` and so on, which answer themselves). An IRI that the graph does not
know is 404, one that was withdrawn 410, one that was merged 308; no path ever names a file. All
take `asOf`.
"""

import re
from typing import Final

from flask import Blueprint, Response, render_template, request

from entente.core.errors import NotFound
from entente.core.media import GRAPHS, PAGE, Format
from entente.core.terms import GRAPH_ONTOLOGY, GRAPH_SHAPES, GRAPH_VOCAB, shorten
from entente.query.asof import Past
from entente.query.removals import Deletions, Standing, read_standing
from entente.query.results import Iri
from entente.query.service import QueryRequest, QueryService
from entente.web.addresses import DOCUMENTS, Addresses, split_suffix
from entente.web.answers import mark, stream, tag_of, unchanged
from entente.web.api_past import Dated, turn
from entente.web.incoming import client_left
from entente.web.jsonld import JSONLD, JsonLd, Variant, add_frames, read_variant
from entente.web.rendering import show_day
from entente.web.short_names import compact
from entente.web.standbys import leave
from entente.web.structured import describe_thing
from entente.web.thing import read_thing
from entente.web.tombstones import Tombstones
from entente.web.variants import Location, choose, link_variants, name
from entente.web.wholes import read_graph, read_whole

# Folders that are documents themselves: all of one graph.
WHOLES: Final = {"ontology": GRAPH_ONTOLOGY, "vocab": GRAPH_VOCAB, "shapes": GRAPH_SHAPES}
_VERSION: Final = re.compile(rf"({'|'.join(WHOLES)})/\d+(\.\d+)*")
GRAPH_CONTENT: Final = "pages/graph-content"


class Documents:
    """The documents of one graph under one public base."""

    def __init__(self, service: QueryService, addresses: Addresses, past: Past) -> None:
        self._service = service
        self._addresses = addresses
        self._past = past
        self._tombstones = Tombstones(addresses)
        self._deletions = Deletions(service, prefix=addresses.public_base)
        self.jsonld = JsonLd(service)

    def redirect_thing(self, path: str) -> Response:
        """Send who asks for a thing to a document about it (303, httpRange-14)."""
        dated, offer = self._dated(), choose(None)
        location = Location.of(path).on(dated.day)
        found = self._standing(dated, path, offer, location, itself=True)
        if isinstance(found, Response):
            return dated.mark(found)
        variant = read_variant(self.jsonld.frames) if offer is JSONLD else None
        response = Response(status=303)
        response.headers["Location"] = location.variant(offer, variant.search if variant else "")
        link_variants(response, location)
        name(response, found.label)
        return dated.mark(response)

    def answer(self, path: str, offer: Format) -> Response:
        """Answer with the document about the IRI of a path.

        Args:
            path: of the IRI, without leading slash.
            offer: the format.
        """
        iri, dated = self._iri(path), self._dated()
        location = Location.of(path).on(dated.day)
        variant = read_variant(self.jsonld.frames) if offer is JSONLD else None
        revision = dated.service.revision
        tag = tag_of(revision, "document", iri, offer.name, variant, dated.day)
        response = unchanged(tag, revision)
        if response is None:
            found = self._standing(dated, path, offer, location, itself=False)
            if isinstance(found, Response):
                return dated.mark(found)
            if offer is PAGE:
                response = self._page(dated, iri, location)
            elif variant is not None:
                response = self._json(dated, iri, variant, tag)
            else:
                response = self._data(dated.service, iri, offer, tag)
            mark(response, tag, revision)
            name(response, found.label)
        dated.mark(response)
        search = variant.search if variant else ""
        response.headers["Content-Location"] = location.variant(offer, search)
        link_variants(response, location)
        return response

    def _page(self, dated: Dated, iri: str, location: Location) -> Response:
        service = dated.service
        alternates = [
            {
                "href": location.variant(offer),
                "media_type": offer.media_type,
                "title": offer.name,
            }
            for offer in GRAPHS
        ]
        path = iri.removeprefix(self._addresses.public_base)
        whole = _whole_of(path)
        if whole is not None:
            template, values = f"{whole}.html", read_whole(service, whole)
        elif path.startswith("graph/"):
            template, values = "graph.html", {"graph": read_graph(service, iri)}
        else:
            page = read_thing(service, iri)
            template, values = (
                "thing.html",
                {"page": page, "structured": describe_thing(page)},
            )
        body = render_template(template, alternates=alternates, **values)
        return Response(body, content_type=PAGE.content_type)

    def _data(self, service: QueryService, iri: str, offer: Format, tag: str) -> Response:
        query, about = self._query_of(iri)
        text = service.library.get(query).with_values({"it": Iri(about)})
        answer = service.open_query(
            QueryRequest(query=text, results_format=None, graph_format=offer.name),
            cancelled=client_left(),
        )
        return stream(answer, tag=tag)

    def _json(self, dated: Dated, iri: str, variant: Variant, tag: str) -> Response:
        """Answer in JSON-LD; the content of a graph, which may be long, as it comes."""
        query, about = self._query_of(iri)
        if variant.is_default and query == GRAPH_CONTENT:
            response = self._data(dated.service, iri, JSONLD, tag)
            if response.is_sequence:
                response.data = compact(response.get_data(), first=iri)
            return response
        if variant.frame is not None:
            query, about = "frames/surroundings", iri
        text = dated.service.library.get(query).with_values({"it": Iri(about)})
        return self.jsonld.answer(text, root=iri, variant=variant, service=dated.service)

    def _query_of(self, iri: str) -> tuple[str, str]:
        """Choose the query that makes an IRI's document, and what it is asked about."""
        path = iri.removeprefix(self._addresses.public_base)
        whole = _whole_of(path)
        if whole is not None:
            return GRAPH_CONTENT, WHOLES[whole]
        return (GRAPH_CONTENT if path.startswith("graph/") else "pages/document"), iri

    def _standing(
        self, dated: Dated, path: str, offer: Format, location: Location, *, itself: bool
    ) -> Standing | Response:
        """Give what an IRI is; an answer of its own where it is withdrawn or merged.

        Raises:
            NotFound: the graph never knew it, or not yet on that day.
        """
        iri = self._iri(path)
        found = read_standing(dated.service, iri)
        if found.fate == "present" or path in WHOLES:
            return found
        if found.fate == "unknown":
            change = self._deletions.find(iri)
            if change is not None and dated.day is None:
                return self._tombstones.answer_deleted(
                    dated.service, iri, change, offer=offer, location=location
                )
            when = "" if dated.day is None else f" as of {dated.day}"
            raise NotFound(f"the graph says nothing about {shorten(iri)}{when}")
        return self._tombstones.answer(
            dated.service, iri, found, offer=offer, location=location, itself=itself
        )

    def _dated(self) -> Dated:
        dated = turn(self._service, self._past, request.args.items(multi=True))
        show_day(dated.day)
        return dated

    def _iri(self, path: str) -> str:
        iri = self._addresses.iri_of(path)
        if iri is None:
            raise NotFound("no IRI of the graph has such characters")
        return iri


def _whole_of(path: str) -> str | None:
    """Give the folder that is a document itself, or whose version a path names."""
    version = _VERSION.fullmatch(path)
    if version is not None:
        return version[1]
    return path if path in WHOLES else None


def documents_blueprint(service: QueryService, addresses: Addresses, past: Past) -> Blueprint:
    """Make the views of all IRIs."""
    blueprint = Blueprint("documents", __name__)
    documents = Documents(service, addresses, past)
    add_frames(blueprint, documents.jsonld)
    leave(blueprint, documents.jsonld.standby, first=True)

    @blueprint.get("/id/<path:name>")
    def thing(name: str) -> Response:
        address = split_suffix(name)
        if address.format is None:
            return documents.redirect_thing(f"id/{name}")
        return documents.answer(f"id/{address.path}", address.format)

    @blueprint.get("/page/<path:name>")
    def page(name: str) -> Response:
        return documents.answer(f"id/{name}", PAGE)

    @blueprint.get("/data/<path:name>")
    def data(name: str) -> Response:
        address = split_suffix(name)
        return documents.answer(f"id/{address.path}", choose(address.format))

    for part in DOCUMENTS:

        @blueprint.get(f"/{part}/<path:name>", endpoint=part)
        def document(name: str, part: str = part) -> Response:
            address = split_suffix(f"{part}/{name}")
            return documents.answer(address.path, choose(address.format))

    for whole in WHOLES:

        @blueprint.get(f"/{whole}", endpoint=f"{whole}_whole")
        @blueprint.get(f"/{whole}/", endpoint=f"{whole}_whole_slash")
        @blueprint.get(f"/{whole}.<extension>", endpoint=f"{whole}_whole_suffix")
        def all_of(whole: str = whole, extension: str = "") -> Response:
            address = split_suffix(f"{whole}.{extension}" if extension else whole)
            if address.path != whole:
                raise NotFound(f"no format has the suffix {extension[:20]!r}")
            return documents.answer(whole, choose(address.format))

    return blueprint
