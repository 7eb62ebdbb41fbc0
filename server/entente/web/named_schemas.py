"""Schemas of the answers of named queries: rows, pages, and listed things.

Owns JSON Schema (2020-12) of what `entente.web.named_answers` and `entente.query.listed` write. The
members of a thing are the terms of the JSON-LD context, each with the type that the context gives.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from entente.core.terms import ID, XSD
from entente.logic.endpoint import Endpoint
from entente.web.operations import COUNT, DAY, TEXT, Schema, listed, members, ref

BY_LANGUAGE: Final[Schema] = {
    "type": "object",
    "description": "Language to text.",
    "additionalProperties": {"oneOf": [TEXT, listed(TEXT)]},
}
COLUMN: Final[Schema] = {
    "description": "A column of the list, where `fields` names it.",
    "anyOf": [listed({"type": ["string", "integer", "boolean"]}), BY_LANGUAGE],
}
PAGE: Final = {
    "revision": 12,
    "asOf": "2025-07-31",
    "total": 1,
    "limit": 50,
    "offset": 0,
    "parameters": {"party": [f"{ID}country/norway"]},
    "ignored": ["stauts"],
}
THING: Final = {
    "iri": "id:agreement/norway-ukraine-drone-agreement",
    "type": ["Agreement"],
    "prefLabel": {"en": "Ukraine-Norway drone agreement"},
    "lifecycleStatus": ["voc:lifecycle/signed"],
    "signatory": ["id:country/norway", "id:country/ukraine"],
    "facts": {
        "lifecycleStatus": [{"value": "voc:lifecycle/signed", "sources": 1, "claimCount": 1}]
    },
}


def rows_schema(endpoint: Endpoint) -> Schema:
    """Give the schema of the rows of a named query."""
    cells: dict[str, Schema] = {}
    for name, meaning in endpoint.columns.items():
        is_thing = name in endpoint.things
        cells[name] = {**ref("IriCell" if is_thing else "Cell"), "description": meaning}
        if is_thing:
            cells[f"{name}Label"] = ref("LabelCell")
    row = {"type": "object", "properties": cells, "additionalProperties": False}
    columns = listed({"type": "string", "enum": [*cells]})
    return members({"page": ref("Page"), "columns": columns, "rows": listed(row)})


def shared_schemas(
    context: Mapping[str, Any], endpoints: Iterable[Endpoint]
) -> Mapping[str, Schema]:
    """Give the schemas that all answers share.

    Args:
        context: says what members things have.
        endpoints: the columns of those that are lists are members too.
    """
    page = members(
        {
            "revision": COUNT,
            "total": COUNT,
            "limit": COUNT,
            "offset": COUNT,
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
        "Page": _shown(page, PAGE),
        "IriCell": _shown(members({"iri": ref("Iri")}), {"iri": f"{ID}country/romania"}),
        "LabelCell": _shown(members({"value": TEXT}), {"value": "Romania"}),
        "Cell": {
            "description": "A literal; `type` is its datatype where it is no plain text.",
            "anyOf": [members({"value": native}, type=ref("Iri"), language=TEXT), ref("IriCell")],
            "examples": [
                {"value": 12, "type": f"{XSD}integer"},
                {"value": "Oslo", "language": "en"},
            ],
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
        "Thing": _shown(_thing(context, endpoints), THING),
    }


def _thing(context: Mapping[str, Any], endpoints: Iterable[Endpoint]) -> Schema:
    properties: dict[str, Schema] = {
        "iri": TEXT,
        "type": listed(TEXT),
        "facts": {"type": "object", "additionalProperties": listed({"type": "object"})},
    }
    for name, entry in context.items():
        is_term = isinstance(entry, str) or (isinstance(entry, Mapping) and "@prefix" not in entry)
        if is_term and not name.startswith("@") and name not in properties:
            properties[name] = _term(entry)
    for name in (name for one in endpoints if one.items is not None for name in one.columns):
        term = properties.get(name, COLUMN)
        properties[name] = term if COLUMN in (term, *term.get("anyOf", ())) else _either(term)
    return {
        "type": "object",
        "description": "A thing with its facts; members are terms of /context.jsonld, and the "
        "columns that `fields` names.",
        "properties": properties,
        "required": ["iri"],
    }


def _either(term: Schema) -> Schema:
    """Let a member be told as a term or as the column of the same name."""
    return {"anyOf": [term, COLUMN]}


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


def _shown(schema: Schema, example: object) -> Schema:
    return {**schema, "examples": [example]}
