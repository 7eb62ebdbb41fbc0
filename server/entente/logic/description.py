"""Metadata: the graph that describes the dataset (VoID, DCAT, SPARQL service description, PROV).

Counts are counted, its own among them. Holds no clock, no path and no blank node: the same input
gives the same graph. Classes and properties are listed for the dataset as a whole and for graphs
that speak of the world; a thousand articles would repeat their own a thousand times.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from entente.core.terms import (
    DCAT,
    DCTERMS,
    GRAPH,
    GRAPH_ARTICLE,
    GRAPH_CURRENT,
    GRAPH_INFERRED,
    GRAPH_META,
    ID,
    OWL,
    PROV,
    RDFS,
    SCHEMA,
    SD,
    VOID,
    XSD,
    shorten,
)
from entente.logic.access import describe_access
from entente.logic.facts import TYPE, Node, Term
from entente.logic.partitions import Partition, describe_partitions, partitions

DATASET: Final = GRAPH_META + "#dataset"
BUILD: Final = GRAPH_META + "#build"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
ENDPOINT_PREFIX: Final = "https://w3id.org/entente/"

_PARTITIONED: Final = frozenset(
    GRAPH + name for name in ("entities", "background", "current", "inferred")
)
# Their classes are those of OWL and SHACL, which no one asks for by partition.
_UNPARTITIONED: Final = frozenset(GRAPH + name for name in ("inferred", "ontology", "shapes"))
_TITLES: Final = {
    "ontology": "Ontology",
    "vocab": "Vocabularies",
    "shapes": "Shapes",
    "entities": "Things and situations",
    "curation": "Curation: relations between claims, set by curators",
    "background": "Background knowledge from other sources",
    "current": "Current view: direct triples that accepted claims support",
    "inferred": "Inferences: what follows by OWL 2 RL",
    "meta": "Metadata of the dataset",
}


@dataclass(slots=True)
class Stats:
    """What VoID counts of some triples."""

    triples: int = 0
    subjects: set[Node] = field(default_factory=set)
    objects: set[Term] = field(default_factory=set)
    properties: Counter[NamedNode] = field(default_factory=Counter)
    classes: dict[Term, set[Node]] = field(default_factory=lambda: defaultdict(set))

    def add(self, triples: Iterable[Triple | Quad]) -> None:
        """Count triples that were not counted before."""
        for one in triples:
            if isinstance(one.subject, Triple) or isinstance(one.object, Triple):
                continue
            self.triples += 1
            self.subjects.add(one.subject)
            self.objects.add(one.object)
            self.properties[one.predicate] += 1
            if one.predicate == TYPE:
                self.classes[one.object].add(one.subject)

    def merge(self, other: "Stats") -> None:
        """Count what another has counted, of other triples."""
        self.triples += other.triples
        self.subjects |= other.subjects
        self.objects |= other.objects
        self.properties.update(other.properties)
        for class_, nodes in other.classes.items():
            self.classes[class_] |= nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the build says of itself: a digest of its inputs, and the software that shaped it."""

    inputs_digest: str
    versions: Mapping[str, str]
    ontology_version: str | None


def describe(
    quads: Iterable[Quad],
    origin: Origin,
    *,
    further: Iterable[Triple] = (),
    counted: dict[str, Stats] | None = None,
) -> list[Quad]:
    """Give the quads of `graph:meta` for the quads of all other graphs.

    Args:
        quads: those of the other graphs.
        origin: what the build says of itself.
        further: triples of this graph that others have made.
        counted: graphs that were counted before and have not changed; the others are put in.
    """
    given = list(further)
    graphs = {} if counted is None else counted
    grouped: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            grouped[quad.graph_name.value].append(quad)
    for name in [name for name in graphs if name not in grouped]:
        del graphs[name]
    for name, held in grouped.items():
        if name not in graphs:
            graphs[name] = Stats()
            graphs[name].add(held)
    parts = partitions(
        quad for name, held in grouped.items() if name not in _UNPARTITIONED for quad in held
    )
    others = Stats()
    for name in sorted(graphs):
        others.merge(graphs[name])
    graphs = dict(graphs)
    meta: list[Triple] = []
    # Describing the description changes what is described; a few rounds settle it, since only
    # numbers change once every class and property of VoID itself is listed.
    for _ in range(6):
        graphs[GRAPH_META] = Stats()
        graphs[GRAPH_META].add(meta)
        described = sorted({*given, *_statements(graphs, others, origin, parts)}, key=str)
        if described == meta:
            break
        meta = described
    node = NamedNode(GRAPH_META)
    return [Quad(one.subject, one.predicate, one.object, node) for one in meta]


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _statements(
    graphs: Mapping[str, Stats],
    others: Stats,
    origin: Origin,
    parts: Mapping[tuple[NamedNode, NamedNode], Partition],
) -> Iterator[Triple]:
    def say(subject: str, predicate: str, value: str | Literal) -> Triple:
        object_ = NamedNode(value) if isinstance(value, str) else value
        return Triple(NamedNode(subject), NamedNode(predicate), object_)

    whole = Stats()
    whole.merge(others)
    whole.merge(graphs[GRAPH_META])
    for kind in (VOID + "Dataset", DCAT + "Dataset", SD + "Dataset"):
        yield say(DATASET, TYPE.value, kind)
    title = "Entente: evidence graph of Europe–Ukraine defence-industrial cooperation"
    description = (
        "What articles report on agreements, programmes, facilities, money and production, as "
        "claims with their passages, and the current view that the accepted claims support."
    )
    yield say(DATASET, DCTERMS + "title", Literal(title, language="en"))
    yield say(DATASET, DCTERMS + "description", Literal(description, language="en"))
    yield say(DATASET, DCTERMS + "license", LICENCE)
    yield say(DATASET, DCTERMS + "publisher", ID + "org/entente-project")
    yield say(DATASET, DCTERMS + "language", Literal("en"))
    yield say(DATASET, VOID + "uriSpace", Literal(ENDPOINT_PREFIX))
    yield say(DATASET, VOID + "sparqlEndpoint", ENDPOINT_PREFIX + "sparql")
    yield say(DATASET, VOID + "exampleResource", ID + "country/ukraine")
    for word in ("defence industry", "Ukraine", "joint production", "evidence"):
        yield say(DATASET, DCAT + "keyword", Literal(word, language="en"))
    # an IRI such as urn:x is of no namespace
    for namespace in sorted({_namespace(one) for one in whole.properties} - {""}):
        yield say(DATASET, VOID + "vocabulary", namespace)
    yield from describe_access(DATASET)
    if origin.ontology_version is not None:
        yield say(DATASET, DCAT + "version", Literal(origin.ontology_version))
    things = sum(isinstance(n, NamedNode) and n.value.startswith(ID) for n in whole.subjects)
    yield say(DATASET, VOID + "entities", _number(things))
    pattern = "^" + ID.replace(".", "\\.")
    yield say(DATASET, VOID + "uriRegexPattern", Literal(pattern))
    yield from _counts(DATASET, whole, partitions=True)
    yield from describe_partitions(DATASET, parts, slug=_slug)
    for name, stats in sorted(graphs.items()):
        yield say(DATASET, VOID + "subset", name)
        yield say(DATASET, SD + "namedGraph", name)
        for kind in (VOID + "Dataset", SD + "NamedGraph", SD + "Graph"):
            yield say(name, TYPE.value, kind)
        yield say(name, SD + "name", name)
        yield say(name, SD + "graph", name)
        yield say(name, DCTERMS + "title", Literal(_title(name), language="en"))
        yield from _counts(name, stats, partitions=name in _PARTITIONED)
    yield from _provenance(graphs, origin)


def _title(name: str) -> str:
    if name.startswith(GRAPH_ARTICLE):
        return f"Claims of the article {name.removeprefix(GRAPH_ARTICLE)}"
    return _TITLES.get(name.removeprefix(GRAPH), name.removeprefix(GRAPH))


def _counts(name: str, stats: Stats, *, partitions: bool) -> Iterator[Triple]:
    node = NamedNode(name)
    # rdf:type has literals nowhere; blank nodes (lists in the ontology) count as subjects
    for term, value in (
        ("triples", stats.triples),
        ("distinctSubjects", len(stats.subjects)),
        ("distinctObjects", len(stats.objects)),
        ("properties", len(stats.properties)),
        ("classes", sum(isinstance(c, NamedNode) for c in stats.classes)),
    ):
        yield Triple(node, NamedNode(VOID + term), _number(value))
    if not partitions:
        return
    base = name if "#" in name else f"{name}#"
    separator = "-" if "#" in name else ""
    for class_, nodes in stats.classes.items():
        if isinstance(class_, NamedNode):
            part = NamedNode(f"{base}{separator}class-{_slug(class_)}")
            yield Triple(node, NamedNode(VOID + "classPartition"), part)
            yield Triple(part, NamedNode(VOID + "class"), class_)
            yield Triple(part, NamedNode(VOID + "entities"), _number(len(nodes)))
    for predicate, count in stats.properties.items():
        part = NamedNode(f"{base}{separator}property-{_slug(predicate)}")
        yield Triple(node, NamedNode(VOID + "propertyPartition"), part)
        yield Triple(part, NamedNode(VOID + "property"), predicate)
        yield Triple(part, NamedNode(VOID + "triples"), _number(count))


def _namespace(term: NamedNode) -> str:
    iri = term.value
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


@cache
def _slug(term: NamedNode) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", shorten(term.value)).strip("-")


def _provenance(graphs: Mapping[str, Stats], origin: Origin) -> Iterator[Triple]:
    build = NamedNode(BUILD)
    yield Triple(build, TYPE, NamedNode(PROV + "Activity"))
    label = Literal("Build of the dataset", language="en")
    yield Triple(build, NamedNode(RDFS + "label"), label)
    inputs = Literal(f"sha256:{origin.inputs_digest}")
    yield Triple(build, NamedNode(DCTERMS + "identifier"), inputs)
    generated = (GRAPH_CURRENT, GRAPH_INFERRED, GRAPH_META)
    for name in sorted({*graphs, *generated}):
        if name in generated:
            yield Triple(NamedNode(name), NamedNode(PROV + "wasGeneratedBy"), build)
        else:
            yield Triple(build, NamedNode(PROV + "used"), NamedNode(name))
    yield Triple(NamedNode(DATASET), NamedNode(PROV + "wasGeneratedBy"), build)
    for name, version in sorted(origin.versions.items()):
        if name == "code":
            continue  # a digest, which the manifest keeps
        agent = NamedNode(f"{GRAPH_META}#software-{re.sub(r'[^A-Za-z0-9]+', '-', name)}")
        yield Triple(build, NamedNode(PROV + "wasAssociatedWith"), agent)
        yield Triple(agent, TYPE, NamedNode(PROV + "SoftwareAgent"))
        yield Triple(agent, NamedNode(SCHEMA + "name"), Literal(name))
        yield Triple(agent, NamedNode(SCHEMA + "softwareVersion"), Literal(version))


def ontology_version(quads: Iterable[Quad]) -> str | None:
    """Read `owl:versionInfo` of the ontology, in any graph."""
    info = NamedNode(OWL + "versionInfo")
    found = (quad.object for quad in quads if quad.predicate == info)
    return min((term.value for term in found if isinstance(term, Literal)), default=None)
