"""Kept responses: a page or an answer of the API that was made once is not made again.

Owns which whole responses are kept and what they are found by: the revision, the address and all
headers of the request but those that are known to decide nothing, so a header that some view reads
can never be forgotten. Nothing is kept for who shows a token, nothing without an entity tag, and
nothing that was made while another revision came. Answers of `/sparql` have a cache of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, g, request

from entente.core.errors import StoreError
from entente.core.metrics import Family, Sample, gauge
from entente.query.cache import OVERHEAD_BYTES, PAGES_PART, Cache
from entente.query.service import QueryService

# In lower case; all that begins with `sec-` or `x-forwarded-` decides nothing either: what a proxy
# says of the host stands in the address.
IGNORED: Final = frozenset(
    {"accept-encoding", "cache-control", "connection", "dnt", "host", "if-modified-since"}
    | {"if-none-match", "keep-alive", "origin", "pragma", "priority", "referer", "te"}
    | {"traceparent", "upgrade-insecure-requests", "user-agent", "via", "x-real-ip"}
    | {"x-request-id"}
)
IGNORED_STARTS: Final = ("sec-", "x-forwarded-")
# What makes a request one that is not answered from here.
APART: Final = frozenset({"authorization", "if-match", "if-unmodified-since", "range"})
FLEETING: Final = ("X-Query-Id", "Server-Timing", "Age", "Date")
OF_BODIES: Final = frozenset({"Content-Type", "Content-Length", "Content-Disposition"})
UNKEPT: Final = frozenset({"sparql"})
"""Blueprints with a cache of their own."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """All that decides a response."""

    revision: int
    address: str
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        said = sum(len(name) + len(value) for name, value in self.headers)
        return len(self.address) + said + 2 * OVERHEAD_BYTES


@dataclass(frozen=True, slots=True)
class KeptResponse:
    """A response without what belongs to one request only."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    tag: str


class PageCache(Cache[PageKey, KeptResponse]):
    """Whole responses."""

    def families(self) -> Iterator[Family]:
        """Give what `/metrics` tells of it."""
        asked = (Sample({"found": "yes"}, self.hits), Sample({"found": "no"}, self.misses))
        yield Family("entente_pages_total", "counter", "Responses looked for in the cache.", asked)
        yield gauge("entente_pages_bytes", "Bytes of responses in the cache.", self.bytes)


def install_kept(app: Flask, service: QueryService, *, most_bytes: int) -> PageCache:
    """Answer from kept responses, and keep what may be kept.

    To be called when all other handlers are there: it answers after those that refuse, and keeps a
    response before they complete it.

    Args:
        app: the application.
        service: whose revision responses are of.
        most_bytes: memory for answers of both kinds, of which responses have a part.
    """
    cache = PageCache(most_bytes // PAGES_PART)

    @app.before_request
    def find() -> Response | None:
        g.page_key = key = _key(service)
        kept = None if key is None else cache.find(key)
        return None if kept is None else _again(kept)

    @app.after_request
    def keep(response: Response) -> Response:
        key: PageKey | None = g.pop("page_key", None)
        if key is None or request.method != "GET" or not _is_whole(response, key.revision):
            return response
        tag, _ = response.get_etag()
        if tag is not None and _revision(service) == key.revision:
            headers = ((n, value) for n, value in response.headers if n not in FLEETING)
            cache.keep(key, KeptResponse(tuple(headers), response.get_data(), tag))
        return response

    return cache


def _key(service: QueryService) -> PageKey | None:
    """Make the key of the current request; `None` where it is not answered from here."""
    if request.method not in ("GET", "HEAD") or request.blueprint in UNKEPT | {None}:
        return None
    revision = _revision(service)
    if revision is None or request.content_length:
        return None
    said = []
    for name, value in request.headers:
        lowered = name.lower()
        if lowered in APART:
            return None
        if lowered not in IGNORED and not lowered.startswith(IGNORED_STARTS):
            said.append((lowered, value))
    search = request.query_string.decode("latin-1")
    # the root tells under which name and scheme, the path is as it was decoded
    address = f"{request.url_root}\n{request.path}\n{search}"
    return PageKey(revision, address, tuple(sorted(said)))


def _revision(service: QueryService) -> int | None:
    try:
        return service.revision
    except StoreError:
        return None


def _is_whole(response: Response, revision: int) -> bool:
    return (
        response.status_code == 200
        and response.is_sequence
        and not response.direct_passthrough
        and response.headers.get("X-Dataset-Revision") == str(revision)
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def _again(kept: KeptResponse) -> Response:
    """Make the response anew, or the 304 for who has it."""
    g.page_key = None
    known = request.if_none_match
    if not known.star_tag and known.contains_weak(kept.tag):
        response = Response(status=304)
        response.headers.extend(
            (name, value) for name, value in kept.headers if name not in OF_BODIES
        )
    else:
        response = Response(kept.body)
        response.headers.clear()
        response.headers.extend(kept.headers)
    response.headers["Server-Timing"] = "cache;desc=hit"
    return response
