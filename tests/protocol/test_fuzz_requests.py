"""Requests of any shape: the server answers all, explains each refusal, and goes on.

ENTENTE_LONG=1 asks twenty times as many. What was found stands below as tests of its own.
"""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.protocol.fuzzing.wire import require_documented, send
from tests.web.site import FACTORIES, Site, run_site

TIMES = 20 if os.environ.get("ENTENTE_LONG") else 1
PROFILE = settings(
    max_examples=300 * TIMES,
    deadline=None,
    derandomize=TIMES == 1,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

FORM = "application/x-www-form-urlencoded"
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "QUERY", "TRACE", "get"]
PATHS = [
    *("/", "/sparql", "/sparql/", "/update", "/graphs", "/validate", "/reconcile", "/healthz"),
    *("/readyz", "/metrics", "/.well-known/void", "/context.jsonld", "/problems", "/robots.txt"),
    *("/id/facility/brasov-drone-factory", "/page/id/x", "/data/id/x.ttl", "/ontology/Factory"),
    *("/graph/ontology", "/static/entente.css", "/static/../app.py", "//sparql", "/sparql/../x"),
    *("/%2e%2e/%2e%2e/etc/passwd", "/static/..%2f..%2fapp.py", "/id/%00", "/id/%FF", "*"),
    "http://elsewhere.example/sparql",
]
QUERIES = [
    *("ASK {}", "SELECT * {} LIMIT 1", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "DESCRIBE <x:x>"),
    *("SELECT", "", "CLEAR ALL", "ASK { SERVICE <http://127.0.0.1/> {} }", FACTORIES, "\x00", "ü"),
]
TYPES = [
    *("application/sparql-query", "application/sparql-update", "text/turtle", "text/plain"),
    *(FORM, "multipart/form-data; boundary=x", "*/*", "text/csv"),
    *("application/json", "application/sparql-query; charset=utf-16", "image/png", "text/html"),
    *("application/sparql-results+json;q=0.5, */*;q=0", "a/b;q=nan", "a", ",,;", "text/html;q=2"),
]
PARAMETERS = [
    *("query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "format"),
    *("output", "timeout", "graph", "default", "dry-run", "as-of", "", "q", "page", "limit"),
]
VALUES = [
    *(*QUERIES, "json", "xml", "html", "0", "-1", "1e309", "nan", "1", "99999999999999999999"),
    *("https://w3id.org/entente/graph/ontology", "file:///etc/passwd", "relative", "a" * 3000),
]
HEADERS = [
    *("Accept", "Content-Type", "Content-Encoding", "Accept-Encoding", "Accept-Language"),
    *("If-None-Match", "If-Match", "If-Modified-Since", "Range", "Origin", "Cookie", "Expect"),
    *("Authorization", "Accept-Datetime", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded"),
    *("Host", "Transfer-Encoding", "Content-Length", "Access-Control-Request-Method", "Upgrade"),
]
HEADER_VALUES = [
    *(
        *TYPES,
        "gzip",
        "identity",
        "*",
        '"x"',
        'W/"x"',
        "bytes=0-1",
        "Bearer x",
        "Bearer",
        "Basic =",
    ),
    *("100-continue", "chunked", "chunked, gzip", "-1", "1", "1, 1", "evil.example", "websocket"),
    *("http://evil.example", "null", "Thu, 01 Jan 1970 00:00:00 GMT", "x" * 4000, "é", "\x01", ""),
]


@pytest.fixture(scope="session")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own, with a short limit of time."""
    with run_site(tmp_path_factory.mktemp("fuzzed"), query_seconds=1.0) as running:
        yield running


@st.composite
def fields(draw: st.DrawFn) -> bytes:
    """Form fields, most of them well formed, with a query among them more often than not."""
    pairs = draw(st.lists(st.tuples(st.sampled_from(PARAMETERS), texts()), max_size=3))
    if draw(st.integers(0, 3)):
        pairs.insert(0, ("query", draw(st.sampled_from(QUERIES))))
    whole = "&".join(f"{quote(name)}={quote(value, errors='ignore')}" for name, value in pairs)
    tail = b"" if draw(st.integers(0, 3)) else draw(st.binary(max_size=6))
    return whole.encode() + quote_from_bytes(tail, safe="&=%+").encode()


def texts() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(VALUES), st.text(max_size=12))


def paths() -> st.SearchStrategy[str]:
    unknown = st.text(max_size=8).map(lambda text: "/" + quote(text, errors="ignore"))
    return st.one_of(st.just("/sparql"), st.just("/sparql/"), st.sampled_from(PATHS), unknown)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, bytes]:
    """A method and a whole request with that method."""
    method = draw(st.one_of(st.just("GET"), st.just("POST"), st.sampled_from(METHODS)))
    path = draw(paths())
    search = draw(st.one_of(st.just(b""), fields()))
    target = path.encode() + (b"?" + search if search else b"")
    headers = draw(
        st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(HEADER_VALUES), max_size=4)
    )
    body = b""
    if method in ("POST", "PUT", "PATCH", "QUERY") or draw(st.booleans()):
        body = draw(st.one_of(fields(), texts().map(lambda t: t.encode(errors="ignore"))))
    if body:
        headers.setdefault("Content-Type", draw(st.one_of(st.just(FORM), st.sampled_from(TYPES))))
        if "Transfer-Encoding" not in headers or draw(st.booleans()):
            headers["Content-Length"] = str(len(body))
    headers.setdefault("Host", "localhost")
    headers["Connection"] = "close"
    lines = [f"{name}: {value}".encode("latin-1") for name, value in headers.items()]
    head = b"\r\n".join([method.encode() + b" " + target + b" HTTP/1.1", *lines])
    return method, head + b"\r\n\r\n" + body


def is_complete(request: bytes) -> bool:
    """Tell whether the server has no reason to wait for more of a body."""
    head, _, body = request.partition(b"\r\n\r\n")
    names = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"transfer-encoding" in names or b"expect" in names:
        return False
    length = names.get(b"content-length", b"0").strip()
    return not length.isdigit() or int(length) <= len(body)


def require_alive(site: Site) -> None:
    reply = site.query(FACTORIES, accept="text/csv")
    assert (reply.status, len(reply.text.splitlines())) == (200, 3), reply.text


@PROFILE
@given(requests())
def test_any_request_is_answered_as_documented(fuzzed: Site, request: tuple[str, bytes]) -> None:
    method, content = request
    if not is_complete(content):
        content += b"0\r\n\r\n" * 200  # an end for what waits for more
    answer = send(fuzzed, content, method=method)
    if answer is not None:
        require_documented(answer, method=method)
    require_alive(fuzzed)


@PROFILE
@given(st.binary(max_size=200))
def test_bytes_that_are_no_request_do_no_harm(fuzzed: Site, content: bytes) -> None:
    """What looks like the begin of a request may wait for its end; all else is answered."""
    with contextlib.suppress(TimeoutError):
        answer = send(fuzzed, content + b"\r\n\r\n", seconds=0.2)
        if answer is not None:
            require_documented(answer)
    require_alive(fuzzed)


@pytest.mark.parametrize("path", ["/static/entente.css", "/favicon.svg", "/sparql?query=ASK%7B%7D"])
def test_an_if_match_that_fails_is_explained_on_any_resource(site: Site, path: str) -> None:
    """Found by the fuzzer: a file came with status 412 and its own content."""
    request = f'GET {path} HTTP/1.1\r\nHost: x\r\nIf-Match: "x"\r\nConnection: close\r\n\r\n'
    answer = send(site, request.encode())
    assert answer is not None
    require_documented(answer)
