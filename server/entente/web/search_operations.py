"""Operations of search: what `/api/search` and `/api/suggest` take and give.

Owns their part of the OpenAPI document.
"""

from collections.abc import Mapping
from typing import Final

from entente.query.finding import EXACT, FUZZY, LONGEST, POOL, PREFIX, WORDS
from entente.query.search import KINDS, ROLES
from entente.web.operations import (
    COUNT,
    DAY,
    TEXT,
    Operation,
    Parameter,
    Schema,
    listed,
    members,
    ref,
)

PARAMETERS: Final = (
    Parameter(
        name="type",
        description="Only things of this type, inferred types among them; an IRI, or with prefix.",
        many=True,
        example="ent:Facility",
    ),
    Parameter(
        name="kind",
        description="Only things of this kind; all but claims when absent.",
        schema={"type": "string", "enum": list(KINDS)},
        many=True,
    ),
    Parameter(
        name="lang",
        description="Only spellings in this language or in none; labels in it where there are any.",
        example="uk",
    ),
)
TEXT_OF_QUERY: Final[Schema] = {"type": "string", "maxLength": LONGEST}
OPERATIONS: Final = (
    Operation(
        path="/api/search",
        summary="Things by what they are called",
        description=(
            "Looks up labels and all spellings: accents and case do not count, Cyrillic is also "
            "found by its transliteration, words may stand in any order and be begun only, and "
            "typing errors are forgiven where few things fit: one from four letters, two from "
            "eight. Same names come first, then names that begin so, names with all words, names "
            "with typing errors; among equals what is better connected. Highlights are ranges of "
            "characters (code points, the end excluded) of the spelling that was found."
        ),
        tag="Search",
        parameters=(
            Parameter(
                name="q",
                description="What is looked for.",
                schema=TEXT_OF_QUERY,
                required=True,
                example="brasov",
            ),
            *PARAMETERS,
            Parameter(
                name="limit",
                description="How many results are given.",
                schema={"type": "integer", "minimum": 0, "maximum": 100, "default": 20},
            ),
            Parameter(
                name="offset",
                description="How many results are skipped.",
                schema={"type": "integer", "minimum": 0, "maximum": POOL, "default": 0},
            ),
        ),
        formats=("json", "jsonld"),
        answers={"application/json": ref("SearchResults"), "application/ld+json": {}},
        dated=True,
    ),
    Operation(
        path="/api/suggest",
        summary="Things whose names begin so, for fields that complete what is typed",
        tag="Search",
        parameters=(
            Parameter(name="q", description="What was typed.", schema=TEXT_OF_QUERY, example="rom"),
            *PARAMETERS,
            Parameter(
                name="limit",
                description="How many suggestions are given.",
                schema={"type": "integer", "minimum": 0, "maximum": 20, "default": 10},
            ),
        ),
        answers={"application/json": ref("SearchSuggestions")},
        dated=True,
    ),
)
_MATCHED: Final = members(
    {
        "text": TEXT,
        "role": {"enum": list(ROLES)},
        "highlights": listed(
            {"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2},
        ),
    },
    language=TEXT,
)
_BRIEF: Final[Mapping[str, Schema]] = {
    "id": ref("Iri"),
    "label": TEXT,
    "kind": {"enum": list(KINDS)},
    "types": listed(members({"id": ref("Iri"), "label": TEXT})),
    "matched": ref("SearchMatch"),
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "SearchMatch": _MATCHED,
    "SearchResult": members(
        {
            **_BRIEF,
            "match": {"enum": [EXACT, PREFIX, WORDS, FUZZY]},
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "connections": COUNT,
        },
        language=TEXT,
        description=TEXT,
        page=TEXT,
    ),
    "SearchSuggestion": members(_BRIEF, language=TEXT, page=TEXT),
    "SearchResults": members(
        {
            "revision": COUNT,
            "query": TEXT,
            "total": COUNT,
            "totalIs": {"enum": ["exact", "at-least"]},
            "offset": COUNT,
            "limit": COUNT,
            "results": listed(ref("SearchResult")),
        },
        asOf=DAY,
    ),
    "SearchSuggestions": members(
        {"revision": COUNT, "query": TEXT, "suggestions": listed(ref("SearchSuggestion"))},
        asOf=DAY,
    ),
}
