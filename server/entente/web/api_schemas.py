"""Schemas of the API about evidence and time: JSON Schema (2020-12) of what its answers hold.

Owns the shapes; the members are made by `entente.web.api_fields` and
`entente.logic.explanation_fields`, and change together with these.
"""

from collections.abc import Mapping
from typing import Final

from entente.web.operations import COUNT, DAY, TEXT, Schema, listed, members, ref

_TRUTH: Final[Schema] = {"type": "boolean"}
_IRI: Final = ref("Iri")
_MAYBE: Final[Schema] = {"type": ["string", "null"]}
_TERM: Final = ref("Term")
_AMOUNT: Final[Schema] = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_SUPPORT: Final[Mapping[str, Schema]] = {
    "sources": {**COUNT, "description": "Independent outlets that support the fact."},
    "claimCount": {**COUNT, "description": "Claims that support the fact."},
}
_FOLLOWS: Final[Mapping[str, Schema]] = {
    "inferred": {"const": True, "description": "The fact follows from others."},
    "explain": {"type": "string", "format": "uri-reference"},
}
_ANSWER: Final[Mapping[str, Schema]] = {"revision": COUNT, "labels": ref("Labels")}


def _answer(required: Mapping[str, Schema]) -> Schema:
    return members({**_ANSWER, **required}, asOf=DAY)


def _statement(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    terms = dict.fromkeys(("subject", "predicate", "object"), ref("ExplainedTerm"))
    return members({**terms, "text": TEXT, **_SUPPORT, **required}, **_FOLLOWS, **optional)


_STATEMENTS: Final = listed(ref("ExplainedStatement"))
SCHEMAS: Final[Mapping[str, Schema]] = {
    "EvidenceClaim": members(
        {
            "id": _IRI,
            "statement": TEXT,
            "negated": _TRUTH,
            "supportsFact": _TRUTH,
            **dict.fromkeys(("saidBy", "evidence", "conflictsWith", "corroborates"), listed(_IRI)),
        },
        subject=_TERM,
        predicate=_IRI,
        object=_TERM,
        reportedOn=DAY,
        **dict.fromkeys(("describes", "modality", "status", "article"), _IRI),
        **dict.fromkeys(("articlePart", "originalSource"), _IRI),
        **_SUPPORT,
        **_FOLLOWS,
    ),
    "EvidenceClaims": _answer(
        {
            **dict.fromkeys(("limit", "offset", "total"), COUNT),
            "claims": listed(ref("EvidenceClaim")),
        }
    ),
    "EvidenceContradiction": members(
        {
            "label": TEXT,
            "notes": listed(TEXT),
            **dict.fromkeys(("kinds", "differsIn", "articles"), listed(_IRI)),
            "readings": {**listed(ref("EvidenceClaim")), "minItems": 2},
        },
        id=_IRI,
        state=_IRI,
    ),
    "EvidenceContradictions": _answer(
        {
            "contradictions": listed(ref("EvidenceContradiction")),
            "totals": listed(ref("EvidenceTotal")),
        }
    ),
    "EvidenceCorroborations": _answer(
        {
            "corroborations": listed(
                members(
                    {
                        "independent": _TRUTH,
                        "recorded": _TRUTH,
                        "outlets": {
                            **listed(_MAYBE),
                            "minItems": 2,
                            "maxItems": 2,
                        },
                        "claims": {
                            **listed(ref("EvidenceClaim")),
                            "minItems": 2,
                            "maxItems": 2,
                        },
                    }
                )
            )
        }
    ),
    "EvidenceCommitment": members(
        {
            "id": _IRI,
            "amount": _AMOUNT,
            "statedIn": TEXT,
            "bound": _MAYBE,
            "reportedSince": {"type": ["string", "null"], "format": "date"},
            **_SUPPORT,
        }
    ),
    "EvidenceTotal": members(
        {
            "funder": _MAYBE,
            "currency": TEXT,
            "low": _AMOUNT,
            "high": _AMOUNT,
            "certain": _TRUTH,
            "groups": {
                **listed(listed(ref("EvidenceCommitment"))),
                "description": "Commitments; those of one list may be one and the same.",
            },
            "leftOut": listed(members({"id": _IRI, "statedIn": TEXT, "reason": TEXT, **_SUPPORT})),
        }
    ),
    "EvidenceTotals": _answer({"totals": listed(ref("EvidenceTotal"))}),
    "ExplainedTerm": members(
        {
            "type": {"enum": ["uri", "literal", "bnode", "variable"]},
            "value": TEXT,
            "text": TEXT,
        },
        **{"xml:lang": TEXT, "datatype": _IRI, "label": TEXT},
    ),
    "ExplainedStatement": _statement({}),
    "ExplainedClaim": members(
        {
            "claim": _IRI,
            "role": {**TEXT, "description": "supports, describes, or why it does not count."},
            "statement": TEXT,
            **dict.fromkeys(("article", "reportedOn", "modality"), _MAYBE),
            "saidBy": listed(_IRI),
            "evidence": listed(_IRI),
        }
    ),
    "ExplainedStep": {
        "oneOf": [
            _statement({"rule": TEXT, "words": TEXT, "premises": listed(ref("ExplainedStep"))}),
            _statement({"graphs": listed(_IRI), "claims": listed(ref("ExplainedClaim"))}),
        ]
    },
    "Explanation": {
        "oneOf": [
            members(
                {
                    "statement": ref("ExplainedStatement"),
                    "holds": {"const": True},
                    "status": {"enum": ["inferred", "reported", "asserted"]},
                    "proof": ref("ExplainedStep"),
                    "claims": listed(_IRI),
                }
            ),
            members(
                {
                    "statement": ref("ExplainedStatement"),
                    "holds": {"const": False},
                    "status": {"const": "absent"},
                    "instead": _STATEMENTS,
                    "against": _STATEMENTS,
                    "unknown": listed(ref("ExplainedTerm")),
                    "uncounted": listed(ref("ExplainedClaim")),
                    "missing": listed(
                        members(
                            {
                                "rule": TEXT,
                                "words": TEXT,
                                "lacks": ref("ExplainedStatement"),
                                "holds": _STATEMENTS,
                            }
                        )
                    ),
                }
            ),
        ]
    },
    "ClaimImpact": members(
        {
            "claim": _IRI,
            "view": members({"lost": _STATEMENTS, "gained": _STATEMENTS}),
            "inferred": members({"lost": _STATEMENTS, "gained": _STATEMENTS}),
            "stillSupported": _STATEMENTS,
            "undescribed": listed(ref("ExplainedTerm")),
        }
    ),
    "Changes": _answer(
        {
            "from": DAY,
            "to": DAY,
            "articles": listed(_IRI),
            "facts": listed(
                members(
                    {
                        "change": {"enum": ["new", "gone"]},
                        "text": TEXT,
                        "claims": listed(_IRI),
                        **_SUPPORT,
                    }
                )
            ),
        }
    ),
}
