"""Documents: RDF that a client sent, read with bounds.

Owns what is refused before a parser sees it (measured, pyoxigraph 0.5.13): RDF/XML with a DTD (900
bytes of entities take 3 GB), depth (10,000 levels of JSON-LD end the process), remote contexts (not
fetched). Blank nodes get new labels, so that those of two documents are never one.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

import pyoxigraph as ox

from entente.core.errors import MalformedDocument
from entente.store.embedded import GRAPH_FORMATS

DEEPEST: Final = 128
BACKSLASH: Final = 0x5C

# A group may repeat possessively only where nothing in it fails once it has begun: Python before
# 3.11.5 goes on at the wrong place (https://github.com/python/cpython/issues/106052).
_JSON: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_TURTLE: Final = re.compile(
    rb'"""|\'\'\'|"(?:[^"\\\r\n]++|\\.)*+"|'
    rb"'(?:[^'\\\r\n]++|\\.)*+'|"
    rb"#[^\r\n]*+|<<|>>|<[^<>\s]*+>|[\[({]|[\])}]",
    re.DOTALL,
)
_LONG: Final = frozenset({b'"""', b"'''"})
_OPEN: Final = frozenset({b"[", b"(", b"{", b"<<"})
_CLOSE: Final = frozenset({b"]", b")", b"}", b">>"})


def read_document(content: bytes, format_name: str, *, base_iri: str | None) -> list[ox.Quad]:
    """Parse a document.

    Args:
        content: as it came.
        format_name: of `entente.core.media.GRAPHS`.
        base_iri: what relative IRIs are resolved against.

    Raises:
        MalformedDocument: it is refused or does not parse.
    """
    if format_name == "rdf":
        _require_flat_xml(content)
    elif format_name == "jsonld":
        _require_flat(content, _JSON)
    elif format_name not in ("nt", "nq"):
        _require_flat(content, _TURTLE)
    try:
        return list(
            ox.parse(
                content,
                format=GRAPH_FORMATS[format_name],
                base_iri=base_iri,
                rename_blank_nodes=True,
            )
        )
    except SyntaxError as error:
        raise MalformedDocument(
            f"the {format_name} does not parse: {error.msg}", line=error.lineno, column=error.offset
        ) from error
    except (ValueError, OSError) as error:
        raise MalformedDocument(f"the {format_name} does not parse: {error}") from error


def into_graph(quads: list[ox.Quad], graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """Put the triples of a document into a graph.

    Raises:
        MalformedDocument: the document names graphs itself.
    """
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise MalformedDocument(
                f"the document names the graph {quad.graph_name}: send it to the whole dataset, "
                "or without graph names"
            )
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _require_flat(content: bytes, tokens: re.Pattern[bytes]) -> None:
    depth = position = 0
    while found := tokens.search(content, position):
        token, position = found[0], found.end()
        if token in _LONG:
            position = _end_of_string(content, position, token)
        elif token in _OPEN:
            depth += 1
            if depth > DEEPEST:
                line = content.count(b"\n", 0, found.start()) + 1
                raise MalformedDocument(
                    f"nested more than {DEEPEST} deep; that depth is accepted", line=line
                )
        elif token in _CLOSE:
            depth -= 1


def _end_of_string(content: bytes, position: int, quotes: bytes) -> int:
    """Give the place behind a long string; the end of the text where the string is not closed."""
    start = position
    while (found := content.find(quotes, position)) >= 0:
        before = found
        while before > start and content[before - 1] == BACKSLASH:
            before -= 1
        if (found - before) % 2 == 0:
            return found + len(quotes)
        position = found + 1
    return len(content)


def _require_flat_xml(content: bytes) -> None:
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: object) -> None:
        raise MalformedDocument(
            "RDF/XML with a document type is not read: write entities out",
            line=parser.CurrentLineNumber,
        )

    def enter(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise MalformedDocument(
                f"nested more than {DEEPEST} deep; that depth is accepted",
                line=parser.CurrentLineNumber,
            )

    def leave(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    try:
        parser.Parse(content, True)  # noqa: FBT003  # expat's signature: this is the end
    except expat.ExpatError as error:
        raise MalformedDocument(
            f"the rdf does not parse: {expat.ErrorString(error.code)}",
            line=error.lineno,
            column=error.offset + 1,
        ) from error
    except (LookupError, ValueError) as error:  # an encoding that expat does not read
        raise MalformedDocument(f"the rdf does not parse: {error}", line=1) from error
