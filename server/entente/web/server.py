"""The HTTP server: waitress with our limits, and an orderly end.

Owns the listening socket, the main loop and the signals. Waitress reads requests in its main loop,
so a client that sends slowly holds no thread; it tells the application when a client has left,
and closes the connection without a final chunk when an answer fails midway. Known limit: one
process; TLS and compression are a proxy's work.
"""

import logging
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from entente.core.errors import SettingError
from entente.core.settings import Settings
from entente.web.channel import WRITERS, Channel

LOG: Final = logging.getLogger("entente.web")

IDENT: Final = "entente"
LOOP_SECONDS: Final = 1
BACKLOG: Final = 1024
MAINTENANCE_SECONDS: Final = 1
SWITCH_SECONDS: Final = 0.001
"""How long a thread at work keeps the interpreter from one that has something to answer."""

RESERVED_THREADS: Final = 2
# Beyond the query's own limit, for the last bytes to be read.
ANSWER_GRACE_SECONDS: Final = 5.0
# Beside the address, which may carry a whole query.
OTHER_HEADERS_BYTES: Final = 64 * 1024
# What one connection may hold in memory, either way; more goes to a temporary file (a body) or
# stops the reader process (an answer).
BUFFER_BYTES: Final = 64 * 1024
WATERMARK_BYTES: Final = 1024 * 1024


class _Listener(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    channel_class = Channel
    answer_seconds = 0.0
    reserve: ThreadedTaskDispatcher

    def add_task(self, task: Channel) -> None:
        """Queue a connection's next request; supervision has threads of its own."""
        dispatcher = self.reserve if task.is_reserved else self.task_dispatcher
        dispatcher.add_task(task)

    def maintenance(self, now: float) -> None:
        """Close connections whose clients take too long.

        Closed at once: a stalled client's socket never becomes writable, so waitress's own mark
        (`will_close`) would wait for ever, and with it the thread that fills the buffer.
        """
        for channel in tuple(self.active_channels.values()):
            if channel.overdue(now, answer_seconds=self.answer_seconds):
                channel.break_off()

    def handle_accept(self) -> None:
        """Accept a connection; where all are taken, the longest quiet one makes room."""
        channels = self.active_channels
        if len(channels) >= self.adj.connection_limit - 16:
            idle = [channel for channel in tuple(channels.values()) if channel.idle()]
            if idle:
                min(idle, key=lambda channel: channel.last_activity).handle_close()
        super().handle_accept()


class Server:
    """A bound server: `address` and `port` are known before `run` is called."""

    def __init__(
        self, app: WSGIApplication, settings: Settings, *, listener: socket.socket | None = None
    ) -> None:
        allow_open_files(2 * settings.connections + 512)
        listener = listener or bind(settings)
        listen(listener)
        self.address, self.port = listener.getsockname()[:2]
        self._map: dict[int, Any] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        adjustments = _adjust(settings, listener)
        self._listener = _Listener(
            app,
            self._map,
            True,  # noqa: FBT003  # waitress's signature: start listening
            listener,
            dispatcher=self._dispatcher,
            adj=adjustments,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            bind_socket=False,
        )
        self._listener.answer_seconds = settings.query_seconds + ANSWER_GRACE_SECONDS
        self._listener.reserve = self._reserve = ThreadedTaskDispatcher()
        self._reserve.set_thread_count(RESERVED_THREADS)
        self._dispatcher.set_thread_count(settings.threads)
        self._grace = settings.stop_seconds
        self._stopping = self._ended = False
        self._ending = threading.RLock()  # reentrant: a signal's handler runs in `run`'s own thread

    @property
    def url(self) -> str:
        """Address for people, with a host that a browser takes."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.address, self.address)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host and '[' not in host else host}:{self.port}/"

    def run(self) -> None:
        """Answer requests until `stop` is called, then let those under way end."""
        sys.setswitchinterval(SWITCH_SECONDS)
        while not self._stopping:
            self._turn()
        self._listener.accepting = False
        self._listener.socket.close()
        until = time.monotonic() + self._grace
        while time.monotonic() < until and not self._all_idle():
            self._turn()
        for channel in tuple(self._listener.active_channels.values()):
            channel.break_off()
        self._dispatcher.shutdown(timeout=1)
        self._reserve.shutdown(timeout=1)
        with self._ending:
            self._ended = True  # from here on nobody may wake the loop: its pipe is closed
        self._listener.del_channel()
        self._listener.trigger.close()

    def stop(self) -> None:
        """Ask `run` to end; may be called repeatedly, from any thread and from a signal handler."""
        self._stopping = True
        with self._ending:
            if not self._ended:
                self._listener.pull_trigger()

    def _turn(self) -> None:
        wasyncore.loop(timeout=LOOP_SECONDS, use_poll=True, map=self._map, count=1)

    def _all_idle(self) -> bool:
        return all(channel.idle() for channel in tuple(self._listener.active_channels.values()))


def ignore() -> None:
    """Do nothing."""


def serve(
    app: WSGIApplication,
    settings: Settings,
    *,
    listener: socket.socket | None = None,
    started: Callable[[Server], None] | None = None,
    hung_up: Callable[[], None] = ignore,
) -> None:
    """Serve until SIGTERM or SIGINT; to be called from the main thread.

    Args:
        app: answers the requests.
        settings: limits, and the address where no listener is given.
        listener: a socket that is bound already; it is closed at the end.
        started: called once the port is bound (it may tell people the address).
        hung_up: called on SIGHUP, between two turns of the main loop; must return at once.

    Raises:
        SettingError: the address cannot be listened on.
    """
    server = Server(app, settings, listener=listener)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        hung_up()

    handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGHUP: hang_up}
    former = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        if started is not None:
            started(server)
        server.run()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def allow_open_files(wanted: int) -> None:
    """Raise the process's soft limit of open files to `wanted`, or as near as is allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def bind(settings: Settings) -> socket.socket:
    """Take the address; nobody can connect before `listen`.

    Raises:
        SettingError: it is taken, or is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise _cannot_listen(settings.host, settings.port, error) from error
    return listener


def listen(listener: socket.socket) -> None:
    """Let clients connect; they wait until they are answered. Doing so twice is harmless.

    Raises:
        SettingError: another process listens at the address since it was taken.
    """
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error


def _cannot_listen(host: str, port: int, error: OSError) -> SettingError:
    return SettingError(
        f"cannot listen on host {host!r}, port {port}: {error.strerror}; "
        "choose another port, or 0 for a free one"
    )


def _adjust(settings: Settings, listener: socket.socket) -> Adjustments:
    adjustments = _adjustments(settings, listener, body_bytes=settings.body_bytes)
    if settings.writable:
        longest = max(settings.body_bytes, settings.write_bytes)
        setattr(adjustments, WRITERS, _adjustments(settings, listener, body_bytes=longest))
    return adjustments


def _adjustments(settings: Settings, listener: socket.socket, *, body_bytes: int) -> Adjustments:
    return Adjustments(
        sockets=[listener],
        threads=settings.threads,
        connection_limit=settings.connections,
        max_request_header_size=settings.query_bytes + OTHER_HEADERS_BYTES,
        max_request_body_size=body_bytes + 1,
        recv_bytes=BUFFER_BYTES,
        inbuf_overflow=BUFFER_BYTES,
        # Never a temporary file for an answer: above the watermark its writer waits.
        outbuf_overflow=4 * WATERMARK_BYTES,
        outbuf_high_watermark=WATERMARK_BYTES,
        channel_request_lookahead=1,
        channel_timeout=60,
        cleanup_interval=MAINTENANCE_SECONDS,
        asyncore_use_poll=True,
        # the application believes as many proxies as the settings say
        clear_untrusted_proxy_headers=not settings.proxies,
        log_socket_errors=False,
        expose_tracebacks=False,
        ident=IDENT,
    )
