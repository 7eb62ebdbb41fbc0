"""Headers that every answer carries: who may read it, and what a browser may do with it.

Owns CORS (any origin may read, never with credentials; none may write), the
content security policy, Vary, how long answers may be kept, and the entity tag of what is not of a
revision.
"""

from typing import Final

from flask import Flask, Response, g, request

EXPOSED: Final = (
    "Accept-Ranges, Content-Disposition, Content-Location, Content-Range, ETag, Link, "
    "Memento-Datetime, Retry-After, Server-Timing, X-PrefLabel, X-Dataset-Revision, "
    "X-Ignored-Parameters, X-Query-Id"
)
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# On our own pages, beside: the one script of this host, which asks this host for suggestions.
PAGE_POLICY: Final = f"{POLICY}; script-src 'self'; connect-src 'self'"
# How long an answer may be kept: what never changes, what seldom does, and the rest.
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_DAY: Final = "public, max-age=86400"
MAY_CHANGE: Final = "public, max-age=0, must-revalidate"
PREFLIGHT_SECONDS: Final = 86_400
VARY: Final = ("Accept", "Accept-Encoding", "Origin", "Authorization")
# Addresses that nobody reads from; a page of another origin gets no answer there.
WRITTEN_ONLY: Final = frozenset({"/update"})
READING: Final = frozenset({"GET", "HEAD", "POST", "QUERY", "OPTIONS"})


def install_headers(app: Flask) -> None:
    """Add the common headers to every answer, errors among them."""

    @app.after_request
    def complete(response: Response) -> Response:
        headers = response.headers
        if not g.get("writes", False) and request.path.rstrip("/") not in WRITTEN_ONLY:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = EXPOSED
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Cache-Control", MAY_CHANGE)
        # Also on data: a browser that shows RDF/XML or JSON of strangers runs nothing of it.
        is_page = response.mimetype == "text/html"
        headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else POLICY)
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        response.vary.update(VARY)
        if request.method == "OPTIONS":
            response = _answer_options(response)
        if response.status_code == 204:
            headers.pop("Content-Type", None)
        _tag(response)
        return response


def _tag(response: Response) -> None:
    """Tag what carries no tag of its own by its bytes; say 304 to who has them.

    An answer of the endpoint without a tag is one that may differ the next time.
    """
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return
    if "ETag" in response.headers or not response.is_sequence or request.blueprint == "sparql":
        return
    if response.direct_passthrough or "no-store" in response.headers["Cache-Control"]:
        return
    response.add_etag(weak=True)
    tag, _ = response.get_etag()
    if tag is not None and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.data = b""


def _answer_options(response: Response) -> Response:
    """Turn Flask's own answer to OPTIONS into one to a preflight too, kept for a day."""
    if response.status_code == 200:
        response.status_code = 204
        response.data = b""
    headers = response.headers
    if "Access-Control-Allow-Origin" not in headers:
        return response
    methods = {method.strip() for method in headers.get("Allow", "").split(",")} & READING
    headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods or {"GET", "HEAD"}))
    headers["Access-Control-Allow-Headers"] = "*"
    headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    return response
