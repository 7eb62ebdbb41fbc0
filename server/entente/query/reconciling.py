"""Reconciling: which things a row of somebody's table means, with a score and its reasons.

Owns the score, from 0 to 100: the likeness of names, of identifiers and of property values, each
the best of a thing's spellings or values; and the decision that a candidate is the one. Candidates
come from the index of names, or, where only properties are given, from the graph. Known limit: of
each name `CANDIDATES` things are compared, those that search ranks first.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from entente.core.errors import LimitExceeded
from entente.core.terms import OWL
from entente.logic.edit_distance import likeness
from entente.logic.folding import BREAK, fold
from entente.query.finding import Sought, find
from entente.query.name_file import NameFile, Rows, Type
from entente.query.property_values import (
    Held,
    PropertyValues,
    Value,
    is_same_thing,
    likeness_of_value,
)
from entente.store.naming import ALTERNATIVE, HIDDEN, LABEL, NOTATION

ANYTHING: Final = OWL + "Thing"
"""As a type it restricts nothing."""

KINDS: Final = ("thing", "concept", "article")
CANDIDATES: Final = 25
MOST_NAMES: Final = 5
NAME: Final = "name"
IDENTIFIER: Final = "id"
PROPERTY: Final = "property"
ANY, ALL, NONE, SHOULD = "any", "all", "none", "should"
ENOUGH: Final = 0.8
"""How alike a required value must be."""

SURE: Final = 90.0
"""A match has at least this score …"""

AHEAD: Final = 4.0
"""… and is so far ahead of the next candidate."""

_WEIGHTS: Final = {NAME: 1.0, IDENTIFIER: 1.0, PROPERTY: 0.4}
_OTHER_TYPE: Final = 0.85
_OTHER_ORDER: Final = 0.97
_PART: Final = 0.9
_ROLES: Final = {LABEL: 1.0, ALTERNATIVE: 0.95, NOTATION: 0.94, HIDDEN: 0.93}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a candidate should have: `kind` is `NAME`, `IDENTIFIER` or `PROPERTY`.

    `quantifier` says of how many values: `ANY`, `ALL` or `NONE`; without what is `required` there
    is no candidate.
    """

    kind: str
    values: tuple[Value, ...]
    predicate: str | None = None
    required: bool = False
    quantifier: str = ANY

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as texts."""
        return tuple(dict.fromkeys(value.text for value in self.values if value.text.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One row of a table; `types` are IRIs, of which it has `ANY`, `ALL`, or `SHOULD` have one."""

    conditions: tuple[Condition, ...]
    types: tuple[str, ...] = ()
    types_rule: str = ANY
    limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A thing that may be meant, its score from 0 to 100, and the features the score is made of."""

    iri: str
    name: str
    language: str | None
    description: str | None
    types: tuple[Type, ...]
    score: float
    match: bool = False
    features: Mapping[str, float | bool] = field(default_factory=dict)


def reconcile(
    file: NameFile,
    properties: PropertyValues,
    questions: Sequence[Question],
    *,
    seconds: float,
) -> list[tuple[Candidate, ...]]:
    """Give the candidates of each question, the best first.

    Args:
        file: the index of names of the revision that `properties` reads.
        properties: reads values of properties from the graph.
        questions: each is answered without a look at the others.
        seconds: how long all of them may take.

    Raises:
        QueryRefused: a name is too long, or a value is no term.
        QueryError: a limit struck.
    """
    answers = []
    deadline = time.monotonic() + seconds
    for question in questions:
        if time.monotonic() > deadline:
            detail = f"{len(questions)} queries took longer than {seconds:g} s: send fewer"
            raise LimitExceeded(detail, limit="time")
        with file.lookup() as rows:
            answers.append(_Reconciling(rows, properties, question).candidates())
    return answers


class _Reconciling:
    def __init__(self, rows: Rows, properties: PropertyValues, question: Question) -> None:
        self._rows = rows
        self._properties = properties
        self._question = question
        self._types = tuple(each for each in question.types if each != ANYTHING)
        self._strict = self._types if question.types_rule != SHOULD else ()

    def candidates(self) -> tuple[Candidate, ...]:
        numbers = self._numbers()
        iris = {number: self._rows.thing(number).iri for number in numbers}
        wanted = [c.predicate for c in self._question.conditions if c.predicate is not None]
        values = self._properties.read(tuple(iris.values()), tuple(wanted)) if wanted else {}
        found = []
        for number in numbers:
            candidate = self._candidate(number, values)
            if candidate is not None:
                found.append((candidate.score, self._rows.thing(number).weight, candidate))
        found.sort(key=lambda each: (-each[0], -each[1], each[2].iri))
        ordered = [candidate for _, _, candidate in found]
        return tuple(_decided(ordered)[: self._question.limit])

    def _numbers(self) -> list[int]:
        """Give the things to compare, without repetition."""
        conditions = self._question.conditions
        named = [c for c in conditions if c.kind != PROPERTY and c.quantifier != NONE]
        numbers: dict[int, None] = {}
        for condition in named:
            for text in condition.texts[:MOST_NAMES]:
                numbers.update(dict.fromkeys(self._search(text, condition.kind)))
        if not named:
            for condition in conditions:
                if condition.predicate is not None and condition.quantifier != NONE:
                    found = self._properties.holders(
                        self._rows, condition.predicate, condition.values
                    )
                    numbers.update(dict.fromkeys(found))
        return [number for number in numbers if self._fits(number)]

    def _search(self, text: str, kind: str) -> list[int]:
        if kind == IDENTIFIER:
            return [n for n in (self._rows.number_of_name(text),) if n is not None]
        types = self._strict if self._question.types_rule == ANY else self._strict[:1]
        sought = Sought(text=text, types=types, kinds=KINDS, lenient=True)
        return [hit.thing for hit in find(self._rows, sought).hits[:CANDIDATES]]

    def _fits(self, number: int) -> bool:
        has = self._has_types(number)
        return not self._strict or (all(has) if self._question.types_rule == ALL else any(has))

    def _has_types(self, number: int) -> list[bool]:
        known = self._rows.types_of(number)
        return [type_ in known for type_ in self._types]

    def _candidate(self, number: int, values: Held) -> Candidate | None:
        thing = self._rows.thing(number)
        features: dict[str, float | bool] = {}
        total = weights = 0.0
        for condition in self._question.conditions:
            alike = self._alike(condition, number, thing.iri, values)
            if condition.required and alike < ENOUGH:
                return None
            name = (
                condition.kind if condition.predicate is None else f"property:{condition.predicate}"
            )
            features[name] = round(100 * max(alike, float(features.get(name, 0)) / 100), 1)
            total += _WEIGHTS[condition.kind] * alike
            weights += _WEIGHTS[condition.kind]
        score = 100 * total / weights
        if self._types:
            features["type"] = any(self._has_types(number))
            score *= 1.0 if features["type"] else _OTHER_TYPE
        if score <= 0:
            return None
        features["connections"] = thing.weight
        return Candidate(
            iri=thing.iri,
            name=thing.label,
            language=thing.language,
            description=thing.description,
            types=thing.types,
            score=round(score, 1),
            features=features,
        )

    def _alike(
        self,
        condition: Condition,
        number: int,
        iri: str,
        values: Held,
    ) -> float:
        if condition.kind == PROPERTY:
            held = values.get((iri, condition.predicate or ""), ())
            each = [
                max((likeness_of_value(self._rows, value, term) for term in held), default=0.0)
                for value in condition.values
            ]
        elif condition.kind == IDENTIFIER:
            each = [float(is_same_thing(text, iri)) for text in condition.texts]
        else:
            spellings = self._rows.spellings(number)
            each = [
                1.0 if is_same_thing(text, iri) else likeness_of_names(text, spellings)
                for text in condition.texts
            ]
        if condition.quantifier == NONE:
            return 1.0 - max(each, default=0.0)
        return (min if condition.quantifier == ALL else max)(each, default=0.0)


def likeness_of_names(text: str, spellings: Sequence[tuple[str, str | None, str]]) -> float:
    """Give how alike a text is to the best of a thing's spellings, from 0 to 1.

    Args:
        text: what somebody calls a thing.
        spellings: text, language and role of each.
    """
    asked = fold(text)
    best = 0.0
    for spelling, language, role in spellings:
        known = fold(spelling, language)
        alike = max(
            likeness(asked, known),
            _OTHER_ORDER * likeness(_sorted(asked), _sorted(known)),
            _PART * _shared(asked, known),
        )
        best = max(best, _ROLES.get(role, 1.0) * alike)
    return best


def _sorted(folded: str) -> str:
    return BREAK.join(sorted(folded.split()))


def _shared(one: str, other: str) -> float:
    """Give which part of the letters stands in words that both have."""
    ours, others = set(one.split()), set(other.split())
    whole = sum(map(len, ours | others))
    return sum(map(len, ours & others)) / whole if whole else 0.0


def _decided(ordered: list[Candidate]) -> list[Candidate]:
    """Mark the first as the match where it is good, and no other is nearly as good."""
    if not ordered:
        return ordered
    first, rest = ordered[0], ordered[1:]
    alone = not rest or rest[0].score <= first.score - AHEAD
    told = all(
        value >= 100 * ENOUGH for name, value in first.features.items() if name.startswith(PROPERTY)
    )
    sure = first.score >= SURE and alone and told and first.features.get("type", True) is not False
    return [replace(first, match=sure), *rest]
