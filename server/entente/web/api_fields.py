"""Fields of the API: claims, disagreements and totals as JSON objects.

Owns the names of their members. IRIs are whole; what things are called stands beside, once, in
`labels` of each answer.
"""

from decimal import Decimal
from typing import Any

from entente.query.claims import Claim
from entente.query.evidence import Corroboration, Disagreement, Page
from entente.query.evidence_totals import Commitment, Total
from entente.query.results import Iri, Literal, Term

Fields = dict[str, Any]


def page_fields(page: Page) -> Fields:
    """Give a page of claims."""
    return {
        "total": page.total,
        "offset": page.offset,
        "claims": [claim_fields(claim) for claim in page.claims],
    }


def claim_fields(claim: Claim) -> Fields:
    """Give one claim; what it does not say is absent."""
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
        "evidence": [passage.iri.value for passage in claim.passages],
    }
    return {name: value for name, value in fields.items() if value is not None}


def disagreement_fields(found: Disagreement) -> Fields:
    """Give one disagreement with the reading of each claim."""
    return {
        "id": found.iri.value,
        "label": found.label,
        "kinds": [kind.value for kind in found.kinds],
        "state": _value(found.state),
        "differsIn": [aspect.value for aspect in found.aspects],
        "notes": list(found.notes),
        "articles": sorted({claim.article.value for claim in found.claims if claim.article}),
        "readings": [claim_fields(claim) for claim in found.claims],
    }


def corroboration_fields(found: Corroboration) -> Fields:
    """Give one corroboration."""
    return {
        "independent": found.independent,
        "recorded": found.recorded,
        "outlets": list(found.outlets),
        "claims": [claim_fields(found.claim), claim_fields(found.other)],
    }


def total_fields(total: Total) -> Fields:
    """Give one total; amounts are decimal text, as binary fractions would not be exact."""
    return {
        "funder": total.funder,
        "currency": total.currency,
        "low": _amount(total.low),
        "high": _amount(total.high),
        "certain": total.low == total.high,
        "groups": [
            [_commitment(one, total.currency) for one in members] for members in total.groups
        ],
        "leftOut": [
            {"id": one.iri, "statedIn": one.stated_in, "reason": reason}
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


def _commitment(one: Commitment, currency: str) -> Fields:
    return {
        "id": one.iri,
        "amount": _amount(one.amounts[currency]),
        "statedIn": one.stated_in,
        "bound": one.bound,
        "reportedSince": one.since,
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
