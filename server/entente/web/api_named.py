"""The API of named queries: each file of `queries/api` is an endpoint of its own.

Owns the views `/api/{name}` and `/api/{name}.{format}`: lists, whose JSON holds things as JSON-LD,
and questions, whose JSON holds rows. Adding a file adds an endpoint: none is known by name here.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, request

from entente.core.errors import NotFound
from entente.core.media import PAGE, by_name
from entente.core.places import project_root
from entente.core.settings import Settings
from entente.logic.endpoint import Endpoint
from entente.query.asof import Past
from entente.query.listed import Listing
from entente.query.named import Rows, find_rows, read_endpoints
from entente.query.results import Row
from entente.query.service import QueryService
from entente.web.api_answers import answer_body, read_asked
from entente.web.json_body import JSON, dump
from entente.web.jsonld import CONTEXT, NAMESPACE
from entente.web.named_answers import (
    CSV,
    JSONLD,
    OFFERS,
    SHEET,
    SPARQL_JSON,
    as_csv,
    as_json,
    as_jsonld,
    as_sparql_json,
    with_labels,
)
from entente.web.named_columns import with_columns
from entente.web.named_operations import operations_of
from entente.web.named_page import page_of
from entente.web.named_request import Exchange, Question, read_question
from entente.web.operations import declare_late

LANGUAGE: Final = "en"


def named_blueprint(service: QueryService, settings: Settings, *, past: Past) -> Blueprint:
    """Make the views of all named queries.

    Raises:
        SourceError: the header of one is malformed.
    """
    blueprint = Blueprint("named", __name__)
    named = NamedApi(service, past, base=settings.public_base)
    for endpoint in named.endpoints:
        view = partial(named.answer, endpoint)
        blueprint.add_url_rule(f"/api/{endpoint.name}", endpoint.name, view)
        suffixed = f"/api/{endpoint.name}.<extension>"
        blueprint.add_url_rule(suffixed, f"{endpoint.name}_suffix", view)
    declare_late(blueprint, lambda: operations_of(service, named.endpoints, named.listing.context))
    return blueprint


class NamedApi:
    """The endpoints of one query library.

    Args:
        service: of the present.
        past: gives services of days.
        base: IRI under which the columns of tables are named.
    """

    def __init__(self, service: QueryService, past: Past, *, base: str) -> None:
        self._service = service
        self._past = past
        self._base = base
        self.endpoints: Final = read_endpoints(service.library)
        path = project_root() / "ontology" / "context.jsonld"
        self.listing: Final = Listing(json.loads(path.read_bytes())["@context"])

    def answer(self, endpoint: Endpoint, extension: str = "") -> Response:
        """Answer the current request to an endpoint."""
        named = by_name(extension, OFFERS) if extension else None
        if extension and (named is None or extension != named.extension):
            raise NotFound(f"no format has the suffix {extension[:20]!r}")
        asked = read_asked(self._service, *OFFERS, named=named)
        terms = self.listing.terms if endpoint.items is not None else frozenset()
        whole = asked.format is not PAGE
        question = read_question(self._service, endpoint, terms=terms, whole=whole)
        if asked.known is not None:
            return asked.known
        source = self._service if asked.as_of is None else self._past.at(asked.as_of)
        exchange = Exchange(
            endpoint=endpoint,
            question=question,
            asked=asked,
            source=source,
            found=_find(source, endpoint, question),
        )
        response = answer_body(
            asked,
            self._body(exchange),
            content_type=asked.format.content_type,
            pages=(question.offset, question.limit, exchange.found.total),
            revision=exchange.found.revision,
        )
        _complete(response, exchange)
        return response

    def _body(self, of: Exchange) -> bytes:
        endpoint, question, form = of.endpoint, of.question, of.asked.format
        if endpoint.items is not None and form in (JSON, JSONLD):
            return self._items(of, endpoint.items)
        columns = tuple(one for one in endpoint.columns if one in question.fields) or tuple(
            endpoint.columns
        )
        rows: list[Row] = list(of.found.rows)
        language = question.language or (LANGUAGE if form is PAGE else None)
        if language is not None:
            rows, columns = with_labels(
                of.source, rows, columns, things=endpoint.things, language=language
            )
        if form is PAGE:
            return page_of(self._service, of, rows, columns)
        if form in (CSV, SHEET):
            return as_csv(rows, columns, safe=form is SHEET)
        if form is SPARQL_JSON:
            return as_sparql_json(rows, columns)
        if form is JSONLD:
            return as_jsonld(rows, columns, table=f"{self._base}api/{endpoint.name}")
        return as_json(_head(of), rows, columns)

    def _items(self, of: Exchange, column: str) -> bytes:
        question, rows = of.question, of.found.rows
        iris = [str(row[column]) for row in rows]
        items = self.listing.items(of.source, iris, fields=question.fields)
        whole = of.asked.format is JSONLD
        context: object = self.listing.part_for(items) if whole else _here(CONTEXT)
        columns = [name for name in question.fields if name in of.endpoint.columns]
        items, nothing = with_columns(items, rows, columns)
        fields: dict[str, Any] = {
            # items is @graph under another name; page, labels and columns say nothing in RDF
            "@context": [context, {"items": "@graph", "page": None, "labels": None, **nothing}],
            **_head(of),
            "items": items,
        }
        if question.language is not None:
            fields["labels"] = self.listing.labels(of.source, items, language=question.language)
        return dump(fields)


def _find(source: QueryService, endpoint: Endpoint, question: Question) -> Rows:
    if not question.answers(endpoint):
        return Rows((), 0, source.revision)  # a form that nobody has filled in
    return find_rows(
        source,
        endpoint,
        question.values,
        order=question.order,
        limit=question.limit,
        offset=question.offset,
    )


def _complete(response: Response, of: Exchange) -> None:
    """Add what the headers tell: other formats, the context, what was ignored, a file's name."""
    endpoint, form, ignored = of.endpoint, of.asked.format, of.question.ignored
    response.vary.add("Prefer")
    for offer in OFFERS:
        if offer is not form:
            address = _here(f"/api/{endpoint.name}.{offer.extension}") + _search()
            link = f'<{address}>; rel="alternate"; type="{offer.media_type}"'
            response.headers.add("Link", link)
    if endpoint.items is not None and form in (JSON, JSONLD):
        link = f'<{_here(CONTEXT)}>; rel="{NAMESPACE}context"; type="{JSONLD.media_type}"'
        response.headers.add("Link", link)
    if ignored:
        names = ", ".join(name.encode("ascii", "replace").decode() for name in ignored)
        response.headers["X-Ignored-Parameters"] = " ".join(names.split())[:500]
    if form in (CSV, SHEET):
        response.headers["Content-Disposition"] = f'attachment; filename="{endpoint.name}.csv"'


def _head(of: Exchange) -> dict[str, Mapping[str, Any]]:
    question, as_of = of.question, of.asked.as_of
    page: dict[str, Any] = {
        "revision": of.found.revision,
        **({"asOf": as_of} if as_of else {}),
        "total": of.found.total,
        "limit": question.limit,
        "offset": question.offset,
        "parameters": {
            name: [str(term) for term in terms] for name, terms in question.values.items()
        },
        **({"ignored": list(question.ignored)} if question.ignored else {}),
    }
    return {"page": page}


def _here(path: str) -> str:
    return request.url_root.rstrip("/") + path


def _search() -> str:
    left = [pair for pair in request.query_string.decode("ascii", "replace").split("&") if pair]
    kept = [pair for pair in left if not pair.startswith("format=")]
    return "?" + "&".join(kept) if kept else ""
