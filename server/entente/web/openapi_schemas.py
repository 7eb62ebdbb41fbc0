"""Schemas that answers of several operations share, and the groups of operations.

Owns JSON Schema (2020-12) of problems, terms and claims as `entente.web.problems` and
`entente.web.api_fields` write them.
"""

from collections.abc import Mapping
from typing import Final

from entente.web.operations import TEXT, Schema, listed, members, ref

TAGS: Final[Mapping[str, str]] = {
    "Lists": "Things of one kind, filtered, sorted and paged; each item is JSON and JSON-LD.",
    "Questions": "Named queries: a question of analysts each, with typed parameters.",
    "Evidence": "Who says so, who disagrees, who agrees, and why something holds.",
    "Time": "What was known on a day, and what became known between two.",
    "Search": "Finding things by their names.",
    "Reconciliation": "Matching names in a table with things of the graph.",
    "Releases": "Dated dumps, and the whole dataset as it is.",
    "SPARQL": "Queries, updates and whole graphs by the W3C's protocols.",
    "About": "This interface itself.",
}
IRI_SCHEMA: Final[Schema] = {
    "type": "string",
    "description": "An absolute IRI.",
    "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:",
}
PROBLEM_SCHEMA: Final[Schema] = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Address of the section of the page of problems that explains it.",
        },
        "title": TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "Which value was wrong; what is accepted."},
        "line": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 1},
        "excerpt": {"type": "string", "description": "The line, with a mark under the column."},
        "offers": listed(TEXT),
        "revision": {"type": "integer"},
        "results": listed({"type": "object"}),
    },
    "additionalProperties": False,
}
TERM_SCHEMA: Final[Schema] = {
    "description": "An IRI as text; a literal with its datatype or its language.",
    "oneOf": [
        TEXT,
        members({"value": TEXT, "language": TEXT}),
        members({"value": TEXT, "type": ref("Iri")}),
    ],
}
LABELS_SCHEMA: Final[Schema] = {
    "type": "object",
    "description": "What the IRIs of the answer are called.",
    "additionalProperties": TEXT,
}
COMMON_SCHEMAS: Final[Mapping[str, Schema]] = {
    "Iri": IRI_SCHEMA,
    "Labels": LABELS_SCHEMA,
    "Term": TERM_SCHEMA,
}
