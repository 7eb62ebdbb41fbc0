"""The embedded store: Oxigraph on disk, written once and then only read.

Owns the loading of an artifact's quads and the answers of a store that is open read-only, in the
engine's own serialisers. The default graph is the union of all graphs and is stored as such, since
the engine's own union gives a triple once for each graph that holds it, and ignores FROM. Must not
be opened for writing where it is served. Known limits: the engine has no time-out, dies when memory
runs out or recursion goes too deep, and fetches whatever SERVICE names; the query layer stands in
front of all three. JSON-LD comes out expanded.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from entente.core.errors import QueryRefused, QuerySyntaxError, StoreError
from entente.core.media import GRAPHS, RESULTS
from entente.core.messages import Form
from entente.core.terms import PREFIXES
from entente.store.rows import BoundedRows, too_many
from entente.store.sheet_sink import SheetSink
from entente.store.source import Question, Result, Sink, Source
from entente.store.xml_sink import XmlSink

if TYPE_CHECKING:  # a reader imports this module: it has to start quickly
    from pathlib import Path

RESULT_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "sheet": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
QUAD_FORMATS: Final = frozenset({"trig", "nq"})

LOOK_AHEAD: Final = 2000
"""Triples that are read before the prefixes are written, so that only those in use are."""

_PLACE: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def load_quads(dataset: "Path", folder: "Path", *, union: bool = True) -> int:
    """Load N-Quads into a new store, with its files on disk when this returns.

    Args:
        dataset: a file of N-Quads, all of them in named graphs.
        folder: where the store is made; must not exist.
        union: make the default graph the union of all graphs.

    Returns:
        How many quads the store holds in named graphs.

    Raises:
        StoreError: the file is not N-Quads or the folder cannot be written.
    """
    try:
        store = ox.Store(str(folder))
        # the engine's own loader would give blank nodes other names in each graph than in the union
        store.bulk_extend(ox.parse(path=str(dataset), format=ox.RdfFormat.N_QUADS))
        held = len(store)
        if union:
            quads = ox.parse(path=str(dataset), format=ox.RdfFormat.N_QUADS)
            store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
        store.optimize()
        store.flush()
    except SyntaxError as error:
        raise StoreError(f"{dataset.name} is not N-Quads: {error}") from error
    except OSError as error:
        raise StoreError(f"{dataset.name} could not be loaded: {error}") from error
    return held


class EmbeddedSource:
    """An Oxigraph store that is open read-only; see `entente.store.source.Source`."""

    def __init__(self, folder: str) -> None:
        try:
            self._store = ox.Store.read_only(folder)
        except (OSError, RuntimeError) as error:
            raise StoreError(f"the snapshot cannot be opened: {error}") from error

    def evaluate(self, question: Question) -> Result:
        """Parse and plan a question."""
        given = bool(question.default_graphs or question.named_graphs)
        try:
            found = self._store.query(
                question.query,
                base_iri=question.base_iri,
                default_graph=[*_names(question.default_graphs)] if given else None,
                named_graphs=[*_names(question.named_graphs)] if given else None,
            )
        except SyntaxError as error:
            raise syntax_error(str(error)) from error
        except (RuntimeError, ValueError) as error:
            raise QueryRefused(str(error)) from error
        except OSError as error:
            raise StoreError(f"the snapshot cannot be read: {error}") from error
        if isinstance(found, ox.QueryTriples):
            return EmbeddedGraph(found)
        return EmbeddedResults(found)


class EmbeddedResults:
    """Rows of a SELECT or the answer of an ASK."""

    def __init__(self, found: ox.QuerySolutions | ox.QueryBoolean) -> None:
        self._found = found

    @property
    def form(self) -> Form:
        """`select` or `ask`."""
        return "ask" if isinstance(self._found, ox.QueryBoolean) else "select"

    def write(self, sink: Sink, format_name: str, *, most: int | None = None) -> None:
        """Write the rows as they are found."""
        sheet = SheetSink(sink) if format_name == "sheet" else None
        sink = sheet or sink
        if most is not None and self.form == "select":
            sink = BoundedRows(sink, format_name, most)
        if format_name == "xml":
            sink = XmlSink(sink, RESULTS)
        try:
            self._found.serialize(sink, RESULT_FORMATS[format_name])  # type: ignore[arg-type]  # the engine asks for write and flush only
            if sheet is not None:
                sheet.end()
        except RuntimeError as error:
            raise QueryRefused(str(error)) from error


class EmbeddedGraph:
    """Triples of a CONSTRUCT or DESCRIBE; the engine leaves out what it gave before."""

    def __init__(self, found: ox.QueryTriples) -> None:
        self._found = found

    @property
    def form(self) -> Form:
        """Always `graph`."""
        return "graph"

    def write(self, sink: Sink, format_name: str, *, most: int | None = None) -> None:
        """Write the triples as they are found, with the prefixes that the first ones use."""
        if format_name == "rdf":
            sink = XmlSink(sink, GRAPHS)
        try:
            triples = iter(self._found) if most is None else _bounded(self._found, most)
            first = list(islice(triples, LOOK_AHEAD))
            prefixes = PREFIXES if len(first) == LOOK_AHEAD else _prefixes_of(first)
            ox.serialize(
                _quads(chain(first, triples))
                if format_name in QUAD_FORMATS
                else chain(first, triples),
                sink,  # type: ignore[arg-type]  # the engine asks for write and flush only
                GRAPH_FORMATS[format_name],
                prefixes=prefixes,
            )
        except RuntimeError as error:
            raise QueryRefused(str(error)) from error


def require_query(text: str, base_iri: str | None) -> None:
    """Hold a text to the engine's grammar, over no data.

    Raises:
        QuerySyntaxError: it is no query.
        QueryRefused: it is one that the engine does not do.
    """
    try:
        ox.Store().query(text, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(str(error)) from error
    except (RuntimeError, ValueError) as error:
        raise QueryRefused(str(error)) from error


def open_source(place: str) -> Source:
    """Open what `place` names: today a folder, tomorrow also the address of an endpoint.

    Raises:
        StoreError: it cannot be opened.
    """
    if place.startswith(("http://", "https://")):
        raise StoreError(f"{place} is a remote endpoint; this version reads folders only")
    return EmbeddedSource(place)


def _names(iris: tuple[str, ...]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def _bounded(triples: Iterator[ox.Triple], most: int) -> Iterator[ox.Triple]:
    """Give triples, and fail after so many if there are more."""
    return chain(islice(triples, most), _fail_if_more(triples, most))


def _fail_if_more(triples: Iterator[ox.Triple], most: int) -> Iterator[ox.Triple]:
    if next(triples, None) is not None:
        raise too_many(most, "triples")
    yield from ()


def _quads(triples: Iterator[ox.Triple]) -> Iterator[ox.Quad]:
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object)


def _prefixes_of(triples: list[ox.Triple]) -> dict[str, str]:
    iris: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                iris.add(term.value)
            elif isinstance(term, ox.Literal):
                iris.add(term.datatype.value)
    return {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(iri.startswith(namespace) for iri in iris)
    }


def syntax_error(text: str) -> QuerySyntaxError:
    """Read the engine's message: where the text stops being SPARQL, and why."""
    found = _PLACE.match(text)
    if found is None:
        return QuerySyntaxError(text)
    line, column, expected = found.groups()
    return QuerySyntaxError(expected, line=int(line), column=int(column))
