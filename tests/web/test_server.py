"""The server below the application: slow, greedy, leaving and lying clients."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from entente.core.errors import SettingError
from entente.core.settings import Settings, read_settings
from entente.web import channel
from entente.web.server import Server

ROOT = Path(__file__).resolve().parents[2]


def settings_for(folder: Path, **values: object) -> Settings:
    return read_settings({"port": 0, "state": folder, "threads": 4, **values}, environment={})


STATUSES = {"/nothing": "204 No Content", "/known": "304 Not Modified"}


class Application:
    """Answers by path; remembers what became of its answers."""

    def __init__(self) -> None:
        self.left = threading.Event()
        self.closed = threading.Event()
        self.given = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        """Start an answer and give its body."""
        if environ["PATH_INFO"] in STATUSES:
            start_response(STATUSES[environ["PATH_INFO"]], [])
            return iter(())
        answer: Callable[[WSGIEnvironment], Iterator[bytes]]
        answer = getattr(self, environ["PATH_INFO"].strip("/") or "small")
        headers = [("Content-Type", "text/plain")]
        if environ["PATH_INFO"] == "/":
            headers.append(("Content-Length", "5"))
        start_response("200 OK", headers)
        return answer(environ)

    def small(self, environ: WSGIEnvironment) -> Iterator[bytes]:
        """Give five bytes, having read the body."""
        environ["wsgi.input"].read()
        yield b"small"

    def in_chunks(self, environ: WSGIEnvironment) -> Iterator[bytes]:
        """Give two parts without saying how long they are together."""
        if environ["REQUEST_METHOD"] != "HEAD":
            yield b"one "
            yield b"two"

    def failing(self, _environ: WSGIEnvironment) -> Iterator[bytes]:
        """Fail after the first bytes."""
        yield b"x" * 1000
        raise RuntimeError("in the middle")

    def waiting(self, environ: WSGIEnvironment) -> Iterator[bytes]:
        """Wait until the client has left."""
        until = time.monotonic() + 10
        while time.monotonic() < until and not environ["waitress.client_disconnected"]():
            time.sleep(0.01)
        if time.monotonic() < until:
            self.left.set()
        yield b"late"

    def endless(self, _environ: WSGIEnvironment) -> Iterator[bytes]:
        """Give bytes for as long as somebody takes them."""
        try:
            for _ in range(100_000):
                self.given += 65536
                yield b"x" * 65536
        finally:
            self.closed.set()


@contextmanager
def running(app: Any, settings: Settings) -> Iterator[Server]:
    server = Server(app, settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()


def connect(server: Server) -> socket.socket:
    return socket.create_connection((server.address, server.port), timeout=10)


def read_all(client: socket.socket) -> bytes:
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts)


def get(server: Server, path: str = "/", method: str = "GET") -> tuple[int, bytes]:
    with closing(HTTPConnection(server.address, server.port, timeout=10)) as client:
        client.request(method, path)
        response = client.getresponse()
        return response.status, response.read()


def test_failure_after_the_first_byte_cuts_the_connection(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"GET /failing HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"x" * 1000 in answer
    assert not answer.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/in_chunks", b"one two"),
        ("HEAD", "/in_chunks", b""),
        ("PUT", "/nothing", b""),
        ("GET", "/known", b""),
        ("GET", "/", b"small"),
    ],
)
def test_an_answer_that_tells_its_end_leaves_the_connection_open(
    tmp_path: Path, method: str, path: str, body: bytes
) -> None:
    with (
        running(Application(), settings_for(tmp_path)) as server,
        closing(HTTPConnection(server.address, server.port, timeout=10)) as client,
    ):
        client.connect()
        before = client.sock
        for _ in range(3):
            client.request(method, path)
            response = client.getresponse()
            assert response.headers["Connection"] is None
            assert response.read() == body
            assert client.sock is before is not None


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /in_chunks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n",
        b"GET /in_chunks HTTP/1.0\r\n",
    ],
)
def test_a_connection_is_closed_where_the_client_wants_it(
    tmp_path: Path, request_head: bytes
) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(request_head + b"\r\n")
        answer = read_all(client)
    assert b"Connection: close" in answer
    assert b"one " in answer


def test_a_cut_answer_to_http_1_0_ends_with_a_reset(tmp_path: Path) -> None:
    """Without chunks and without a length, a plain end of the connection would make it whole."""
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"GET /failing HTTP/1.0\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            read_all(client)


def test_a_client_library_sees_that_the_cut_answer_is_incomplete(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server, pytest.raises(IncompleteRead):
        get(server, "/failing")


def test_the_application_learns_that_its_client_left(tmp_path: Path) -> None:
    app = Application()
    with (
        running(app, settings_for(tmp_path)) as server,
        connect(server) as client,
    ):
        client.sendall(b"GET /waiting HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.2)
        client.close()
        assert app.left.wait(2)


def test_a_client_that_does_not_read_stops_the_answer_not_the_memory(tmp_path: Path) -> None:
    app = Application()
    with running(app, settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1)
        assert app.given < 32 * 1024 * 1024
        assert get(server) == (200, b"small")
        client.close()
        assert app.closed.wait(5)


def test_a_client_that_reads_nothing_for_long_loses_its_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "STALLED_SECONDS", 0.5)
    app = Application()
    with running(app, settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        assert app.closed.wait(5)


def test_a_request_that_never_ends_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "RECEIVE_SECONDS", 0.5)
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        assert client.recv(100) == b""


def test_600_stalled_posts_do_not_block_a_request(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server:
        stalled = [connect(server) for _ in range(600)]
        try:
            for client in stalled:
                client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            time.sleep(0.3)
            began = time.monotonic()
            assert get(server) == (200, b"small")
            assert time.monotonic() - began < 20, "a stalled body is given up after a minute"
        finally:
            for client in stalled:
                client.close()


def test_idle_connections_make_room_when_all_are_taken(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path, connections=60)) as server:
        idle = [connect(server) for _ in range(120)]
        try:
            assert get(server) == (200, b"small")
        finally:
            for client in idle:
                client.close()


@pytest.mark.parametrize("size", [2_000, 3_000_000])
def test_a_body_too_large_is_answered_413_although_it_is_sent_whole(
    tmp_path: Path, size: int
) -> None:
    with (
        running(Application(), settings_for(tmp_path, body_bytes=1000)) as server,
        closing(HTTPConnection(server.address, server.port, timeout=10)) as client,
    ):
        client.request("POST", "/", body=b"x" * size)
        response = client.getresponse()
        assert response.status == 413
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert b"waitress" not in response.read()


def test_a_chunked_body_too_large_is_answered_413(tmp_path: Path) -> None:
    with (
        running(Application(), settings_for(tmp_path, body_bytes=1000)) as server,
        connect(server) as client,
    ):
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"FA0\r\n" + b"x" * 4000 + b"\r\n0\r\n\r\n")
        reply = read_all(client)
        assert b"413" in reply.splitlines()[0]
        assert b"more than 1000 bytes" in reply


def test_a_body_too_large_that_waits_for_100_continue_is_refused_at_once(tmp_path: Path) -> None:
    with (
        running(Application(), settings_for(tmp_path, body_bytes=1000)) as server,
        connect(server) as client,
    ):
        client.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            b"Content-Length: 99999999\r\n\r\n"
        )
        reply = read_all(client)
        assert b"413" in reply.splitlines()[0]
        assert b"more than 1000 bytes" in reply


def test_an_address_too_long_is_answered_414(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path, query_bytes=1000)) as server:
        assert get(server, "/?" + "x" * 200_000)[0] == 414


def test_headers_too_large_are_answered_431(tmp_path: Path) -> None:
    with (
        running(Application(), settings_for(tmp_path, query_bytes=1000)) as server,
        connect(server) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n")
        assert b"431" in client.recv(65536).splitlines()[0]


def test_a_malformed_request_is_answered_400(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"nonsense\r\n\r\n")
        assert b"400" in read_all(client).splitlines()[0]


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Host: a\r\nHost: b\r\n",
        b'Host: a"><script>\r\n',
        b"Host: a/b\r\n",
        b"Host: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n",
    ],
    ids=["no host", "two hosts", "markup", "a path", "two lengths"],
)
def test_a_request_that_two_servers_may_read_differently_is_answered_400(
    tmp_path: Path, header: bytes
) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"POST / HTTP/1.1\r\n" + header + b"\r\n0\r\n\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "host", [b"my_host:80", b"[::1]:8000", b"127.0.0.1", b"xn--bcher-kva.example"]
)
def test_a_host_is_a_name_or_an_address(tmp_path: Path, host: bytes) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n")
        assert read_all(client).startswith(b"HTTP/1.1 200")


def test_an_answer_to_head_has_no_body(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"HEAD /failing HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, _ = read_all(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")


def test_the_answer_to_head_of_what_comes_in_chunks_has_no_last_chunk(tmp_path: Path) -> None:
    """It would be taken for the beginning of the next answer."""
    with running(Application(), settings_for(tmp_path)) as server, connect(server) as client:
        client.sendall(b"HEAD /in_chunks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        _, _, body = read_all(client).partition(b"\r\n\r\n")
    assert body == b""


def test_the_server_names_itself_without_a_version(tmp_path: Path) -> None:
    with (
        running(Application(), settings_for(tmp_path)) as server,
        closing(HTTPConnection(server.address, server.port, timeout=10)) as client,
    ):
        client.request("GET", "/")
        assert client.getresponse().headers["Server"] == "entente"


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with (
        running(Application(), settings_for(tmp_path)) as server,
        pytest.raises(SettingError, match=r"cannot listen on .*another port"),
    ):
        Server(Application(), settings_for(tmp_path, port=server.port))


# waitress tells of a queue when no thread takes the request at once, as on a busy machine.
SCRIPT = """
import logging
import sys
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
from pathlib import Path
from entente.core.settings import read_settings
from entente.web.server import serve
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
serve(app, read_settings({"port": 0, "state": Path(sys.argv[1])}, environment={}),
      started=lambda server: print(server.port, flush=True))
print("ended", flush=True)
"""


def test_a_hang_up_is_told_and_the_server_goes_on(tmp_path: Path) -> None:
    script = SCRIPT.replace("started=", 'hung_up=lambda: print("heard", flush=True), started=')
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "server")},
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        process.send_signal(signal.SIGHUP)
        assert process.stdout.readline() == "heard\n"
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as client:
            client.request("GET", "/")
            assert client.getresponse().read() == b"ok"
        process.terminate()


def test_a_server_that_has_ended_may_be_stopped_again(tmp_path: Path) -> None:
    with running(Application(), settings_for(tmp_path)) as server:
        assert get(server) == (200, b"small")
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "server")},
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as client:
            client.request("GET", "/")
            assert client.getresponse().read() == b"ok"
            began = time.monotonic()
            process.send_signal(number)
            output, errors = process.communicate(timeout=10)
        assert time.monotonic() - began < 8
    assert (output, errors, process.returncode) == ("ended\n", "", 0)
