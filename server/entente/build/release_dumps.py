"""Dumps: a revision as RDF, in every syntax of RDF 1.1, and its claims as RDF 1.2.

Owns which graphs stand in which file. The syntaxes with graphs hold all of them in one file; of
those without, each part of the graph has its own, since claims and what they support would run
together. In `annotated.ttl` a claim reifies what it says, asserted or not: the triple of a claim
about one, each triple of a situation that it describes. Everything is written as it is read.
https://www.w3.org/TR/rdf12-turtle/#reifying-triples
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from entente.build.release_draft import Draft
from entente.build.release_spool import Spool
from entente.core.errors import ReleaseError
from entente.core.media import GRAPHS
from entente.core.terms import (
    ENT,
    GRAPH_ARTICLE,
    GRAPH_BACKGROUND,
    GRAPH_CURATION,
    GRAPH_CURRENT,
    GRAPH_ENTITIES,
    GRAPH_INFERRED,
    GRAPH_META,
    GRAPH_ONTOLOGY,
    GRAPH_SHAPES,
    GRAPH_VOCAB,
    PREFIXES,
    RDF,
    shorten,
)
from entente.logic.facts import TYPE

ANNOTATED: Final = "annotated.ttl.gz"
QUADS: Final = "entente.nq.gz"
TURTLE_12: Final = "text/turtle; charset=utf-8; version=1.2"

CLAIM: Final = NamedNode(ENT + "Claim")
SUBJECT: Final = NamedNode(ENT + "subject")
PREDICATE: Final = NamedNode(ENT + "predicate")
OBJECT: Final = NamedNode(ENT + "object")
DESCRIBES: Final = NamedNode(ENT + "describes")
REIFIES: Final = NamedNode(RDF + "reifies")

_XML_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*$")
_NOT_XML: Final = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\U00010000-\U0010ffff]")
_TYPES: Final = {offer.name: offer.content_type for offer in GRAPHS}
_WHOLE: Final = (
    ("nq", "N-Quads", RdfFormat.N_QUADS),
    ("trig", "TriG", RdfFormat.TRIG),
    ("jsonld", "JSON-LD (expanded)", RdfFormat.JSON_LD),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Graphs that are dumped together; `holds` chooses among the graphs of a revision."""

    name: str
    title: str
    holds: Callable[[str], bool]

    def graphs(self, spool: Spool) -> list[str]:
        """Give the part's graphs that a revision has."""
        return [name for name in spool.graphs() if self.holds(name)]


def _are(*names: str) -> Callable[[str], bool]:
    return frozenset(names).__contains__


def _is_claims(name: str) -> bool:
    return name.startswith(GRAPH_ARTICLE) or name == GRAPH_CURATION


PARTS: Final = (
    Part(
        "view",
        "What holds now: things, background, the current view and what follows from it",
        _are(GRAPH_ENTITIES, GRAPH_BACKGROUND, GRAPH_CURRENT, GRAPH_INFERRED),
    ),
    Part("claims", "Who says so: claims with their passages, and curation", _is_claims),
    Part("ontology", "Ontology and vocabularies", _are(GRAPH_ONTOLOGY, GRAPH_VOCAB)),
    Part("shapes", "SHACL shapes", _are(GRAPH_SHAPES)),
    Part("meta", "Metadata of the dataset (VoID, DCAT, PROV)", _are(GRAPH_META)),
)


def write_dumps(spool: Spool, draft: Draft) -> None:
    """Write all dumps.

    Raises:
        ReleaseError: something cannot be written in RDF/XML.
    """
    for name, title, syntax in _WHOLE:
        with draft.open(
            f"entente.{name}.gz", title=f"All graphs, as {title}", media_type=_TYPES[name]
        ) as file:
            if syntax == RdfFormat.N_QUADS:
                file.writelines(spool.lines())
            elif syntax == RdfFormat.JSON_LD:
                serialize(_quads(spool), file, format=syntax)
            else:
                serialize(_quads(spool), file, format=syntax, prefixes=PREFIXES)
    for part in PARTS:
        graphs = part.graphs(spool)
        for name, title, syntax in (
            ("ttl", "Turtle", RdfFormat.TURTLE),
            ("rdf", "RDF/XML", RdfFormat.RDF_XML),
        ):
            triples = spool.triples(graphs)
            if name == "rdf":
                triples = map(_require_xml, triples)
            with draft.open(
                f"{part.name}.{name}.gz", title=f"{part.title}, as {title}", media_type=_TYPES[name]
            ) as file:
                target: Any = _Returns(file) if name == "rdf" else file
                serialize(triples, target, format=syntax, prefixes=PREFIXES)
    title = "Things, current view and claims, each claim reifying what it says, as RDF 1.2 Turtle"
    with draft.open(ANNOTATED, title=title, media_type=TURTLE_12) as file:
        serialize(annotated(spool), file, format=RdfFormat.TURTLE, prefixes=PREFIXES)


def annotated(spool: Spool) -> Iterator[Triple]:
    """Give things, current view and claims, and for each claim what it reifies."""
    graphs = [name for name in spool.graphs() if _is_claims(name)]
    asserted = [GRAPH_ENTITIES, GRAPH_BACKGROUND, GRAPH_CURRENT]
    for subject, held in spool.subjects([*asserted, *graphs]):
        yield from held
        if isinstance(subject, NamedNode) and any(
            one.predicate == TYPE and one.object == CLAIM for one in held
        ):
            for said in said_by(held, spool):
                yield Triple(subject, REIFIES, said)


def said_by(claim: list[Triple], spool: Spool) -> Iterator[Triple]:
    """Give the triples that a claim says: its own, and those of the situations it describes."""
    values = {one.predicate: one.object for one in claim}
    subject, predicate = values.get(SUBJECT), values.get(PREDICATE)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and OBJECT in values:
        yield Triple(subject, predicate, values[OBJECT])
    for one in claim:
        if one.predicate == DESCRIBES and isinstance(one.object, NamedNode):
            yield from spool.about(one.object.value, [GRAPH_ENTITIES])


def enters_view(modality: object, spool: Spool, known: dict[str, bool]) -> bool:
    """Tell whether what is said in a modality enters the view; `known` keeps the answers."""
    if not isinstance(modality, NamedNode):
        return False
    iri = modality.value
    if iri not in known:
        known[iri] = spool.value(iri, f"{ENT}entersView", [GRAPH_VOCAB]) == "true"
    return known[iri]


def _quads(spool: Spool) -> Iterator[Quad]:
    """Give all quads, graph by graph, so that each graph is written in one place."""
    for name in spool.graphs():
        graph = NamedNode(name)
        for one in spool.triples([name]):
            yield Quad(one.subject, one.predicate, one.object, graph)


class _Returns(io.RawIOBase):
    """Writes carriage returns so that an XML parser does not take them for line ends."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, content: "bytes | memoryview") -> int:  # type: ignore[override]  # what buffers give
        self._file.write(bytes(content).replace(b"\r", b"&#xD;"))
        return len(content)


def _require_xml(triple: Triple) -> Triple:
    """Refuse what the engine would write although it is not XML."""
    value = triple.object
    if isinstance(value, Literal) and _NOT_XML.search(value.value) is not None:
        raise ReleaseError(
            f"{shorten(triple.predicate.value)} of {triple.subject} has a character that XML does "
            "not have: leave it out"
        )
    if _XML_NAME.search(triple.predicate.value) is None:
        raise ReleaseError(
            f"the property {shorten(triple.predicate.value)} cannot be written in RDF/XML: "
            "its IRI must end in a name that begins with a letter"
        )
    return triple
