"""Operations: what each address of the interface takes and gives, declared beside its route.

Owns the values of which `entente.web.openapi` makes the OpenAPI document, and the one way to
register them: `declare(blueprint, Operation(…))`. What nearly every operation shares (problems,
304, the `format` parameter, days of the past) is named here once and added by the document.
Schemas are JSON Schema 2020-12 as plain mappings. https://spec.openapis.org/oas/v3.1.1
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from flask import Blueprint
from flask.sansio.blueprints import BlueprintSetupState

Schema = Mapping[str, Any]
Method = Literal["get", "post", "put", "delete", "patch"]
Place = Literal["query", "path", "header"]

TEXT: Final[Schema] = {"type": "string"}
DAY: Final[Schema] = {"type": "string", "format": "date"}
FLAG: Final[Schema] = {"type": "string", "enum": ["true", "false"]}
NAME: Final[Schema] = {"type": "string", "minLength": 1}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
BINARY: Final[Schema] = {}
EXTENSION: Final = "entente.operations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter; `many` may be repeated, any of its values then fits."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: TEXT)
    required: bool = False
    place: Place = "query"
    many: bool = False
    example: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address.

    Args:
        path: as OpenAPI writes it: `/api/claims`, `/graphs/{name}`.
        summary: what it gives, in one line.
        tag: the group under which people find it.
        answers: media type of the good answer to its schema; `format` is added as a parameter
            where `formats` names what it takes.
        status: of the good answer.
        described: of the good answer, in words.
        others: further statuses without a problem's body, with their meaning.
        problems: kinds of `entente.web.problem_kinds.KINDS` beyond those that every operation has.
        body: media type of the request's body to its schema; empty where there is none.
        dated: whether it takes `asOf` and Accept-Datetime.
        cached: whether If-None-Match is answered with 304.
        scope: the scope of the token that is needed, if one is.
        page: whether the address with `.html` shows people a form.
        examples: a name to the JSON of a good answer.
    """

    path: str
    summary: str
    tag: str
    answers: Mapping[str, Schema]
    method: Method = "get"
    name: str | None = None
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    formats: tuple[str, ...] = ()
    status: int = 200
    described: str = "The answer."
    others: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    body_required: bool = True
    dated: bool = False
    cached: bool = True
    scope: str | None = None
    page: bool = False
    examples: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """All operations of an application, and the schemas that they name in components.

    `makers` make those that depend on the graph.
    """

    operations: list[Operation]
    schemas: dict[str, Schema]
    makers: list[Callable[[], tuple[list[Operation], dict[str, Schema]]]]


def declare(
    owner: Blueprint, *operations: Operation, schemas: Mapping[str, Schema] | None = None
) -> None:
    """Declare operations of a blueprint; they enter the document when it is registered.

    Args:
        owner: the blueprint that has their routes.
        operations: what it serves.
        schemas: named schemas, `{"$ref": "#/components/schemas/Name"}` points to one.
    """

    def record(state: BlueprintSetupState) -> None:
        declared = declared_in(state.app)
        declared.operations.extend(operations)
        declared.schemas.update(schemas or {})

    owner.record(record)


def declare_late(
    owner: Blueprint, maker: Callable[[], tuple[list[Operation], dict[str, Schema]]]
) -> None:
    """Declare operations that depend on the graph: `maker` is called for each document."""
    owner.record(lambda state: declared_in(state.app).makers.append(maker))


def all_of(declared: Declared) -> Declared:
    """Give what was declared, with what depends on the graph made now."""
    operations, schemas = [*declared.operations], {**declared.schemas}
    for maker in declared.makers:
        made, named = maker()
        operations += made
        schemas |= named
    return Declared(operations, schemas, [])


def declared_in(app: Any) -> Declared:
    """Give all that was declared in an application."""
    found = app.extensions.setdefault(EXTENSION, Declared([], {}, []))
    assert isinstance(found, Declared)
    return found


def ref(name: str) -> Schema:
    """Point to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(schema: Schema) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": schema}


def members(required: Mapping[str, Schema], /, **optional: Schema) -> Schema:
    """Give the schema of an object that has some members for sure, and no others than these."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": sorted(required),
        "additionalProperties": False,
    }
