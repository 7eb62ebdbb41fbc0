"""Dumps read by parsers that Entente does not write them with."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import rdflib
from pyld import jsonld

from entente.core.terms import GRAPH


def unpacked(path: Path) -> bytes:
    """Give the content of a compressed file."""
    with gzip.open(path) as file:
        return file.read()


def lines_of(quads: Iterable[ox.Quad]) -> set[str]:
    """Give quads as lines that are equal where the datasets are; blank nodes have new names."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def triples_of(quads: Iterable[ox.Quad], *graphs: str) -> set[str]:
    """Give the triples of some graphs as lines."""
    names = {GRAPH + name for name in graphs}
    chosen = (quad for quad in quads if any(_is(quad, name) for name in names))
    return lines_of(ox.Quad(q.subject, q.predicate, q.object) for q in chosen)


def _is(quad: ox.Quad, name: str) -> bool:
    graph = quad.graph_name
    if not isinstance(graph, ox.NamedNode):
        return False
    return graph.value.startswith(name) if name.endswith("/") else graph.value == name


def read_with_rdflib(content: bytes, syntax: str) -> list[ox.Quad]:
    """Parse with rdflib; the terms come over as N-Quads, which rdflib writes by itself."""
    if syntax == "trig":
        dataset = rdflib.Dataset()
        dataset.parse(data=content, format="trig")
        text = dataset.serialize(format="nquads")
        return list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    graph = rdflib.Graph()
    graph.parse(data=content, format=syntax)
    text = graph.serialize(format="nt")
    return list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))


def read_with_pyld(document: object) -> list[ox.Quad]:
    """Turn JSON-LD into quads with PyLD, which fetches nothing here."""
    options = {"format": "application/n-quads", "documentLoader": _refuse}
    return list(ox.parse(jsonld.to_rdf(document, options), format=ox.RdfFormat.N_QUADS))


def _refuse(address: str, _options: object) -> None:
    raise AssertionError(f"{address} was fetched")
