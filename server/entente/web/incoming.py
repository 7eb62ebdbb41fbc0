"""Incoming: the parts of the current request that the protocols look at.

Owns the only reading of Flask's request for queries and writes alike.
"""

from collections.abc import Callable
from typing import Final

from flask import request

from entente.core.settings import Settings
from entente.web.fields import HttpRequest
from entente.web.problems import RequestRefused, problem

BODILESS: Final = frozenset({"GET", "HEAD"})


def http_request() -> HttpRequest:
    """Give the parts of the current request that the protocols look at; to be called once."""
    return HttpRequest(
        method=request.method,
        search=request.query_string,
        accept=request.headers.get("Accept"),
        content_type=request.mimetype,
        charset=request.mimetype_params.get("charset", ""),
        content_encoding=request.headers.get("Content-Encoding", "").strip().lower(),
        body=request.get_data(cache=False) if request.method not in BODILESS else b"",
    )


def require_short_address(settings: Settings) -> None:
    """Refuse an address longer than the longest query may be.

    Raises:
        RequestRefused: with status 414.
    """
    length = len(request.query_string)
    if length > settings.query_bytes:
        raise RequestRefused(
            problem(
                "uri-too-long",
                f"the address has {length} bytes, at most {settings.query_bytes} are read; "
                "send the query by POST",
            )
        )


def client_left() -> Callable[[], bool]:
    """Give the function that tells whether the current request's client has gone."""
    left: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)
    return left
