"""Reference: the ontology as a document, module by module, each term with its anchor.

Owns what is said of a term and in which order and words. A term's anchor is its local name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from entente.core.terms import DCTERMS, ENT, OWL, RDF, RDFS, SCHEMA, SKOS, VOC, shorten
from entente.query.labels import read_labels
from entente.query.results import Iri
from entente.query.service import QueryService
from entente.web.diagrams import DIAGRAMS
from entente.web.drawing import Drawing, render

MODULES: Final = {
    "claims": ("Claims", "What a passage says, how firmly, who says so, and how claims relate."),
    "sources": ("Sources", "Articles, their passages and their photographs."),
    "undertakings": ("Undertakings", "Initiatives, agreements and laws, with stage and purpose."),
    "participation": ("Participation", "Who takes part in what, and in which part."),
    "agents": ("Agents", "Persons, organisations, states and groups that act, and their posts."),
    "places": ("Places", "Where something is, is made or happens, and what is built there."),
    "funding": ("Funding", "Commitments of money: who pays, to whom, for what, at which stage."),
    "products": ("Products", "What is made, by whom, and of which kind."),
    "events": ("Events", "Meetings, votes, incidents, milestones and statements."),
    "situations": ("Situations", "Figures, tenures, outputs and other relations of many things."),
    "values": ("Values", "Amounts of money, expressions of time, and their parts."),
    "time": ("Time", "When something begins, ends, is said, signed or expected."),
    "annotations": ("Annotations", "What the ontology says of itself, for builders and checks."),
}
KINDS: Final = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "data property",
    OWL + "AnnotationProperty": "annotation property",
}
CHARACTERISTICS: Final = {
    OWL + "TransitiveProperty": "transitive",
    OWL + "SymmetricProperty": "symmetric",
}
ABOUT: Final = ENT.rstrip("/")
_NAMES: Final = re.compile(r"\bent:([A-Za-z]\w*)")
_MATCHES: Final = {SKOS + f"{name}Match": name for name in ("exact", "close", "broad", "narrow")}

Facts = dict[str, dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Link:
    """A term or query that the page names; `note` says how it is meant."""

    text: str
    iri: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said of a term: links, or words."""

    title: str
    links: tuple[Link, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A published query; its anchor is the fragment of its IRI."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One class or property."""

    iri: str
    anchor: str
    label: str
    kind: str
    definition: str
    rows: tuple[Row, ...]
    queries: tuple[Query, ...]


@dataclass(slots=True)
class Module:
    """One part of the ontology."""

    key: str
    title: str
    text: str
    classes: list[Entry] = field(default_factory=list)
    properties: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class _Known:
    """All that was read, before it is put in order."""

    facts: Facts
    reverse: defaultdict[tuple[str, str], list[str]]
    labels: dict[str, str]
    chains: dict[str, list[str]]
    queries: list[Query]
    uses: defaultdict[str, list[Query]]

    def values(self, iri: str, name: str) -> list[str]:
        return self.facts.get(iri, {}).get(name, [])

    def first(self, iri: str, name: str) -> str:
        return next(iter(self.values(iri, name)), "")

    def links(self, iris: Iterable[str], note: str = "") -> tuple[Link, ...]:
        named = ((self.labels.get(iri) or shorten(iri), iri) for iri in iris)
        return tuple(Link(text, iri, note) for text, iri in sorted(named))


def read_reference(service: QueryService) -> dict[str, object]:
    """Read what the page of the ontology shows."""
    known = _read(service)
    modules = {key: Module(key, *told) for key, told in MODULES.items()}
    for iri, said in sorted(known.facts.items(), key=lambda item: item[0].lower()):
        kind = next((KINDS[k] for k in said.get(RDF + "type", ()) if k in KINDS), None)
        if kind is None:
            continue
        key = known.first(iri, ENT + "module")
        module = modules.setdefault(key, Module(key, key.capitalize() or "Other terms", ""))
        entries = module.classes if kind == "class" else module.properties
        entries.append(_entry(known, iri, kind))
    shown = [module for module in modules.values() if module.classes or module.properties]
    return {
        "modules": shown,
        "classes": sum(len(module.classes) for module in shown),
        "properties": sum(len(module.properties) for module in shown),
        "diagrams": [(one, render(one)) for one in DIAGRAMS if _shows_only(known, one)],
        "queries": known.queries,
        "about": {
            name: known.first(ABOUT, iri)
            for name, iri in {
                "description": DCTERMS + "description",
                "version": OWL + "versionInfo",
                "version_iri": OWL + "versionIRI",
                "issued": DCTERMS + "issued",
                "licence": DCTERMS + "license",
                "citation": DCTERMS + "bibliographicCitation",
            }.items()
        },
    }


def _shows_only(known: _Known, drawing: Drawing) -> bool:
    """Tell whether the graph has all terms that a diagram leads to."""
    hrefs = (*(box.href for box in drawing.boxes), *(edge.href for edge in drawing.edges))
    iris = (href.replace("#", ENT).replace("/vocab/", VOC) for href in hrefs if href is not None)
    return all(iri in known.facts or iri in known.labels for iri in iris)


def _read(service: QueryService) -> _Known:
    facts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    reverse: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    named: set[str] = set()
    for row in service.rows("pages/ontology-terms"):
        iri, name, value = str(row["it"]), str(row["property"]), str(row["value"])
        facts[iri][name].append(value)
        if isinstance(row["value"], Iri):
            reverse[value, name].append(iri)
            if value.startswith((ENT, VOC)):
                named.add(value)
    chains: defaultdict[str, list[str]] = defaultdict(list)
    for row in service.rows("pages/ontology-chains"):
        chains[str(row["it"])].append(str(row["member"]))
    queries: list[Query] = []
    uses: defaultdict[str, list[Query]] = defaultdict(list)
    for row in service.rows("pages/published-queries"):
        text = str(row["text"])
        query = Query(str(row["it"]).rpartition("#")[2], str(row["label"]), text)
        queries.append(query)
        for term in set(_NAMES.findall(text)):
            uses[ENT + term].append(query)
    held = {iri: dict(said) for iri, said in facts.items()}
    labels = read_labels(service, {iri for iri in named if iri not in facts})
    labels |= {
        iri: said[SKOS + "prefLabel"][0] for iri, said in held.items() if SKOS + "prefLabel" in said
    }
    return _Known(held, reverse, labels, dict(chains), queries, uses)


def _entry(known: _Known, iri: str, kind: str) -> Entry:
    rows = _class_rows(known, iri) if kind == "class" else _property_rows(known, iri)
    return Entry(
        iri=iri,
        anchor=iri.removeprefix(ENT),
        label=known.labels.get(iri, shorten(iri)),
        kind=kind,
        definition=known.first(iri, SKOS + "definition"),
        rows=tuple(row for row in (*rows, *_common_rows(known, iri)) if row.links or row.words),
        queries=tuple(known.uses.get(iri, ())),
    )


def _class_rows(known: _Known, iri: str) -> Iterator[Row]:
    yield Row("Superclasses", known.links(_above(known, iri)))
    yield Row("Subclasses", known.links(known.reverse.get((iri, RDFS + "subClassOf"), ())))
    yield Row("Properties", known.links(known.reverse.get((iri, SCHEMA + "domainIncludes"), ())))
    yield Row("Value of", known.links(known.reverse.get((iri, SCHEMA + "rangeIncludes"), ())))
    apart = {
        *known.values(iri, OWL + "disjointWith"),
        *known.reverse.get((iri, OWL + "disjointWith"), ()),
    }
    yield Row("Disjoint with", known.links(apart))
    yield Row("May overlap with", known.links(known.values(iri, ENT + "mayOverlapWith")))


def _above(known: _Known, iri: str) -> list[str]:
    """Give all superclasses of ours, and those of other vocabularies that are stated directly."""
    found: dict[str, None] = {}
    ahead = list(known.values(iri, RDFS + "subClassOf"))
    while ahead:
        above = ahead.pop(0)
        if above not in found:
            found[above] = None
            ahead += (one for one in known.values(above, RDFS + "subClassOf") if one in known.facts)
    return list(found)


def _property_rows(known: _Known, iri: str) -> Iterator[Row]:
    yield Row("Of", known.links(known.values(iri, SCHEMA + "domainIncludes")))
    yield Row("Values", known.links(known.values(iri, SCHEMA + "rangeIncludes")))
    for title, name in (
        ("Domain, for the reasoner", "domain"),
        ("Range, for the reasoner", "range"),
    ):
        yield Row(title, known.links(known.values(iri, RDFS + name)))
    yield Row("No domain or range", words=tuple(known.values(iri, ENT + "openDomain")))
    yield Row("Superproperties", known.links(known.values(iri, RDFS + "subPropertyOf")))
    yield Row("Subproperties", known.links(known.reverse.get((iri, RDFS + "subPropertyOf"), ())))
    inverse = {
        *known.values(iri, OWL + "inverseOf"),
        *known.reverse.get((iri, OWL + "inverseOf"), ()),
    }
    yield Row("Inverse of", known.links(inverse))
    chain = known.chains.get(iri, ())
    members = (known.labels.get(member) or shorten(member) for member in chain)
    yield Row("Follows from the chain", tuple(map(Link, members, chain)))
    kinds = known.values(iri, RDF + "type")
    characters = ", ".join(CHARACTERISTICS[one] for one in kinds if one in CHARACTERISTICS)
    yield Row("Characteristics", words=(characters,) if characters else ())
    yield Row("Current view", known.links(known.values(iri, ENT + "viewPolicy")))


def _common_rows(known: _Known, iri: str) -> Iterator[Row]:
    matches = (
        known.links(known.values(iri, name), "" if note == "close" else note)
        for name, note in _MATCHES.items()
    )
    yield Row("Mapped to", tuple(link for links in matches for link in links))
    yield Row("Example", words=tuple(known.values(iri, SKOS + "example")))
    yield Row("Why", words=tuple(known.values(iri, ENT + "rationale")))
    yield Row("Note", words=tuple(known.values(iri, SKOS + "editorialNote")))
