"""A server that holds the data of all query tests at once, each file in a graph of its own.

Owns the dataset: one snapshot serves all the suites, and each test names its graphs by the
protocol. Literals are put as the store keeps them, since the loader refuses a file in which two
spellings of one value stand beside each other.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from tests.protocol.suites.manifest import Case, Data, iri_of
from tests.protocol.suites.results import RDF_FORMATS

NOWHERE = "urn:x-suite:empty"
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


def read_data(data: Data) -> list[ox.Quad]:
    """Read a file of data: its default graph goes into the graph that the case names."""
    base = iri_of(data.path)
    graph = ox.NamedNode(data.graph) if data.graph else ox.DefaultGraph()
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        if isinstance(quad.graph_name, ox.DefaultGraph)
        else quad
        for quad in ox.parse(
            path=data.path,
            format=RDF_FORMATS[data.path.suffix],
            base_iri=base,
            rename_blank_nodes=True,
        )
    ]


def dataset_of(cases: Iterable[Case]) -> bytes:
    """Gather the data of some cases, and what their queries name, as sorted N-Quads."""
    cases = list(cases)
    paths = {data.path for case in cases for data in case.data}
    paths |= {path for case in cases for path in _named(case)}
    store = ox.Store()
    for path in sorted(paths):
        store.extend(read_data(Data(iri_of(path), path)))
    lines = ox.serialize(iter(store), format=ox.RdfFormat.N_QUADS)
    assert lines is not None
    return b"".join(sorted(lines.splitlines(keepends=True)))


def _named(case: Case) -> Iterator[Path]:
    """Give the files that FROM of a query names."""
    for name in _FROM.findall(case.text) if case.result is not None else ():
        path = case.request.with_name(name)
        if path.is_file():
            yield path


def graphs_of(case: Case) -> list[tuple[str, str]]:
    """Give the parameters of the protocol that name a case's dataset."""
    fields = []
    for data in case.data:
        name = "default-graph-uri" if data.graph is None else "named-graph-uri"
        fields.append((name, iri_of(data.path)))
        quads = read_data(Data(iri_of(data.path), data.path))
        inner = {
            quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)
        }
        fields += [("named-graph-uri", iri) for iri in sorted(inner - {iri_of(data.path)})]
    if not any(data.graph is None for data in case.data):
        fields.append(("default-graph-uri", NOWHERE))
    return fields
