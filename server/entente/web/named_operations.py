"""Operations of named queries: their headers as OpenAPI.

Owns the schemas of parameters, rows and listed things. The members of a thing are the terms of the
JSON-LD context, each with the type that the context gives it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from entente.core.terms import shorten
from entente.logic.endpoint import MOST_ROWS, Endpoint, Parameter
from entente.logic.endpoint_values import DECIMAL, LONGEST
from entente.query.named_values import choices
from entente.query.service import QueryService
from entente.web import operations as declared
from entente.web.named_request import LANGUAGE
from entente.web.operations import DAY, TEXT, Operation, Schema, listed, members, ref

MOST_CHOICES: Final = 200
FORMATS: Final = ("json", "csv", "jsonld", "html", "srj")
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
BY_LANGUAGE: Final[Schema] = {
    "type": "object",
    "description": "Language to text.",
    "additionalProperties": {"oneOf": [TEXT, listed(TEXT)]},
}


def operations_of(
    service: QueryService, endpoints: Iterable[Endpoint], context: Mapping[str, Any]
) -> tuple[list[Operation], dict[str, Schema]]:
    """Give the operations of all endpoints, and the schemas that they name."""
    schemas: dict[str, Schema] = dict(_shared(context))
    made: list[Operation] = []
    for endpoint in endpoints:
        schemas |= _names(service, endpoint)
        name = f"{_title(endpoint.name)}Rows"
        if endpoint.items is None:
            schemas[name] = _rows(endpoint)
        made += _operations(service, endpoint, rows=ref(name))
    return made, schemas


def _operations(service: QueryService, endpoint: Endpoint, *, rows: Schema) -> list[Operation]:
    is_list = endpoint.items is not None
    parameters = (*_own(service, endpoint), *_common(endpoint))
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


def _own(service: QueryService, endpoint: Endpoint) -> Iterable[declared.Parameter]:
    for one in endpoint.parameters:
        many = one.kind == "iri"
        yield declared.Parameter(
            name=one.name,
            description=one.description,
            schema=_schema(service, one),
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


def _schema(service: QueryService, one: Parameter) -> Schema:
    schema: dict[str, Any] = {"type": "string"}
    match one.kind:
        case "iri":
            offered = choices(service, one)
            if 0 < len(offered) <= MOST_CHOICES:
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
                "minLength": 1,
                "maxLength": LONGEST,
                "pattern": r"^[^\u0000-\u001f\u007f-\u009f]+$",
            }
    if one.values and one.kind not in ("iri", "integer", "boolean"):
        schema = {"type": "string", "enum": [*one.values]}
    if one.default is not None:
        schema["default"] = one.default
    return schema


def _names(service: QueryService, endpoint: Endpoint) -> dict[str, Schema]:
    """Give the schemas of things by their short names, one for each choice of namespaces."""
    made: dict[str, Schema] = {}
    for one in endpoint.parameters:
        offered = choices(service, one) if one.kind == "iri" else ()
        if 0 < len(offered) <= MOST_CHOICES:
            short = {"type": "string", "description": "A short name.", "enum": [*offered]}
            made[_name_of_names(one)] = {"anyOf": [short, PREFIXED, FULL_NAME]}
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


def _rows(endpoint: Endpoint) -> Schema:
    cells: dict[str, Schema] = {}
    for name, meaning in endpoint.columns.items():
        is_thing = name in endpoint.things
        cells[name] = {**ref("IriCell" if is_thing else "Cell"), "description": meaning}
        if is_thing:
            cells[f"{name}Label"] = ref("LabelCell")
    row = {"type": "object", "properties": cells, "additionalProperties": False}
    columns = listed({"type": "string", "enum": [*cells]})
    return members({"page": ref("Page"), "columns": columns, "rows": listed(row)})


def _shared(context: Mapping[str, Any]) -> Mapping[str, Schema]:
    page = members(
        {
            "revision": {"type": "integer", "minimum": 0},
            "total": {"type": "integer", "minimum": 0},
            "limit": {"type": "integer", "minimum": 0},
            "offset": {"type": "integer", "minimum": 0},
            "parameters": {
                "type": "object",
                "description": "The values as they were understood.",
                "additionalProperties": listed(TEXT),
            },
        },
        asOf=DAY,
        ignored=listed(TEXT),
    )
    head = {"@context": {"type": "array"}, "page": ref("Page"), "items": listed(ref("Thing"))}
    native = {"type": ["string", "integer", "boolean"]}
    binding = members(
        {"type": {"enum": ["uri", "literal", "bnode", "triple"]}, "value": {}},
        datatype=ref("Iri"),
        **{"xml:lang": TEXT},
    )
    return {
        "Page": page,
        "IriCell": members({"iri": ref("Iri")}),
        "LabelCell": members({"value": TEXT}),
        "Cell": {
            "description": "A literal; `type` is its datatype where it is no plain text.",
            "anyOf": [members({"value": native}, type=ref("Iri"), language=TEXT), ref("IriCell")],
        },
        "Listed": members(head, labels=ref("Labels")),
        "Table": members({"@context": {"type": "object"}, "@graph": listed({"type": "object"})}),
        "SparqlResults": members(
            {
                "head": members({"vars": listed(TEXT)}),
                "results": members(
                    {"bindings": listed({"type": "object", "additionalProperties": binding})}
                ),
            }
        ),
        "Thing": _thing(context),
    }


def _thing(context: Mapping[str, Any]) -> Schema:
    properties: dict[str, Schema] = {
        "iri": TEXT,
        "type": listed(TEXT),
        "facts": {"type": "object", "additionalProperties": listed({"type": "object"})},
    }
    for name, entry in context.items():
        is_term = isinstance(entry, str) or (isinstance(entry, Mapping) and "@prefix" not in entry)
        if is_term and not name.startswith("@") and name not in properties:
            properties[name] = _term(entry)
    return {
        "type": "object",
        "description": "A thing with its facts; members are terms of /context.jsonld.",
        "properties": properties,
        "required": ["iri"],
    }


def _term(entry: Any) -> Schema:
    held = entry if isinstance(entry, Mapping) else {}
    if "@language" in str(held.get("@container", "")):
        return BY_LANGUAGE
    one: Schema = {"type": ["string", "integer", "boolean", "object"]}
    match held.get("@type"):
        case "xsd:boolean":
            one = {"type": "boolean"}
        case "xsd:integer":
            one = {"type": ["integer", "string"]}
        case "xsd:decimal" | "xsd:dateTime":
            one = TEXT
        case "xsd:date":
            one = DAY
        case "@id" | "@vocab":
            one = {"anyOf": [TEXT, ref("Thing")]}
    return listed(one)


def _title(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))
