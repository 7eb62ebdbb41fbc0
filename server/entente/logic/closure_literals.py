"""Literals: what a closure may say of values (rules dt-type2, dt-not-type and dt-diff).

Owns lexical forms and value spaces of the XML Schema datatypes of OWL 2 RL. Speaks only where it
is sure: an unknown datatype is neither right nor wrong, and two dateTimes in different words are
taken as perhaps one. dt-eq is not drawn on purpose: it would add the same value in other words.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from entente.core.terms import RDF, RDFS, XSD

_INTEGERS: Final[dict[str, tuple[str, int | None, int | None]]] = {
    "integer": ("decimal", None, None),
    "nonPositiveInteger": ("integer", None, 0),
    "negativeInteger": ("integer", None, -1),
    "nonNegativeInteger": ("integer", 0, None),
    "positiveInteger": ("nonNegativeInteger", 1, None),
    "long": ("integer", -(2**63), 2**63 - 1),
    "int": ("long", -(2**31), 2**31 - 1),
    "short": ("int", -(2**15), 2**15 - 1),
    "byte": ("short", -(2**7), 2**7 - 1),
    "unsignedLong": ("nonNegativeInteger", 0, 2**64 - 1),
    "unsignedInt": ("unsignedLong", 0, 2**32 - 1),
    "unsignedShort": ("unsignedInt", 0, 2**16 - 1),
    "unsignedByte": ("unsignedShort", 0, 2**8 - 1),
}

_PARENTS: Final[dict[str, str]] = {
    **{name: parent for name, (parent, _, _) in _INTEGERS.items()},
    "normalizedString": "string",
    "token": "normalizedString",
    "language": "token",
    "Name": "token",
    "NCName": "Name",
    "dateTimeStamp": "dateTime",
}

_ZONE: Final = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_DAY: Final = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_NAME: Final = r"[^\W\d][\w.\-·]*"

_FORMS: Final[dict[str, str]] = {
    "anyURI": r"[^\x00]*",
    "base64Binary": r"[A-Za-z0-9+/= ]*",
    "boolean": r"true|false|1|0",
    "date": rf"{_DAY}{_ZONE}?",
    "dateTime": rf"{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_DAY}T{_TIME}{_ZONE}",
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "float": rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "Name": rf":?{_NAME}(?::[\w.\-·]*)*",
    "NCName": _NAME,
    "normalizedString": r"[^\t\n\r]*",
    "string": r"(?s:.*)",
    "time": rf"{_TIME}{_ZONE}?",
    "token": r"(?:[^\s]+(?: [^\s]+)*)?",
    **dict.fromkeys(_INTEGERS, r"[+-]?[0-9]+"),
}

_FORM: Final = {name: re.compile(form) for name, form in _FORMS.items()}
_LANG_STRING: Final = "langString"


def is_well_formed(literal: Literal) -> bool | None:
    """Say whether a literal's text fits its own datatype; `None` where that is not known."""
    name = _local(literal.datatype)
    return None if name is None else _fits(literal.value, name)


def types_of(literal: Literal) -> tuple[NamedNode, ...]:
    """Give the datatypes that a literal is of by dt-type2: its own and those it derives from.

    Empty for a literal that does not fit its datatype and for datatypes not known here.
    """
    name: str | None = _local(literal.datatype)
    if name is None or not _fits(literal.value, name):
        return ()
    found = []
    while name is not None:
        found.append(NamedNode(XSD + name))
        name = _PARENTS.get(name)
    return tuple(found)


def is_within(literal: Literal, datatype: NamedNode) -> bool | None:
    """Say whether a literal's value is one of a datatype's values; `None` where not known."""
    if datatype.value == RDFS + "Literal":
        return True
    family, wanted = _family(literal), _root(datatype)
    if family is None or wanted is None:
        return None
    if family != wanted:
        return False
    name = datatype.value.removeprefix(XSD)
    if family == "decimal" and name != "decimal":
        number = Decimal(literal.value)
        _, least, most = _INTEGERS[name]
        return number == number.to_integral_value() and not (
            (least is not None and number < least) or (most is not None and number > most)
        )
    if family in {"string", "dateTime"}:
        return _fits(literal.value, name)
    return True


def are_different(one: Literal, other: Literal) -> bool:
    """Say whether two literals surely have different values (dt-diff)."""
    family, other_family = _family(one), _family(other)
    if family is None or other_family is None:
        return False
    if family != other_family:
        return True
    value, other_value = _value(one, family), _value(other, family)
    return value is not None and other_value is not None and value != other_value


def _local(datatype: NamedNode) -> str | None:
    name = datatype.value.removeprefix(XSD)
    return name if name in _FORM and datatype.value.startswith(XSD) else None


def _root(datatype: NamedNode) -> str | None:
    """Give the primitive datatype that a datatype derives from."""
    if datatype.value == RDF + _LANG_STRING:
        return _LANG_STRING
    name = _local(datatype)
    while name in _PARENTS:
        name = _PARENTS[name]
    return name


def _family(literal: Literal) -> str | None:
    return None if is_well_formed(literal) is False else _root(literal.datatype)


def _value(literal: Literal, family: str) -> object:
    text = literal.value
    match family:
        case "decimal":
            return Decimal(text)
        case "boolean":
            return text in {"true", "1"}
        case "string" | "anyURI":
            return text
        case "langString":
            return (text, literal.language)
    return None


def _fits(text: str, name: str) -> bool:
    if _FORM[name].fullmatch(text) is None:
        return False
    if name in _INTEGERS:
        _, least, most = _INTEGERS[name]
        number = Decimal(text)
        return (least is None or number >= least) and (most is None or number <= most)
    if name in {"date", "dateTime", "dateTimeStamp"}:
        return _is_day(text)
    return True


def _is_day(text: str) -> bool:
    """Say whether the day exists; years outside Python's calendar are taken on trust."""
    year, month, day = text.lstrip("-").split("T")[0].split("-")[:3]
    if text.startswith("-") or len(year) > 4 or year == "0000":
        return True
    try:
        date(int(year), int(month), int(day[:2]))
    except ValueError:
        return False
    return True
