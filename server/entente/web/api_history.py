"""The API about time: what became known between two days, and which days there are.

Owns the views of `/api/changes` and `/api/timemap` (RFC 7089, section 5). The differences are
worked out by the explainer. https://www.rfc-editor.org/rfc/rfc7089#section-5
"""

import json
from typing import Final

from flask import Blueprint, Response, request

from entente.core.media import TEXT, Format
from entente.query.explain import ExplainService
from entente.query.service import QueryService
from entente.web.addresses import Addresses
from entente.web.api_answers import (
    JSON,
    answer_bytes,
    answer_fields,
    read_asked,
)
from entente.web.api_parameters import read_day, required
from entente.web.incoming import client_left
from entente.web.mementos import days_of, http_date, memento_of
from entente.web.problems import wrong_parameter

PATCH: Final = Format(
    "patch", "graph", ("application/rdf-patch", "text/rdf-patch"), "rdfp", aliases=("rdf-patch",)
)
LINKS: Final = Format("links", "results", ("application/link-format",), "txt")


def history_blueprint(
    service: QueryService, why: ExplainService, addresses: Addresses
) -> Blueprint:
    """Make the views of the API about time."""
    blueprint = Blueprint("history", __name__)

    @blueprint.get("/api/changes")
    def changes() -> Response:
        asked = read_asked(service, JSON, PATCH, TEXT)
        start, end = read_day("from"), read_day("to")
        if start is None or end is None or start > end:
            detail = "from and to must be two days such as 2025-07-01, the earlier one first"
            raise wrong_parameter(detail)
        if asked.known is not None:
            return asked.known
        patch = asked.format is PATCH
        told = why.changes(start, end, patch=patch, cancelled=client_left())
        if patch:
            return answer_bytes(asked, told)
        fields = json.loads(told.body)
        if asked.format is TEXT:
            return answer_bytes(asked, told, body=_in_words(start, end, fields).encode())
        return answer_fields(service, asked, {"from": start, "to": end, **fields})

    @blueprint.get("/api/timemap")
    def timemap() -> Response:
        asked = read_asked(service, LINKS)
        original = required("uri")
        if not original.startswith(request.url_root):
            detail = f"uri is {original[:100]!r}; it must be an address of this host"
            raise wrong_parameter(detail)
        if asked.known is not None:
            return asked.known
        days = days_of(service, addresses, original.removeprefix(request.url_root))
        links = [f'<{original}>;rel="original timegate"']
        links.append(f'<{asked.address}>;rel="self";type="{LINKS.media_type}"')
        links += (
            f'<{memento_of(original, day)}>;rel="{_relation(place, len(days))}"'
            f';datetime="{http_date(day)}"'
            for place, day in enumerate(days)
        )
        response = Response(",\n".join(links) + "\n", content_type=LINKS.content_type)
        response.set_etag(asked.tag, weak=True)
        return response

    return blueprint


def _relation(place: int, count: int) -> str:
    first = "first " if place == 0 else ""
    last = "last " if place == count - 1 else ""
    return f"{first}{last}memento"


def _in_words(start: str, end: str, fields: dict[str, list[dict[str, str]]]) -> str:
    lines = [f"What became known after {start}, up to {end}:"]
    marks = {"new": "+", "gone": "-"}
    lines += (f"{marks[fact['change']]} {fact['text']}" for fact in fields["facts"])
    return "\n".join(lines) + "\n"
