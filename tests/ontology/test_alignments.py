"""Terms of other vocabularies that we map to or declare exist there."""

import warnings
from functools import cache
from typing import Final

import pytest
import rdflib.namespace
from pyoxigraph import NamedNode, parse
from rdflib.namespace import DefinedNamespace

from entente.core.terms import BASE, PREFIXES
from tests.ontology.knowledge import files

# Terms of vocabularies that rdflib does not know. Those of ePO, FIBO, FollowTheMoney and gist were
# looked up in their own files (2026-11); the others are known from their specifications only.
LOOKED_UP: Final = {
    "adms": "status",
    "bibo": "status status/published",
    "dul": "Situation",
    "eli": "LegalResource",
    "epo": "Contract MonetaryValue isFundedBy",
    "fibo-fnd-agr-agr": "Agreement Commitment",
    "ftm": "Article Company Event Interval Occupancy Organization Person Position Project "
    "ProjectParticipant PublicBody",
    "gist": "Agreement Building Commitment CountryGovernment DegreeOfCommitment Event GeoVolume "
    "GovernmentOrganization Intention IntergovernmentalOrganization Magnitude Project Requirement "
    "ScheduledEvent hasGoal hasUnitOfMeasure isCategorizedBy plannedStartDateTime",
    "oa": "SpecificResource end hasSource start",
    "qudt": "unit",
    "rdf": "reifies",  # RDF 1.2
    "sem": "Event accordingTo eventType hasActor hasPlace hasTime",
    "vs": "term_status",
    "wgs84": "lat long",
    "wikibase": "Statement rank",
}
# Authority tables of the European Union, whose codes are those of ISO 4217.
TABLES: Final = "http://publications.europa.eu/resource/authority/currency/"
KNOWN: Final = frozenset(
    PREFIXES[prefix] + name for prefix, names in LOOKED_UP.items() for name in names.split()
)


@cache
def namespaces() -> dict[str, type[DefinedNamespace]]:
    """Vocabularies of which rdflib knows every term."""
    found = (getattr(rdflib.namespace, name) for name in dir(rdflib.namespace))
    return {
        str(one._NS): one
        for one in found
        if isinstance(one, type) and issubclass(one, DefinedNamespace) and hasattr(one, "_NS")
    }


@cache
def foreign() -> list[str]:
    """IRIs that the ontology uses and does not own, but for those of whole vocabularies."""
    terms = {
        term.value
        for path in files("modules/*.ttl", "alignments/*.ttl", "axioms/*.ttl", "vocab/*.ttl")
        for quad in parse(path=str(path))
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and not term.value.startswith(BASE)
    }
    wholes = {*PREFIXES.values(), "https://creativecommons.org/licenses/by/4.0/"}
    return sorted(terms - wholes)


@pytest.mark.parametrize("iri", foreign())
def test_a_foreign_term_exists_in_its_vocabulary(iri: str) -> None:
    """A term that rdflib does not know is looked up by whoever maps to it, and listed above."""
    if iri.startswith(TABLES):
        assert iri.removeprefix(TABLES) in {"EUR", "NOK", "USD"}
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdflib warns of terms that it does not know
        space = next((one for name, one in namespaces().items() if iri.startswith(name)), None)
        assert iri in KNOWN or (space is not None and rdflib.URIRef(iri) in space)


def test_nothing_is_listed_that_is_not_used() -> None:
    header = {"http://purl.org/ontology/bibo/status/published"}
    assert KNOWN - header - set(foreign()) == set()
