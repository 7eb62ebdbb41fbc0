"""Operations of the API about evidence and time: what each address takes, and what it gives.

Owns what `entente.web.api` declares; the schemas of the answers are `entente.web.api_schemas`'.
"""

from typing import Any, Final

from entente.core.media import PAGE
from entente.web.api_parameters import MOST_CLAIMS
from entente.web.operations import DAY, Operation, Parameter, Schema, ref

_PAGE: Final[Schema] = {"type": "string"}


def _name(name: str, description: str, *, required: bool = False, example: object = None) -> Any:
    return Parameter(name=name, description=description, required=required, example=example)


def _evidence(path: str, schema: str, summary: str, *parameters: Parameter) -> Operation:
    return Operation(
        path=path,
        summary=summary,
        tag="Evidence",
        parameters=parameters,
        formats=("json", "html"),
        answers={"application/json": ref(schema), PAGE.media_type: _PAGE},
        dated=True,
    )


_FILTERS: Final = {
    "subject": "What the claim is about: prefix:name or an IRI.",
    "predicate": "The property it states.",
    "object": "The value it states: a name, or a literal as Turtle writes it.",
    "situation": "The situation it describes.",
    "article": "The article that reports it.",
    "speaker": "Who says it.",
    "modality": "How surely it is said.",
    "status": "Where it stands with the curators.",
}
OPERATIONS: Final = (
    Operation(
        path="/api/explain",
        summary="Why a statement holds, what it lacks, or what rests on a claim",
        description="Either subject, predicate and object, or claim. A proof goes down to claims "
        "and their articles; what does not hold comes with the premises that lack. Turtle is "
        "PROV-O; there is none of what does not hold, nor of a claim.",
        tag="Evidence",
        parameters=(
            _name("subject", "prefix:name or an IRI.", example="id:facility/brasov-drone-factory"),
            _name("predicate", "prefix:name or an IRI.", example="ent:locatedIn"),
            _name("object", "A name, or a literal as Turtle writes it.", example="id:place/brasov"),
            _name("claim", "A claim: what would vanish without it."),
        ),
        formats=("json", "html", "ttl"),
        answers={
            "application/json": {"anyOf": [ref("Explanation"), ref("ClaimImpact")]},
            PAGE.media_type: _PAGE,
            "text/turtle": {},
        },
        problems=("refused", "not-found"),
        dated=True,
    ),
    _evidence(
        "/api/claims",
        "EvidenceClaims",
        "Claims that match all that is given",
        *(_name(name, description) for name, description in _FILTERS.items()),
        Parameter(name="after", description="Reported on this day or later.", schema=DAY),
        Parameter(name="before", description="Reported on this day or earlier.", schema=DAY),
        Parameter(
            name="limit",
            description="How many at most.",
            schema={"type": "integer", "minimum": 0, "maximum": MOST_CLAIMS, "default": 50},
        ),
        Parameter(
            name="offset",
            description="How many to pass over.",
            schema={"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0},
        ),
    ),
    _evidence(
        "/api/contradictions",
        "EvidenceContradictions",
        "Claims that cannot simply hold together",
        _name("kind", "The kind of disagreement."),
        _name("state", "Whether it is open, explained or resolved."),
        _name("claim", "A claim that takes part, on whichever side."),
    ),
    _evidence(
        "/api/corroborations",
        "EvidenceCorroborations",
        "Claims of different articles that say the same, and whether independently",
    ),
    _evidence(
        "/api/totals",
        "EvidenceTotals",
        "Sums of committed money, as ranges where it is open what is one and the same",
        _name("funder", "Who gives.", example="id:country/norway"),
        _name("recipient", "Who gets."),
        _name("currency", "ISO 4217.", example="USD"),
    ),
    Operation(
        path="/api/changes",
        summary="What became known between two days",
        tag="Time",
        parameters=(
            Parameter(name="from", description="The earlier day.", schema=DAY, required=True),
            Parameter(name="to", description="The later day.", schema=DAY, required=True),
        ),
        formats=("json", "patch", "text"),
        answers={
            "application/json": ref("Changes"),
            "application/rdf-patch": _PAGE,
            "text/plain": _PAGE,
        },
        dated=True,
    ),
    Operation(
        path="/api/timemap",
        summary="The days on which an address of this host had another answer",
        tag="Time",
        parameters=(_name("uri", "An absolute address of this host.", required=True),),
        formats=("links",),
        answers={"application/link-format": _PAGE},
    ),
)
