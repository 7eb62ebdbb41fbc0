"""Wholes: the pages of the ontology, of the vocabularies and of the shapes.

Owns what these overviews show, but for the ontology's, which is its reference; each term and
concept has a page of its own.
"""

from dataclasses import dataclass, field

from entente.core.errors import NotFound
from entente.core.terms import GRAPH_SHAPES, SH, shorten
from entente.query.labels import read_labels
from entente.query.results import Iri
from entente.query.service import QueryService
from entente.web.reference import read_reference


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property, concept or shape."""

    iri: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A named graph."""

    iri: str
    label: str
    triples: int


@dataclass(slots=True)
class Scheme:
    """A vocabulary with its concepts."""

    iri: str
    label: str
    definition: str
    concepts: list[Term] = field(default_factory=list)


def read_whole(service: QueryService, name: str) -> dict[str, object]:
    """Read what the overview called `ontology`, `vocab` or `shapes` shows."""
    if name == "ontology":
        return read_reference(service)
    if name == "vocab":
        return {"schemes": read_schemes(service)}
    return {"shapes": read_shapes(service)}


def read_schemes(service: QueryService) -> list[Scheme]:
    """Read the vocabularies with their concepts."""
    schemes: dict[str, Scheme] = {}
    for row in service.rows("pages/concepts"):
        iri = str(row["scheme"])
        if iri not in schemes:
            label, definition = row.get("schemeLabel"), row.get("schemeDefinition")
            schemes[iri] = Scheme(
                iri, str(label or iri), "" if definition is None else str(definition)
            )
        if "it" in row:
            schemes[iri].concepts.append(Term(str(row["it"]), str(row["label"])))
    return list(schemes.values())


def read_graph(service: QueryService, iri: str) -> Graph:
    """Read how large one named graph is and what it is called.

    Raises:
        NotFound: there is no such graph.
    """
    found = next((graph for graph in read_graphs(service) if graph.iri == iri), None)
    if found is None:
        raise NotFound(f"no graph is called {shorten(iri)}")
    return found


def read_graphs(service: QueryService) -> list[Graph]:
    """Read all named graphs with their sizes."""
    return [
        Graph(
            str(row["it"]),
            str(row.get("title") or shorten(str(row["it"]))),
            int(str(row["triples"])),
        )
        for row in service.rows("pages/graphs")
    ]


def read_shapes(service: QueryService) -> list[Term]:
    """Read the node shapes by their names."""
    rows = service.rows("pages/shapes", kind=Iri(SH + "NodeShape"), graph=Iri(GRAPH_SHAPES))
    iris = [str(row["it"]) for row in rows]
    labels = read_labels(service, iris)
    return [Term(iri, labels.get(iri, iri.rpartition("/")[2])) for iri in iris]
