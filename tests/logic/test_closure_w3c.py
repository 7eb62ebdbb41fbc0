"""The OWL 2 test cases of the W3C: profile RL, RDF-based semantics, premise in RDF/XML."""

import os
from functools import cache
from pathlib import Path
from typing import Final
from typing import Literal as Choice

import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from entente.core.terms import OWL
from entente.logic.closure import Engine, entailments, materialise
from entente.logic.fast_rule import Term
from tests.logic.reasoning import ENGINES, EXAMPLE, ROOT

_SUITES: Final = Path(os.environ.get("ENTENTE_SUITES", ROOT.parent / "shared" / "suites"))
_FILE: Final = _SUITES / "w3c" / "owl2" / "all.rdf"
_SAME_AS: Final = NamedNode(OWL + "sameAs")
_ONTOLOGY: Final = NamedNode(OWL + "Ontology")

BEYOND: Final = {
    **dict.fromkeys(
        (
            "DisjointClasses-001",
            "DisjointClasses-003",
            "New-Feature-DisjointDataProperties-002",
            "New-Feature-DisjointObjectProperties-002",
            "New-Feature-ObjectQCR-002",
            "WebOnt-I5.26-010",
            "WebOnt-I5.5-005",
        ),
        "the conclusion is a class expression or a list that no rule makes",
    ),
    **dict.fromkeys(
        (
            "New-Feature-DisjointObjectProperties-001",
            "WebOnt-differentFrom-001",
            "owl2-rl-rules-fp-differentFrom",
            "owl2-rl-rules-ifp-differentFrom",
        ),
        "no rule concludes owl:differentFrom",
    ),
    **dict.fromkeys(
        ("WebOnt-I5.8-006", "WebOnt-I5.8-008", "WebOnt-I5.8-009"),
        "no rule says that one datatype is below another",
    ),
    "New-Feature-ReflexiveProperty-001": "reflexive properties are outside the profile's rules",
    "chain2trans1": "no rule concludes that a property is transitive",
}

_QUERY: Final = """
PREFIX test: <http://www.w3.org/2007/OWL/testOntology#>
SELECT ?name ?premise ?imported ?conclusion ?nonConclusion WHERE {
  ?case a ?kind ; test:identifier ?name ; test:rdfXmlPremiseOntology ?premise ;
    test:profile test:RL ; test:semantics test:RDF-BASED .
  OPTIONAL { ?case test:rdfXmlConclusionOntology ?conclusion }
  OPTIONAL { ?case test:rdfXmlNonConclusionOntology ?nonConclusion }
  OPTIONAL { ?case test:importedOntology/test:rdfXmlInputOntology ?imported }
} ORDER BY ?name
"""


@cache
def _suite() -> Store:
    """The test cases; their document type is written in single quotes, which XML allows."""
    head, end, body = _FILE.read_text("utf-8").partition("]>")
    store = Store()
    if end:
        text = head.replace("'", '"') + end + body
        store.load(text.encode(), format=RdfFormat.RDF_XML, base_iri=EXAMPLE, lenient=True)
    return store


def _cases(kind: str) -> list[tuple[str, str, str]]:
    """Name, premise (with what it imports) and conclusion or non-conclusion, of one kind."""
    if not _FILE.exists():
        return [("absent", "", "")]
    kinds = NamedNode("http://www.w3.org/2007/OWL/testOntology#" + kind)
    rows = _suite().query(_QUERY.replace("a ?kind", f"a {kinds}"))
    assert isinstance(rows, QuerySolutions)
    found = []
    for row in rows:
        texts = [_text(row[name]) for name in ("name", "premise", "imported")]
        conclusion = _text(row["conclusion"]) or _text(row["nonConclusion"])
        found.append((texts[0], "\0".join(texts[1:]), conclusion))
    return found


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


def _triples(texts: str) -> list[Triple]:
    parts = [text for text in texts.split("\0") if text]
    return [
        quad.triple
        for text in parts
        for quad in parse(text, format=RdfFormat.RDF_XML, base_iri=EXAMPLE, rename_blank_nodes=True)
    ]


def _is_entailed(premise: str, conclusion: str, engine: Engine | Choice["auto"]) -> bool:
    """Ask whether the conclusion, its blank nodes as variables, is in the closure; eq-ref apart."""
    store = Store()
    for subject, predicate, object_ in entailments(_triples(premise), engine=engine):
        if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode):
            store.add(Quad(subject, predicate, object_))
            store.add(Quad(subject, _SAME_AS, subject))
    wanted = (triple for triple in _triples(conclusion) if triple.object != _ONTOLOGY)
    patterns = (" ".join(map(_variable, triple)) for triple in wanted)
    return bool(store.query(f"ASK {{ {' . '.join(patterns)} }}"))


def _variable(term: Term) -> str:
    return f"?b{term.value}" if isinstance(term, BlankNode) else str(term)


pytestmark = pytest.mark.skipif(not _FILE.exists(), reason=f"no W3C test cases at {_SUITES}")


@pytest.mark.parametrize("engine", ["auto", "owlrl"])
@pytest.mark.parametrize(("name", "premise", "conclusion"), _cases("PositiveEntailmentTest"))
def test_the_conclusion_follows_or_is_known_to_be_beyond_the_rules(
    name: str, premise: str, conclusion: str, engine: Engine | Choice["auto"]
) -> None:
    assert _is_entailed(premise, conclusion, engine) == (name not in BEYOND)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "premise", "conclusion"), _cases("NegativeEntailmentTest"))
def test_what_must_not_follow_does_not(
    name: str, premise: str, conclusion: str, engine: Engine
) -> None:
    assert not _is_entailed(premise, conclusion, engine), name


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("name", "premise", "_"), _cases("InconsistencyTest"))
def test_every_inconsistency_is_found(name: str, premise: str, _: str, engine: Engine) -> None:
    assert materialise(_triples(premise), engine=engine).inconsistencies, name


@pytest.mark.parametrize(("name", "premise", "_"), _cases("ConsistencyTest"))
def test_no_inconsistency_is_found_where_there_is_none(name: str, premise: str, _: str) -> None:
    assert not materialise(_triples(premise)).inconsistencies, name
