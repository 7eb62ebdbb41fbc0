"""Totals: sums of committed money, as ranges where it is open what is one and the same.

Owns the arithmetic. Commitments of one identity group, or that may be the same, are one sum at
least and as many as there are at most: the low end takes the smallest of a group, the high end
all. An equivalent counts only where the source states it; nothing is converted here. Amounts for
a period that repeats (per month) are never added.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from entente.query.results import Row, Term
from entente.query.service import QueryService


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One commitment of money; `ties` are its identity groups and what it may be one with."""

    iri: str
    funder: str | None
    amounts: Mapping[str, Decimal]
    stated_in: str
    bound: str | None
    per: str | None
    ties: frozenset[str]
    since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum in one currency for one funder.

    `groups` are the commitments that count, those that may be one together; `left_out` are those
    that cannot be added, with the reason.
    """

    funder: str | None
    currency: str
    low: Decimal
    high: Decimal
    groups: tuple[tuple[Commitment, ...], ...]
    left_out: tuple[tuple[Commitment, str], ...]


def find_totals(
    service: QueryService, wanted: Mapping[str, Term], *, currency: str | None = None
) -> tuple[Total, ...]:
    """Sum commitments by funder and currency.

    Args:
        service: where they are.
        wanted: parameters of `queries/evidence/commitments.rq`.
        currency: only this one (ISO 4217).
    """
    found = read_commitments(service.rows("evidence/commitments", **wanted))
    by_funder: defaultdict[str, list[Commitment]] = defaultdict(list)
    for one in found:
        by_funder[one.funder or ""].append(one)
    return tuple(
        sum_up(ones, funder=funder or None, currency=name)
        for funder, ones in sorted(by_funder.items())
        for name in sorted({name for one in ones for name in one.amounts})
        if currency in (None, name)
    )


def sum_up(ones: Iterable[Commitment], *, funder: str | None, currency: str) -> Total:
    """Sum commitments in one currency."""
    adding, left_out = [], []
    for one in ones:
        if one.per is not None:
            left_out.append((one, "it repeats with each period"))
        elif currency not in one.amounts:
            left_out.append((one, f"no source states it in {currency}"))
        else:
            adding.append(one)
    groups = group(adding)
    sums = [[one.amounts[currency] for one in held] for held in groups]
    return Total(
        funder=funder,
        currency=currency,
        low=sum((min(held) for held in sums), Decimal()),
        high=sum((sum(held, Decimal()) for held in sums), Decimal()),
        groups=groups,
        left_out=tuple(left_out),
    )


def group(ones: Iterable[Commitment]) -> tuple[tuple[Commitment, ...], ...]:
    """Bring together the commitments that may be one, directly or through others."""
    groups: list[tuple[set[str], list[Commitment]]] = []
    for one in sorted(ones, key=lambda each: each.iri):
        names, members = {one.iri, *one.ties}, [one]
        apart = []
        for held in groups:
            if held[0] & names:
                names |= held[0]
                members += held[1]
            else:
                apart.append(held)
        groups = [*apart, (names, members)]
    found = (tuple(sorted(members, key=lambda each: each.iri)) for _, members in groups)
    return tuple(sorted(found, key=lambda members: members[0].iri))


def read_commitments(rows: Iterable[Row]) -> tuple[Commitment, ...]:
    """Gather commitments from the rows of `queries/evidence/commitments.rq`."""
    held: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        held[str(row["commitment"]), str(row.get("giver", ""))].append(row)
    return tuple(_commitment(iri, funder, found) for (iri, funder), found in sorted(held.items()))


def _commitment(iri: str, funder: str, rows: list[Row]) -> Commitment:
    first = rows[0]
    amounts: dict[str, Decimal] = {}
    ties: set[str] = set()
    for row in rows:
        amounts[str(row["currency"])] = Decimal(str(row["value"]))
        ties |= {str(row[name]) for name in ("group", "same") if name in row}
    for row in rows:
        if "equivalent" in row:
            stated = Decimal(str(row["equivalent"]))
            amounts.setdefault(str(row["equivalentCurrency"]), stated)
    return Commitment(
        iri=iri,
        funder=funder or None,
        amounts=amounts,
        stated_in=str(first["currency"]),
        bound=str(first["bound"]) if "bound" in first else None,
        per=str(first["per"]) if "per" in first else None,
        ties=frozenset(ties),
        since=str(first["since"]) if "since" in first else None,
    )
