"""OpenAPI: the document of the whole interface, made of the operations that were declared.

Owns the shape of the document and what all operations share: problems, 304, preconditions, the
parameter `format`, days of the past, the token. Nothing is written down twice: statuses come from
the table of problems, paths and parameters from the operations.
https://spec.openapis.org/oas/v3.1.1
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

import entente
from entente.core.media import GRAPHS
from entente.web.openapi_schemas import PROBLEM_SCHEMA, TAGS
from entente.web.operations import DAY, TEXT, Declared, Operation, Parameter, Schema, ref
from entente.web.problem_kinds import KINDS
from entente.web.problems import PROBLEM_TYPE

OPENAPI: Final = "3.1.1"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
COMMON: Final = (
    "parameter",
    "not-acceptable",
    "uri-too-long",
    "too-many",
    "internal",
    "limit",
    "unavailable",
    "cancelled",
    "storage",
)
BODY: Final = ("too-large", "media-type")
REPORTED: Final = "write-refused"  # answered with the SHACL report where the client reads RDF
HOLDER: Final = ("token", "scope")
SCHEME: Final = "token"
AS_OF: Final = Parameter(
    name="asOf",
    description="Answer from what was reported by this day.",
    schema=DAY,
    example="2025-07-31",
)
ACCEPT_DATETIME: Final = Parameter(
    name="Accept-Datetime",
    description="The same wish as asOf, in Memento's way (RFC 7089): an HTTP date.",
    schema={
        "type": "string",
        "pattern": "^$|^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (0[1-9]|1[0-9]|2[0-9]|3[01]) "
        "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20[0-9]{2} "
        "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] GMT$",
    },
    place="header",
    example="Thu, 31 Jul 2025 23:59:59 GMT",
)
IF_NONE_MATCH: Final = Parameter(
    name="If-None-Match",
    description="Entity tags that the client holds; 304 where one is still right.",
    place="header",
)
HEADERS: Final[Mapping[str, Schema]] = {
    "ETag": {
        "description": "Of revision, question, format and day; weak.",
        "schema": {"type": "string"},
    },
    "X-Dataset-Revision": {
        "description": "Number of the revision that the answer comes from.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
}
DESCRIPTION: Final = (
    "Who agreed what with whom, where it is to be built, for how much, by when, and which article "
    "says so. Every answer is of one revision of the graph (X-Dataset-Revision, ETag); asOf asks "
    "for the knowledge of a day; errors are problems (RFC 9457). Parameters that an operation does "
    "not know are ignored; lists and named queries say which (member `ignored`, header "
    "X-Ignored-Parameters) and refuse them under `Prefer: handling=strict`."
)


def make_document(declared: Declared, *, root: str) -> dict[str, Any]:
    """Make the OpenAPI document.

    Args:
        declared: the operations of an application.
        root: its address as the client sees it, without final slash.
    """
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for operation in declared.operations:
        paths[operation.path][operation.method] = _operation(operation)
    return {
        "openapi": OPENAPI,
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Entente",
            "version": entente.__version__,
            "summary": "Evidence graph of Europe–Ukraine defence-industrial cooperation",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0 (code)", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root}],
        "tags": tags_of(declared.operations),
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **dict(sorted(declared.schemas.items()))},
            "headers": dict(HEADERS),
            "responses": _problems(declared.operations),
            "parameters": {
                "asOf": _parameter(AS_OF),
                "acceptDatetime": _parameter(ACCEPT_DATETIME),
                "ifNoneMatch": _parameter(IF_NONE_MATCH),
            },
            "securitySchemes": {
                SCHEME: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token of this server; its keeper hands them out.",
                }
            },
        },
        "externalDocs": {"description": "What each problem means", "url": f"{root}/problems"},
    }


def tags_of(operations: Iterable[Operation]) -> list[dict[str, str]]:
    """Give the groups of some operations in their order, with descriptions where there are any."""
    used = {operation.tag for operation in operations}
    return [
        {"name": name, **({"description": TAGS[name]} if name in TAGS else {})}
        for name in sorted(used, key=lambda name: (_place(name), name))
    ]


def _place(tag: str) -> int:
    return list(TAGS).index(tag) if tag in TAGS else len(TAGS)


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name or _name(operation),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_parameters(operation)],
        "responses": _responses(operation),
    }
    if operation.description:
        found["description"] = operation.description
    if operation.body:
        found["requestBody"] = {
            "required": operation.body_required,
            "content": {name: {"schema": schema} for name, schema in operation.body.items()},
        }
    if operation.scope is not None:
        found["security"] = [{SCHEME: []}]
    return found


def _name(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "/").split("/")
    return "-".join((operation.method, *(word for word in words if word)))


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for parameter in operation.parameters:
        yield _parameter(parameter)
    if operation.formats:
        yield _parameter(
            Parameter(
                name="format",
                description="The format of the answer; it comes before Accept.",
                schema={"type": "string", "enum": [*operation.formats]},
            )
        )
    if operation.dated:
        yield ref_to("parameters", "asOf")
        yield ref_to("parameters", "acceptDatetime")
    if operation.cached and operation.method == "get":
        yield ref_to("parameters", "ifNoneMatch")


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = parameter.schema
    if parameter.required and schema == TEXT:
        schema = {**schema, "minLength": 1, "pattern": r"\S"}  # an empty value is none
    if not parameter.required and schema == DAY:
        schema = {"anyOf": [schema, {"type": "string", "maxLength": 0}]}
    if parameter.many:
        schema = {"type": "array", "items": schema}
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required or parameter.place == "path",
        "schema": schema,
    }
    if parameter.example is not None:
        found["example"] = [parameter.example] if parameter.many else parameter.example
    return found


def _responses(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {
        name: {"schema": schema} if schema else {} for name, schema in operation.answers.items()
    }
    if operation.examples:
        shown = {name: {"value": value} for name, value in operation.examples.items()}
        content[next(iter(content))]["examples"] = shown
    good: dict[str, Any] = {"description": operation.described}
    if content:
        good["content"] = content
    if operation.cached:
        good["headers"] = {name: ref_to("headers", name) for name in HEADERS}
    found: dict[str, Any] = {str(operation.status): good}
    if operation.cached and operation.method == "get":
        found["304"] = {"description": "What the client holds is still right."}
    for status, meaning in operation.others.items():
        found[str(status)] = {"description": meaning}
    for status, kinds in _by_status(operation).items():
        found[str(status)] = ref_to("responses", _response_name(kinds))
    return found


def _by_status(operation: Operation) -> dict[int, tuple[str, ...]]:
    """Give the kinds of problems of an operation by their status."""
    held: defaultdict[int, list[str]] = defaultdict(list)
    for kind in kinds_of(operation):
        held[KINDS[kind][0]].append(kind)
    return {status: tuple(held[status]) for status in sorted(held)}


def _response_name(kinds: Iterable[str]) -> str:
    return "-or-".join(kinds)


def kinds_of(operation: Operation) -> tuple[str, ...]:
    """Give the kinds of problems that an operation may answer with."""
    kinds = [*COMMON, *operation.problems]
    if operation.body:
        kinds += BODY
    if operation.scope is not None:
        kinds += HOLDER
    return tuple(dict.fromkeys(kinds))


def _problems(operations: Iterable[Operation]) -> dict[str, Any]:
    groups = {kinds for operation in operations for kinds in _by_status(operation).values()}
    return {_response_name(kinds): _problem(*kinds) for kinds in sorted(groups)}


def _problem(*kinds: str) -> dict[str, Any]:
    status = KINDS[kinds[0]][0]
    schema = ref("Problem")
    found: dict[str, Any] = {
        "description": " ".join(KINDS[kind][2] for kind in kinds),
        "content": {
            PROBLEM_TYPE: {
                "schema": schema,
                "examples": {kind: {"value": _example(kind)} for kind in kinds},
            },
            "text/html": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
            **({offer.media_type: {} for offer in GRAPHS} if REPORTED in kinds else {}),
        },
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        after = {"description": "Seconds to wait.", "schema": {"type": "string"}}
        found["headers"] = {"Retry-After": after}
    if status == HTTPStatus.UNAUTHORIZED:
        challenge = {"description": "How to show a token.", "schema": {"type": "string"}}
        found["headers"] = {"WWW-Authenticate": challenge}
    return found


def _example(kind: str) -> dict[str, object]:
    status, title, meaning = KINDS[kind]
    return {"type": f"/problems#{kind}", "title": title, "status": status, "detail": meaning}


def ref_to(place: str, name: str) -> dict[str, str]:
    """Point to a component."""
    return {"$ref": f"#/components/{place}/{name}"}
