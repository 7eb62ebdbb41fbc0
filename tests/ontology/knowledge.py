"""The files under `ontology/` and the examples of the shapes, parsed."""

from functools import cache
from pathlib import Path
from typing import Final

import rdflib
from pyoxigraph import Quad, Store, parse

from entente.core.terms import ENT, SHAPE

ROOT: Final = Path(__file__).resolve().parents[2]
ONTOLOGY: Final = ROOT / "ontology"
EXAMPLES: Final = ROOT / "tests" / "ontology" / "examples"
STAGES: Final = ("asserted", "closure")


def files(*patterns: str) -> list[Path]:
    """Files under `ontology/` that fit one of the patterns, in order of their paths."""
    return sorted(path for pattern in patterns for path in ONTOLOGY.glob(pattern))


def quads(paths: list[Path]) -> list[Quad]:
    """What the files say."""
    return [quad for path in paths for quad in parse(path=str(path))]


@cache
def terms() -> tuple[Quad, ...]:
    """Ontology and vocabularies, without alignments."""
    return tuple(quads(files("entente.ttl", "modules/*.ttl", "axioms/*.ttl", "vocab/*.ttl")))


@cache
def shapes(stage: str) -> tuple[Quad, ...]:
    """Shapes of one stage."""
    return tuple(quads(files(f"shapes/{stage}/*.ttl")))


@cache
def examples(stage: str) -> tuple[Quad, ...]:
    """Examples of one stage with the things that they refer to."""
    paths = [EXAMPLES / "context.ttl", *sorted((EXAMPLES / stage).glob("*.ttl"))]
    return tuple(quads(paths))


@cache
def graph() -> rdflib.Graph:
    """Everything under `ontology/` that is Turtle, in rdflib."""
    found = rdflib.Graph()
    for path in files("**/*.ttl"):
        found.parse(path)
    return found


@cache
def store() -> Store:
    """Everything that the hygiene rules look at: ontology, vocabularies, shapes and data."""
    found = Store()
    data = ROOT / "data"
    for path in [
        *files("**/*.ttl"),
        *sorted(data.glob("entities/*.ttl")),
        *sorted(data.glob("**/*.trig")),
    ]:
        found.bulk_extend(parse(path=str(path)))
    return found


def local(iri: str) -> str:
    """Name of a term or shape of ours without its namespace."""
    return iri.removeprefix(ENT).removeprefix(SHAPE)
