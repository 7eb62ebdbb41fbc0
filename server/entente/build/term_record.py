"""Term record: what a release says of its terms, one line a fact, in a form to keep and compare.

A record holds what those who use a term rely on: its kind, names, definition, place in the
hierarchy, axioms, scheme, mappings and policies. Examples, reasons and repeated labels are left
out. Columns are parted by tabulators: term, predicate, value; IRIs are short, lists in brackets.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, parse

from entente.core.errors import SettingError
from entente.core.terms import DCTERMS, ENT, OWL, RDF, RDFS, SCHEMA, SKOS, VOC, XSD
from entente.logic.facts import Facts, Node, Term

HEADER: Final = "term\tpredicate\tvalue"
RECORDED: Final = frozenset(
    (
        RDF + "type",
        *(RDFS + name for name in ("domain", "range", "subClassOf", "subPropertyOf")),
        *(OWL + name for name in ("deprecated", "disjointWith", "inverseOf", "propertyChainAxiom")),
        *(SCHEMA + name for name in ("domainIncludes", "rangeIncludes")),
        *(SKOS + name for name in ("broader", "definition", "inScheme", "notation", "prefLabel")),
        *(SKOS + f"{name}Match" for name in ("broad", "close", "exact", "narrow", "related")),
        *(ENT + name for name in ("entersView", "module", "viewPolicy")),
        DCTERMS + "isReplacedBy",
    )
)
# A table of its own: a record of years ago is read with the prefixes it was written with.
_PREFIXES: Final = {
    "dcterms": DCTERMS,
    "ent": ENT,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "voc": VOC,
    "xsd": XSD,
}
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_KINDS: Final = tuple(
    NamedNode(iri)
    for iri in (
        OWL + "Class",
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
        SKOS + "Concept",
        SKOS + "ConceptScheme",
    )
)
_FILES: Final = ("*.ttl", "modules/*.ttl", "axioms/*.ttl", "alignments/*.ttl", "vocab/*.ttl")
_SUFFIXES: Final = frozenset({".ttl", ".rdf", ".nt", ".nq", ".trig", ".jsonld"})

Fact = tuple[str, str, str]


def record_terms(quads: Iterable[Quad]) -> tuple[Fact, ...]:
    """Record our terms, sorted: short IRI of the term, of the predicate, and the value."""
    facts = Facts(quads)
    return tuple(sorted(set(_facts(facts))))


def write_record(record: Iterable[Fact]) -> str:
    """Write a record, one fact a line under a line of names."""
    return "".join(f"{line}\n" for line in (HEADER, *("\t".join(fact) for fact in record)))


def parse_record(text: str, *, name: str) -> tuple[Fact, ...]:
    """Read what `write_record` has written.

    Raises:
        SettingError: the text is no record.
    """
    first, *lines = text.splitlines()
    found = [tuple(line.split("\t")) for line in lines]
    if first != HEADER or any(len(fact) != 3 for fact in found):
        raise SettingError(f"{name} is no record of terms: it begins with {HEADER!r}")
    return tuple(sorted((term, predicate, value) for term, predicate, value in found))


def read_record(place: Path) -> tuple[Fact, ...]:
    """Read the terms of a release: a record (.tsv), an RDF file of the ontology, or a project.

    Raises:
        SettingError: nothing there can be read as terms.
    """
    if place.is_dir():
        if not (place / "ontology").is_dir():
            raise SettingError(f"no folder 'ontology' in {place}: this is not a project of Entente")
        paths = (path for pattern in _FILES for path in sorted(place.glob(f"ontology/{pattern}")))
        return record_terms(quad for path in paths for quad in parse(path=str(path)))
    if place.suffix == ".tsv":
        return parse_record(place.read_text(encoding="utf-8"), name=place.name)
    if place.suffix not in _SUFFIXES:
        known = ", ".join(sorted(_SUFFIXES))
        raise SettingError(f"{place.name} is no record (.tsv), no RDF ({known}) and no folder")
    try:
        return record_terms(parse(path=str(place)))
    except SyntaxError as error:
        raise SettingError(f"{place.name} cannot be read: {error}") from None


def _facts(facts: Facts) -> Iterator[Fact]:
    for term in facts.instances(*_KINDS):
        if not isinstance(term, NamedNode) or not term.value.startswith((ENT, VOC)):
            continue
        for predicate in facts.predicates(term):
            if predicate.value in RECORDED:
                for value in facts.objects(term, predicate):
                    yield _short(term.value), _short(predicate.value), _shown(facts, value)


def _short(iri: str) -> str:
    for prefix, namespace in _PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _shown(facts: Facts, value: Term) -> str:
    if isinstance(value, NamedNode):
        return _short(value.value)
    if isinstance(value, Literal):
        return " ".join(value.value.split())
    return f"({' '.join(_members(facts, value))})"


def _members(facts: Facts, cell: Node) -> Iterator[str]:
    seen = set[Term]()
    at: Term | None = cell
    while at is not None and not isinstance(at, Literal) and at not in seen:
        seen.add(at)
        yield from (_shown(facts, member) for member in facts.objects(at, _FIRST))
        at = facts.object(at, _REST)
