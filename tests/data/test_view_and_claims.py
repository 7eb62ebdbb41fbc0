"""Rule 1 of the model on the real data: the view and the accepted claims say the same."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from entente.core.terms import GRAPH_CURRENT, GRAPH_INFERRED

PREFIX = """
PREFIX ent: <https://w3id.org/entente/ontology/>
PREFIX graph: <https://w3id.org/entente/graph/>
PREFIX voc: <https://w3id.org/entente/vocab/>
"""
ENTERS = """
  ?claim a ent:Claim ; ent:subject ?s ; ent:predicate ?p ; ent:object ?o ;
    ent:modality/ent:entersView true ;
    ent:curationStatus <https://w3id.org/entente/vocab/curation-status/accepted> .
  ?p ent:viewPolicy ?policy .
  FILTER NOT EXISTS { ?claim ent:negated true }
"""


@pytest.fixture(scope="module")
def store(dataset_path: Path) -> Store:
    held = Store()
    held.bulk_load(path=dataset_path, format=RdfFormat.N_QUADS)
    return held


def rows(store: Store, pattern: str) -> list[str]:
    found = store.query(
        f"{PREFIX} SELECT DISTINCT * WHERE {{ {pattern} }}", use_default_graph_as_union=True
    )
    assert isinstance(found, QuerySolutions)
    return [" ".join(str(term) for term in row) for row in found]


def test_every_triple_of_the_view_has_an_accepted_claim(store: Store) -> None:
    pattern = f"GRAPH graph:current {{ ?s ?p ?o }} FILTER NOT EXISTS {{ {ENTERS} }}"
    assert rows(store, pattern) == []


def test_every_accepted_claim_whose_modality_enters_is_in_the_view(store: Store) -> None:
    superseded = "?by ent:supersedes ?claim ; ent:curationStatus voc:curation-status\\/accepted"
    missing = f"""{{ {ENTERS} ?claim ent:reportedIn ?article . }}
      FILTER NOT EXISTS {{ GRAPH graph:current {{ ?s ?p ?o }} }}
      FILTER NOT EXISTS {{ {superseded} }}"""
    of_all = f"{missing} FILTER(?policy = voc:view-policy\\/all)"
    assert rows(store, of_all) == []
    # of latest-wins properties some claim of the same subject and property is there instead
    instead = "FILTER NOT EXISTS { GRAPH graph:current { ?s ?p ?other } }"
    assert rows(store, f"{missing} {instead}") == []


def test_no_hoped_possible_alleged_or_negated_claim_stands_alone_behind_the_view(
    store: Store,
) -> None:
    pattern = """GRAPH graph:current { ?s ?p ?o }
      FILTER NOT EXISTS { ?c ent:subject ?s ; ent:predicate ?p ; ent:object ?o ;
        ent:modality/ent:entersView true . FILTER NOT EXISTS { ?c ent:negated true } }"""
    assert rows(store, pattern) == []


def test_there_is_a_view_and_there_are_inferences(store: Store) -> None:
    for name in (GRAPH_CURRENT, GRAPH_INFERRED):
        assert len(list(store.quads_for_pattern(None, None, None, NamedNode(name)))) > 100


def test_no_triple_stands_in_two_graphs(store: Store) -> None:
    pattern = "GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h))"
    assert rows(store, pattern) == []


def test_no_blank_node_stands_outside_ontology_and_shapes(store: Store) -> None:
    pattern = """GRAPH ?g { ?s ?p ?o } FILTER(ISBLANK(?s) || ISBLANK(?o))
      FILTER(?g NOT IN (graph:ontology, graph:shapes))"""
    assert rows(store, pattern) == []


def test_each_article_has_at_least_25_claims(store: Store) -> None:
    found = store.query(
        f"{PREFIX} SELECT ?a (COUNT(?c) AS ?n) WHERE {{ ?c a ent:Claim ; ent:reportedIn ?a }} "
        "GROUP BY ?a",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, QuerySolutions)
    counts = {str(row["a"]): int(row["n"].value) for row in found}
    assert len(counts) >= 5
    assert {name: n for name, n in counts.items() if n < 25} == {}
