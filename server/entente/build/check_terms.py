"""Checks of terms: every property and class is declared, every IRI of ours is described.

Terms of RDF, RDFS, OWL, SHACL and SKOS are known by their specifications; any other vocabulary's
term that data uses is declared in the ontology, with what we mean by it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from entente.build.problems import Problem, nearest
from entente.build.sources import DATA, Role, Sources
from entente.core.terms import (
    ART,
    BASE,
    CLAIM,
    ENT,
    GRAPH,
    OWL,
    RDF,
    RDFS,
    SH,
    SHAPE,
    SKOS,
    VOC,
    shorten,
)
from entente.logic.facts import TYPE, Facts

PREDICATE: Final = NamedNode(ENT + "predicate")

_CLASS_TYPES: Final = tuple(NamedNode(iri) for iri in (OWL + "Class", RDFS + "Class"))
_PROPERTY_TYPES: Final = tuple(
    NamedNode(iri)
    for iri in (
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
        RDF + "Property",
    )
)


def _names(namespace: str, names: str) -> frozenset[str]:
    return frozenset(namespace + name for name in names.split())


_SPECIFIED: Final = (
    _names(
        SKOS,
        "Concept ConceptScheme Collection OrderedCollection altLabel hiddenLabel prefLabel "
        "notation note changeNote definition editorialNote example historyNote scopeNote broader "
        "narrower related broaderTransitive narrowerTransitive semanticRelation inScheme "
        "hasTopConcept topConceptOf member memberList mappingRelation broadMatch narrowMatch "
        "relatedMatch closeMatch exactMatch",
    )
    | _names(RDFS, "label comment seeAlso isDefinedBy member")
    | _names(RDF, "type first rest nil List")
)
_WHOLE: Final = (OWL, SH)
# Objects of these name versions and namespaces, which are no subjects here.
_UNDESCRIBED: Final = _names(OWL, "versionIRI priorVersion backwardCompatibleWith incompatibleWith")
_NAMESPACES: Final = frozenset((BASE, ENT, VOC, ART, CLAIM, GRAPH, SHAPE, BASE + "id/"))
# In shapes, objects of these are classes or properties.
_SHAPE_CLASSES: Final = _names(SH, "class targetClass")
_SHAPE_PROPERTIES: Final = _names(SH, "path targetSubjectsOf targetObjectsOf equals lessThan")


def _known(iri: str) -> bool:
    return iri in _SPECIFIED or iri.startswith(_WHOLE)


def check_terms(sources: Sources) -> Iterator[Problem]:
    """Find undeclared properties and classes, and IRIs of ours that nothing describes."""
    ontology = Facts(sources.quads("ontology"))
    properties = {node.value for node in ontology.instances(*_PROPERTY_TYPES)}
    classes = {node.value for node in ontology.instances(*_CLASS_TYPES)}
    undeclared: set[str] = set()
    for problem in _undeclared(sources, properties=properties, classes=classes):
        undeclared.add(problem.object or problem.predicate or "")
        yield problem
    yield from _dangling(sources, passed=undeclared)


def _undeclared(sources: Sources, *, properties: set[str], classes: set[str]) -> Iterator[Problem]:
    for file in sources.files:
        strict = file.role in (*DATA, "vocab")
        for quad in file.quads:
            predicate = quad.predicate.value
            if (strict or predicate.startswith(ENT)) and not (
                _known(predicate) or predicate in properties
            ):
                yield _problem(quad, predicate, kind="property", known=properties, path=file.path)
            used_as = _use(quad, file.role, strict=strict)
            if used_as is None or not isinstance(quad.object, NamedNode):
                continue
            iri, declared = quad.object.value, classes if used_as == "class" else properties
            if not _known(iri) and iri not in declared:
                yield _problem(quad, iri, kind=used_as, known=declared, path=file.path)


def _use(quad: Quad, role: Role, *, strict: bool) -> str | None:
    """Tell whether the object is used as a class, as a property or as neither."""
    if not isinstance(quad.object, NamedNode):
        return None
    predicate = quad.predicate.value
    if quad.predicate == TYPE and (strict or quad.object.value.startswith(ENT)):
        return "class"
    if quad.predicate == PREDICATE:
        return "property"
    if role in ("shapes", "closure-shapes"):
        if predicate in _SHAPE_CLASSES:
            return "class"
        if predicate in _SHAPE_PROPERTIES:
            return "property"
    return None


def _problem(quad: Quad, iri: str, *, kind: str, known: Iterable[str], path: str) -> Problem:
    meant = nearest(iri, known)
    advice = f"did you mean {shorten(meant)}? Else declare" if meant else "declare"
    as_predicate = quad.predicate.value == iri
    return Problem(
        what=f"undeclared {kind} {shorten(iri)}",
        mend=f"{advice} it in ontology/modules",
        rule=f"undeclared-{kind}",
        subject=quad.subject.value if isinstance(quad.subject, NamedNode) else None,
        predicate=quad.predicate.value,
        object=None if as_predicate else iri,
        file=path,
    )


def _dangling(sources: Sources, *, passed: set[str]) -> Iterator[Problem]:
    described = set[str]().union(*(file.subjects for file in sources.files))
    graphs = {file.graph for file in sources.files} | {
        quad.graph_name.value
        for quad in sources.quads("article", "curation", "background")
        if isinstance(quad.graph_name, NamedNode)
    }
    graphs |= {GRAPH + name for name in ("current", "inferred", "meta", "shapes")}
    known = described | graphs | _NAMESPACES | passed
    for file in sources.files:
        for quad in file.quads:
            target = quad.object
            if (
                isinstance(target, NamedNode)
                and target.value.startswith(BASE)
                and target.value not in known
                and quad.predicate.value not in _UNDESCRIBED
            ):
                yield _missing(quad, target.value, described, path=file.path)


def _missing(quad: Quad, iri: str, described: set[str], *, path: str) -> Problem:
    kind, _, name = iri.rpartition("/")
    siblings = sorted(known for known in described if known.rpartition("/")[0] == kind)
    close = nearest(name, (sibling.rpartition("/")[2] for sibling in siblings))
    advice = f"did you mean {shorten(f'{kind}/{close}')}? " if close else ""
    if iri.startswith(VOC):
        scheme = kind.removeprefix(VOC)
        names = ", ".join(sibling.rpartition("/")[2] for sibling in siblings)
        what = f"unknown {scheme.replace('-', ' ')} {shorten(iri)}"
        mend = f"{advice}known are: {names}" if names else "there is no such scheme in vocab"
    else:
        what = f"{shorten(iri)} is used but described nowhere"
        where = "ontology/modules" if iri.startswith(ENT) else "data/"
        mend = f"{advice}else describe it in {where}"
    return Problem(
        what=what,
        mend=mend,
        rule="undescribed",
        subject=quad.subject.value if isinstance(quad.subject, NamedNode) else None,
        predicate=quad.predicate.value,
        object=iri,
        file=path,
    )
