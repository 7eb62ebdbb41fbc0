"""Media types: which formats there are, and which one a client gets.

Owns the table of formats (name, media types, file extension) and the reading of Accept headers.
Lenient where clients are sloppy: ranges that cannot be read are skipped, aliases are honoured.
Knows nothing of queries: whether a query gives results or a graph is decided where it runs.
"""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["results", "graph", "page"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: `name` is what `format=` takes, `media_types[0]` is what is answered.

    `extension` ends its addresses, and the names of its files unless `saved_as` does.
    """

    name: str
    kind: Kind
    media_types: tuple[str, ...]
    extension: str
    charset: bool = True
    aliases: tuple[str, ...] = ()
    saved_as: str = ""

    @property
    def media_type(self) -> str:
        """The media type that answers carry."""
        return self.media_types[0]

    @property
    def file_extension(self) -> str:
        """The extension of a file that holds it."""
        return self.saved_as or self.extension

    @property
    def content_type(self) -> str:
        """Value of the Content-Type header."""
        return self.media_type + ("; charset=utf-8" if self.charset else "")


RESULTS: Final[tuple[Format, ...]] = (
    Format(
        "json",
        "results",
        ("application/sparql-results+json", "application/json", "text/json"),
        "srj",
        charset=False,
        aliases=("srj", "sparql-results+json"),
    ),
    Format(
        "xml",
        "results",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "srx",
        charset=False,
        aliases=("srx", "sparql-results+xml"),
    ),
    Format("csv", "results", ("text/csv",), "csv"),
    Format("tsv", "results", ("text/tab-separated-values",), "tsv"),
    # CSV in which no cell is a formula; chosen by its name only, since both are text/csv
    Format("sheet", "results", ("text/csv",), "sheet", saved_as="csv"),
)

GRAPHS: Final[tuple[Format, ...]] = (
    Format(
        "ttl",
        "graph",
        ("text/turtle", "application/turtle", "application/x-turtle"),
        "ttl",
        aliases=("turtle", "n3"),  # every Turtle document is N3
    ),
    Format(
        "nt",
        "graph",
        ("application/n-triples", "text/plain"),
        "nt",
        aliases=("ntriples", "n-triples"),
    ),
    Format(
        "jsonld",
        "graph",
        ("application/ld+json", "application/json"),
        "jsonld",
        charset=False,
        aliases=("json-ld", "json"),
    ),
    Format(
        "rdf",
        "graph",
        ("application/rdf+xml", "application/xml", "text/xml"),
        "rdf",
        charset=False,
        aliases=("xml", "rdfxml", "rdf-xml", "rdf+xml"),
    ),
    Format("trig", "graph", ("application/trig", "application/x-trig"), "trig"),
    Format(
        "nq",
        "graph",
        ("application/n-quads", "text/x-nquads"),
        "nq",
        aliases=("nquads", "n-quads"),
    ),
)

PAGE: Final = Format("html", "page", ("text/html", "application/xhtml+xml"), "html")
TEXT: Final = Format("text", "results", ("text/plain",), "txt")

FORMATS: Final[tuple[Format, ...]] = (*RESULTS, *GRAPHS, PAGE)


def by_name(name: str, offers: tuple[Format, ...]) -> Format | None:
    """Find the offer called `name` (its name, an alias, its extension or a media type).

    A space is a `+` that somebody did not percent-encode: no name has one.
    """
    wanted = name.strip().lower().replace(" ", "+")
    for offer in offers:
        if wanted in (offer.name, offer.extension, *offer.media_types):
            return offer
    return next((offer for offer in offers if wanted in offer.aliases), None)


PRECISE: Final = 2
"""How precise a range is that names a media type in full."""


@dataclass(frozen=True, slots=True)
class Range:
    """One element of an Accept header: a media range and its quality."""

    media_type: str
    quality: float


def read_accept(header: str | None) -> tuple[Range, ...]:
    """Read an Accept header (RFC 9110 12.5.1); an absent or empty one accepts anything.

    Elements without a slash, or with a quality that is no number, are skipped.
    """
    if header is None or not header.strip():
        return (Range("*/*", 1.0),)
    ranges = []
    for element in header.split(","):
        media_type, *parameters = (part.strip().lower() for part in element.split(";"))
        if "/" not in media_type:
            continue
        quality = 1.0
        try:
            for parameter in parameters:
                key, _, value = parameter.partition("=")
                if key.strip() == "q":
                    quality = min(1.0, max(0.0, float(value)))
        except ValueError:
            continue
        ranges.append(Range(media_type, quality))
    return tuple(ranges)


def _quality(media_type: str, ranges: tuple[Range, ...]) -> tuple[float, int]:
    """Give the quality of a media type and how precise the range that fits best is."""
    best = (0.0, -1)
    for element in ranges:
        if element.media_type == media_type:
            precision = PRECISE
        elif element.media_type == media_type.split("/")[0] + "/*":
            precision = 1
        elif element.media_type == "*/*":
            precision = 0
        else:
            continue
        if precision > best[1] or (precision == best[1] and element.quality > best[0]):
            best = (element.quality, precision)
    return best


def _rank(offer: Format, ranges: tuple[Range, ...]) -> tuple[float, int]:
    """Give the quality of an offer and how precise the range that fits best is.

    A wildcard or a refusal (`q=0`) is about what would be answered, the first of its media types;
    the others are old names for it, and count where they are named.
    """
    best = _quality(offer.media_type, ranges)
    if best[0] == 0 and best[1] == PRECISE:
        return best
    for media_type in offer.media_types[1:]:
        named = _quality(media_type, ranges)
        if named[1] == PRECISE and named > best:
            best = named
    return best


def negotiate(header: str | None, offers: tuple[Format, ...]) -> Format | None:
    """Choose the offer that an Accept header prefers; `None` where none is acceptable.

    The order of `offers` breaks ties of quality: the server's preference. A precise range (2)
    beats `text/*` (1) and `*/*` (0) at the same quality, so a browser that sends
    `text/html,*/*;q=0.8` gets HTML where it is offered.
    """
    ranges = read_accept(header)
    best: tuple[float, int] = (0.0, -1)
    chosen = None
    for offer in offers:
        rank = _rank(offer, ranges)
        if rank[0] > 0 and rank > best:
            best, chosen = rank, offer
    return chosen


VERSIONED: Final = frozenset({"json", "xml", "tsv", "ttl", "nt", "rdf", "trig", "nq"})
"""Formats whose media type has a `version` parameter in RDF 1.2 and SPARQL 1.2."""


def wants_version(header: str | None, offer: Format, version: str) -> bool:
    """Tell whether an Accept header names an offer with `version=…`."""
    if header is None or offer.name not in VERSIONED:
        return False
    for element in header.lower().split(","):
        media_type, *parameters = (part.strip() for part in element.split(";"))
        if media_type in offer.media_types:
            return any(
                parameter.replace(" ", "").replace('"', "") == f"version={version}"
                for parameter in parameters
            )
    return False
