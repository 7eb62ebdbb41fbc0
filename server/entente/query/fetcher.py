"""The fetcher: a process that asks another SPARQL server, for a reader that has no sockets.

Run as `python -m entente.query.fetcher PLAN` by a pool, like the readers. It holds no store, runs
no program and writes no file; it checks each address against the list and the network's ranges
itself, redirects too, and passes the answer's bytes on unread: reading them is the reader's work.
Only the SPARQL protocol is spoken (query by POST form), and no proxy, cookie or password is used.
"""

import json
import time
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urlencode, urljoin

from entente.core.errors import RemoteFailed
from entente.core.messages import Head, Job
from entente.core.remotes import allows, read_remote
from entente.query.limits import Federation, ReaderPlan
from entente.query.pinned import Resolve, connect, resolve
from entente.query.worker import Answering, FrameSink, main

FORMATS: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/tab-separated-values": "tsv",
}
HEADERS: Final = {
    "Accept": "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
    "text/tab-separated-values;q=0.5",
    "Accept-Encoding": "identity",
    "User-Agent": "entente (SPARQL SERVICE)",
    "Connection": "close",
}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS: Final = 3
PART: Final = 64 * 1024


def ask(
    endpoint: str, query: str, federation: Federation, *, resolve: Resolve = resolve
) -> tuple[str, HTTPResponse]:
    """Send a query.

    Args:
        endpoint: absolute IRI.
        query: a SELECT.
        federation: which addresses are allowed, and how long to wait for each part.
        resolve: looks a host up; once for each address that is asked.

    Returns:
        The name of the answer's format, and the answer, its body still to be read.

    Raises:
        RemoteFailed: an address is not allowed, or the other server does not answer as it should.
    """
    iri, method = endpoint, "POST"
    for _ in range(MOST_REDIRECTS + 1):
        response = _send(iri, method, query, federation, resolve)
        if response.status not in REDIRECTS:
            return _format_of(response), response
        location = response.headers.get("Location", "")
        response.close()
        iri = urljoin(iri, location)
        method = "GET" if response.status == 303 else method
    raise RemoteFailed(f"<{endpoint}> leads from one address to the next")


def _send(
    iri: str, method: str, query: str, federation: Federation, resolve: Resolve
) -> HTTPResponse:
    remote = read_remote(iri)
    if remote is None or not allows(federation.prefixes, remote):
        raise RemoteFailed(f"it leads to {iri[:200]!r}, which SERVICE may not ask here")
    connection = connect(
        remote, private=federation.private, seconds=federation.seconds, resolve=resolve
    )
    body = urlencode({"query": query}).encode() if method == "POST" else None
    try:
        connection.request(
            method, remote.target, body=body, headers={**HEADERS, **(FORM if body else {})}
        )
        return connection.getresponse()
    except TimeoutError as error:
        raise RemoteFailed(f"{remote.host} did not answer in time", late=True) from error
    except (OSError, HTTPException) as error:
        raise RemoteFailed(f"{remote.host} broke off") from error


def _format_of(response: HTTPResponse) -> str:
    if response.status != 200:
        raise RemoteFailed(f"it answered with status {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RemoteFailed("its answer is compressed, though none was asked for")
    name = FORMATS.get(response.headers.get_content_type())
    if name is None:
        kind = response.headers.get_content_type()[:100]
        raise RemoteFailed(f"it answered in {kind}, which is no form of SPARQL results")
    if name == "tsv" and response.length is None and not response.chunked:
        raise RemoteFailed("its answer in TSV does not tell where it ends")
    return name


def answer(federation: Federation, job: Job, output: int) -> None:
    """Answer one job: a JSON object with `endpoint` and `query`."""
    started = time.perf_counter()
    asked = json.loads(job.query)
    try:
        name, response = ask(asked["endpoint"], asked["query"], federation)
        sink = FrameSink(output, Head(form="select", format=name), job.max_bytes)
        with response:
            while part := response.read(PART):
                sink.write(part)
            if response.length:
                raise RemoteFailed("its answer broke off")
    except TimeoutError as error:
        raise RemoteFailed("its answer stopped coming", late=True) from error
    except (OSError, HTTPException) as error:
        raise RemoteFailed("its answer broke off") from error
    sink.end(time.perf_counter() - started)


def open_fetcher(plan: ReaderPlan) -> Answering:
    """Take the list of what is allowed."""
    return lambda job, output: answer(plan.federation, job, output)


if __name__ == "__main__":
    main(open_fetcher, sockets=True)
