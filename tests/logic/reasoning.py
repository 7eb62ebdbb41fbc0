"""Small graphs in short notation, and the project's own input of the reasoner."""

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from entente.core.terms import OWL, RDF, RDFS, XSD
from entente.logic.closure import Engine

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
    """Ontology without alignments, vocabularies, things, background: what the reasoner reads."""
    patterns = (
        "ontology/entente.ttl",
        "ontology/modules/*.ttl",
        "ontology/axioms/*.ttl",
        "ontology/vocab/*.ttl",
        "data/entities/*.ttl",
        "data/background.trig",
    )
    paths = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    if len(paths) < len(patterns):
        pytest.skip("the project's ontology and data are not all there yet")
    return tuple(quad.triple for path in paths for quad in parse(path=str(path)))
