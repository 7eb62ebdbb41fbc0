"""Claims as values: what one passage states, who says so, where and how surely.

Owns the gathering of a claim from its rows; which claims a page shows is `entente.query.entity`'s.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from entente.query.results import Iri, Literal, Row, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one passage states, in our own words, with who says so, where and how surely.

    A claim has `subject`, `predicate` and `object`, or `situation`, or neither. `start` and `end`
    count the characters of the passage in its article, `end` not included.
    """

    iri: Iri
    statement: str
    modality: Iri | None = None
    status: Iri | None = None
    negated: bool = False
    article: Iri | None = None
    reported_on: str | None = None
    part: Iri | None = None
    speakers: tuple[Iri, ...] = ()
    passages: tuple["Passage", ...] = ()
    subject: Term | None = None
    predicate: Iri | None = None
    object: Term | None = None
    situation: Iri | None = None


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A part of an article."""

    iri: Iri
    start: int | None = None
    end: int | None = None


def claims_by_role(rows: list[Row]) -> Mapping[str, tuple[Claim, ...]]:
    """Gather claims from rows of `queries/pages/claims.rq`.

    Several speakers or passages of one claim make several rows.

    Returns:
        Role of the thing (`subject`, `object`, `situation`, `article`) to claims, sorted by IRI.
    """
    gathered: defaultdict[tuple[str, Term], list[Row]] = defaultdict(list)
    for row in rows:
        gathered[str(row["role"]), row["claim"]].append(row)
    by_role: defaultdict[str, tuple[Claim, ...]] = defaultdict(tuple)
    for (role, _), same in sorted(gathered.items(), key=_by_text):
        by_role[role] = (*by_role[role], _claim(same))
    return by_role


def _claim(rows: list[Row]) -> Claim:
    row = rows[0]
    return Claim(
        iri=Iri(str(row["claim"])),
        statement=str(row.get("statement", "")),
        modality=_iri(row, "modality"),
        status=_iri(row, "status"),
        negated=str(row.get("negated", "false")) == "true",
        article=_iri(row, "article"),
        reported_on=str(row["reportedOn"]) if "reportedOn" in row else None,
        part=_iri(row, "part"),
        speakers=tuple(sorted({iri for row in rows if (iri := _iri(row, "speaker"))})),
        passages=tuple(
            sorted(
                {
                    Passage(iri, _number(row, "start"), _number(row, "end"))
                    for row in rows
                    if (iri := _iri(row, "passage"))
                }
            )
        ),
        subject=row.get("subject"),
        predicate=_iri(row, "predicate"),
        object=row.get("object"),
        situation=_iri(row, "situation"),
    )


def _iri(row: Row, name: str) -> Iri | None:
    term = row.get(name)
    return term if isinstance(term, Iri) else None


def _number(row: Row, name: str) -> int | None:
    term = row.get(name)
    return int(term.value) if isinstance(term, Literal) and term.value.isdigit() else None


def _by_text(item: tuple[tuple[str, Term], list[Row]]) -> tuple[str, str]:
    (role, claim), _ = item
    return role, str(claim)
