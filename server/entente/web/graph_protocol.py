"""The Graph Store Protocol: which graph a request names, and what documents it brings.

Owns the two ways of naming a graph, `?graph=` or `?default` (indirect) and the path (direct), and
the media types of documents. Must not know Flask; parses no RDF.
https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from entente.core.media import GRAPHS, by_name
from entente.core.writes import DEFAULT, Document, WriteKind, WriteRequest
from entente.web.addresses import Addresses
from entente.web.fields import gather, require_at_most_one, require_iris, require_utf8
from entente.web.problems import RequestRefused, problem, wrong_parameter
from entente.web.update_protocol import WriteOptions

STORE: Final = "graphs"
"""Path of the graph store; `graphs/NAME` stands for the graph `graph/NAME`."""

RDF_PATCH: Final = "application/rdf-patch"
# Not `text/plain`: whoever sends that has rarely thought of N-Triples.
TYPES: Final = {
    media_type: offer.name
    for offer in GRAPHS
    for media_type in offer.media_types
    if media_type not in ("text/plain", "application/json", "application/xml", "text/xml")
}
_NAME: Final = re.compile(r"[^\x00-\x20<>\"{}|\\^`\x7f]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A document as HTTP brings it: the body, or one file of a form."""

    content: bytes
    media_type: str
    charset: str = ""
    file_name: str = ""


class GraphNames:
    """Which graph an address of this host stands for.

    Args:
        addresses: the mapping of paths to IRIs.
        root: address of this host as the client sees it, with its final slash.
    """

    def __init__(self, addresses: Addresses, *, root: str) -> None:
        self._graphs = addresses.public_base + "graph/"
        self._store = f"{root}{STORE}/"

    def of_path(self, name: str) -> str:
        """Give the IRI of the graph that `graphs/NAME` stands for.

        Raises:
            RequestRefused: no IRI has such characters.
        """
        if _NAME.fullmatch(name) is None:
            raise wrong_parameter("no graph can have such a name")
        return self._graphs + name

    def of_fields(self, fields: list[tuple[str, str]]) -> str | None:
        """Give the graph that `?graph=` or `?default` names; `None` where neither stands.

        The address of a graph on this host names the graph itself.

        Raises:
            RequestRefused: both stand, one stands twice, or it is not an absolute IRI.
        """
        values = gather(fields, "graph", "default")
        if values["graph"] and values["default"]:
            raise wrong_parameter("graph and default cannot come together")
        if require_at_most_one(values["default"], "default") is not None:
            return DEFAULT
        given = require_at_most_one(values["graph"], "graph")
        if given is None:
            return None
        (iri,) = require_iris([given], "graph")
        return self.of_path(iri[len(self._store) :]) if iri.startswith(self._store) else iri

    def mint(self) -> str:
        """Give the IRI of a graph that nobody has named."""
        return f"{self._graphs}posted/{secrets.token_hex(8)}"

    def address_of(self, graph: str) -> str:
        """Give the address where a graph of this host is found."""
        return self._store + graph.removeprefix(self._graphs)


def read_documents(parts: Iterable[Part]) -> tuple[Document, ...]:
    """Tell the formats of documents from their media types, or the names of their files.

    Raises:
        RequestRefused: there is none, or one is in no format of RDF that is read here.
    """
    documents = tuple(_document(part) for part in parts)
    if not documents:
        raise wrong_parameter("the form has no file")
    return documents


def _document(part: Part) -> Document:
    require_utf8(part.charset)
    found = TYPES.get(part.media_type)
    extension = part.file_name.rpartition(".")[2]
    if found is None and part.media_type in ("", "application/octet-stream") and extension:
        offer = by_name(extension, GRAPHS)
        found = offer.name if offer is not None else None
    if found is None:
        offers = tuple(offer.media_type for offer in GRAPHS)
        detail = f"Content-Type is {part.media_type or 'missing'}; it must be one of RDF"
        raise RequestRefused(problem("media-type", detail, offers=offers))
    return Document(content=part.content, format=found)


def graph_write(
    kind: WriteKind,
    graph: str | None,
    options: WriteOptions,
    *,
    base_iri: str | None,
    who: str,
    documents: tuple[Document, ...] = (),
    text: str = "",
) -> WriteRequest:
    """Make the write of one graph; relative IRIs are resolved against `base_iri`."""
    return WriteRequest(
        kind=kind,
        text=text,
        documents=documents,
        graph=graph,
        base_iri=base_iri,
        if_match=options.if_match,
        dry_run=options.dry_run,
        who=who,
        why=options.why,
        timeout=options.timeout,
    )
