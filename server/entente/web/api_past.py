"""Days on the endpoint: which service answers a query that asks for the knowledge of a day.

Owns the reading of `asOf` and Accept-Datetime beside a query, and the headers of Memento on its
answer. Without either nothing changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Response, request

from entente.query.asof import Past
from entente.query.service import QueryService
from entente.web.api_parameters import read_day_text
from entente.web.fields import require_at_most_one
from entente.web.headers import FOR_EVER
from entente.web.mementos import day_of_header, http_date, is_over, link_original, memento_of


@dataclass(frozen=True, slots=True)
class Dated:
    """The service that answers, and the day it knows; `None` is the present."""

    service: QueryService
    day: str | None

    def tag(self, tag: str | None) -> str | None:
        """Tell the answers of days apart."""
        return tag if tag is None or self.day is None else f"{tag}-{self.day}"

    def mark(self, response: Response) -> Response:
        """Say which day the answer is of, and where the original is."""
        response.vary.add("Accept-Datetime")
        if self.day is None:
            return response
        fields = [(k, v) for k, v in request.args.items(multi=True) if k != "asOf"]
        original = request.base_url + (f"?{urlencode(fields, quote_via=quote)}" if fields else "")
        response.headers["Memento-Datetime"] = http_date(self.day)
        link_original(response, original)
        lasting = is_over(self.day) and "ETag" in response.headers  # neither NOW() nor an error
        if lasting and request.args.get("asOf") and response.status_code < 400:
            response.headers["Cache-Control"] = FOR_EVER
        if request.method != "POST" and not request.args.get("asOf"):
            response.headers["Content-Location"] = memento_of(original, self.day)
        return response


def turn(service: QueryService, past: Past, fields: Iterable[tuple[str, str]]) -> Dated:
    """Choose the service for a query.

    Args:
        service: that of the present.
        past: gives those of days.
        fields: all fields of the request, from the address and the form.

    Raises:
        RequestRefused: the day is malformed, or given twice.
    """
    asked = require_at_most_one([v for k, v in fields if k == "asOf" and v.strip()], "asOf")
    header = request.headers.get("Accept-Datetime")
    day = read_day_text(asked, "asOf") if asked else day_of_header(header) if header else None
    return Dated(service if day is None else past.at(day), day)
