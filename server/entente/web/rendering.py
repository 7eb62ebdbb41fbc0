"""Rendering: what every template may use.

Owns the filters that turn IRIs into links and short names, the navigation and the headings of the
pages. Templates escape everything; a link is made only to this host or to http and https.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Flask
from jinja2 import StrictUndefined

from entente.core.errors import StoreError
from entente.core.media import GRAPHS, RESULTS
from entente.core.terms import shorten
from entente.query.service import QueryService
from entente.web.addresses import Addresses


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


FIRST_EXAMPLE: Final = "examples/01-factories"


def install_rendering(app: Flask, *, service: QueryService, addresses: Addresses) -> None:
    """Give the templates their filters and globals."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.filters["link"] = addresses.link_of
    environment.filters["local"] = addresses.path_of
    environment.filters["short"] = shorten
    environment.filters["sentence"] = sentence
    environment.filters["sparql_link"] = sparql_link
    environment.globals.update(
        navigation=NAVIGATION,
        section=None,
        alternates=(),
        results_formats=RESULTS,
        graph_formats=GRAPHS,
        query=None,
        first_query=service.library.get(FIRST_EXAMPLE).text,
    )

    @app.context_processor
    def add_revision() -> dict[str, object]:
        try:
            return {"revision": service.revision}
        except StoreError:
            return {"revision": None}


def sentence(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]


def sparql_link(query: str, format_name: str = "html") -> str:
    """Give the local address that asks a query."""
    return "/sparql?" + urlencode({"query": query, "format": format_name})
