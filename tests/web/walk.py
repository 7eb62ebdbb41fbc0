"""A walk over a served graph: every kind of IRI, every format, every link that is found."""

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox

from entente.core.terms import BASE
from tests.web.site import FORMATS, HTML, Reply, Site

THREADS = 4
MOST_PATIENCE = 30
DOCUMENTS = {**FORMATS, "html": ("text/html", None)}
# Folders whose IRIs answer; `sparql` is the service itself.
PARTS = ("id", "claim", "article", "ontology", "vocab", "shapes", "graph")
_HREF = re.compile(r'(?:href|src|action)="([^"]*)"')
_LINK = re.compile(r'<([^>]*)>\s*;\s*rel="([^"]*)"(?:;\s*type="([^"]*)")?')


def paths_in(dataset: Path) -> dict[str, list[str]]:
    """Give the paths of all IRIs that a dataset names, by their kind."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for quad in ox.parse(path=str(dataset), format=ox.RdfFormat.N_QUADS):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
                path = term.value.removeprefix(BASE).partition("#")[0]
                path = path.rstrip("/")
                kinds[kind_of(path)].add(path)
    return {kind: sorted(paths) for kind, paths in kinds.items() if kind.split("/")[0] in PARTS}


def kind_of(path: str) -> str:
    """Tell the kind of an IRI from its path: its folder, and what stands below it."""
    first, _, rest = path.partition("/")
    if first == "id":
        return f"id/{rest.partition('/')[0]}"
    if first in ("graph", "vocab"):
        return f"{first}/{'/' if '/' in rest else ''}"
    if first == "ontology" and rest:
        return (
            "ontology/class" if rest[0].isupper() else f"ontology/{'property' * rest[0].islower()}"
        )
    return first


@dataclass
class Walk:
    """What was found wrong, and the links that are still to be followed."""

    site: Site
    faults: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    requests: int = 0

    def ask(self, address: str, **arguments: object) -> Reply:
        """Send one request and count it; come back where the server asks for patience."""
        for _ in range(MOST_PATIENCE):
            self.requests += 1
            reply = self.site.ask(address, **arguments)  # type: ignore[arg-type]  # as Site.ask has
            if reply.status != 503 or not reply.headers["Retry-After"]:
                break
            time.sleep(1)
        return reply

    def visit(self, path: str) -> None:
        """Ask for one IRI in every way, and note what its answers link."""
        if path.endswith(".svg"):  # a picture is itself, and no document about it
            reply = self.ask(f"/{path}")
            if (reply.status, reply.type) != (200, "image/svg+xml"):
                self.faults.append(f"/{path}: {reply.status} {reply.type}")
            return
        tags = {}
        for extension, (media_type, form) in DOCUMENTS.items():
            address = f"/{path}.{extension}"
            reply = self.ask(address)
            self._judge(address, reply, media_type, form)
            tags[extension] = reply.headers["ETag"]
            self._repeat(address, reply)
            self._negotiate(path, media_type, reply)
        if len(set(tags.values())) != len(tags):
            self.faults.append(f"{path}: two formats share an ETag")

    def _judge(
        self, address: str, reply: Reply, media_type: str, form: ox.RdfFormat | None
    ) -> None:
        if (reply.status, reply.type) != (200, media_type):
            self.faults.append(f"{address}: {reply.status} {reply.type}")
            return
        headers = reply.headers
        for name in ("ETag", "Content-Location", "Vary", "X-Dataset-Revision"):
            if not headers[name]:
                self.faults.append(f"{address}: no {name}")
        relations = {(link[1], link[2]) for link in links_of(reply)}
        wanted = {("alternate", known) for known, _ in DOCUMENTS.values()}
        if missing := wanted - relations:
            self.faults.append(f"{address}: no Link {sorted(missing)}")
        if {"describedby", "license", "http://www.w3.org/ns/json-ld#context"} - {
            relation for relation, _ in relations
        }:
            self.faults.append(f"{address}: Link headers are not whole")
        if form is None:
            self.links |= {urljoin(address, link) for link in hrefs_of(reply.text)}
        else:
            try:
                if not any(True for _ in ox.parse(reply.body, format=form)):
                    self.faults.append(f"{address}: says nothing")
            except SyntaxError as error:
                self.faults.append(f"{address}: {error}")
        self.links |= {urljoin(address, link[0]) for link in links_of(reply)}

    def _repeat(self, address: str, first: Reply) -> None:
        head = self.ask(address, method="HEAD")
        for name in ("Content-Type", "ETag", "Content-Location", "X-PrefLabel", "Content-Length"):
            if head.headers[name] != first.headers[name]:
                self.faults.append(f"HEAD {address}: {name} {head.headers[name]!r}")
        if head.status != first.status or head.body:
            self.faults.append(f"HEAD {address}: {head.status}")
        again = self.ask(address, headers={"If-None-Match": first.headers["ETag"] or "-"})
        if first.status == 200 and (again.status, again.body) != (304, b""):
            self.faults.append(f"{address}: {again.status} in place of 304")

    def _negotiate(self, path: str, media_type: str, variant: Reply) -> None:
        reply = self.ask(f"/{path}", headers={"Accept": media_type})
        if reply.status == 303:
            location = reply.headers["Location"]
            self.links.add(location)
            reply = self.ask(location, headers={"Accept": media_type})
        elif path.startswith("id/"):
            self.faults.append(f"/{path}: {reply.status}, a thing is no document")
        if (reply.status, reply.type) != (200, media_type):
            self.faults.append(f"/{path} as {media_type}: {reply.status} {reply.type}")
        elif reply.headers["Content-Location"] != variant.headers["Content-Location"]:
            self.faults.append(f"/{path} as {media_type}: another Content-Location")

    def follow(self, target: str, fragments: Iterable[str]) -> Iterator[str]:
        """Follow links to one address; give those that its page has."""
        try:
            reply = self.ask(target, headers=HTML)
            for _ in range(3):
                if reply.status not in (303, 308):
                    break
                reply = self.ask(reply.headers["Location"].partition("#")[0], headers=HTML)
        except OSError as error:
            self.faults.append(f"{target}: {error}")
            return
        if reply.status != 200:
            self.faults.append(f"{target}: {reply.status}")
        elif reply.type == "text/html":
            ids = {unescape(found) for found in re.findall(r'\bid="([^"]*)"', reply.text)}
            self.faults += (
                f"{target}#{fragment}: no such place on its page"
                for fragment in fragments
                if fragment and unquote(fragment) not in ids
            )
            yield from (urljoin(target, link) for link in hrefs_of(reply.text))


def hrefs_of(text: str) -> set[str]:
    """Give the links of a page to this host."""
    found = {unescape(link) for link in _HREF.findall(text)}
    return {link for link in found if not urlsplit(link).scheme and not link.startswith("//")}


def links_of(reply: Reply) -> list[tuple[str, str, str]]:
    """Give the links of the headers to this host: target, relation, type."""
    found = _LINK.findall(", ".join(reply.headers.get_all("Link") or []))
    return [(target, name, kind) for target, name, kind in found if not urlsplit(target).scheme] + [
        ("/", name, kind) for target, name, kind in found if urlsplit(target).scheme
    ]


def visit_all(walk: Walk, paths: Iterable[str]) -> None:
    """Visit IRIs, a few at one time."""
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(walk.visit, paths))


def follow_all(walk: Walk, *, deep: bool) -> int:
    """Follow the links that were found, and with `deep` those found on the way; count addresses."""
    seen: set[str] = set()
    count = 0
    with ThreadPoolExecutor(THREADS) as pool:
        while fresh := walk.links - seen:
            seen |= fresh
            targets: defaultdict[str, set[str]] = defaultdict(set)
            for link in fresh:
                target, _, fragment = link.partition("#")
                targets[target].add(fragment)
            count += len(targets)
            for found in pool.map(lambda item: list(walk.follow(*item)), sorted(targets.items())):
                if deep:
                    walk.links |= set(found)
    return count
