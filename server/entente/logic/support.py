"""Support: how many independent sources and claims stand behind a fact, and how answers tell it.

Owns the value and the members that every JSON answer has for it: `sources`, `claimCount`, and for
what follows from other facts `inferred` with the address that says why. A fact is a triple of the
view, one that follows, or a statement of a situation that an accepted claim describes; names,
classes and values that curators wrote rest on no report. Who counts is `entente.logic.backing`, of
quads in memory, and `entente.query.support`, of a store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlencode

from entente.logic.independence import Origin, count_sources

EXPLAIN: Final = "/api/explain"
"""Path below the server's root; a document may be read far from it."""


@dataclass(frozen=True, slots=True)
class Support:
    """What stands behind a statement; nothing where it follows, or no report says it."""

    sources: int = 0
    claims: tuple[str, ...] = ()
    inferred: bool = False

    @classmethod
    def by(cls, claims: Iterable[tuple[str, Origin]]) -> Self:
        """Give the support of some claims, each with its origin."""
        found = dict(claims)
        return cls(count_sources(found.values()), tuple(sorted(found)))


NO_SUPPORT: Final = Support()


def support_fields(support: Support, subject: str, predicate: str, object_: str) -> dict[str, Any]:
    """Give the members that tell the support of a statement.

    Args:
        support: what stands behind it.
        subject: as `/api/explain` reads it, `prefix:name` or `<iri>`; so are the others.
        predicate: the property.
        object_: the value; a literal as Turtle writes it.
    """
    fields: dict[str, Any] = {"sources": support.sources, "claimCount": len(support.claims)}
    if support.inferred:
        asked = {"subject": subject, "predicate": predicate, "object": object_}
        return {**fields, "inferred": True, "explain": f"{EXPLAIN}?{urlencode(asked, safe=':/')}"}
    return fields
