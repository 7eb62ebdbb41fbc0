"""Metadata: the graph that describes the dataset (VoID, DCAT, SPARQL service description, PROV).

Counts are counted, its own among them. Holds no clock, no path and no blank node: the same input
gives the same graph. Classes and properties are listed for the dataset as a whole and for graphs
that speak of the world; a thousand articles would repeat their own a thousand times.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from entente.logic.census import Around, Census, Stats, is_thing
from entente.logic.facts import TYPE, Node, Term
from entente.logic.live_facts import Change, Tally
from entente.logic.partitions import describe_partition

DATASET: Final = GRAPH_META + "#dataset"
BUILD: Final = GRAPH_META + "#build"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
ENDPOINT_PREFIX: Final = "https://w3id.org/entente/"

_PARTITIONED: Final = frozenset(
    GRAPH + name for name in ("entities", "background", "current", "inferred")
)
_NO_NODES: Final[Counter[Node]] = Counter()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What the build says of itself: a digest of its inputs, and the software that shaped it."""

    inputs_digest: str
    versions: Mapping[str, str]
    ontology_version: str | None


def describe(
    quads: Iterable[Quad], origin: Origin, *, further: Iterable[Triple] = ()
) -> list[Quad]:
    """Give the quads of `graph:meta` for the quads of all other graphs.

    Args:
        quads: those of the other graphs.
        origin: what the build says of itself.
        further: triples of this graph that others have made.
    """
    node = NamedNode(GRAPH_META)
    triples = Description(quads).triples(origin, further=further)
    return [Quad(one.subject, one.predicate, one.object, node) for one in triples]


class Description:
    """The description of a dataset, which may change.

    Args:
        quads: those of all graphs but `graph:meta`.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._census = Census(quads)
        self._said: dict[object, tuple[Triple, ...]] = {}  # of graphs, partitions and the rest
        self._fixed, self._meta = Tally(), Stats()  # all that, and its counts

    def change(self, added: Iterable[Quad], removed: Iterable[Quad], *, around: Around) -> None:
        """Follow quads that came and went; see `Census.change`."""
        touched = self._census.change(added, removed, around=around)
        for key in (*touched.graphs, *touched.parts):
            self._say(key, ())

    def triples(self, origin: Origin, *, further: Iterable[Triple] = ()) -> frozenset[Triple]:
        """Give the triples of `graph:meta`.

        Args:
            origin: what the build says of itself.
            further: triples of this graph that others have made.
        """
        census = self._census
        for name in census.graphs.keys() - self._said.keys():
            self._say(name, (*_of_graph(name), *_counts_of(name, census.graphs[name])))
        for key in census.parts.keys() - self._said.keys():
            self._say(key, describe_partition(DATASET, key, census.parts[key], slug=_slug))
        sources = _provenance((*census.graphs, GRAPH_META), origin)
        self._say(None, {*further, *_of_dataset(origin), *sources, *_of_graph(GRAPH_META)})
        meta, counts = self._meta, frozenset[Triple]()
        found = frozenset(_of_whole(census, Stats()))
        # Describing the description changes what is described; a few rounds settle it, since only
        # numbers change once every class and property of VoID itself is listed.
        for _ in range(5):
            if found == counts:
                break
            counts = found
            own = [triple for triple in counts if triple not in self._fixed]
            meta.count(own)
            found = frozenset(_of_whole(census, meta))
            meta.count(own, times=-1)
        return frozenset((*self._fixed, *found))

    def _say(self, key: object, triples: Iterable[Triple]) -> None:
        """Say something else of one matter than before."""
        said = tuple(triples)
        changed = self._fixed.change(Change(said, self._said.pop(key, ())))
        self._meta.count(changed.went, times=-1)
        self._meta.count(changed.came)
        if said:
            self._said[key] = said


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


def _say(subject: str, predicate: str, value: str | Literal) -> Triple:
    object_ = NamedNode(value) if isinstance(value, str) else value
    return Triple(NamedNode(subject), NamedNode(predicate), object_)


def _of_dataset(origin: Origin) -> Iterator[Triple]:
    """Say of the dataset what needs no count."""
    for kind in (VOID + "Dataset", DCAT + "Dataset", SD + "Dataset"):
        yield _say(DATASET, TYPE.value, kind)
    title = "Entente: evidence graph of Europe–Ukraine defence-industrial cooperation"
    description = (
        "What articles report on agreements, programmes, facilities, money and production, as "
        "claims with their passages, and the current view that the accepted claims support."
    )
    yield _say(DATASET, DCTERMS + "title", Literal(title, language="en"))
    yield _say(DATASET, DCTERMS + "description", Literal(description, language="en"))
    yield _say(DATASET, DCTERMS + "license", LICENCE)
    yield _say(DATASET, DCTERMS + "publisher", ID + "org/entente-project")
    yield _say(DATASET, DCTERMS + "language", Literal("en"))
    yield _say(DATASET, VOID + "uriSpace", Literal(ENDPOINT_PREFIX))
    yield _say(DATASET, VOID + "sparqlEndpoint", ENDPOINT_PREFIX + "sparql")
    yield _say(DATASET, VOID + "exampleResource", ID + "country/ukraine")
    for word in ("defence industry", "Ukraine", "joint production", "evidence"):
        yield _say(DATASET, DCAT + "keyword", Literal(word, language="en"))
    yield from describe_access(DATASET)
    if origin.ontology_version is not None:
        yield _say(DATASET, DCAT + "version", Literal(origin.ontology_version))
    pattern = "^" + ID.replace(".", "\\.")
    yield _say(DATASET, VOID + "uriRegexPattern", Literal(pattern))


def _of_whole(census: Census, meta: Stats) -> Iterator[Triple]:
    """Say what is counted of the dataset and of its description."""
    whole = census.whole
    properties = whole.properties + meta.properties
    # an IRI such as urn:x is of no namespace
    for namespace in {_namespace(one) for one in properties} - {""}:
        yield _say(DATASET, VOID + "vocabulary", namespace)
    own = [node for node in meta.subjects if node not in whole.subjects]
    yield _say(DATASET, VOID + "entities", _number(census.things + sum(map(is_thing, own))))
    classes = {
        class_: len(whole.classes.get(class_, _NO_NODES).keys() | meta.classes.get(class_, ()))
        for class_ in {**whole.classes, **meta.classes}
    }
    objects = len(whole.objects) + sum(term not in whole.objects for term in meta.objects)
    sizes = whole.triples + meta.triples, len(whole.subjects) + len(own), objects
    yield from _counts(DATASET, sizes, properties, classes)
    yield from _partitions(DATASET, properties, classes)
    yield from _counts_of(GRAPH_META, meta)


def _of_graph(name: str) -> Iterator[Triple]:
    yield _say(DATASET, VOID + "subset", name)
    yield _say(DATASET, SD + "namedGraph", name)
    for kind in (VOID + "Dataset", SD + "NamedGraph", SD + "Graph"):
        yield _say(name, TYPE.value, kind)
    yield _say(name, SD + "name", name)
    yield _say(name, SD + "graph", name)
    yield _say(name, DCTERMS + "title", Literal(_title(name), language="en"))


def _title(name: str) -> str:
    if name.startswith(GRAPH_ARTICLE):
        return f"Claims of the article {name.removeprefix(GRAPH_ARTICLE)}"
    return _TITLES.get(name.removeprefix(GRAPH), name.removeprefix(GRAPH))


def _counts_of(name: str, stats: Stats) -> Iterator[Triple]:
    classes = {class_: len(nodes) for class_, nodes in stats.classes.items()}
    yield from _counts(
        name,
        (stats.triples, len(stats.subjects), len(stats.objects)),
        stats.properties,
        classes,
    )
    if name in _PARTITIONED:
        yield from _partitions(name, stats.properties, classes)


def _counts(
    name: str,
    sizes: tuple[int, int, int],
    properties: Mapping[NamedNode, int],
    classes: Mapping[Term, int],
) -> Iterator[Triple]:
    """Say how many triples, subjects and objects there are (`sizes`), and how many terms."""
    # rdf:type has literals nowhere; blank nodes (lists in the ontology) count as subjects
    for term, value in (
        ("triples", sizes[0]),
        ("distinctSubjects", sizes[1]),
        ("distinctObjects", sizes[2]),
        ("properties", len(properties)),
        ("classes", sum(isinstance(class_, NamedNode) for class_ in classes)),
    ):
        yield _say(name, VOID + term, _number(value))


def _partitions(
    name: str, properties: Mapping[NamedNode, int], classes: Mapping[Term, int]
) -> Iterator[Triple]:
    base = name if "#" in name else f"{name}#"
    separator = "-" if "#" in name else ""
    for class_, count in classes.items():
        if isinstance(class_, NamedNode):
            part = f"{base}{separator}class-{_slug(class_)}"
            yield _say(name, VOID + "classPartition", part)
            yield _say(part, VOID + "class", class_.value)
            yield _say(part, VOID + "entities", _number(count))
    for predicate, count in properties.items():
        part = f"{base}{separator}property-{_slug(predicate)}"
        yield _say(name, VOID + "propertyPartition", part)
        yield _say(part, VOID + "property", predicate.value)
        yield _say(part, VOID + "triples", _number(count))


def _namespace(term: NamedNode) -> str:
    iri = term.value
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


@cache
def _slug(term: NamedNode) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", shorten(term.value)).strip("-")


def _provenance(graphs: Iterable[str], origin: Origin) -> Iterator[Triple]:
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
