"""Figures: known ones on a small dataset, and what must hold of the real one."""

from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from entente.build.shape_tally import count_constraints
from entente.build.tally import ArticleTally, Tally, count, covered
from tests.ontology.knowledge import EXAMPLES, STAGES, examples, shapes, terms

SMALL: Final = """
@prefix art: <https://w3id.org/entente/article/> .
@prefix claim: <https://w3id.org/entente/claim/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix graph: <https://w3id.org/entente/graph/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

graph:ontology {
    ent:Agent a owl:Class ; ent:module "agents" ;
        rdfs:subClassOf <http://www.w3.org/ns/prov#Agent> .
    ent:City a owl:Class ; ent:module "places" ; skos:closeMatch schema:City .
    ent:Place a owl:Class ; ent:module "places" .
    ent:locatedIn a owl:ObjectProperty ; ent:module "places" .
    <https://elsewhere.example/Class> a owl:Class .
}
graph:vocab {
    <https://w3id.org/entente/vocab/bound/exact> a skos:Concept ;
        skos:inScheme <https://w3id.org/entente/vocab/bound> .
}
graph:article\\/a {
    art:a a ent:Article ; ent:charCount 100 .
    art:elsewhere a ent:Article .
    <https://w3id.org/entente/article/a#char=0,30> ent:charStart 0 ; ent:charEnd 30 .
    <https://w3id.org/entente/article/a#char=20,50> ent:charStart 20 ; ent:charEnd 50 .
    <https://w3id.org/entente/article/a#char=60,99> ent:charStart 60 ; ent:charEnd 99 .
    claim:a-001 a ent:Claim ; ent:reportedIn art:a ;
        ent:modality <https://w3id.org/entente/vocab/modality/stated> ;
        ent:articlePart <https://w3id.org/entente/vocab/article-part/body> ;
        ent:curationStatus <https://w3id.org/entente/vocab/curation-status/accepted> ;
        ent:evidence <https://w3id.org/entente/article/a#char=0,30>,
            <https://w3id.org/entente/article/a#char=20,50> .
    claim:a-002 a ent:Claim ; ent:reportedIn art:a ;
        ent:modality <https://w3id.org/entente/vocab/modality/hoped> ;
        ent:articlePart <https://w3id.org/entente/vocab/article-part/body> ;
        ent:curationStatus <https://w3id.org/entente/vocab/curation-status/accepted> .
}
graph:inferred { <x:a> a ent:Place . }
graph:meta {
    <x:q1> a sh:SPARQLExecutable ; schema:keywords "as-of", "minister" .
    <x:q2> a sh:SPARQLExecutable ; schema:keywords "money" .
}
"""


@pytest.fixture(scope="module")
def small() -> Tally:
    return count(parse(SMALL, format=RdfFormat.TRIG))


@pytest.fixture(scope="module")
def dataset(dataset_path: Path) -> list[Quad]:
    return list(parse(path=str(dataset_path), format=RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def real(dataset: list[Quad]) -> Tally:
    return count(dataset)


@pytest.mark.parametrize(
    ("ranges", "characters"),
    [
        ([], 0),
        ([(0, 10)], 10),
        ([(0, 10), (0, 10)], 10),
        ([(5, 15), (0, 10)], 15),
        ([(0, 100), (10, 20)], 100),
        ([(0, 10), (10, 20), (30, 31)], 21),
    ],
)
def test_a_character_in_two_passages_counts_once(
    ranges: list[tuple[int, int]], characters: int
) -> None:
    assert characters == covered(ranges)


def test_an_article_has_the_claims_and_characters_that_passages_show(small: Tally) -> None:
    """A passage that no claim names covers nothing; an article without text is not counted."""
    (article,) = small.articles
    assert article == ArticleTally(article="a", claims=2, characters=100, covered=50)
    assert article.share == 0.5


def test_claims_are_counted_by_what_they_say_of_themselves(small: Tally) -> None:
    assert small.claims == 2
    assert dict(small.modalities) == {"hoped": 1, "stated": 1}
    assert dict(small.parts) == {"body": 2}
    assert dict(small.statuses) == {"accepted": 2}


def test_terms_are_ours_and_counted_by_module(small: Tally) -> None:
    assert small.modules == {
        "agents": {"classes": 1},
        "places": {"classes": 2, "object properties": 1},
    }


def test_a_class_is_mapped_by_a_match_or_by_a_superclass_elsewhere(small: Tally) -> None:
    mappings = small.mappings
    assert (mappings.classes, mappings.mapped_classes) == (3, 2)
    assert (mappings.properties, mappings.mapped_properties) == (1, 0)
    assert dict(mappings.vocabularies) == {"prov": 1, "schema": 1}


def test_concepts_questions_and_triples_are_counted(small: Tally) -> None:
    assert dict(small.schemes) == {"bound": 1}
    assert dict(small.questions) == {"as-of": 1, "example": 1}
    assert (small.inferred, small.graphs["graph:vocab"]) == (1, 2)


def test_each_article_is_covered_by_eighty_five_percent(real: Tally) -> None:
    assert len(real.articles) == 5
    assert {one.article: one.share for one in real.articles if one.share < 0.85} == {}


def test_every_sum_counts_each_claim_once(real: Tally, dataset: list[Quad]) -> None:
    sums = [real.modalities, real.parts, real.statuses]
    assert {sum(counts.values()) for counts in sums} == {real.claims}
    assert real.claims == sum(one.claims for one in real.articles)
    assert sum(real.graphs.values()) == len(set(dataset))


def test_most_classes_are_mapped_to_several_vocabularies(real: Tally) -> None:
    """Gate Q15."""
    assert real.mappings.share >= 0.6
    assert {"prov", "org", "schema", "skos", "oa", "time"} <= set(real.mappings.vocabularies)


def test_every_term_has_a_module(real: Tally) -> None:
    assert "none" not in real.modules


def test_sixty_questions_are_published(real: Tally) -> None:
    assert sum(real.questions.values()) - real.questions["example"] >= 60


@pytest.mark.parametrize("stage", STAGES)
def test_every_constraint_has_a_good_and_a_broken_example(stage: str) -> None:
    found = count_constraints(shapes(stage), terms(), examples(stage))
    assert len(found) > 100
    assert [one for one in found if not one.broken or not one.good] == []


def test_without_examples_a_constraint_has_none() -> None:
    assert EXAMPLES.is_dir()
    found = count_constraints(shapes("asserted"), terms(), ())
    assert {(one.broken, one.good) for one in found} == {(0, 0)}
