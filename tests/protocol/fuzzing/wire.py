"""Requests as bytes on a socket, for what no HTTP library lets one send.

Owns the writing of a request and the reading of one reply. A server may close the connection
without a reply to bytes that are no request; that is `None` here.
"""

import contextlib
import json
import socket
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPResponse

from tests.web.site import Site


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of a reply; `whole` is false where the connection was cut."""

    status: int
    headers: Message
    body: bytes
    whole: bool


def send(site: Site, request: bytes, *, method: str = "GET", seconds: float = 20) -> Answer | None:
    """Send bytes, say that no more will come by Connection: close only, and read one reply.

    Args:
        site: the server.
        request: all that is sent.
        method: what the reply is to, since one to HEAD has no body.
        seconds: how long nothing may come before the server counts as hanging.

    Raises:
        TimeoutError: nothing came.
    """
    with socket.create_connection((site.host, site.port), timeout=seconds) as connection:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(request)  # refused before it was read, it may still be answered
        response = HTTPResponse(connection, method=method)
        try:
            response.begin()
        except (HTTPException, ConnectionResetError):
            return None
        try:
            body, whole = response.read(), True
        except (HTTPException, ConnectionResetError):
            body, whole = b"", False
        return Answer(response.status, response.headers, body, whole)


def require_documented(answer: Answer, *, method: str = "GET") -> None:
    """Hold a reply to what is promised of every reply.

    Success has a Content-Type where it has a body; a failure is never a defect of the server (500)
    and explains itself in one of three forms, with its own status in it.
    """
    assert answer.whole, (answer.status, answer.body[:500])
    assert answer.status < 500 or answer.status in (501, 503), (answer.status, answer.body[:500])
    kind = (answer.headers["Content-Type"] or "").partition(";")[0]
    assert b"Traceback" not in answer.body
    if answer.status == 503:
        assert answer.headers["Retry-After"] is not None
    if method == "HEAD" or answer.status in (204, 304):
        assert answer.body == b""
    elif answer.status >= 400:
        assert kind in ("application/problem+json", "text/html", "text/plain"), kind
        assert answer.body
        if kind == "application/problem+json":
            fields = json.loads(answer.body)
            assert fields["status"] == answer.status
            assert fields["title"]
    else:
        assert kind or not answer.body
