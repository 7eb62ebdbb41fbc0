"""Variants: where the formats of a document stand, which one a client gets, how they are linked.

Owns the choice among the formats and the Link headers of documents (RFC 8288), and the header that
tells what the thing is called. Must not read the graph.
"""

from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import quote

from flask import Response, request

from entente.core.errors import NotAcceptable
from entente.core.media import GRAPHS, PAGE, Format, by_name, negotiate
from entente.web.addresses import encode
from entente.web.api_parameters import given
from entente.web.jsonld import CONTEXT, JSONLD, NAMESPACE, is_wished
from entente.web.mementos import link_original

LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_EXTENDED: Final = "UTF-8''"


@dataclass(frozen=True, slots=True)
class Location:
    """Where the documents about one IRI stand: `data` takes a suffix, `page` is whole.

    `thing` is the path of the IRI itself; with `day`, all are as of that day.
    """

    thing: str
    data: str
    page: str
    day: str | None = None

    @classmethod
    def of(cls, path: str) -> Self:
        """Give the addresses about the IRI of a path: those of a thing are about it, not it."""
        if path.startswith("id/"):
            name = path.removeprefix("id/")
            return cls(f"/{path}", f"/data/{name}", f"/page/{name}")
        return cls(f"/{path}", f"/{path}", f"/{path}.{PAGE.extension}")

    def on(self, day: str | None) -> Self:
        """Give the same as of a day."""
        return replace(self, day=day)

    def variant(self, offer: Format, search: str = "") -> str:
        """Give the address of one variant, ready for a header or a link."""
        path = self.page if offer is PAGE else f"{self.data}.{offer.extension}"
        return encode(path) + self._dated(search)

    def itself(self) -> str:
        """Give the address of the IRI, ready for a header or a link."""
        return encode(self.thing) + self._dated("")

    def _dated(self, search: str) -> str:
        if self.day is None:
            return search
        return f"{search}&asOf={self.day}" if search else f"?asOf={self.day}"


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


def choose_among(*offers: Format) -> Format:
    """Choose among the formats of an address: by `format=`, else by Accept.

    Args:
        offers: the preferred first.

    Raises:
        NotAcceptable: none of them is asked for.
        RequestRefused: `format` is given more than once.
    """
    named = given("format")
    accept = request.headers.get("Accept")
    offer = negotiate(accept, offers) if named is None else by_name(named, offers)
    if offer is None:
        types = tuple(known.media_type for known in offers)
        raise NotAcceptable("none of the formats asked for is offered here", offers=types)
    return offer


def choose_graph() -> Format:
    """Choose the format of RDF for an address that has no page; see `choose_among`."""
    accept = request.headers.get("Accept")
    if given("format") is None and negotiate(accept, (*GRAPHS, PAGE)) is PAGE:
        return GRAPHS[0]  # a person who follows a link gets a file
    return choose_among(*GRAPHS)


def link_variants(response: Response, location: Location) -> None:
    """Name all variants, the licence, the context, the service and what describes the dataset."""
    add = response.headers.add
    for offer in (*GRAPHS, PAGE):
        add("Link", f'<{location.variant(offer)}>; rel="alternate"; type="{offer.media_type}"')
    if response.status_code == 303:
        add("Link", f'<{response.headers["Location"]}>; rel="describedby"')
    elif location.data != location.thing:
        add("Link", f'<{location.itself()}>; rel="describes"')
    if location.day is None:  # with a day, the memento says so itself
        link_original(response, request.base_url)
    add("Link", '</.well-known/void>; rel="describedby"; type="text/turtle"')
    add("Link", '</sparql>; rel="service"')
    add("Link", f'<{LICENSE}>; rel="license"')
    if not any(f"{NAMESPACE}context" in link for link in response.headers.getlist("Link")):
        add("Link", f'<{CONTEXT}>; rel="{NAMESPACE}context"; type="{JSONLD.media_type}"')


def name(response: Response, label: str | None) -> None:
    """Tell what the thing is called, in a header that is ASCII.

    A name with other characters, line ends or a beginning that looks encoded is written as an
    extended value (RFC 8187, section 3.2): `UTF-8''` and percent-encoded.
    """
    if label is None:
        return
    plain = label.isascii() and label.isprintable() and label == label.strip()
    if not plain or label.upper().startswith(_EXTENDED):
        label = _EXTENDED + quote(label, safe="!#$&+-.^_`|~")
    response.headers["X-PrefLabel"] = label
