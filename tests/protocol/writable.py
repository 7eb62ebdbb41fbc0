"""A site that takes writes, and the tokens to do so."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from entente.core.tokens import SCOPES, Tokens
from tests.web.site import Reply, Site, run_site

FORM = "application/x-www-form-urlencoded"
UPDATE = "application/sparql-update"
TURTLE = "text/turtle"
G = "http://example.org/graph"
S = "http://example.org/s"
P = "http://example.org/p"


@dataclass(frozen=True)
class Writable:
    """A running server that takes writes, with one token of each scope."""

    site: Site
    tokens: Mapping[str, str]

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        scope: str | None = "write",
        **headers: str,
    ) -> Reply:
        """Send a request with the token of a scope; `Content_Type` is the header of that name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if scope is not None:
            named["Authorization"] = f"Bearer {self.tokens[scope]}"
        return self.site.ask(path, method=method, headers=named, body=body)

    def update(self, text: str, *, search: str = "", **headers: str) -> Reply:
        """Send an update as it is."""
        fields = {"Content_Type": UPDATE, **headers}
        return self.ask("POST", f"/update{search}", text.encode(), **fields)

    def graph(self, method: str, name: str, body: bytes | None = None, **headers: str) -> Reply:
        """Do something with a graph, named indirectly; a body is Turtle."""
        fields = {"Content_Type": TURTLE, **headers} if body is not None else headers
        return self.ask(method, "/graphs?" + urlencode({"graph": name}), body, **fields)

    def objects(self, graph: str) -> list[str]:
        """Give the objects in a graph, sorted."""
        found = self.site.query(f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ORDER BY ?o")
        return found.terms("o")


@contextmanager
def run_writable(folder: Path, **values: int) -> Iterator[Writable]:
    """Start a site that takes writes."""
    tokens = Tokens(folder / "tokens.json")
    shown: dict[str, str] = {scope: tokens.new(scope, scope) for scope in SCOPES}
    with run_site(folder, quads=None, writable=1, **values) as site:
        yield Writable(site, shown)
