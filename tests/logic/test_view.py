"""The current view: which claims give a triple, and which of several wins."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from entente.core.terms import ENT, ID, VOC
from entente.logic.view import View, current_view

HEAD = """\
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/entente/> .
<graph/ontology> {
  ent:all ent:viewPolicy <vocab/view-policy/all> .
  ent:newest ent:viewPolicy <vocab/view-policy/latest> .
  <vocab/modality/stated> ent:entersView true .
  <vocab/modality/hoped> ent:entersView false .
  <id/time/early> ent:latest "2025-01-05"^^xsd:date .
  <id/time/open> ent:earliest "2025-01-06"^^xsd:date .
  <id/time/late> ent:latest "2031-01-01"^^xsd:date .
  <article/undated> ent:notBefore "2025-06-01"^^xsd:date .
}
"""


def claim(name: str, value: str, *, predicate: str = "newest", **fields: str) -> str:
    held = {
        "modality": "<vocab/modality/stated>",
        "curationStatus": "<vocab/curation-status/accepted>",
        "reportedOn": '"2025-01-10"^^xsd:date',
        **fields,
    }
    more = "".join(f"; ent:{key} {term} " for key, term in held.items() if term)
    return (
        f"<graph/article/a> {{ <claim/{name}> a ent:Claim ; ent:subject <id/thing/s> ; "
        f"ent:predicate ent:{predicate} ; ent:object <id/thing/{value}> {more} . }}\n"
    )


def view(*claims: str, as_of: date | None = None) -> View:
    return current_view(parse(HEAD + "".join(claims), format=RdfFormat.TRIG), as_of=as_of)


def values(found: View) -> list[str]:
    return [triple.object.value.removeprefix(f"{ID}thing/") for triple in found.support]  # type: ignore[union-attr]  # IRIs


def test_an_accepted_stated_claim_gives_its_triple_and_supports_it() -> None:
    found = view(claim("1", "a"), claim("2", "a", reportedOn='"2025-01-10"^^xsd:date'))
    node = Triple(NamedNode(ID + "thing/s"), NamedNode(ENT + "newest"), NamedNode(ID + "thing/a"))
    names = ("https://w3id.org/entente/claim/1", "https://w3id.org/entente/claim/2")
    assert found.support == {node: names}
    assert found.ties == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"modality": "<vocab/modality/hoped>"},
        {"negated": "true"},
        {"curationStatus": "<vocab/curation-status/disputed>"},
        {"curationStatus": ""},
        {"modality": ""},
        {"predicate": "other"},
    ],
)
def test_other_claims_give_nothing(fields: dict[str, str]) -> None:
    assert values(view(claim("1", "a", **fields))) == []


def test_all_values_of_a_property_with_the_policy_all_stay() -> None:
    early = '"2020-01-01"^^xsd:date'
    found = view(
        claim("1", "a", predicate="all", reportedOn=early), claim("2", "b", predicate="all")
    )
    assert values(found) == ["a", "b"]


def test_the_latest_report_wins() -> None:
    assert values(view(claim("1", "a", reportedOn='"2025-01-09"^^xsd:date'), claim("2", "b"))) == [
        "b"
    ]


def test_the_time_of_saying_counts_before_the_report() -> None:
    said_early = claim("1", "a", reportedOn='"2025-01-20"^^xsd:date', saidOn="<id/time/early>")
    assert values(view(said_early, claim("2", "b"))) == ["b"]
    assert values(view(said_early, claim("2", "b", saidOn="<id/time/open>"))) == ["b"]


def test_nothing_is_said_after_it_was_reported() -> None:
    found = view(
        claim("1", "a", saidOn="<id/time/late>"),
        claim("2", "b", reportedOn='"2025-01-11"^^xsd:date'),
    )
    assert values(found) == ["b"]


def test_an_undated_article_counts_from_its_earliest_day() -> None:
    found = view(claim("1", "a", reportedOn="", reportedIn="<article/undated>"), claim("2", "b"))
    assert values(found) == ["a"]


def test_a_tie_keeps_both_and_is_told() -> None:
    found = view(claim("1", "a"), claim("2", "b"))
    assert values(found) == ["a", "b"]
    (tie,) = found.ties
    assert tie.claims == ("https://w3id.org/entente/claim/1", "https://w3id.org/entente/claim/2")


def test_a_superseded_claim_is_out_as_long_as_its_successor_is_in() -> None:
    old, new = claim("1", "a", predicate="all"), claim("2", "b", predicate="all")
    by_two = "<graph/curation> { <claim/2> ent:supersedes <claim/1> . }"
    assert values(view(old, new, by_two)) == ["b"]
    retracted = claim("2", "b", predicate="all", curationStatus="<vocab/curation-status/retracted>")
    assert values(view(old, retracted, by_two)) == ["a"]


def test_a_status_in_the_curation_graph_overrules_the_article() -> None:
    later = f"<graph/curation> {{ <claim/1> ent:curationStatus <{VOC}curation-status/disputed> . }}"
    assert values(view(claim("1", "a"), later)) == []


def test_as_of_counts_what_was_reported_by_then() -> None:
    claims = (claim("1", "a", reportedOn='"2025-01-01"^^xsd:date'), claim("2", "b"))
    assert values(view(*claims, as_of=date(2025, 1, 9))) == ["a"]
    assert values(view(*claims, as_of=date(2025, 1, 10))) == ["b"]
    assert values(view(*claims, as_of=date(2024, 1, 1))) == []


def test_as_of_leaves_out_an_undated_article_before_its_earliest_day() -> None:
    undated = claim("1", "a", reportedOn="", reportedIn="<article/undated>")
    assert values(view(undated, as_of=date(2025, 5, 31))) == []
    assert values(view(undated, as_of=date(2025, 6, 1))) == ["a"]


def test_a_later_successor_does_not_take_an_older_claim_out_of_the_past() -> None:
    old = claim("1", "a", predicate="all", reportedOn='"2025-01-01"^^xsd:date')
    by_two = "<graph/curation> { <claim/2> ent:supersedes <claim/1> . }"
    new = claim("2", "b", predicate="all")
    assert values(view(old, new, by_two, as_of=date(2025, 1, 5))) == ["a"]


def test_a_literal_keeps_its_form() -> None:
    text = claim("1", "a", predicate="all").replace("<id/thing/a>", '"0.50"^^xsd:decimal')
    (triple,) = view(text).support
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert triple.object == Literal("0.50", datatype=decimal)
