"""One thing, as a page shows it: its facts, each with its claims, and what refers to it.

Owns the values that pages render and the joining of facts with the claims that support them. The
queries are `queries/pages/*.rq`. Must not know HTML or addresses: an IRI stays an IRI.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from entente.core.errors import NotFound
from entente.core.terms import GRAPH_INFERRED, RDF
from entente.query.claims import Claim, claims_by_role
from entente.query.labels import read_labels
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService

MOST_REFERENCES: Final = 500
"""How many references a page gets; the query asks for one more, to know whether there are."""

TYPE: Final = RDF + "type"


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple about the thing; `inferred` when only the closure holds it."""

    predicate: Iri
    object: Term
    graphs: tuple[str, ...]
    claims: tuple[Claim, ...]

    @property
    def inferred(self) -> bool:
        """Whether no graph but that of the closure holds it."""
        return self.graphs == (GRAPH_INFERRED,)


@dataclass(frozen=True, slots=True)
class Reference:
    """One triple with the thing as its object."""

    subject: Iri
    predicate: Iri
    graphs: tuple[str, ...]
    claims: tuple[Claim, ...]

    @property
    def inferred(self) -> bool:
        """Whether no graph but that of the closure holds it."""
        return self.graphs == (GRAPH_INFERRED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """All that a page shows of one thing.

    Attributes:
        facts: sorted by predicate and object, types included.
        references: sorted; the first `MOST_REFERENCES`, and `more_references` when there are more.
        describing: claims that support the thing as a whole, where it is a situation.
        reported: claims of the thing, where it is an article.
        other_claims: claims with the thing as subject or object that no triple shown here carries:
            hoped, alleged, negated, superseded or disputed ones, and older than the latest.
        labels: IRI to label, for each IRI that occurs in any of these and has one.
    """

    iri: Iri
    revision: int
    types: tuple[Iri, ...]
    facts: tuple[Fact, ...]
    references: tuple[Reference, ...]
    more_references: bool
    describing: tuple[Claim, ...]
    reported: tuple[Claim, ...]
    other_claims: tuple[Claim, ...]
    labels: Mapping[str, str]

    @property
    def label(self) -> str | None:
        """What the thing is called, if anything."""
        return self.labels.get(self.iri.value)


def read_entity(service: QueryService, iri: str) -> Entity:
    """Read all that a page shows of one thing, from one revision.

    Raises:
        NotFound: the graph says nothing about it.
        QueryRefused: this is not an absolute IRI.
        QueryError: a limit struck.
    """
    while True:
        revision = service.revision
        entity = _read(service, iri, revision)
        if service.revision == revision:
            return entity


def _read(service: QueryService, iri: str, revision: int) -> Entity:
    thing = Iri(iri)
    fact_rows = service.rows("pages/facts", it=thing)
    claim_rows = service.rows("pages/claims", it=thing)
    reference_rows = service.rows("pages/references", it=thing)
    if not (fact_rows or claim_rows or reference_rows):
        raise NotFound(f"the graph says nothing about <{iri}>")
    by_role = claims_by_role(claim_rows)
    as_subject, as_object = by_role.get("subject", ()), by_role.get("object", ())
    describing = by_role.get("describes", ())
    facts = _facts(fact_rows, as_subject)
    references = _references(reference_rows, as_object)
    shown = {claim.iri for claim in (*_supporting(facts, references), *describing)}
    entity = Entity(
        iri=thing,
        revision=revision,
        types=tuple(
            fact.object
            for fact in facts
            if fact.predicate.value == TYPE and isinstance(fact.object, Iri)
        ),
        facts=facts,
        references=references[:MOST_REFERENCES],
        more_references=len(reference_rows) > MOST_REFERENCES,
        describing=describing,
        reported=by_role.get("reportedIn", ()),
        other_claims=tuple(
            claim
            for claim in sorted({*as_subject, *as_object}, key=_by_iri)
            if claim.iri not in shown
        ),
        labels={},
    )
    return replace(entity, labels=read_labels(service, _iris_of(entity)))


def _facts(rows: list[Row], claims: tuple[Claim, ...]) -> tuple[Fact, ...]:
    supporting: defaultdict[tuple[Term | None, Term | None], list[Claim]] = defaultdict(list)
    for claim in claims:
        supporting[claim.predicate, claim.object].append(claim)
    graphs = _graphs(rows, "predicate", "object")
    return tuple(
        Fact(predicate, value, where, _held_by(supporting[predicate, value]))
        for (predicate, value), where in sorted(graphs.items(), key=_by_text)
        if isinstance(predicate, Iri)
    )


def _references(rows: list[Row], claims: tuple[Claim, ...]) -> tuple[Reference, ...]:
    supporting: defaultdict[tuple[Term | None, Term | None], list[Claim]] = defaultdict(list)
    for claim in claims:
        supporting[claim.predicate, claim.subject].append(claim)
    graphs = _graphs(rows, "predicate", "subject")
    return tuple(
        Reference(subject, predicate, where, _held_by(supporting[predicate, subject]))
        for (predicate, subject), where in sorted(graphs.items(), key=_by_text)
        if isinstance(predicate, Iri) and isinstance(subject, Iri)
    )


def _held_by(claims: list[Claim]) -> tuple[Claim, ...]:
    """Give the claims that make a triple a fact."""
    return tuple(claim for claim in claims if claim.supports)


def _supporting(facts: tuple[Fact, ...], references: tuple[Reference, ...]) -> tuple[Claim, ...]:
    """Give all claims that support one of the triples, some of them twice."""
    return (
        *(claim for fact in facts for claim in fact.claims),
        *(claim for reference in references for claim in reference.claims),
    )


def _graphs(rows: list[Row], *names: str) -> dict[tuple[Term, Term], tuple[str, ...]]:
    found: defaultdict[tuple[Term, Term], list[str]] = defaultdict(list)
    first, second = names
    for row in rows:
        found[row[first], row[second]].append(str(row["graph"]))
    return {pair: tuple(sorted(graphs)) for pair, graphs in found.items()}


def _iris_of(entity: Entity) -> set[str]:
    """Gather every IRI that the page may show."""
    terms: set[Term | None] = {entity.iri}
    for fact in entity.facts:
        terms |= {fact.predicate, fact.object}
    for reference in entity.references:
        terms |= {reference.predicate, reference.subject}
    claims = _supporting(entity.facts, entity.references)
    for claim in (*claims, *entity.describing, *entity.reported, *entity.other_claims):
        terms |= {claim.modality, claim.status, claim.article, claim.part, *claim.speakers}
        terms |= {claim.subject, claim.predicate, claim.object, claim.situation}
    iris = {term.value for term in terms if isinstance(term, Iri)}
    types = {term.datatype for term in terms if isinstance(term, Literal)}
    return iris - types


def _by_iri(claim: Claim) -> str:
    return claim.iri.value


def _by_text(item: tuple[tuple[object, object], object]) -> tuple[str, str]:
    (first, second), _ = item
    return str(first), str(second)
