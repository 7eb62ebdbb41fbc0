"""What would vanish without a claim, against a graph that is built without it.

The rebuild goes its own way: the claim's quads are taken out of the asserted ones, and the stages
that the build and the writer share derive view and closure from what is left. Every claim is
compared with ENTENTE_LONG set, every 40th else.
"""

import os
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox
import pytest

from entente.core.terms import CLAIM, ENT, GRAPH_CURRENT, GRAPH_INFERRED, ID, RDF
from entente.logic.closure import materialise
from entente.logic.derivation import reasoned
from entente.logic.explanation import Evidence
from entente.logic.impact import Impacts
from entente.logic.known import asserted_in
from entente.logic.view import current_view

N = ox.NamedNode
EVERY = 1 if os.environ.get("ENTENTE_LONG") else 40


@pytest.fixture(scope="module")
def impacts(quads: list[ox.Quad]) -> Impacts:
    return Impacts(Evidence(quads))


def claims_in(quads: list[ox.Quad]) -> list[str]:
    return sorted(
        {
            quad.subject.value
            for quad in quads
            if quad.predicate == N(RDF + "type")
            and quad.object == N(ENT + "Claim")
            and isinstance(quad.subject, N)
        }
    )


def triples_of(quads: list[ox.Quad], graph: str) -> frozenset[ox.Triple]:
    return frozenset(quad.triple for quad in quads if quad.graph_name == N(graph))


@cache
def closure_of(asserted: frozenset[ox.Quad], view: frozenset[ox.Triple]) -> frozenset[ox.Triple]:
    return frozenset(materialise((*asserted, *view), engine="fast").inferred)


def rebuilt(quads: list[ox.Quad], claim: str) -> tuple[frozenset[ox.Triple], frozenset[ox.Triple]]:
    """Build the graph without a claim; views that are alike share their closure."""
    rest = [q for q in asserted_in(quads) if N(claim) not in (q.subject, q.object)]
    view = frozenset(current_view(rest).support)
    in_files = {quad.triple for quad in rest}
    return view, closure_of(frozenset(reasoned(rest)), view) - in_files


def differing(quads: list[ox.Quad], impacts: Impacts, claims: list[str]) -> Iterator[str]:
    view, inferred = triples_of(quads, GRAPH_CURRENT), triples_of(quads, GRAPH_INFERRED)
    for claim in claims:
        found = impacts.of(claim)
        assert found is not None
        told = (
            (view - set(found.view_lost)) | set(found.view_gained),
            (inferred - set(found.inferred_lost)) | set(found.inferred_gained),
        )
        if told != rebuilt(quads, claim):
            yield claim


def test_the_impact_of_a_claim_is_what_a_rebuild_without_it_shows(
    quads: list[ox.Quad], impacts: Impacts
) -> None:
    claims = claims_in(quads)
    assert len(claims) > 500
    assert list(differing(quads, impacts, claims[::EVERY])) == []


def test_a_latest_value_gives_way_to_the_one_before_it(quads: list[ox.Quad]) -> None:
    """Of two reports on one post the newer counts; without it, the older one does."""
    claims = ("2025-06-05-unn-025", "2025-07-18-newsaz-084", "2025-06-27-unn-018")
    later = {N(CLAIM + name) for name in claims_about_the_minister(quads) - set(claims[:1])}
    few = [q for q in quads if q.subject not in later and q.object not in later]
    newest = N(CLAIM + "undated-norway-015")
    few += [q for q in asserted_in(quads) if q.subject == newest]
    found = Impacts(Evidence(few)).of(newest.value)
    assert found is not None
    assert [str(triple.object) for triple in found.view_lost] == [
        str(N(ID + "person/denys-shmyhal"))
    ]
    assert [str(triple.object) for triple in found.view_gained] == [
        str(N(ID + "person/rustem-umerov"))
    ]


def claims_about_the_minister(quads: list[ox.Quad]) -> set[str]:
    post, subject = N(ID + "post/defence-minister-of-ukraine"), N(ENT + "subject")
    return {
        quad.subject.value.removeprefix(CLAIM)
        for quad in quads
        if quad.predicate == subject and quad.object == post and isinstance(quad.subject, N)
    }


def test_a_situation_that_only_one_claim_describes_is_named(impacts: Impacts) -> None:
    found = impacts.of(CLAIM + "undated-norway-072")
    assert found is not None
    assert found.undescribed == (ID + "commitment/norway-7bn-next-year",)


def test_what_is_no_claim_has_no_impact(impacts: Impacts) -> None:
    assert impacts.of(CLAIM + "no-such-claim") is None
    assert impacts.of(ID + "country/norway") is None
