"""Fields of the API: claims, disagreements and totals as JSON objects.

Owns the names of their members. IRIs are whole; what things are called stands beside, once, in
`labels` of each answer.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from entente.logic.support import NO_SUPPORT, Support
from entente.query.claims import Claim
from entente.query.evidence import Corroboration, Disagreement, Page
from entente.query.evidence_totals import Commitment, Total
from entente.query.results import Iri, Literal, Term
from entente.query.support import Fact, fact_fields

Fields = dict[str, Any]
Supports = Mapping[Fact, Support]


def page_fields(page: Page, supports: Supports) -> Fields:
    """Give a page of claims."""
    return {
        "total": page.total,
        "offset": page.offset,
        "claims": [claim_fields(claim, supports) for claim in page.claims],
    }


def claim_fields(claim: Claim, supports: Supports) -> Fields:
    """Give one claim, and how its fact is supported; what it does not say is absent.

    Args:
        claim: the claim.
        supports: what supports the facts of its subject and its situation; a claim that the graph
            takes for no fact has no source, as it may be hoped, denied or withdrawn.
    """
    fields: Fields = {
        "id": claim.iri.value,
        "statement": claim.statement,
        "subject": _term(claim.subject),
        "predicate": _term(claim.predicate),
        "object": _term(claim.object),
        "describes": _term(claim.situation),
        "modality": _value(claim.modality),
        "negated": claim.negated,
        "status": _value(claim.status),
        "supportsFact": claim.supports,
        "article": _value(claim.article),
        "reportedOn": claim.reported_on,
        "articlePart": _value(claim.part),
        "saidBy": [speaker.value for speaker in claim.speakers],
        "originalSource": _value(claim.source),
        "evidence": [passage.iri.value for passage in claim.passages],
        "conflictsWith": [other.value for other in claim.conflicts_with],
        "corroborates": [other.value for other in claim.corroborates],
    }
    held = {name: value for name, value in fields.items() if value is not None}
    return held | _support(claim, supports)


def about(claims: Iterable[Claim]) -> set[str]:
    """Give the things whose facts some claims state or describe."""
    found = {claim.subject.value for claim in claims if isinstance(claim.subject, Iri)}
    return found | {claim.situation.value for claim in claims if claim.situation is not None}


def committed(totals: Iterable[Total]) -> set[str]:
    """Give the commitments that some totals name."""
    return {
        one.iri
        for total in totals
        for one in (
            *(one for members in total.groups for one in members),
            *(left for left, _ in total.left_out),
        )
    }


def _support(claim: Claim, supports: Supports) -> Fields:
    if claim.situation is not None:
        return situation_fields(claim.situation, supports)
    if claim.subject is None or claim.predicate is None or claim.object is None:
        return {}
    fact = (claim.subject, claim.predicate, claim.object)
    return fact_fields(fact, supports.get(fact, NO_SUPPORT))


def situation_fields(situation: Iri, supports: Supports) -> Fields:
    """Give the support of a situation: that of whatever its claims say of it."""
    found = (held for fact, held in supports.items() if fact[0] == situation and held.claims)
    best = max(found, key=lambda held: (held.sources, len(held.claims)), default=NO_SUPPORT)
    return {"sources": best.sources, "claimCount": len(best.claims)}


def disagreement_fields(found: Disagreement, supports: Supports) -> Fields:
    """Give one disagreement with the reading of each claim; only a recorded one has an `id`."""
    return {
        **({} if found.iri is None else {"id": found.iri.value}),
        "label": found.label,
        "kinds": [kind.value for kind in found.kinds],
        **({} if found.state is None else {"state": found.state.value}),
        "differsIn": [aspect.value for aspect in found.aspects],
        "notes": list(found.notes),
        "articles": sorted({claim.article.value for claim in found.claims if claim.article}),
        "readings": [claim_fields(claim, supports) for claim in found.claims],
    }


def corroboration_fields(found: Corroboration, supports: Supports) -> Fields:
    """Give one corroboration."""
    return {
        "independent": found.independent,
        "recorded": found.recorded,
        "outlets": list(found.outlets),
        "claims": [claim_fields(one, supports) for one in (found.claim, found.other)],
    }


def total_fields(total: Total, supports: Supports) -> Fields:
    """Give one total; amounts are decimal text, as binary fractions would not be exact."""
    return {
        "funder": total.funder,
        "currency": total.currency,
        "low": _amount(total.low),
        "high": _amount(total.high),
        "certain": total.low == total.high,
        "groups": [
            [_commitment(one, total.currency, supports) for one in members]
            for members in total.groups
        ],
        "leftOut": [
            {
                "id": one.iri,
                "statedIn": one.stated_in,
                "reason": reason,
                **situation_fields(Iri(one.iri), supports),
            }
            for one, reason in total.left_out
        ],
    }


def iris_in(fields: object) -> set[str]:
    """Gather all IRIs in an answer, to say what they are called."""
    if isinstance(fields, dict):
        return {iri for value in fields.values() for iri in iris_in(value)}
    if isinstance(fields, list):
        return {iri for value in fields for iri in iris_in(value)}
    text = fields if isinstance(fields, str) else ""
    return {text} if text.startswith(("http://", "https://")) and " " not in text else set()


def _commitment(one: Commitment, currency: str, supports: Supports) -> Fields:
    return {
        "id": one.iri,
        "amount": _amount(one.amounts[currency]),
        "statedIn": one.stated_in,
        "bound": one.bound,
        "reportedSince": one.since,
        **situation_fields(Iri(one.iri), supports),
    }


def _amount(value: Decimal) -> str:
    return f"{value:f}"


def _value(term: Iri | None) -> str | None:
    return None if term is None else term.value


def _term(term: Term | None) -> Fields | str | None:
    if isinstance(term, Iri):
        return term.value
    if isinstance(term, Literal):
        if term.language is not None:
            return {"value": term.value, "language": term.language}
        return {"value": term.value, "type": term.datatype}
    return None if term is None else str(term)
