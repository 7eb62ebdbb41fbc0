"""A whole server for tests: a real snapshot, real readers, waitress on a free port, plain HTTP."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from entente.core.manifest import write_artifact
from entente.core.settings import Settings, read_settings
from entente.query.service import QueryService
from entente.query.writing import WriteService
from entente.store.snapshots import Snapshots
from entente.web.app import create_app
from entente.web.server import Server

DATASET = Path(__file__).with_name("dataset.trig")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
FACTORIES = (
    "PREFIX ent: <https://w3id.org/entente/ontology/> "
    "SELECT ?f ?p WHERE { ?f a ent:Factory ; ent:locatedIn ?p } ORDER BY ?p"
)

# Media type and syntax of RDF by the suffix of an address.
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
}
# What a browser sends.
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@dataclass(frozen=True)
class Reply:
    """What came back over HTTP."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def type(self) -> str:
        """The media type without its parameters."""
        return (self.headers["Content-Type"] or "").split(";")[0]

    def json(self) -> object:
        """The body read as JSON."""
        return json.loads(self.body)

    def fields(self) -> dict[str, object]:
        """The members of the JSON object in the body."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    def terms(self, name: str) -> list[str]:
        """The values of one variable in JSON results."""
        return [row[name]["value"] for row in json.loads(self.body)["results"]["bindings"]]


@dataclass(frozen=True)
class Site:
    """A running server."""

    host: str
    port: int
    service: QueryService
    settings: Settings

    @property
    def url(self) -> str:
        """The address of the home page, without its slash."""
        return f"http://{self.host}:{self.port}"

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        seconds: float = 30,
    ) -> Reply:
        """Send one request on a connection of its own."""
        connection = HTTPConnection(self.host, self.port, timeout=seconds)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def query(self, text: str, *, accept: str | None = None, **fields: str) -> Reply:
        """Send a query by GET; `fields` are further parameters."""
        search = urlencode({"query": text, **fields}, quote_via=quote)
        return self.ask(f"/sparql?{search}", headers={"Accept": accept} if accept else {})


@contextmanager
def run_site(folder: Path, *, quads: bytes | None = None, **values: object) -> Iterator[Site]:
    """Load the dataset, start readers and server, and stop all at the end.

    Args:
        folder: an empty folder for the state.
        quads: sorted N-Quads to serve in place of the tests' dataset.
        values: settings that differ from the tests' own; `queries` is the folder of another query
            library.
    """
    queries = values.pop("queries", None)
    assert queries is None or isinstance(queries, Path)
    chosen = {"port": 0, "readers": 2, "query_seconds": 5.0, "state": folder, **values}
    settings = read_settings(chosen, environment={})
    write_dataset(settings.artifact, quads)
    snapshots = Snapshots(settings.store, union=settings.default_graph == "union")
    snapshots.load(settings.artifact)
    with ExitStack() as stack:
        service = stack.enter_context(QueryService(settings, snapshots, queries=queries))
        writes = None
        if settings.writable:
            writes = stack.enter_context(WriteService(settings, service))
        server = Server(create_app(service, settings, writes=writes), settings)
        loop = threading.Thread(target=server.run, name="server")
        loop.start()
        try:
            yield Site(server.address, server.port, service, settings)
        finally:
            server.stop()
            loop.join(timeout=20)
            assert not loop.is_alive()


def write_dataset(folder: Path, quads: bytes | None = None) -> None:
    """Write the tests' dataset, or other N-Quads, as an artifact."""
    if quads is None:
        dataset = ox.Dataset(ox.parse(path=DATASET, format=ox.RdfFormat.TRIG))
        lines = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
        assert lines is not None
        quads = b"".join(sorted(lines.splitlines(keepends=True)))
    write_artifact(
        folder,
        contents={"dataset": ("dataset.nq", quads)},
        inputs={},
        counts={},
        versions={},
        facts={},
    )
