"""Rendering: what every template may use.

Owns the filters that turn IRIs into links and short names, the navigation and the headings of the
pages. Templates escape everything; a link is made only to this host or to http and https.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, g, request
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context

from entente.core.errors import StoreError
from entente.core.media import GRAPHS, RESULTS
from entente.core.terms import XSD, shorten
from entente.query.results import Iri, Literal, Term
from entente.query.service import QueryService
from entente.web.addresses import Addresses, encode


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation."""

    href: str
    label: str


NAVIGATION: Final = (
    Entry("/agreements", "Agreements"),
    Entry("/programmes", "Programmes"),
    Entry("/facilities", "Facilities"),
    Entry("/actors", "Actors"),
    Entry("/articles", "Articles"),
    Entry("/vocab/", "Vocabulary"),
    Entry("/ontology/", "Ontology"),
    Entry("/sparql", "SPARQL"),
)


_WORD: Final = re.compile(r"[^\W\d_]{3,30}")
MOST_WORDS: Final = 8
NOWHERE: Final = Entry("", "")
PLACES: Final = {
    "/id/agreement/": Entry("/agreements", "Agreements"),
    "/id/initiative/": Entry("/programmes", "Programmes"),
    "/id/facility/": Entry("/facilities", "Facilities"),
    "/id/person/": Entry("/actors", "Actors"),
    "/id/org/": Entry("/actors", "Actors"),
    "/id/country/": Entry("/actors", "Actors"),
    "/id/group-of-agents/": Entry("/actors", "Actors"),
    "/article/": Entry("/articles", "Articles"),
    "/claim/": Entry("/articles", "Articles"),
    "/vocab": Entry("/vocab/", "Vocabulary"),
    "/ontology": Entry("/ontology/", "Ontology"),
    "/shapes": Entry("/shapes/", "Shapes"),
}
FORMAT_TITLES: Final = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
FIRST_EXAMPLE: Final = "examples/01-factories"


def install_rendering(app: Flask, *, service: QueryService, addresses: Addresses) -> None:
    """Give the templates their filters and globals."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    target = target_of(addresses)
    environment.filters["link"] = _each_time(lambda iri: dated(addresses.link_of(iri)))
    environment.filters["target"] = _each_time(lambda term: dated(target(term)))
    environment.filters["dated"] = _each_time(dated)
    environment.filters["in_words"] = day_in_words
    environment.filters["amount"] = amount_text
    environment.tests["literal"] = is_literal
    environment.filters["short"] = shorten
    environment.filters["literal"] = literal_text
    environment.filters["passage"] = passage_text
    environment.filters["place"] = addresses_place(addresses)
    environment.filters["format_title"] = FORMAT_TITLES.__getitem__
    environment.filters["sentence"] = sentence
    environment.filters["sparql_link"] = sparql_link
    environment.globals.update(
        navigation=NAVIGATION,
        section=None,
        alternates=(),
        results_formats=RESULTS,
        graph_formats=GRAPHS,
        query=None,
        structured=None,
        search_path=None,
        search_link=search_linker(service),
        first_query=service.library.get(FIRST_EXAMPLE).text,
    )

    @app.context_processor
    def add_revision() -> dict[str, object]:
        try:
            revision = service.revision
        except StoreError:
            revision = None
        return {"revision": revision, "day": shown_day(), "today_link": today_link}


def show_day(day: str | None) -> None:
    """Let the page of the current request show a day of the past, and its links keep to it."""
    g.day = day


def shown_day() -> str | None:
    """Give the day of the past that the current request's page shows."""
    day: str | None = g.get("day")
    return day


def dated(link: str | None) -> str | None:
    """Keep a link to this host to the day that is shown."""
    day = shown_day()
    if link is None or day is None or not link.startswith("/") or "asOf=" in link:
        return link
    path, hash_sign, fragment = link.partition("#")
    return f"{path}{'&' if '?' in path else '?'}asOf={day}{hash_sign}{fragment}"


def amount_text(amount: str) -> str:
    """Write an exact amount with spaces between thousands."""
    return f"{Decimal(amount):,f}".replace(",", "\u202f")


def _each_time(filter_: Callable[[Any], str | None]) -> Callable[[Context, Any], str | None]:
    """Make a filter that is asked at every rendering: Jinja works out constants once for all."""

    @pass_context
    def asked(_: Context, value: Any) -> str | None:
        return filter_(value)

    return asked


def today_link() -> str:
    """Give the address of the current request's page as of today."""
    fields = [(name, text) for name, text in request.args.items(multi=True) if name != "asOf"]
    return encode(request.path) + (f"?{urlencode(fields)}" if fields else "")


def day_in_words(day: str) -> str:
    """Give a day as people write it: 31 July 2025."""
    read = date.fromisoformat(day)
    return f"{read.day} {MONTHS[read.month - 1]} {read.year}"


def addresses_place(addresses: Addresses) -> Callable[[str], Entry]:
    """Make the filter that tells in which part of the site an IRI is at home."""

    def place(iri: str) -> Entry:
        local = addresses.path_of(iri) or ""
        return next((entry for start, entry in PLACES.items() if local.startswith(start)), NOWHERE)

    return place


def target_of(addresses: Addresses) -> Callable[[Term], str | None]:
    """Make the filter that tells what a term links to: an IRI, or an address given as text."""

    def target(term: Term) -> str | None:
        if isinstance(term, Iri):
            return addresses.link_of(term.value)
        if isinstance(term, Literal) and term.datatype == XSD + "anyURI":
            return addresses.link_of(term.value)
        return None

    return target


def is_literal(term: Term) -> bool:
    """Tell whether a term is a literal."""
    return isinstance(term, Literal)


def literal_text(literal: Literal) -> str:
    """Give a literal as people read it: numbers in groups of three, yes and no."""
    if literal.datatype in (XSD + "integer", XSD + "decimal"):
        whole, point, fraction = literal.value.partition(".")
        if len(whole.lstrip("-")) > 4 and whole.lstrip("-").isdigit():
            return f"{int(whole):,}{point}{fraction}"
    if literal.datatype == XSD + "boolean":
        return {"true": "yes", "false": "no"}.get(literal.value, literal.value)
    return literal.value


def passage_text(anchor: str) -> str:
    """Give the fragment of a passage in words."""
    start, comma, end = anchor.removeprefix("char=").partition(",")
    return f"{start}–{end}" if comma else anchor


def sentence(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def search_linker(service: QueryService) -> Callable[[str], str | None]:
    """Make the function that gives a link to things with the words of a path in their names."""

    def search_link(path: str) -> str | None:
        words = sorted({word.lower() for word in _WORD.findall(path)})[:MOST_WORDS]
        if not words:
            return None
        query = service.library.get("pages/search")
        return sparql_link(query.with_values({"word": tuple(Literal(word) for word in words)}))

    return search_link


def sparql_link(query: str, format_name: str = "html") -> str:
    """Give the local address that asks a query."""
    return "/sparql?" + urlencode({"query": query, "format": format_name})
