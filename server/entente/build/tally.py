"""Tally: the figures of a built dataset, counted from its quads.

Pure functions: quads in, frozen figures out. Counts what is there and judges nothing. Coverage
needs no text: an article says how many characters it has, and its passages which of them they are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Quad

from entente.core.terms import (
    ART,
    ENT,
    GRAPH_INFERRED,
    OWL,
    PREFIXES,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    VOC,
    shorten,
)
from entente.logic.facts import Facts, Node, Term

KINDS: Final = {
    OWL + "Class": "classes",
    OWL + "ObjectProperty": "object properties",
    OWL + "DatatypeProperty": "data properties",
    OWL + "AnnotationProperty": "annotation properties",
}
MATCHES: Final = tuple(
    NamedNode(f"{SKOS}{name}Match") for name in ("exact", "close", "broad", "narrow", "related")
)
QUESTION_KINDS: Final = (
    "aggregation",
    "as-of",
    "contradiction",
    "inference",
    "list",
    "lookup",
    "multi-hop",
    "provenance",
    "which lack",
)
_NAMES: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTally:
    """One article: its claims, and how many of its characters some claim's passage covers."""

    article: str
    claims: int
    characters: int
    covered: int

    @property
    def share(self) -> float:
        """Part of the characters that is covered, from 0 to 1."""
        return self.covered / self.characters if self.characters else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingTally:
    """Classes and properties, how many of them lead to another vocabulary, and to which."""

    classes: int
    mapped_classes: int
    properties: int
    mapped_properties: int
    vocabularies: Mapping[str, int]

    @property
    def share(self) -> float:
        """Part of the classes that is mapped, from 0 to 1."""
        return self.mapped_classes / self.classes if self.classes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All figures; names are short forms of IRIs, in order of their counts or of the alphabet."""

    articles: tuple[ArticleTally, ...]
    modalities: Mapping[str, int]
    parts: Mapping[str, int]
    statuses: Mapping[str, int]
    modules: Mapping[str, Mapping[str, int]]
    mappings: MappingTally
    schemes: Mapping[str, int]
    questions: Mapping[str, int]
    graphs: Mapping[str, int]

    @property
    def claims(self) -> int:
        """All claims."""
        return sum(self.statuses.values())

    @property
    def inferred(self) -> int:
        """Triples that the reasoner added."""
        return self.graphs.get(shorten(GRAPH_INFERRED), 0)


def count(quads: Iterable[Quad]) -> Tally:
    """Count what a dataset holds, all graphs together; an article without a text is not ours."""
    held = list(dict.fromkeys(quads))
    facts = Facts(held)
    claims = list(facts.instances(_ent("Claim")))
    return Tally(
        articles=_articles(facts, claims),
        modalities=_by(facts, claims, "modality"),
        parts=_by(facts, claims, "articlePart"),
        statuses=_by(facts, claims, "curationStatus"),
        modules=_modules(facts),
        # what a reasoner adds to a mapping is none of its own
        mappings=_mappings(Facts(q for q in held if q.graph_name != NamedNode(GRAPH_INFERRED))),
        schemes=_schemes(facts),
        questions=_questions(facts),
        graphs=_sorted(
            Counter(
                shorten(q.graph_name.value) for q in held if isinstance(q.graph_name, NamedNode)
            )
        ),
    )


def covered(ranges: Iterable[tuple[int, int]]) -> int:
    """Count the characters in at least one of the ranges (end exclusive)."""
    total = reached = 0
    for start, end in sorted(ranges):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _ent(name: str) -> NamedNode:
    return NamedNode(ENT + name)


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _by(facts: Facts, claims: Iterable[Node], name: str) -> dict[str, int]:
    values = (facts.node(claim, _ent(name)) for claim in claims)
    local = (value.value.rpartition("/")[2] if value is not None else "none" for value in values)
    return _sorted(Counter(local))


def _articles(facts: Facts, claims: list[Node]) -> tuple[ArticleTally, ...]:
    own: Counter[Term] = Counter()
    ranges: dict[str, set[tuple[int, int]]] = {}
    for claim in claims:
        own.update(facts.objects(claim, _ent("reportedIn")))
        for passage in facts.objects(claim, _ent("evidence")):
            if isinstance(passage, NamedNode):
                start = facts.text(passage, _ent("charStart"))
                end = facts.text(passage, _ent("charEnd"))
                if start is not None and end is not None:
                    article = passage.value.partition("#")[0]
                    ranges.setdefault(article, set()).add((int(start), int(end)))
    found = [
        ArticleTally(
            article=node.value.removeprefix(ART),
            claims=own[node],
            characters=int(facts.text(node, _ent("charCount")) or "0"),
            covered=covered(ranges.get(node.value, ())),
        )
        for node in facts.instances(_ent("Article"))
        if isinstance(node, NamedNode) and facts.text(node, _ent("charCount")) is not None
    ]
    return tuple(sorted(found, key=lambda one: one.article))


def _terms(facts: Facts, *kinds: str) -> list[NamedNode]:
    found = facts.instances(*(NamedNode(kind) for kind in kinds))
    return [one for one in found if isinstance(one, NamedNode) and one.value.startswith(ENT)]


def _modules(facts: Facts) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for kind, name in KINDS.items():
        for term in _terms(facts, kind):
            counts.setdefault(facts.text(term, _ent("module")) or "none", Counter())[name] += 1
    names = list(KINDS.values())
    return {
        module: {name: counts[module][name] for name in names if counts[module][name]}
        for module in sorted(counts)
    }


def foreign_terms(facts: Facts, term: Node) -> set[str]:
    """Give the terms of other vocabularies that a term of ours is mapped to or narrows."""
    narrowed = (NamedNode(f"{RDFS}sub{kind}Of") for kind in ("Class", "Property"))
    return {
        target.value
        for predicate in (*MATCHES, *narrowed)
        for target in facts.objects(term, predicate)
        if isinstance(target, NamedNode) and not target.value.startswith((ENT, OWL))
    }


def _mappings(facts: Facts) -> MappingTally:
    classes, *properties = (_terms(facts, kind) for kind in KINDS)
    everything = [foreign_terms(facts, term) for term in (*classes, *chain(*properties))]
    spaces = Counter(_vocabulary(target) for targets in everything for target in targets)
    return MappingTally(
        classes=len(classes),
        mapped_classes=sum(bool(targets) for targets in everything[: len(classes)]),
        properties=len(everything) - len(classes),
        mapped_properties=sum(bool(targets) for targets in everything[len(classes) :]),
        vocabularies=_sorted(spaces),
    )


def _vocabulary(iri: str) -> str:
    space = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    return _NAMES.get(space, space)


def _schemes(facts: Facts) -> dict[str, int]:
    counts = Counter(
        scheme.value.removeprefix(VOC)
        for concept in facts.instances(NamedNode(SKOS + "Concept"))
        for scheme in facts.objects(concept, NamedNode(SKOS + "inScheme"))
        if isinstance(scheme, NamedNode)
    )
    return dict(sorted(counts.items()))


def _questions(facts: Facts) -> dict[str, int]:
    """Count the questions by their kind; a published query without one is an example."""
    counts: Counter[str] = Counter()
    for query in facts.instances(NamedNode(SH + "SPARQLExecutable")):
        words = {term.value for term in facts.objects(query, NamedNode(SCHEMA + "keywords"))}
        counts[next((kind for kind in QUESTION_KINDS if kind in words), "example")] += 1
    return _sorted(counts)
