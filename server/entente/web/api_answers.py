"""Answers of the API: what is asked for in every request, and how every answer leaves.

Owns format, entity tag, labels, links between pages, and the headers of Memento (RFC 7089): an
address with `asOf` is a memento; the one without is original and time gate, which Accept-Datetime
turns to a day. https://www.rfc-editor.org/rfc/rfc7089
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, render_template, request

from entente.core.media import GRAPHS, PAGE, Format
from entente.query.explain import Told
from entente.query.labels import read_labels
from entente.query.service import QueryService
from entente.web.answers import mark, tag_of, unchanged
from entente.web.api_fields import iris_in
from entente.web.api_parameters import read_day
from entente.web.headers import FOR_EVER
from entente.web.json_body import dump
from entente.web.mementos import day_of_header, http_date, is_over, link_original, memento_of
from entente.web.rendering import show_day
from entente.web.variants import choose_among

JSON: Final = Format(
    "json",
    "results",
    ("application/json", "application/ld+json", "text/json"),
    "json",
    charset=False,
)
PROV: Final = GRAPHS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What every request of the API says: format and day; `known` is the 304 where it fits."""

    format: Format
    as_of: str | None
    negotiated_day: bool
    address: str
    tag: str
    revision: int
    known: Response | None


def read_asked(service: QueryService, *offers: Format, named: Format | None = None) -> Asked:
    """Read what every request says.

    Args:
        service: knows the revision.
        offers: formats, the preferred first.
        named: the one that the address itself names.

    Raises:
        RequestRefused: a parameter is malformed.
        NotAcceptable: none of the offers is accepted.
    """
    offer = named or choose_among(*offers)
    as_of = read_day("asOf")
    negotiated = False
    if as_of is None and (wanted := request.headers.get("Accept-Datetime")):
        as_of, negotiated = day_of_header(wanted), True
    revision = service.revision
    fields = sorted(request.args.items(multi=True))
    tag = tag_of(revision, request.path, fields, as_of, offer.name)
    address = request.base_url + (f"?{urlencode(fields)}" if fields else "")
    known = unchanged(tag, revision)
    asked = Asked(
        format=offer,
        as_of=as_of,
        negotiated_day=negotiated,
        address=address,
        tag=tag,
        revision=revision,
        known=known,
    )
    if known is not None:
        _date(known, asked)
    return asked


def answer_fields(
    service: QueryService,
    asked: Asked,
    fields: Mapping[str, object],
    *,
    pages: tuple[int, int, int] | None = None,
) -> Response:
    """Answer with a JSON object, the labels of all that it names beside it.

    Args:
        service: knows the labels.
        asked: the request.
        fields: the members.
        pages: offset, limit and total, for links to the pages around.
    """
    labels = read_labels(service, iris_in(fields))
    head = {"revision": asked.revision, **({"asOf": asked.as_of} if asked.as_of else {})}
    body = dump({**head, **fields, "labels": labels})
    response = Response(body, content_type=JSON.content_type)
    mark(response, asked.tag, asked.revision)
    if pages is not None:
        _link_pages(response, *pages)
    return _date(response, asked)


def answer_evidence(
    service: QueryService,
    asked: Asked,
    fields: Mapping[str, Any],
    *,
    pages: tuple[int, int, int] | None = None,
) -> Response:
    """Answer with evidence: a JSON object, or a page with the same; see `answer_fields`."""
    if asked.format is not PAGE:
        return answer_fields(service, asked, fields, pages=pages)
    labels = read_labels(service, iris_in(fields))
    show_day(asked.as_of)
    body = render_template(
        "api_evidence.html",
        found=fields,
        labels=labels,
        around=_around(*pages) if pages is not None else {},
    )
    return answer_body(asked, body.encode(), content_type=PAGE.content_type, pages=pages)


def answer_body(
    asked: Asked,
    body: bytes,
    *,
    content_type: str,
    pages: tuple[int, int, int] | None = None,
    revision: int | None = None,
) -> Response:
    """Answer with a body that was made for the request; see `answer_fields`.

    Args:
        revision: that the body was made from, where it may differ from the one asked for.
    """
    response = Response(body, content_type=content_type)
    same = revision in (None, asked.revision)
    mark(response, asked.tag if same else None, asked.revision if same else revision or 0)
    if pages is not None:
        _link_pages(response, *pages)
    return _date(response, asked)


def answer_bytes(asked: Asked, told: Told, *, body: bytes | None = None) -> Response:
    """Answer with what the explainer told, or with a page made of it."""
    response = Response(told.body if body is None else body, content_type=asked.format.content_type)
    same = told.revision == asked.revision
    mark(response, asked.tag if same else None, told.revision)
    response.headers["Server-Timing"] = f"explain;dur={told.seconds * 1000:.1f}"
    return _date(response, asked)


def _date(response: Response, asked: Asked) -> Response:
    """Say which day the answer is of, and where other days are."""
    response.vary.add("Accept-Datetime")
    fields = [(k, v) for k, v in sorted(request.args.items(multi=True)) if k != "asOf"]
    original = request.base_url + (f"?{urlencode(fields)}" if fields else "")
    link_original(response, original)
    if asked.as_of is not None:
        response.headers["Memento-Datetime"] = http_date(asked.as_of)
        if not asked.negotiated_day and is_over(asked.as_of):
            response.headers["Cache-Control"] = FOR_EVER
        if asked.negotiated_day:
            response.headers["Content-Location"] = memento_of(original, asked.as_of)
    return response


def _link_pages(response: Response, offset: int, limit: int, total: int) -> None:
    for relation, search in _around(offset, limit, total).items():
        response.headers.add("Link", f'<{request.base_url}{search}>; rel="{relation}"')


def _around(offset: int, limit: int, total: int) -> dict[str, str]:
    """Give the search parts of the addresses of the pages around."""
    starts = {"first": 0}
    if offset:
        starts["prev"] = max(0, offset - limit)
    if limit and offset + limit < total:
        starts["next"] = offset + limit
    fields = [(k, v) for k, v in request.args.items(multi=True) if k not in ("offset", "limit")]
    return {
        relation: "?" + urlencode([*fields, ("limit", str(limit)), ("offset", str(start))])
        for relation, start in starts.items()
    }
