"""What reconciliation clients send: batches of queries of both versions, and extensions of tables.

Owns the reading of their JSON, and the words in which a wrong member is refused. A member that is
not known is refused as well: a misspelt one would change the answer in silence.
https://reconciliation-api.github.io/specs/0.2/
https://reconciliation-api.github.io/specs/draft/
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from entente.core.terms import expand, is_absolute
from entente.query.property_values import Value
from entente.query.reconciling import (
    ALL,
    ANY,
    IDENTIFIER,
    NAME,
    NONE,
    PROPERTY,
    SHOULD,
    Condition,
    Question,
)
from entente.web.problems import RequestRefused, problem, wrong_parameter

MOST_CANDIDATES: Final = 50
MOST_CONDITIONS: Final = 20
MOST_VALUES: Final = 50
LONGEST: Final = 300
MOST_ROWS: Final = 500
MOST_COLUMNS: Final = 20
_OLD: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})
_NEW: Final = frozenset({"type", "limit", "conditions", "lang", "dir"})
_PROPERTY: Final = frozenset({"pid", "v", "p", "name", "lang", "dir"})
_CONDITION: Final = frozenset(
    {
        *("matchType", "propertyId", "propertyValue", "required"),
        *("matchQuantifier", "matchQualifier", "lang", "dir"),
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """A property to extend a table by; at most `limit` values a row, 0 is all."""

    predicate: str
    asked: str
    limit: int


@dataclass(frozen=True, slots=True)
class Extension:
    """Which properties are wanted of which things, in the order of the table."""

    rows: tuple[str, ...]
    columns: tuple[Column, ...]


def read_json(text: str, what: str) -> Any:
    """Read a JSON text.

    Raises:
        RequestRefused: it is none, is nested too deep, or holds half a character.
    """
    try:
        text.encode()
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise wrong_parameter(f"{what} is no JSON: {error}"[:200]) from error
    return found


def read_old_batch(found: Any, *, most: int) -> dict[str, Question]:
    """Read a batch of version 0.2: an object of queries by keys of the client's own.

    Raises:
        RequestRefused: 400, or 413 where there are more than `most`.
    """
    _require(isinstance(found, dict), "queries must be an object of queries")
    require_few(found, most, "queries")
    return {key: _old_question(query, f"queries.{key[:40]}") for key, query in found.items()}


def read_new_batch(found: Any, *, most: int) -> tuple[Question, ...]:
    """Read a batch of the draft of version 1.0: an object with a list of queries.

    Raises:
        RequestRefused: 400, or 413 where there are more than `most`.
    """
    queries = found.get("queries") if isinstance(found, dict) else None
    _require(isinstance(queries, list), "the body must be an object with a list named queries")
    assert isinstance(queries, list)
    require_few(queries, most, "queries")
    return tuple(_new_question(query, f"queries[{i}]") for i, query in enumerate(queries))


def read_extension(found: Any) -> Extension:
    """Read a data extension query, which is the same in both versions.

    Raises:
        RequestRefused: 400, or 413 where there are more than `MOST_ROWS` rows.
    """
    _require(isinstance(found, dict), "extend must be an object")
    ids, properties = found.get("ids"), found.get("properties")
    _require(_is_texts(ids), "extend.ids must be a list of identifiers")
    _require(isinstance(properties, list), "extend.properties must be a list")
    require_few(ids, MOST_ROWS, "extend.ids")
    require_few(properties, MOST_COLUMNS, "extend.properties")
    columns = tuple(_column(each, f"extend.properties[{i}]") for i, each in enumerate(properties))
    return Extension(tuple(dict.fromkeys(ids)), columns)


def require_few(found: Sequence[object] | Mapping[str, object], most: int, what: str) -> None:
    """Refuse a batch that is too large.

    Raises:
        RequestRefused: with status 413.
    """
    if len(found) > most:
        detail = f"{what} holds {len(found)}; at most {most} are answered at once"
        raise RequestRefused(problem("too-large", detail))


def read_name(text: str, what: str) -> str:
    """Read the IRI of a type or property, whole or with a prefix.

    Raises:
        RequestRefused: it is none.
    """
    try:
        iri = expand(text.strip())
    except ValueError as error:
        raise wrong_parameter(f"{what}: {error}") from error
    _require(is_absolute(iri), f"{what} is {text[:100]!r}; it must be prefix:name or an IRI")
    return iri


def _old_question(query: Any, place: str) -> Question:
    query = _object(query, _OLD, place)
    conditions = []
    if query.get("query") is not None:
        text = query["query"]
        _require(isinstance(text, str) and text.strip(), f"{place}.query must be a text")
        conditions.append(Condition(kind=NAME, values=_values(text, f"{place}.query")))
    for i, each in enumerate(_list(query.get("properties"), f"{place}.properties")):
        where = f"{place}.properties[{i}]"
        each = _object(each, _PROPERTY, where)
        _require(isinstance(each.get("pid"), str), f"{where}.pid must be a property")
        values = _values(each.get("v"), f"{where}.v")
        predicate = read_name(each["pid"], f"{where}.pid")
        conditions.append(Condition(kind=PROPERTY, predicate=predicate, values=values))
    rule = query.get("type_strict", ANY)
    _require(rule in (ANY, ALL, SHOULD), f"{place}.type_strict must be any, all or should")
    types = query.get("type")
    types = [types] if isinstance(types, str) else _list(types, f"{place}.type")
    return _question(conditions, types, query, place, rule=rule)


def _new_question(query: Any, place: str) -> Question:
    query = _object(query, _NEW, place)
    conditions = []
    for i, each in enumerate(_list(query.get("conditions"), f"{place}.conditions")):
        conditions.append(_new_condition(each, f"{place}.conditions[{i}]"))
    type_ = query.get("type")
    _require(type_ is None or isinstance(type_, str), f"{place}.type must be one type")
    return _question(conditions, [type_] if type_ else [], query, place, rule=ANY)


def _new_condition(condition: Any, place: str) -> Condition:
    condition = _object(condition, _CONDITION, place)
    kind, predicate = condition.get("matchType"), condition.get("propertyId")
    _require(
        kind in (NAME, IDENTIFIER, PROPERTY), f"{place}.matchType must be name, id or property"
    )
    if kind == PROPERTY:
        _require(isinstance(predicate, str), f"{place}.propertyId must be a property")
        predicate = read_name(str(predicate), f"{place}.propertyId")
    required = condition.get("required", False)
    _require(isinstance(required, bool), f"{place}.required must be true or false")
    quantifier = condition.get("matchQuantifier", ANY)
    _require(quantifier in (ANY, ALL, NONE), f"{place}.matchQuantifier must be any, all or none")
    _require(
        condition.get("matchQualifier") is None,
        f"{place}.matchQualifier: no property has qualifiers here",
    )
    return Condition(
        kind=str(kind),
        values=_values(condition.get("propertyValue"), f"{place}.propertyValue"),
        predicate=predicate if kind == PROPERTY else None,
        required=required,
        quantifier=quantifier,
    )


def _question(
    conditions: list[Condition], types: Any, query: Mapping[str, Any], place: str, *, rule: str
) -> Question:
    _require(bool(conditions), f"{place} asks for nothing: neither a name nor a property")
    require_few(conditions, MOST_CONDITIONS, place)
    _require(_is_texts(types), f"{place}.type must be one type, or a list of types")
    require_few(types, MOST_CONDITIONS, f"{place}.type")
    limit = query.get("limit", 5)
    whole = isinstance(limit, int | float) and not isinstance(limit, bool) and limit == limit // 1
    _require(whole and limit >= 1, f"{place}.limit must be a whole number above 0")
    return Question(
        conditions=tuple(conditions),
        types=tuple(read_name(type_, f"{place}.type") for type_ in types),
        types_rule=rule,
        limit=int(min(limit, MOST_CANDIDATES)),
    )


def _values(found: Any, place: str) -> tuple[Value, ...]:
    values = found if isinstance(found, list) else [found]
    _require(bool(values), f"{place} is empty")
    require_few(values, MOST_VALUES, place)
    return tuple(_value(value, place) for value in values)


def _value(found: Any, place: str) -> Value:
    if isinstance(found, bool):
        return Value("true" if found else "false")
    if isinstance(found, int | float):
        return Value(repr(found))
    if isinstance(found, dict):
        iri = found.get("id")
        _require(isinstance(iri, str), f"{place}.id must be an identifier")
        return Value(str(found.get("name", iri))[:LONGEST], read_name(str(iri), f"{place}.id"))
    _require(isinstance(found, str), f"{place} must be a text, number, boolean or entity")
    _require(len(found) <= LONGEST, f"{place} has {len(found)} characters; at most {LONGEST}")
    return Value(found)


def _column(found: Any, place: str) -> Column:
    found = _object(found, frozenset({"id", "name", "settings"}), place)
    _require(isinstance(found.get("id"), str), f"{place}.id must be a property")
    settings = found.get("settings") or {}
    _require(isinstance(settings, dict), f"{place}.settings must be an object")
    limit = settings.get("limit", 0)
    if isinstance(limit, str) and limit.isascii() and limit.isdigit() and len(limit) < 10:
        limit = int(limit)  # what OpenRefine's form sends
    whole = isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0
    _require(whole, f"{place}.settings.limit must be a whole number")
    return Column(read_name(found["id"], f"{place}.id"), found["id"], limit)


def _object(found: Any, known: frozenset[str], place: str) -> dict[str, Any]:
    _require(isinstance(found, dict), f"{place} must be an object")
    unknown = sorted(set(found) - known)
    _require(not unknown, f"{place} has no member {unknown[:1]}; known: {', '.join(sorted(known))}")
    return dict(found)


def _list(found: Any, place: str) -> list[Any]:
    _require(found is None or isinstance(found, list), f"{place} must be a list")
    return found or []


def _is_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _require(holds: object, detail: str) -> None:
    if not holds:
        raise wrong_parameter(detail)
