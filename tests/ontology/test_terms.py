"""The ontology as a document: both parsers agree, the context knows each term, nothing is blank."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import rdflib
from pyoxigraph import BlankNode, RdfFormat, parse

from entente.core.terms import ENT, OWL, PREFIXES, RDF, SKOS
from tests.ontology.knowledge import ONTOLOGY, ROOT, files, graph

TURTLE: Final = files("**/*.ttl")
CONTEXT: Final = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))
KINDS: Final = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def own(kind: str) -> set[str]:
    """Local names of our terms of a kind."""
    found = graph().subjects(rdflib.RDF.type, rdflib.URIRef(OWL + kind))
    return {str(term).removeprefix(ENT) for term in found if str(term).startswith(ENT)}


@pytest.mark.parametrize("path", TURTLE, ids=name)
def test_both_parsers_read_the_same_triples(path: Path) -> None:
    assert len(rdflib.Graph().parse(path)) == len(set(parse(path=str(path))))


@pytest.mark.parametrize("path", [p for p in TURTLE if "shapes" not in p.parts], ids=name)
def test_blank_nodes_are_list_cells_only(path: Path) -> None:
    inside = {RDF + "first", RDF + "rest"}
    assert (
        set()
        == {
            quad.predicate.value
            for quad in parse(path=str(path))
            if isinstance(quad.subject, BlankNode)
        }
        - inside
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_context_has_every_term_under_its_own_name(kind: str) -> None:
    context = CONTEXT["@context"]

    def iri(entry: Any) -> Any:
        return entry["@id"] if isinstance(entry, dict) else entry

    assert {term: f"ent:{term}" for term in own(kind)} == {
        term: iri(context.get(term)) for term in own(kind)
    }


def test_the_context_expands_a_claim_to_what_turtle_says() -> None:
    document = {
        "@context": CONTEXT["@context"],
        "iri": "claim:x-001",
        "type": "Claim",
        "subject": "id:facility/x",
        "predicate": "locatedIn",
        "object": {"iri": "id:place/y"},
        "statement": {"en": "X is in Y."},
        "confidence": "0.8",
        "reportedOn": "2025-07-18",
        "negated": True,
    }
    expanded = {quad.triple for quad in parse(json.dumps(document), format=RdfFormat.JSON_LD)}
    turtle = """
        @prefix ent: <https://w3id.org/entente/ontology/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://w3id.org/entente/claim/x-001> a ent:Claim ;
            ent:subject <https://w3id.org/entente/id/facility/x> ;
            ent:predicate ent:locatedIn ;
            ent:object <https://w3id.org/entente/id/place/y> ;
            ent:statement "X is in Y."@en ;
            ent:confidence 0.8 ;
            ent:reportedOn "2025-07-18"^^xsd:date ;
            ent:negated true .
    """
    assert {quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)} == expanded


def test_the_context_carries_the_version_of_the_ontology() -> None:
    info = graph().value(rdflib.URIRef(ENT.rstrip("/")), rdflib.URIRef(OWL + "versionInfo"))
    assert str(info) == CONTEXT["version"]


def test_prefixes_of_ontology_context_and_package_agree() -> None:
    declared = {
        str(graph().value(node, rdflib.SH.prefix)): str(graph().value(node, rdflib.SH.namespace))
        for node in graph().objects(rdflib.URIRef(ENT.rstrip("/")), rdflib.SH.declare)
    }
    context = {
        term: entry["@id"]
        for term, entry in CONTEXT["@context"].items()
        if isinstance(entry, dict) and entry.get("@prefix")
    }
    assert declared == context
    shared = PREFIXES.keys() & declared.keys()
    assert {p: PREFIXES[p] for p in shared} == {p: declared[p] for p in shared}


def test_more_than_sixty_percent_of_the_classes_are_mapped() -> None:
    """Gate Q15; subclasses of foreign classes count as mapped."""
    classes = own("Class")
    mapped = {
        local
        for local in classes
        for predicate in (rdflib.URIRef(SKOS + "closeMatch"), rdflib.RDFS.subClassOf)
        for target in graph().objects(rdflib.URIRef(ENT + local), predicate)
        if not str(target).startswith((ENT, OWL))
    }
    assert len(mapped) >= 0.6 * len(classes)
