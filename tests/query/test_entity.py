from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.errors import NotFound, QueryRefused
from entente.core.terms import ART, CLAIM, ENT, GRAPH_CURRENT, GRAPH_INFERRED, ID, SKOS, VOC
from entente.query.claims import Passage
from entente.query.entity import Entity, read_entity
from entente.query.labels import read_labels
from entente.query.results import Iri, Literal
from entente.query.service import QueryService
from tests.query.services import running

QUERIES = Path(__file__).parents[2] / "queries"

DATA = f"""\
PREFIX art: <{ART}>
PREFIX claim: <{CLAIM}>
PREFIX ent: <{ENT}>
PREFIX graph: <https://w3id.org/entente/graph/>
BASE <{ID}>
PREFIX mod: <{VOC}modality/>
PREFIX skos: <{SKOS}>
PREFIX status: <{VOC}curation-status/>

graph:vocab {{
  mod:stated ent:entersView true .
  mod:hoped ent:entersView false .
}}
graph:curation {{
  claim:14 ent:curationStatus status:disputed .
  claim:1 ent:supersedes claim:15 .
}}
graph:entities {{
  <facility/works> a ent:Factory ; skos:prefLabel "The works"@en , "Uzina"@ro .
  <place/town> a ent:City ; skos:prefLabel "Town"@en .
  <commitment/one> a ent:FundingCommitment ; ent:funder <country/land> .
}}
graph:background {{ <facility/other> ent:locatedIn <place/town> . }}
graph:current {{ <facility/works> ent:locatedIn <place/town> . }}
graph:inferred {{
  <facility/works> ent:locatedIn <country/land> ; a ent:Facility .
  <place/town> ent:partOf <country/land> .
}}
<https://w3id.org/entente/graph/article/one> {{
  art:one a ent:Article ; skos:prefLabel "Article one"@en .
  claim:1 a ent:Claim ; ent:subject <facility/works> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:statement "The works stand in the town."@en ;
    ent:modality mod:stated ; ent:reportedIn art:one ; ent:saidBy <person/a> , <person/b> ;
    ent:curationStatus status:accepted ;
    ent:reportedOn "2025-01-02"^^<http://www.w3.org/2001/XMLSchema#date> ;
    ent:evidence <{ART}one#char=10,20> , <{ART}one#char=5,8> .
  claim:2 a ent:Claim ; ent:subject <facility/works> ; ent:predicate ent:locatedIn ;
    ent:object <place/elsewhere> ; ent:statement "The works may move."@en ;
    ent:modality mod:possible ; ent:negated true ; ent:reportedIn art:one .
  claim:3 a ent:Claim ; ent:describes <commitment/one> ; ent:statement "Money comes."@en ;
    ent:modality mod:stated ; ent:reportedIn art:one .
}}
<https://w3id.org/entente/graph/article/two> {{
  claim:11 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:hoped ; ent:curationStatus status:accepted .
  claim:12 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:stated ; ent:negated true ;
    ent:curationStatus status:accepted .
  claim:13 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:stated ; ent:curationStatus status:proposed .
  claim:14 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:stated ; ent:curationStatus status:accepted .
  claim:15 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:stated ; ent:curationStatus status:accepted .
  claim:16 a ent:Claim ; ent:subject <facility/other> ; ent:predicate ent:locatedIn ;
    ent:object <place/town> ; ent:modality mod:stated ; ent:curationStatus status:accepted .
}}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryService]:
    lines = [f"{quad} ." for quad in ox.parse(DATA.encode(), format=ox.RdfFormat.TRIG)]
    with running(tmp_path_factory.mktemp("entity"), lines, queries=QUERIES) as service:
        yield service


@pytest.fixture(scope="module")
def works(service: QueryService) -> Entity:
    return read_entity(service, ID + "facility/works")


def test_a_thing_has_its_label_and_types(works: Entity) -> None:
    assert works.label == "The works"
    assert works.types == (Iri(ENT + "Facility"), Iri(ENT + "Factory"))


def test_a_fact_carries_the_claims_that_support_it(works: Entity) -> None:
    fact = next(fact for fact in works.facts if fact.object == Iri(ID + "place/town"))
    (claim,) = fact.claims
    assert fact.graphs == (GRAPH_CURRENT,)
    assert not fact.inferred
    assert claim.iri == Iri(CLAIM + "1")
    assert claim.statement == "The works stand in the town."
    assert claim.modality == Iri(VOC + "modality/stated")
    assert claim.article == Iri(ART + "one")
    assert claim.reported_on == "2025-01-02"
    assert claim.speakers == (Iri(ID + "person/a"), Iri(ID + "person/b"))
    assert claim.passages == (
        Passage(Iri(ART + "one#char=10,20"), 10, 20),
        Passage(Iri(ART + "one#char=5,8"), 5, 8),
    )


def test_an_inferred_fact_is_marked_and_has_no_claims(works: Entity) -> None:
    fact = next(fact for fact in works.facts if fact.object == Iri(ID + "country/land"))
    assert fact.graphs == (GRAPH_INFERRED,)
    assert fact.inferred
    assert fact.claims == ()


def test_a_claim_that_no_triple_carries_stands_apart(works: Entity) -> None:
    (claim,) = works.other_claims
    assert claim.iri == Iri(CLAIM + "2")
    assert claim.negated


def test_only_a_claim_that_asserts_supports_a_fact(service: QueryService) -> None:
    """Hoped, negated, proposed, disputed and superseded ones say the same, and stand apart."""
    other = read_entity(service, ID + "facility/other")
    (fact,) = other.facts
    assert [claim.iri.value for claim in fact.claims] == [CLAIM + "16"]
    apart = {claim.iri.value for claim in other.other_claims}
    assert apart == {CLAIM + str(number) for number in (11, 12, 13, 14, 15)}


def test_what_refers_to_a_thing_carries_its_claims(service: QueryService) -> None:
    town = read_entity(service, ID + "place/town")
    reference = next(
        found for found in town.references if found.subject.value == ID + "facility/works"
    )
    assert reference.subject == Iri(ID + "facility/works")
    assert reference.predicate == Iri(ENT + "locatedIn")
    assert [claim.iri.value for claim in reference.claims] == [CLAIM + "1"]
    assert not town.more_references


def test_a_situation_has_the_claims_that_describe_it(service: QueryService) -> None:
    commitment = read_entity(service, ID + "commitment/one")
    assert [claim.iri.value for claim in commitment.describing] == [CLAIM + "3"]


def test_an_article_has_the_claims_that_it_reports(service: QueryService) -> None:
    article = read_entity(service, ART + "one")
    assert [claim.iri.value for claim in article.reported] == [CLAIM + str(n) for n in (1, 2, 3)]
    assert article.references == ()


def test_everything_shown_has_its_label(works: Entity) -> None:
    assert works.labels[ID + "place/town"] == "Town"
    assert works.labels[ART + "one"] == "Article one"
    assert ID + "country/land" not in works.labels


def test_a_label_in_another_language_is_better_than_none(service: QueryService) -> None:
    iris = [ID + "facility/works", ID + "place/town"]
    assert read_labels(service, iris, language="ro") == {
        ID + "facility/works": "Uzina",
        ID + "place/town": "Town",
    }


def test_a_thing_that_is_only_referred_to_is_found(service: QueryService) -> None:
    land = read_entity(service, ID + "country/land")
    assert land.facts == ()
    assert land.label is None
    assert {reference.inferred for reference in land.references} == {True, False}


def test_a_thing_that_the_graph_does_not_know_is_not_found(service: QueryService) -> None:
    with pytest.raises(NotFound, match="says nothing about"):
        read_entity(service, ID + "place/nowhere")


def test_what_is_no_iri_is_refused(service: QueryService) -> None:
    with pytest.raises(QueryRefused, match="not an absolute IRI"):
        read_entity(service, ID + "a b> } #")


def test_facts_are_values_of_the_store(service: QueryService) -> None:
    claim = read_entity(service, CLAIM + "1")
    statement = next(fact for fact in claim.facts if fact.predicate.value == ENT + "statement")
    assert isinstance(statement.object, Literal)
    assert statement.object.language == "en"
