"""What the axioms say: each class can have members, disjoint ones share none, chains conclude."""

from functools import cache
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from entente.core.terms import ENT, OWL, RDF, RDFS
from entente.logic.closure import materialise
from entente.logic.facts import TYPE, Facts
from tests.ontology.knowledge import local, terms

DISJOINT: Final = NamedNode(OWL + "disjointWith")
SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
PREFIXES: Final = """
@base <https://w3id.org/entente/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


@cache
def facts() -> Facts:
    return Facts(terms())


def classes() -> list[NamedNode]:
    """Our classes, in order."""
    found = facts().instances(NamedNode(OWL + "Class"))
    return sorted(
        (c for c in found if isinstance(c, NamedNode) and c.value.startswith(ENT)),
        key=lambda c: c.value,
    )


def member(*of: NamedNode) -> NamedNode:
    return NamedNode("https://example.org/" + "-".join(local(c.value) for c in of))


def triples(turtle: str) -> list[Triple]:
    quads = parse(PREFIXES + turtle, format=RdfFormat.TURTLE)
    return [Triple(q.subject, q.predicate, q.object) for q in quads]


@cache
def inferred(turtle: str) -> frozenset[Triple]:
    closure = materialise([*terms(), *triples(turtle)])
    assert closure.inconsistencies == ()
    return frozenset(closure.inferred)


def test_the_ontology_stays_within_the_fast_engine_and_is_consistent() -> None:
    closure = materialise(terms())
    assert (
        closure.engine,
        closure.fallback_reason,
        closure.inconsistencies,
    ) == ("fast", None, ())


def test_every_class_can_have_a_member() -> None:
    members = [Triple(member(c), TYPE, c) for c in classes()]
    assert materialise([*terms(), *members]).inconsistencies == ()


def test_a_member_of_two_disjoint_classes_is_found() -> None:
    """One common member for each disjointness; each must be found."""
    pairs = [
        (a, b) for a in classes() for b in facts().objects(a, DISJOINT) if isinstance(b, NamedNode)
    ]
    members = [Triple(member(a, b), TYPE, c) for a, b in pairs for c in (a, b)]
    told = {
        term
        for inconsistency in materialise([*terms(), *members]).inconsistencies
        for term in inconsistency.terms
    }
    assert set() == {member(a, b).value for a, b in pairs if member(a, b) not in told}


def test_a_country_is_place_and_agent_and_no_person() -> None:
    country, person = NamedNode(ENT + "Country"), NamedNode(ENT + "Person")
    supers = set(facts().objects(country, SUBCLASS))
    assert {NamedNode(ENT + "Place"), NamedNode(ENT + "Agent")} <= supers
    members = [Triple(member(country, person), TYPE, c) for c in (country, person)]
    assert materialise([*terms(), *members]).inconsistencies != ()


FOLLOWS: Final = {
    "a factory in a city is in its country": (
        "<id/facility/f> ent:locatedIn <id/place/b> . <id/place/b> ent:locatedIn <id/country/r> .",
        "<id/facility/f> ent:locatedIn <id/country/r> .",
    ),
    "a funder funds the recipient of its commitment": (
        "<id/commitment/c> ent:funder <id/country/n> ; ent:recipient <id/country/u> .",
        "<id/country/n> ent:fundsRecipient <id/country/u> .",
    ),
    "the owner of a programme funds whoever gets its money": (
        "<id/commitment/c> ent:underProgramme <id/initiative/s> ; ent:recipient <id/country/r> . "
        "<id/initiative/s> ent:ownedBy <id/org/eu> .",
        "<id/org/eu> ent:fundsRecipient <id/country/r> .",
    ),
    "who makes naval drones makes drones": (
        "<id/initiative/i> ent:producesType <vocab/product-type/naval-drone> .",
        "<id/initiative/i> ent:producesType <vocab/product-type/drone> .",
    ),
    "a meeting in a city takes place in its country": (
        "<id/event/m> ent:occursIn <id/place/c> . <id/place/c> ent:locatedIn <id/country/u> .",
        "<id/event/m> ent:occursIn <id/country/u> .",
    ),
    "production in a country is production in its continent": (
        "<id/initiative/i> ent:productionLocation <id/country/f> . "
        "<id/country/f> ent:locatedIn <id/place/europe> .",
        "<id/initiative/i> ent:productionLocation <id/place/europe> .",
    ),
    "a signatory takes part": (
        "<id/agreement/a> ent:signatory <id/country/n> .",
        "<id/agreement/a> ent:participant <id/country/n> .",
    ),
    "a conflict has two sides": (
        "<claim/a> ent:conflictsWith <claim/b> .",
        "<claim/b> ent:conflictsWith <claim/a> .",
    ),
    "an aggressor is a side of the war": (
        "<id/event/w> ent:aggressor <id/country/r> .",
        "<id/event/w> ent:belligerent <id/country/r> .",
    ),
}


@pytest.mark.parametrize(("given", "conclusion"), FOLLOWS.values(), ids=list(FOLLOWS))
def test_what_must_follow_follows(given: str, conclusion: str) -> None:
    assert set(triples(conclusion)) <= inferred(given)


DOES_NOT_FOLLOW: Final = {
    "two holders of one post are not one person": (
        "<id/post/p> ent:currentHolder <id/person/u>, <id/person/s> .",
        f"<id/person/u> <{OWL}sameAs> <id/person/s> .",
    ),
    "money without recipient gives no pair": (
        "<id/commitment/c> ent:funder <id/org/g> ; ent:beneficiary <id/org/a> .",
        "<id/org/g> ent:fundsRecipient <id/org/a> .",
    ),
    "taking part is not cooperating with oneself": (
        "<id/initiative/i> ent:participant <id/country/u> .",
        "<id/country/u> ent:cooperatesWith <id/country/u> .",
    ),
    "a prospective participant does not take part": (
        "<id/initiative/i> ent:prospectiveParticipant <id/country/f> .",
        "<id/initiative/i> ent:participant <id/country/f> .",
    ),
    "being alike is not mutual": (
        "<id/initiative/i> ent:similarTo <id/initiative/j> .",
        "<id/initiative/j> ent:similarTo <id/initiative/i> .",
    ),
    "who makes drones does not make naval drones": (
        "<id/initiative/i> ent:producesType <vocab/product-type/drone> .",
        "<id/initiative/i> ent:producesType <vocab/product-type/naval-drone> .",
    ),
    "a figure about naval drones is no figure about drones": (
        "<id/figure/f> ent:productType <vocab/product-type/naval-drone> .",
        "<id/figure/f> ent:productType <vocab/product-type/drone> .",
    ),
    "what contains a place is not in it": (
        "<id/place/b> ent:locatedIn <id/country/r> .",
        "<id/country/r> ent:locatedIn <id/place/b> .",
    ),
    "a claimed triple is not a fact": (
        "<claim/x> ent:subject <id/facility/f> ; ent:predicate ent:locatedIn ; "
        "ent:object <id/place/b> .",
        "<id/facility/f> ent:locatedIn <id/place/b> .",
    ),
}


@pytest.mark.parametrize(
    ("given", "conclusion"), DOES_NOT_FOLLOW.values(), ids=list(DOES_NOT_FOLLOW)
)
def test_what_must_not_follow_does_not(given: str, conclusion: str) -> None:
    assert set() == set(triples(conclusion)) & (inferred(given) | set(triples(given)))


def test_types_follow_from_safe_domains_only() -> None:
    """Three kinds of things have participants, so having one types none of them."""
    kinds = {
        t.object
        for t in inferred("<id/x> ent:participant <id/y> .")
        if t.subject == NamedNode("https://w3id.org/entente/id/x")
        and t.predicate == NamedNode(RDF + "type")
    }
    assert set() == {k for k in kinds if isinstance(k, NamedNode) and k.value.startswith(ENT)}
