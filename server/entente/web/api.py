"""The API about evidence: why something holds, who says so, and where reports disagree.

Owns the views of `/api/explain`, `/api/claims`, `/api/contradictions`, `/api/corroborations` and
`/api/totals`. Nothing is proved or searched here: see `entente.query.explain` and
`entente.query.evidence`. All take `asOf` (or Accept-Datetime): the graph of that day answers.
"""

import json
from typing import Any

from flask import Blueprint, Response, render_template

from entente.core.errors import NotFound
from entente.core.media import PAGE
from entente.core.settings import Settings
from entente.core.terms import shorten
from entente.query.asof import Past
from entente.query.evidence import day, find_claims, find_corroborations, find_disagreements
from entente.query.evidence_totals import find_totals
from entente.query.explain import ExplainService, Statement
from entente.query.results import Term
from entente.query.service import QueryService
from entente.query.support import read_support
from entente.web.addresses import Addresses
from entente.web.api_answers import JSON, PROV, Asked, answer_bytes, answer_evidence, read_asked
from entente.web.api_fields import (
    about,
    committed,
    corroboration_fields,
    disagreement_fields,
    page_fields,
    total_fields,
)
from entente.web.api_history import history_blueprint
from entente.web.api_operations import OPERATIONS
from entente.web.api_parameters import (
    MOST_CLAIMS,
    given,
    read_count,
    read_day,
    read_iri,
    read_iris,
    read_term,
    required,
)
from entente.web.api_schemas import SCHEMAS
from entente.web.incoming import client_left
from entente.web.operations import declare
from entente.web.problems import RequestRefused, problem
from entente.web.rendering import show_day
from entente.web.standbys import leave

FILTERS = ("subject", "predicate", "situation", "article", "speaker", "modality", "status")


def api_blueprint(service: QueryService, settings: Settings, past: Past) -> Blueprint:
    """Make the views of the API about evidence, those about time among them.

    Args:
        service: that of the present.
        settings: limits of the explainer, and the public base.
        past: gives the services of days.
    """
    blueprint = Blueprint("api", __name__)
    why = ExplainService(service, settings)
    blueprint.register_blueprint(history_blueprint(service, why, Addresses(settings.public_base)))
    declare(blueprint, *OPERATIONS, schemas=SCHEMAS)
    leave(blueprint, why.standby)

    def seen(asked: Asked) -> QueryService:
        """Give the service that knows what was known on the day."""
        return service if asked.as_of is None else past.at(asked.as_of)

    @blueprint.get("/api/explain")
    def explain() -> Response:
        asked = read_asked(service, JSON, PAGE, PROV)
        if asked.known is not None:
            return asked.known
        if given("claim") is not None:
            return _impact(why, asked)
        return _explain(why, asked)

    @blueprint.get("/api/claims")
    def claims() -> Response:
        asked = read_asked(service, JSON, PAGE)
        if asked.known is not None:
            return asked.known
        limit = read_count("limit", default=50, most=MOST_CLAIMS)
        offset = read_count("offset", default=0, most=10**9)
        known = seen(asked)
        page = find_claims(known, _claim_filter(), limit=limit, offset=offset)
        supports = read_support(known, about(page.claims))
        fields = {"limit": limit, **page_fields(page, supports)}
        return answer_evidence(known, asked, fields, pages=(offset, limit, page.total))

    @blueprint.get("/api/contradictions")
    def contradictions() -> Response:
        asked = read_asked(service, JSON, PAGE)
        if asked.known is not None:
            return asked.known
        wanted = read_iris("kind", "state", "claim")
        known = seen(asked)
        found = find_disagreements(known, wanted)
        ranges = [one for one in find_totals(known, {}) if one.low != one.high]
        things = about(claim for one in found for claim in one.claims)
        supports = read_support(known, things | committed(ranges))
        fields = {
            "contradictions": [disagreement_fields(one, supports) for one in found],
            "totals": [total_fields(total, supports) for total in ranges],
        }
        return answer_evidence(known, asked, fields)

    @blueprint.get("/api/corroborations")
    def corroborations() -> Response:
        asked = read_asked(service, JSON, PAGE)
        if asked.known is not None:
            return asked.known
        known = seen(asked)
        found = find_corroborations(known)
        supports = read_support(
            known, about(claim for one in found for claim in (one.claim, one.other))
        )
        fields = {"corroborations": [corroboration_fields(one, supports) for one in found]}
        return answer_evidence(known, asked, fields)

    @blueprint.get("/api/totals")
    def totals() -> Response:
        asked = read_asked(service, JSON, PAGE)
        if asked.known is not None:
            return asked.known
        wanted, currency = read_iris("funder", "recipient"), given("currency")
        known = seen(asked)
        found = find_totals(known, wanted, currency=currency)
        supports = read_support(known, committed(found))
        return answer_evidence(
            known, asked, {"totals": [total_fields(one, supports) for one in found]}
        )

    return blueprint


def _explain(why: ExplainService, asked: Asked) -> Response:
    statement: Statement = (
        read_iri(required("subject"), "subject"),
        read_iri(required("predicate"), "predicate"),
        read_term(required("object"), "object"),
    )
    document = asked.address if asked.format is PROV else None
    told = why.explain(statement, as_of=asked.as_of, document=document, cancelled=client_left())
    if asked.format is not PAGE and told.body:
        return answer_bytes(asked, told)
    if not told.body:
        subject, predicate, object_ = (shorten(str(term)) for term in statement)
        raise NotFound(f"{subject} {predicate} {object_} does not hold: there is no proof")
    fields: dict[str, Any] = json.loads(told.body)
    show_day(asked.as_of)
    body = render_template("api_explain.html", why=fields)
    return answer_bytes(asked, told, body=body.encode())


def _impact(why: ExplainService, asked: Asked) -> Response:
    if asked.format is PROV:
        raise RequestRefused(
            problem("not-acceptable", "what rests on a claim is told as JSON or as a page")
        )
    claim = read_iri(required("claim"), "claim")
    told = why.impact(claim.value, as_of=asked.as_of, cancelled=client_left())
    fields = json.loads(told.body)
    if fields is None:
        raise NotFound(f"{shorten(claim.value)} is no claim of the graph")
    if asked.format is PAGE:
        show_day(asked.as_of)
        body = render_template("api_impact.html", impact=fields)
        return answer_bytes(asked, told, body=body.encode())
    return answer_bytes(asked, told)


def _claim_filter() -> dict[str, Term]:
    wanted = read_iris(*FILTERS)
    value = given("object")
    if value is not None:
        wanted["object"] = read_term(value, "object")
    for name in ("after", "before"):
        when = read_day(name)
        if when is not None:
            wanted[name] = day(when)
    return wanted
