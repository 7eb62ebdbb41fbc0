"""Other servers for SERVICE, on this machine: what they answer is what a test says."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Told:
    """What another server answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON})


@dataclass(frozen=True)
class Other:
    """A server that runs, and the queries that it was asked."""

    address: str
    asked: list[str]


@contextmanager
def other_server(
    tell: Callable[[str], Told], *, certificate: Path | None = None
) -> Iterator[Other]:
    """Run a server; `tell` gives the answer to a path, `certificate` is a file with its key."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append(parse_qs(body)["query"][0])
            self.answer()

        def do_GET(self) -> None:
            self.answer()

        def answer(self) -> None:
            told = tell(self.path)
            self.send_response(told.status)
            for name, value in {"Content-Length": str(len(told.body)), **told.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scheme, host = "http", "127.0.0.1"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme, host = "https", "localhost"
    loop = threading.Thread(target=server.serve_forever)
    loop.start()
    try:
        yield Other(f"{scheme}://{host}:{server.server_port}/sparql", asked)
    finally:
        server.shutdown()
        server.server_close()
        loop.join()


def rows_of(*values: str) -> bytes:
    """Give JSON results of one variable, `x`, with IRIs."""
    rows = ",".join(f'{{"x":{{"type":"uri","value":"{value}"}}}}' for value in values)
    return f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{rows}]}}}}'.encode()
