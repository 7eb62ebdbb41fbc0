"""The overview: `/api` for people, `/api/openapi.json` for programs.

Owns both views. Both are made of the operations that the application declared.
"""

from collections import defaultdict
from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from entente.core.media import PAGE, Format
from entente.query.service import QueryService
from entente.web import openapi_protocols
from entente.web.answers import mark, tag_of, unchanged
from entente.web.json_body import dump
from entente.web.openapi import make_document, tags_of
from entente.web.openapi_schemas import COMMON_SCHEMAS
from entente.web.operations import Operation, all_of, declare, declared_in
from entente.web.variants import choose_among

DOCUMENT: Final = Format(
    "json",
    "results",
    ("application/json", "application/vnd.oai.openapi+json", "text/json"),
    "json",
    charset=False,
    aliases=("openapi",),
)
HOME: Final = "/api"
ADDRESS: Final = "/api/openapi.json"
SUFFIX: Final = ".{suffix}"
DESCRIBED: Final = frozenset({"/", HOME, "/sparql", "/update", "/graphs"})
OPERATIONS: Final = (
    Operation(
        path=HOME,
        summary="The overview of the interface for people",
        description="A page; programs that prefer JSON get the OpenAPI document.",
        tag="About",
        formats=("html", "json"),
        answers={PAGE.media_type: {"type": "string"}, "application/json": {"type": "object"}},
    ),
    Operation(
        path=ADDRESS,
        summary="This document",
        tag="About",
        answers={"application/json": {"type": "object", "required": ["openapi", "paths"]}},
    ),
)


def overview_blueprint(service: QueryService) -> Blueprint:
    """Make the views of the overview and of the OpenAPI document."""
    blueprint = Blueprint("overview", __name__)
    declare(blueprint, *OPERATIONS, schemas=COMMON_SCHEMAS)
    declare(blueprint, *openapi_protocols.OPERATIONS, schemas=openapi_protocols.SCHEMAS)

    @blueprint.get(HOME)
    @blueprint.get(f"{HOME}/", endpoint="slash")
    def overview() -> Response:
        return _answer(service, PAGE, DOCUMENT)

    @blueprint.get(ADDRESS)
    def document() -> Response:
        return _answer(service, DOCUMENT)

    @blueprint.after_app_request
    def point_to_document(response: Response) -> Response:
        if request.path in DESCRIBED or request.path.startswith(f"{HOME}/"):
            address = request.url_root.rstrip("/") + ADDRESS
            response.headers.add(
                "Link", f'<{address}>; rel="service-desc"; type="{DOCUMENT.media_type}"'
            )
        return response

    return blueprint


def _answer(service: QueryService, *offers: Format) -> Response:
    offer = choose_among(*offers)
    revision = service.revision
    tag = tag_of(revision, "overview", request.url_root, offer.name)
    known = unchanged(tag, revision)
    if known is not None:
        return known
    if offer is PAGE:
        body = render_template("api.html", groups=_groups(), document=ADDRESS, try_out=try_out)
        response = Response(body, content_type=PAGE.content_type)
    else:
        response = Response(_document(), content_type=DOCUMENT.content_type)
    mark(response, tag, revision)
    return response


def try_out(operation: Operation) -> str | None:
    """Give the address of an operation's form, or its own where nothing has to be asked."""
    if operation.page:
        return f"{operation.path}.html"
    asked = operation.parameters or operation.method != "get" or "{" in operation.path
    return None if asked else operation.path


def _document() -> bytes:
    declared = all_of(declared_in(current_app))
    return dump(make_document(declared, root=request.url_root.rstrip("/")))


def _groups() -> list[tuple[dict[str, str], list[Operation]]]:
    """Give the groups in the order of the document, each with its operations."""
    declared = all_of(declared_in(current_app))
    held: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in declared.operations:
        if not operation.path.endswith(SUFFIX):  # the same under another spelling
            held[operation.tag].append(operation)
    tags = tags_of(declared.operations)
    return [(tag, sorted(held[tag["name"]], key=lambda one: one.path)) for tag in tags]
