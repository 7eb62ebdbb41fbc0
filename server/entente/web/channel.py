"""Connections: what waitress leaves open about one client, closed.

Owns how long a client may take to send and to read, what becomes of a request that is too large,
and the form of the refusals that are written before the application is asked. Must not know
Flask. Known limit: a client that half-closes its side after the request counts as gone.
"""

import logging
import re
import socket
import struct
import time
from typing import Any, Final

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

from entente.core.errors import EntenteError
from entente.web.problems import Problem, refusal

LOG: Final = logging.getLogger("entente.web")

# A refusal sent while the client still writes is lost in the reset of the connection (RFC 9112
# 9.6), so the rest of the request is read and thrown away, up to this many bytes.
DRAINED_BYTES: Final = 64 * 1024 * 1024
RECEIVE_SECONDS: Final = 60.0
STALLED_SECONDS: Final = 20.0
IDLE_SECONDS: Final = 60.0
ARRIVED: Final = "entente.arrived"
WAITING: Final = "entente.waiting"
# What must be answered also when every thread is at work on a query.
RESERVED: Final = frozenset({"healthz", "readyz", "metrics", "queries"})
# Attribute of the server's adjustments: those for requests that show a token.
WRITERS: Final = "entente_writers"
# A name, or an address in brackets, and a port (RFC 3986 3.2); two headers arrive with a comma.
_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.~!$&'()*+;=%-]*)(?::[0-9]*)?", re.ASCII)
_AT_ONCE: Final = struct.pack("ii", 1, 0)


class UriTooLong(Error):  # type: ignore[misc]  # waitress has no types
    """The request line alone is longer than all headers may be."""

    code = 414
    reason = "URI Too Long"


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads one request; throws away the rest of one that is refused for its size."""

    arrived = 0.0
    error: Any = None
    expect_continue = False
    version = "1.0"
    adj: Any = None
    _left: int | None = None

    def received(self, data: bytes) -> int:
        """Take some bytes; give how many belonged to this request."""
        if self._left is not None:
            return self._discard(data)
        before = self.header_plus
        consumed: int = super().received(data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            if b"\r\n" not in before.lstrip():
                self.error = UriTooLong("the request line is too long")
            self._drain(DRAINED_BYTES)
        elif isinstance(self.error, RequestEntityTooLarge):
            return consumed + self._refuse_body(data[consumed:])
        if self.completed:
            self.arrived = time.monotonic()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header; let who shows a token send the longer body of a write.

        Raises:
            ParsingError: RFC 9112 leaves no choice but 400 (3.2), or calls it an attack (6.1).
        """
        super().parse_header(header_plus)
        host = self.headers.get("HOST", "" if self.version == "1.0" else None)
        if host is None or _HOST.fullmatch(host) is None:
            raise ParsingError("one header Host is needed, with a name or address and a port")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding contradict each other")
        if "AUTHORIZATION" in self.headers:
            self.adj = getattr(self.adj, WRITERS, self.adj)

    def _refuse_body(self, data: bytes) -> int:
        most = self.adj.max_request_body_size - 1
        self.error = RequestEntityTooLarge(f"the body has more than {most} bytes")
        if self.expect_continue or self.body_rcv.completed:
            self.expect_continue = False  # or the channel would ask for the body
            self.arrived = time.monotonic()
            return 0
        self._drain(min(self.content_length or DRAINED_BYTES, DRAINED_BYTES))
        return self._discard(data) if data else 0

    def _drain(self, count: int) -> None:
        self._left = count
        self.completed = False

    def _discard(self, data: bytes) -> int:
        assert self._left is not None
        self._left -= len(data)
        ended = self.body_rcv is None and b"\r\n\r\n" in data
        ended = ended or (self.chunked and data.endswith(b"0\r\n\r\n"))
        if self._left <= 0 or ended:
            self.completed = True
            self.arrived = time.monotonic()
        return len(data)


class Refusal(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers a request that never reaches the application, as the application would."""

    def execute(self) -> None:
        """Write the refusal and close the connection."""
        error = self.request.error
        problem = Problem(status=error.code, title=error.reason, detail=str(error.body))
        status, headers, body = refusal(problem)
        self.status = status
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Application(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Asks the application; tells it when the request had arrived.

    Waitress closes the connection after every answer without a length. One in chunks tells its own
    end and 204 or 304 have no body (RFC 9112 6.3): the connection serves the next request too.
    """

    _tells_its_end = False

    def get_environment(self) -> dict[str, Any]:
        """Give the WSGI environment, with the moment of arrival on the monotonic clock."""
        environ: dict[str, Any] = super().get_environment()
        environ[ARRIVED] = self.request.arrived
        environ[WAITING] = len(self.channel.server.task_dispatcher.queue)
        return environ

    def build_response_header(self) -> bytes:
        """Give the header as bytes; HTTP/1.1 keeps the connection unless the client does not."""
        wish = self.request.headers.get("CONNECTION", "").lower()
        self._tells_its_end = self.version == "1.1" and wish != "close"
        try:
            return bytes(super().build_response_header())
        finally:
            self._tells_its_end = False

    def set_close_on_finish(self) -> None:
        """Close the connection after this answer, where that is needed."""
        if not self._tells_its_end:
            super().set_close_on_finish()

    def execute(self) -> None:
        """Write the answer; one that fails after its first byte is broken off.

        Raises:
            ClientDisconnected: which closes the connection without a stack in the log.
        """
        whole = False
        try:
            super().execute()
            whole = True
        except EntenteError as error:
            if not self.wrote_header:
                raise
            fields = {"path": self.request.path, "reason": str(error)}
            LOG.warning("an answer was cut off", extra={"fields": fields})
            raise ClientDisconnected from error
        finally:
            if self.wrote_header and not whole:
                self.channel.reset_at_close()

    def finish(self) -> None:
        """End the answer; one to HEAD has no body, hence no closing chunk.

        An answer without a byte has no header yet, and its writing is what chooses chunks.
        """
        if self.request.command == "HEAD":
            if not self.wrote_header:
                self.write(b"")
            self.chunked_response = False
        super().finish()


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection, which knows whether its client takes too long."""

    task_class = Application
    error_task_class = Refusal
    parser_class = Parser
    served_since: float | None = None
    received_since: float | None = None

    def received(self, data: bytes) -> bool:
        """Take bytes of the next request; note when its first one came."""
        if self.request is None:
            self.received_since = time.time()
        return bool(super().received(data))

    def service(self) -> None:
        """Answer one request; note when that began."""
        self.served_since = time.time()
        try:
            super().service()
        finally:
            self.served_since = None

    @property
    def is_reserved(self) -> bool:
        """Whether the next request is one that does not wait behind queries."""
        path = getattr(self.requests[0], "path", "") if self.requests else ""
        return path.partition("/")[2].partition("/")[0] in RESERVED

    def reset_at_close(self) -> None:
        """Let a client of HTTP/1.0 see a reset: a plain end would make its cut answer whole."""
        old = any(request.version == "1.0" for request in self.requests[:1])
        if old and self.socket is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)

    def break_off(self) -> None:
        """End the connection at once, be it in the midst of an answer."""
        if self.served_since is not None or self.total_outbufs_len:
            self.reset_at_close()
        self.handle_close()

    def idle(self) -> bool:
        """Tell whether no complete request waits for its answer."""
        return not self.requests and not self.total_outbufs_len

    def overdue(self, now: float, *, answer_seconds: float) -> bool:
        """Tell whether the client sends or reads too slowly to keep its connection.

        Args:
            now: seconds on the clock of `time.time`.
            answer_seconds: how long an answer may take to be read as a whole.
        """
        quiet = now - self.last_activity
        if self.total_outbufs_len:
            since = self.served_since
            return quiet > STALLED_SECONDS or (since is not None and now - since > answer_seconds)
        if self.requests:
            return False
        if self.request is not None and self.received_since is not None:
            return now - self.received_since > RECEIVE_SECONDS
        return bool(quiet > IDLE_SECONDS)
