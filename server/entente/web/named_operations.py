"""Operations of named queries: their headers as OpenAPI.

Owns the schemas of parameters, and which operations there are: one by the plain address, one with
the format as its ending.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from entente.core.terms import shorten
from entente.logic.endpoint import MOST_ROWS, Endpoint, Parameter
from entente.logic.endpoint_values import DECIMAL, LONGEST
from entente.query.named_values import few_choices
from entente.query.service import QueryService
from entente.web import operations as declared
from entente.web.named_answers import OFFERS
from entente.web.named_request import LANGUAGE
from entente.web.named_schemas import rows_schema, shared_schemas
from entente.web.operations import DAY, Operation, Schema, ref

FORMATS: Final = tuple(offer.name for offer in OFFERS)
LIST_TAG: Final = "Lists"
QUESTION_TAG: Final = "Questions"
FULL_NAME: Final[Schema] = {
    "type": "string",
    "description": "A full IRI.",
    "pattern": r"^https?://[A-Za-z0-9][A-Za-z0-9./_~-]{0,200}$",
}
PREFIXED: Final[Schema] = {
    "type": "string",
    "description": "An IRI by a prefix of /context.jsonld.",
    "pattern": r"^(id|ent|voc|art|claim):[A-Za-z0-9][A-Za-z0-9/._-]{0,100}$",
}


def operations_of(
    service: QueryService, endpoints: Sequence[Endpoint], context: Mapping[str, Any]
) -> tuple[list[Operation], dict[str, Schema]]:
    """Give the operations of all endpoints, and the schemas that they name."""
    names = _names(service, endpoints)
    schemas = {**shared_schemas(context, endpoints), **names}
    made: list[Operation] = []
    for endpoint in endpoints:
        name = f"{_title(endpoint.name)}Rows"
        if endpoint.items is None:
            schemas[name] = rows_schema(endpoint)
        made += _operations(endpoint, names=names, rows=ref(name))
    return made, schemas


def _operations(
    endpoint: Endpoint, *, names: Mapping[str, Schema], rows: Schema
) -> list[Operation]:
    is_list = endpoint.items is not None
    parameters = (*_own(endpoint, names), *_common(endpoint))
    answers: dict[str, Schema] = {
        "application/json": ref("Listed") if is_list else rows,
        "text/csv": {"type": "string"},
        "application/ld+json": ref("Listed") if is_list else ref("Table"),
        "text/html": {"type": "string"},
        "application/sparql-results+json": ref("SparqlResults"),
    }
    suffix = declared.Parameter(
        name="suffix",
        description="The format, as the ending of the address.",
        schema={"type": "string", "enum": [*FORMATS]},
        place="path",
        required=True,
    )
    plain = Operation(
        path=f"/api/{endpoint.name}",
        summary=endpoint.title,
        description=endpoint.description,
        tag=LIST_TAG if is_list else QUESTION_TAG,
        parameters=parameters,
        dated=True,
        name=endpoint.name,
        formats=FORMATS,
        answers=answers,
        page=True,
    )
    suffixed = replace(
        plain,
        path=f"/api/{endpoint.name}.{{suffix}}",
        name=f"{endpoint.name}-by-suffix",
        parameters=(suffix, *parameters),
        formats=(),
        problems=("not-found",),
        page=False,
    )
    return [plain, suffixed]


def _own(endpoint: Endpoint, names: Mapping[str, Schema]) -> Iterable[declared.Parameter]:
    for one in endpoint.parameters:
        many = one.kind == "iri"
        yield declared.Parameter(
            name=one.name,
            description=one.description,
            schema=_schema(one, names),
            required=one.required,
            many=many,
            example=_example(one),
        )


def _example(one: Parameter) -> object:
    if one.example is not None and one.kind == "integer":
        return int(one.example)
    if one.example is not None and one.kind == "boolean":
        return one.example == "true"
    return one.example


def _schema(one: Parameter, names: Mapping[str, Schema]) -> Schema:
    schema: dict[str, Any] = {"type": "string"}
    match one.kind:
        case "iri":
            if _name_of_names(one) in names:
                return ref(_name_of_names(one))
        case "date":
            schema = dict(DAY)
        case "integer":
            schema = {"type": "integer", "minimum": -(10**9), "maximum": 10**9}
        case "boolean":
            schema = {"type": "boolean"}
        case "decimal":
            schema = {"type": "string", "pattern": f"^{DECIMAL}$"}
        case _:
            schema = {
                "type": "string",
                "minLength": 1 if one.required else 0,  # an empty value is none
                "maxLength": LONGEST,
                "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
            }
    if one.values and one.kind not in ("iri", "integer", "boolean"):
        schema = {"type": "string", "enum": [*one.values]}
    if one.default is not None:
        schema["default"] = one.default
    return schema


def _names(service: QueryService, endpoints: Iterable[Endpoint]) -> dict[str, Schema]:
    """Give the schemas of things by their short names, one for each choice of namespaces."""
    things = (one for each in endpoints for one in each.parameters if one.kind == "iri")
    made: dict[str, Schema] = {}
    for name, one in {_name_of_names(one): one for one in things}.items():
        offered = few_choices(service, one)
        if offered:
            short = {"type": "string", "description": "A short name.", "enum": [*offered]}
            made[name] = {"anyOf": [short, PREFIXED, FULL_NAME]}
    return made


def _name_of_names(one: Parameter) -> str:
    spaces = "-".join(shorten(space + "x")[:-1] for space in one.namespaces)
    names = "".join(word.capitalize() for word in re.split("[^A-Za-z0-9]+", spaces))
    return f"Name{names}{'Or'.join(one.values)}"


def _common(endpoint: Endpoint) -> tuple[declared.Parameter, ...]:
    """Give the parameters that all endpoints have."""
    keys = [key for name in endpoint.columns for key in (name, f"-{name}")]
    count = {"type": "integer", "minimum": 0, "maximum": MOST_ROWS}
    members_too = ", or terms of /context.jsonld" if endpoint.items is not None else ""
    return (
        declared.Parameter(
            name="limit",
            description="Rows on a page; 0 gives the total alone.",
            schema={**count, "default": endpoint.pagination},
        ),
        declared.Parameter(
            name="offset",
            description="Rows to pass over.",
            schema={"type": "integer", "minimum": 0, "maximum": 10**8, "default": 0},
        ),
        declared.Parameter(
            name="sort",
            description="Columns to sort by, with commas between; - descends.",
            schema={"type": "string", "enum": keys},
        ),
        declared.Parameter(
            name="fields",
            description=f"Columns to keep, with commas between{members_too}.",
            schema={"type": "string", "enum": [*endpoint.columns]},
        ),
        declared.Parameter(
            name="labels",
            description="Add what things are called, preferably in this language.",
            schema={"type": "string", "pattern": f"^({LANGUAGE})?$", "maxLength": 35},
            example="en",
        ),
        declared.Parameter(
            name="Prefer",
            description="handling=strict refuses parameters that are not known (RFC 7240).",
            place="header",
        ),
    )


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
