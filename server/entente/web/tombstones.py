"""Tombstones: the answers about what is no longer there, or goes under another IRI.

Owns 410 for what was withdrawn, by curators or by a write, and 308 for what was merged; both with
a document that says who did it, when, why, and what takes its place, in every format. Must not
choose what is gone: that is `entente.query.removals`'s.
"""

from http import HTTPStatus
from typing import Final

from flask import Response, render_template

from entente.core.media import PAGE, Format
from entente.core.terms import GRAPH_META, XSD, shorten
from entente.core.writes import Change
from entente.query.library import Value
from entente.query.removals import Removal, Standing, read_removal
from entente.query.results import Iri, Literal
from entente.query.service import QueryRequest, QueryService
from entente.web.addresses import Addresses
from entente.web.answers import mark, stream
from entente.web.incoming import client_left
from entente.web.jsonld import JSONLD
from entente.web.short_names import compact
from entente.web.variants import Location, link_variants, name

TOMBSTONE: Final = "pages/tombstone"
DELETION: Final = "pages/deletion"


class Tombstones:
    """The tombstones of one graph under one public base."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses

    def answer(
        self,
        service: QueryService,
        iri: str,
        standing: Standing,
        *,
        offer: Format,
        location: Location,
        itself: bool,
    ) -> Response:
        """Answer for what curators withdrew or merged.

        Args:
            service: knows it.
            iri: what was asked for.
            standing: its fate, which is not `present`.
            offer: the format.
            location: where its documents stand.
            itself: whether the IRI was asked for, and not one of its documents.
        """
        if offer is PAGE:
            removal = read_removal(service, iri)
            response = _page(iri, removal, label=standing.label, merged=standing.fate == "merged")
        else:
            response = self._data(service, TOMBSTONE, offer, {"it": Iri(iri)}, iri)
        if standing.fate == "merged":
            response.status_code = HTTPStatus.PERMANENT_REDIRECT
            response.headers["Location"] = self._target(standing, offer, location, itself=itself)
        else:
            response.status_code = HTTPStatus.GONE
        for successor in standing.successors:
            link = self._addresses.link_of(successor) or successor
            response.headers.add("Link", f'<{link}>; rel="successor-version"')
        return _complete(response, service, location, standing.label)

    def answer_deleted(
        self, service: QueryService, iri: str, change: Change, *, offer: Format, location: Location
    ) -> Response:
        """Answer for what a write took away.

        Args:
            service: makes the document.
            iri: what was asked for.
            change: the write, as the log tells it.
            offer: the format.
            location: where its documents stood.
        """
        who = f"write of revision {change.revision} by {change.who}"
        if offer is PAGE:
            why = (change.why,) if change.why else ()
            removal = Removal(when=(change.time,), who=(change.who,), why=why, labels={})
            response = _page(iri, removal, label=None, merged=False)
        else:
            values: dict[str, Value] = {
                "it": Iri(iri),
                "change": Iri(f"{GRAPH_META}#change-{change.revision}"),
                "label": Literal(who.capitalize(), language="en"),
                "when": Literal(change.time, XSD + "dateTime"),
            }
            if change.why:
                values["why"] = Literal(change.why, language="en")
            response = self._data(service, DELETION, offer, values, iri)
        response.status_code = HTTPStatus.GONE
        return _complete(response, service, location, None)

    def _data(
        self, service: QueryService, query: str, offer: Format, values: dict[str, Value], iri: str
    ) -> Response:
        text = service.library.get(query).with_values(values)
        asked = QueryRequest(query=text, results_format=None, graph_format=offer.name)
        response = stream(service.open_query(asked, cancelled=client_left()), tag=None)
        if offer is JSONLD and response.is_sequence:
            response.data = compact(response.get_data(), first=iri)
        return response

    def _target(
        self, standing: Standing, offer: Format, location: Location, *, itself: bool
    ) -> str:
        """Give the address of the successor: of its document where a document was asked for."""
        iri = standing.successors[0]
        local = self._addresses.local(iri)
        if local is None:
            return iri
        successor = Location.of(local).on(location.day)
        return successor.itself() if itself else successor.variant(offer)


def _page(iri: str, removal: Removal, *, label: str | None, merged: bool) -> Response:
    body = render_template(
        "gone.html", iri=iri, removal=removal, title=label or shorten(iri), merged=merged
    )
    return Response(body, content_type=PAGE.content_type)


def _complete(
    response: Response, service: QueryService, location: Location, label: str | None
) -> Response:
    mark(response, None, service.revision)
    link_variants(response, location)
    name(response, label)
    return response
