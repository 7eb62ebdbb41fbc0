"""Naming: what a snapshot's things are called, of which types they are, how connected they are.

Owns which properties name a thing and how. Reads an embedded store once, kind by kind, and keeps
no quads. Shapes and the metadata of the build are not named here: they have pages of their own.
What curators withdrew is not named; the names of what they merged with another are that one's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from entente.core.errors import StoreError
from entente.core.terms import (
    ART,
    BASE,
    CLAIM,
    DCTERMS,
    ENT,
    GRAPH_CURATION,
    GRAPH_INFERRED,
    GRAPH_META,
    GRAPH_SHAPES,
    ID,
    OWL,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    VOC,
    shorten,
)
from entente.store.snapshot import LAYOUT

Role = str
LABEL: Final = "label"
ALTERNATIVE: Final = "alternative"
NOTATION: Final = "notation"
HIDDEN: Final = "hidden"
STATEMENT: Final = "statement"

# Each property that names a thing, the best first: the label of a thing is the first it has.
NAMING: Final[dict[str, Role]] = {
    SKOS + "prefLabel": LABEL,
    DCTERMS + "title": LABEL,
    SCHEMA + "name": LABEL,
    "http://xmlns.com/foaf/0.1/name": LABEL,
    RDFS + "label": LABEL,
    SKOS + "altLabel": ALTERNATIVE,
    SCHEMA + "alternateName": ALTERNATIVE,
    SCHEMA + "headline": ALTERNATIVE,
    SKOS + "notation": NOTATION,
    ENT + "countryCode": NOTATION,
    SKOS + "hiddenLabel": HIDDEN,
    ENT + "statement": STATEMENT,
}
DESCRIBING: Final = (
    SKOS + "definition",
    DCTERMS + "description",
    SCHEMA + "description",
    RDFS + "comment",
)
KINDS: Final = ("thing", "concept", "term", "article", "claim")
_HOMES: Final = ((ID, "thing"), (VOC, "concept"), (ENT, "term"), (ART, "article"), (CLAIM, "claim"))
_TERM_TYPES: Final = frozenset(
    {
        *(OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty")),
        *(OWL + name for name in ("AnnotationProperty", "Ontology")),
        RDF + "Property",
        RDFS + "Class",
    }
)
_CONCEPT_TYPES: Final = frozenset({SKOS + "Concept", SKOS + "ConceptScheme"})
# Types that say nothing.
_EMPTY_TYPES: Final = frozenset({OWL + "NamedIndividual", OWL + "Thing", RDFS + "Resource"})
_LEFT_OUT: Final = frozenset({GRAPH_META, GRAPH_SHAPES})
_OTHER_PAGES: Final = tuple(BASE + part for part in ("shapes", "graph", "sparql"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way a thing is written; `rank` is the place of its property in `NAMING`."""

    text: str
    language: str | None
    rank: int

    @property
    def role(self) -> Role:
        """What the spelling is to the thing."""
        return _ROLES[self.rank]


@dataclass(slots=True)
class Named:
    """A thing with its spellings."""

    iri: str
    spellings: set[Spelling] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    inferred_types: set[str] = field(default_factory=set)
    description: str | None = None
    weight: int = 0

    @property
    def kind(self) -> str:
        """One of `KINDS`: by namespace, elsewhere by type."""
        for home, kind in _HOMES:
            if self.iri.startswith(home):
                return kind
        types = self.types | self.inferred_types
        if types & _TERM_TYPES:
            return "term"
        return "concept" if types & _CONCEPT_TYPES else "thing"

    def label(self, language: str = "en") -> Spelling:
        """Give the spelling that people see: the best property, in a language, none, or any."""

        def order(spelling: Spelling) -> tuple[bool, int, int, str]:
            far = 0 if spelling.language == language else 1 if spelling.language is None else 2
            return spelling.role not in (LABEL, STATEMENT), far, spelling.rank, spelling.text

        return min(self.spellings, key=order)


_ROLES: Final = tuple(NAMING.values())


def read_names(place: Path) -> list[Named]:
    """Give all things of a snapshot that are called something.

    Args:
        place: folder of a snapshot's quads, under its own name.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        return _Names(ox.Store.read_only(str(place)), union=place.name == LAYOUT).read()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the snapshot cannot be read: {error}") from error


class _Names:
    def __init__(self, store: ox.Store, *, union: bool) -> None:
        self._store = store
        self._union = union
        self._named: dict[str, Named] = {}

    def read(self) -> list[Named]:
        for rank, name in enumerate(NAMING):
            for quad in self._all(name):
                self._spell(quad, rank)
        for name in DESCRIBING:
            for quad in self._all(name):
                self._describe(quad)
        self._classify()
        self._weigh()
        self._bury()
        return list(self._named.values())

    def _all(self, name: str) -> Iterator[ox.Quad]:
        """Give triples of all graphs: the union holds each once, but not where it comes from."""
        whole = ox.DefaultGraph() if self._union else None
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(name), None, whole):
            if getattr(quad.graph_name, "value", None) not in _LEFT_OUT:
                yield quad

    def _in(self, graph: ox.NamedNode, name: str) -> Iterator[ox.Quad]:
        return self._store.quads_for_pattern(None, ox.NamedNode(name), None, graph)

    def _spell(self, quad: ox.Quad, rank: int) -> None:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.Literal):
            return
        iri = subject.value
        if iri.startswith(_OTHER_PAGES) or not value.value.strip():
            return
        named = self._named.setdefault(iri, Named(iri))
        named.spellings.add(Spelling(value.value, value.language, rank))

    def _describe(self, quad: ox.Quad) -> None:
        named = self._named.get(getattr(quad.subject, "value", ""))
        if named is None or not isinstance(quad.object, ox.Literal):
            return
        if named.description is None or quad.object.language == "en":
            named.description = quad.object.value

    def _classify(self) -> None:
        for quad in self._all(RDF + "type"):
            named = self._named.get(getattr(quad.subject, "value", ""))
            type_ = quad.object
            if named is None or not isinstance(type_, ox.NamedNode):
                continue
            if type_.value not in _EMPTY_TYPES:
                named.types.add(type_.value)
        for quad in self._in(_INFERRED, RDF + "type"):
            named = self._named.get(getattr(quad.subject, "value", ""))
            iri = getattr(quad.object, "value", "")
            if named is not None and iri in named.types:
                named.types.remove(iri)
                named.inferred_types.add(iri)

    def _weigh(self) -> None:
        """Count the statements about each thing, and those that mention it."""
        for query in _COUNTS:
            found = self._store.query(query, use_default_graph_as_union=not self._union)
            assert isinstance(found, ox.QuerySolutions)
            for row in found:
                node, count = row["it"], row["count"]
                if isinstance(node, ox.NamedNode) and node.value in self._named:
                    assert isinstance(count, ox.Literal)
                    self._named[node.value].weight += int(count.value)

    def _bury(self) -> None:
        """Take away what curators withdrew or merged, as `queries/pages/standing.rq` tells it."""
        successors: dict[str, str] = {}
        gone = {quad.subject for quad in self._in(_CURATION, PROV + "wasInvalidatedBy")}
        rulings = list(self._in(_CURATION, ENT + "curationStatus"))
        ruled = {quad.subject for quad in rulings}
        others = (q for q in self._all(ENT + "curationStatus") if q.subject not in ruled)
        gone |= {quad.subject for quad in (*rulings, *others) if quad.object == _RETRACTED}
        for quad in self._in(_CURATION, DCTERMS + "isReplacedBy"):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                gone.add(quad.subject)
                successors[quad.subject.value] = quad.object.value
        for node in gone:
            buried = self._named.pop(getattr(node, "value", ""), None)
            heir = self._named.get(_last(successors, buried.iri)) if buried is not None else None
            if heir is not None and buried is not None:
                former = {
                    Spelling(each.text, each.language, max(each.rank, _OTHER_NAME))
                    for each in buried.spellings
                }
                known = {each.text for each in heir.spellings}
                heir.spellings |= {each for each in former if each.text not in known}


def _last(successors: dict[str, str], iri: str) -> str:
    """Follow merges to their end; a circle ends where it began."""
    seen = {iri}
    while iri in successors and successors[iri] not in seen:
        iri = successors[iri]
        seen.add(iri)
    return iri


# The engine counts without reading a term, about five times as fast as going through the quads.
_COUNTS: Final = (
    "SELECT ?it (COUNT(*) AS ?count) WHERE { ?it ?p ?o } GROUP BY ?it",
    "SELECT ?it (COUNT(*) AS ?count) WHERE { ?s ?p ?it FILTER (ISIRI(?it)) } GROUP BY ?it",
)
_INFERRED: Final = ox.NamedNode(GRAPH_INFERRED)
_CURATION: Final = ox.NamedNode(GRAPH_CURATION)
_RETRACTED: Final = ox.NamedNode(VOC + "curation-status/retracted")
_OTHER_NAME: Final = tuple(NAMING).index(SKOS + "altLabel")


def type_label(iri: str, named: dict[str, Named]) -> str:
    """Give what a type is called; its local name where nothing names it."""
    known = named.get(iri)
    if known is not None:
        return known.label().text
    local = shorten(iri).rpartition(":")[2].strip("<>")
    return local.rpartition("/")[2].rpartition("#")[2] or iri
