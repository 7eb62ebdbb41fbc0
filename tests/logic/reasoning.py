"""Small graphs in short notation, and the project's own input of the reasoner."""

from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from entente.core.terms import OWL, RDF, RDFS, XSD
from entente.logic.closure import Engine
from entente.logic.view import current_view

ROOT: Final = Path(__file__).resolve().parents[2]
RULES: Final = ROOT / "queries" / "rules"
ENGINES: Final[tuple[Engine, ...]] = ("fast", "owlrl")
EXAMPLE: Final = "http://example.org/"
PREFIXES: Final = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in {"": EXAMPLE, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD}.items()
)


def graph(turtle: str) -> tuple[Triple, ...]:
    """Triples of Turtle text that may use `:`, `owl:`, `rdf:`, `rdfs:` and `xsd:`."""
    return tuple(quad.triple for quad in parse(PREFIXES + turtle, format=RdfFormat.TURTLE))


def iri(name: str) -> NamedNode:
    """An IRI of the examples."""
    return NamedNode(EXAMPLE + name)


@cache
def project_triples() -> tuple[Triple, ...]:
    """What the reasoner reads: ontology without alignments, vocabularies, things, background, view.

    Articles and curation are read for the view alone: claims are not reasoned over.
    """
    patterns = (
        "ontology/entente.ttl",
        "ontology/modules/*.ttl",
        "ontology/axioms/*.ttl",
        "ontology/vocab/*.ttl",
        "data/entities/*.ttl",
        "data/background.trig",
    )
    reasoned = [quad for pattern in patterns for quad in _quads(pattern)]
    claims = [*_quads("data/articles/*/*.trig"), *_quads("data/curation.trig")]
    view = current_view((*reasoned, *claims)).support
    return (*(quad.triple for quad in reasoned), *view)


def _quads(pattern: str) -> list[Quad]:
    """Quads of the files that fit a pattern."""
    return [quad for path in sorted(ROOT.glob(pattern)) for quad in parse(path=str(path))]
