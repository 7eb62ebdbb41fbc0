"""Operations of the reconciliation service, for the OpenAPI document.

Owns their schemas in our own words; the specification's own schemas, which the tests hold the
answers to, say the same of the answers and less of what this server adds.
"""

from collections.abc import Mapping
from typing import Final

from entente.query.reconciling import ALL, ANY, IDENTIFIER, NAME, NONE, PROPERTY
from entente.web.operations import COUNT, TEXT, Operation, Parameter, Schema, listed, members, ref
from entente.web.reconcile_manifest import DRAFT_ROOT, FIELDS, ROOT

TAG: Final = "Reconciliation"
JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
NUMBER: Final[Schema] = {"type": "number"}
FLAG: Final[Schema] = {"type": "boolean"}
OBJECT: Final[Schema] = {"type": "object"}
IDENTIFIED: Final = Parameter(
    name="id", description="IRI of the thing, or with prefix.", required=True, example="id:org/nato"
)
FIELD: Final = Parameter(
    name="field",
    description="What the field is for.",
    schema={"type": "string", "enum": list(FIELDS)},
    required=True,
    place="path",
)
BATCH: Final = Parameter(
    name="queries",
    description="A batch of queries of version 0.2, as JSON.",
    example='{"q0": {"query": "Brasov"}}',
)
EXTENSION: Final = Parameter(
    name="extend",
    description="A data extension query of version 0.2, as JSON.",
    example='{"ids": ["id:place/brasov"], "properties": [{"id": "ent:locatedIn"}]}',
)
_ANSWERS: Final[Schema] = {
    "description": "The manifest; of queries the results by key; of an extension meta and rows.",
    "type": "object",
}


def _limit(most: int) -> Parameter:
    return Parameter(
        name="limit",
        description="How many are given.",
        schema={"type": "integer", "minimum": 0, "maximum": most},
    )


def _operations(root: str) -> tuple[Operation, ...]:
    """Give the operations that both roots have."""
    said = " (1.0 draft)" if root == DRAFT_ROOT else ""
    return (
        Operation(
            path=f"/{root}/match",
            method="post",
            summary=f"Match names with things: the JSON of the 1.0 draft{said}",
            tag=TAG,
            body={JSON: ref("ReconcileBatch")},
            answers={JSON: ref("ReconcileResults")},
            problems=("media-type", "too-large", "refused"),
            cached=False,
        ),
        Operation(
            path=f"/{root}/extend",
            method="post",
            summary=f"Extend a table by values of properties{said}",
            tag=TAG,
            body={JSON: ref("ReconcileExtension")},
            answers={JSON: ref("ReconcileRows")},
            problems=("media-type", "too-large", "refused"),
            cached=False,
        ),
        Operation(
            path=f"/{root}/extend/propose",
            summary=f"Properties that the things of a type have{said}",
            tag=TAG,
            parameters=(
                Parameter(
                    name="type",
                    description="IRI of the type, or with prefix.",
                    required=True,
                    example="ent:Agreement",
                ),
                _limit(10**6),
            ),
            answers={JSON: ref("ReconcileProposals")},
            problems=("refused",),
            cached=False,
        ),
        Operation(
            path=f"/{root}/suggest/{{field}}",
            summary=f"Entities, properties or types whose names begin so{said}",
            tag=TAG,
            parameters=(
                FIELD,
                Parameter(name="prefix", description="What was typed.", example="bra"),
                _limit(50),
                Parameter(
                    name="offset",
                    description="How many are skipped; `cursor` in version 0.2.",
                    schema={"type": "integer", "minimum": 0, "maximum": 250},
                ),
                Parameter(
                    name="cursor",
                    description="How many are skipped.",
                    schema={"type": "integer", "minimum": 0, "maximum": 250},
                ),
            ),
            answers={JSON: ref("ReconcileSuggestions")},
            problems=("not-found", "refused"),
            cached=False,
        ),
        Operation(
            path=f"/{root}/preview",
            summary=f"A small page about a thing, to be shown in a frame{said}",
            tag=TAG,
            parameters=(IDENTIFIED,),
            answers={"text/html": {}},
            problems=("not-found",),
            cached=False,
        ),
        Operation(
            path=f"/{root}/view",
            summary=f"The page of a thing{said}",
            tag=TAG,
            parameters=(IDENTIFIED,),
            answers={},
            status=303,
            described="To the page of the thing.",
            problems=("not-found",),
            cached=False,
        ),
    )


OPERATIONS: Final = (
    Operation(
        path=f"/{ROOT}",
        summary="The manifest of the service; with `queries` or `extend`, their answer (0.2)",
        tag=TAG,
        parameters=(BATCH, EXTENSION),
        answers={JSON: _ANSWERS},
        problems=("too-large", "refused"),
        cached=False,
    ),
    Operation(
        path=f"/{ROOT}",
        method="post",
        summary="Match names with things, or extend a table: the form of version 0.2",
        tag=TAG,
        body={
            FORM: {"type": "object", "properties": {"queries": TEXT, "extend": TEXT}},
        },
        answers={JSON: _ANSWERS},
        problems=("too-large", "refused", "media-type"),
        cached=False,
    ),
    Operation(
        path=f"/{ROOT}/flyout/{{field}}",
        summary="A few lines of HTML about an entity, a property or a type",
        tag=TAG,
        parameters=(FIELD, IDENTIFIED),
        answers={JSON: members({"id": TEXT, "html": TEXT})},
        problems=("not-found",),
        cached=False,
    ),
    *_operations(ROOT),
    Operation(
        path=f"/{DRAFT_ROOT}",
        summary="The manifest of the service for clients of the 1.0 draft",
        tag=TAG,
        answers={JSON: OBJECT},
        cached=False,
    ),
    *_operations(DRAFT_ROOT),
)
_VALUE: Final[Schema] = {
    "oneOf": [
        TEXT,
        NUMBER,
        FLAG,
        {"type": "object", "required": ["id"], "properties": {"id": TEXT, "name": TEXT}},
    ]
}
_NAMED: Final = members({"id": TEXT, "name": TEXT}, description=TEXT)
_TYPE: Final = members({"id": TEXT, "name": TEXT})
SCHEMAS: Final[Mapping[str, Schema]] = {
    "ReconcileCondition": members(
        {
            "matchType": {"enum": [NAME, IDENTIFIER, PROPERTY]},
            "propertyValue": {"oneOf": [_VALUE, listed(_VALUE)]},
        },
        propertyId=TEXT,
        required=FLAG,
        matchQuantifier={"enum": [ANY, ALL, NONE]},
        lang=TEXT,
        dir=TEXT,
    ),
    "ReconcileQuery": members(
        {"conditions": {"type": "array", "items": ref("ReconcileCondition"), "minItems": 1}},
        type=TEXT,
        limit={"type": "integer", "minimum": 1},
        lang=TEXT,
        dir=TEXT,
    ),
    "ReconcileBatch": members({"queries": listed(ref("ReconcileQuery"))}),
    "ReconcileCandidate": members(
        {
            "id": ref("Iri"),
            "name": TEXT,
            "type": listed(_TYPE),
            "score": {"type": "number", "minimum": 0, "maximum": 100},
            "match": FLAG,
            "features": listed(
                members({"id": TEXT, "name": TEXT, "value": {"type": ["number", "boolean"]}})
            ),
        },
        description=TEXT,
        lang=TEXT,
    ),
    "ReconcileResults": members(
        {"results": listed(members({"candidates": listed(ref("ReconcileCandidate"))}))}
    ),
    "ReconcileExtension": {
        "type": "object",
        "required": ["ids", "properties"],
        "properties": {
            "ids": listed(TEXT),
            "properties": listed(
                {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": TEXT, "settings": OBJECT},
                }
            ),
        },
    },
    "ReconcileRows": members(
        {
            "meta": listed(members({"id": TEXT, "name": TEXT}, type=_TYPE)),
            "rows": listed(
                members(
                    {
                        "id": TEXT,
                        "properties": listed(members({"id": TEXT, "values": listed(OBJECT)})),
                    }
                )
            ),
        }
    ),
    "ReconcileProposals": members({"type": TEXT, "properties": listed(_NAMED)}, limit=COUNT),
    "ReconcileSuggestions": members(
        {
            "result": listed(
                members({"id": TEXT, "name": TEXT}, description=TEXT, notable=listed(_TYPE))
            )
        }
    ),
}
