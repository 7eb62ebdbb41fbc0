"""Discovery: what crawlers, assistants and clients of linked data look for first.

Owns `/.well-known/void`, `/robots.txt`, `/sitemap.xml` with its parts, and `/llms.txt`. The date of
the sitemap is that of the revision: every page shows it, and none is older.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, render_template, request

from entente.core.errors import NotFound
from entente.core.media import GRAPHS
from entente.core.terms import PREFIXES
from entente.query.service import QueryService
from entente.web.addresses import Addresses
from entente.web.answers import mark, tag_of, unchanged
from entente.web.headers import FOR_A_DAY
from entente.web.jsonld import read_frames
from entente.web.lists import KINDS
from entente.web.sparql import examples_of
from entente.web.variants import Location

MOST_URLS: Final = 50_000
"""How many a part of a sitemap may list (https://www.sitemaps.org/protocol.html)."""

ROBOTS: Final = (
    "User-agent: *\n"
    "Disallow: /sparql\n"
    "Disallow: /update\n"
    "Disallow: /graphs\n"
    "Disallow: /api/explain\n"
    "Disallow: /*?asOf=\n"
    "Disallow: /*&asOf=\n"
    "\n"
    "Sitemap: {root}sitemap.xml\n"
)
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
SHOWN_PREFIXES: Final = ("ent", "voc", "id", "art", "claim", "graph", "skos", "schema", "prov")
# What llms.txt links when the server has it.
OFFERS: Final = (
    ("/api/openapi.json", "OpenAPI 3.1", "every address that programs ask"),
    ("/search", "Search", "things by name, forgiving of spelling"),
    ("/api/search", "Search for programs", "the same as JSON"),
    ("/reconcile", "Reconciliation", "OpenRefine matches names with it"),
    ("/releases/", "Releases", "dated dumps with checksums and changes"),
)


def discovery_blueprint(
    service: QueryService, addresses: Addresses, *, most: int = MOST_URLS
) -> Blueprint:
    """Make the views.

    Args:
        service: knows what there is.
        addresses: where it stands.
        most: addresses in a part of the sitemap.
    """
    blueprint = Blueprint("discovery", __name__)
    frames = tuple(read_frames())

    @blueprint.get("/.well-known/void")
    def void() -> Response:
        return Response(status=303, headers={"Location": "/graph/meta"})

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        return _text(ROBOTS.format(root=request.url_root), "text/plain; charset=utf-8")

    @blueprint.get("/sitemap.xml")
    def sitemap() -> Response:
        def whole() -> str:
            pages = _pages(service, addresses)
            return sitemap_of(pages, root=request.url_root, date=_date(service), most=most)

        return _revised(service, whole)

    @blueprint.get("/sitemap-<int:part>.xml")
    def sitemap_part(part: int) -> Response:
        def some() -> str:
            pages = _pages(service, addresses)[(part - 1) * most : part * most]
            if part < 1 or not pages:
                raise NotFound(f"the sitemap has no part {part}")
            return sitemap_of(pages, root=request.url_root, date=_date(service), most=most)

        return _revised(service, some)

    @blueprint.get("/llms.txt")
    def llms() -> Response:
        known = {rule.rule for rule in current_app.url_map.iter_rules()}
        body = render_template(
            "llms.txt",
            root=request.url_root,
            prefixes={name: PREFIXES[name] for name in SHOWN_PREFIXES},
            examples=examples_of(service),
            formats=GRAPHS,
            frames=frames,
            kinds=KINDS,
            offers=[offer for offer in OFFERS if offer[0] in known],
        )
        return _text(body, "text/markdown; charset=utf-8")

    return blueprint


def sitemap_of(pages: tuple[str, ...], *, root: str, date: str, most: int) -> str:
    """Write a sitemap, or an index of its parts where it would be too long.

    Args:
        pages: paths, percent-encoded.
        root: address of this host with its final slash.
        date: when they changed (W3C date and time).
        most: how many a part may list.
    """
    if len(pages) > most:
        parts = -(-len(pages) // most)
        kind, entry = "sitemapindex", "sitemap"
        pages = tuple(f"/sitemap-{part}.xml" for part in range(1, parts + 1))
    else:
        kind, entry = "urlset", "url"
    lines = (
        f"<{entry}><loc>{escape(root + page.removeprefix('/'))}</loc>"
        f"<lastmod>{date}</lastmod></{entry}>\n"
        for page in pages
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}">\n'
    return f"{head}{''.join(lines)}</{kind}>\n"


def _pages(service: QueryService, addresses: Addresses) -> tuple[str, ...]:
    """Give the paths of all pages: those of the site, then those of the graph."""
    own = ("/", *(kind.path for kind in KINDS), "/ontology/", "/vocab/", "/shapes/", "/graph/")
    found = []
    for row in service.rows("pages/sitemap"):
        path = addresses.local(str(row["it"]))
        if path is not None and "/" in path:
            location = Location.of(path)
            is_thing = location.data != location.thing
            found.append(location.page if is_thing else location.itself())
    return (*own, *found)


def _date(service: QueryService) -> str:
    """Give the time at which the revision was made."""
    made = datetime.fromtimestamp(service.snapshot.path.stat().st_mtime, UTC)
    return made.isoformat(timespec="seconds").replace("+00:00", "Z")


def _revised(service: QueryService, make: Callable[[], str]) -> Response:
    tag = tag_of(service.revision, "sitemap", request.path, request.url_root)
    known = unchanged(tag, service.revision)
    if known is not None:
        return known
    response = Response(make(), content_type="application/xml; charset=utf-8")
    mark(response, tag, service.revision)
    return response


def _text(body: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = FOR_A_DAY
    return response
