"""Values of literals: whether a lexical form is in its datatype's space, and which value is less.

Knows the datatypes that the data uses; others are `None` (unknown), never guessed. Dates with a
time zone have no order here: XSD gives them a partial one.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal

from entente.core.terms import RDF, XSD

_FORMS: Final = {
    "integer": re.compile(r"[+-]?[0-9]+"),
    "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    "boolean": re.compile(r"true|false|1|0"),
    "date": re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?"),
    "dateTime": re.compile(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})?"
    ),
    "string": re.compile(r".*", re.DOTALL),
    "anyURI": re.compile(r".*", re.DOTALL),
}

Value = tuple[str, Decimal | date | str]


def is_well_formed(literal: Literal) -> bool | None:
    """Tell whether the lexical form belongs to the datatype; `None` for an unknown datatype."""
    if literal.datatype.value == RDF + "langString":
        return True
    name = literal.datatype.value.removeprefix(XSD)
    form = _FORMS.get(name)
    if form is None:
        return None
    match = form.fullmatch(literal.value)
    if match is None:
        return False
    try:
        if name == "date":
            date.fromisoformat(match[1])
        elif name == "dateTime":
            datetime.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def comparable(literal: Literal) -> Value | None:
    """Give a value that has an order among those of its kind; `None` where it is not known."""
    if literal.language is not None:
        return "text", literal.value
    name = literal.datatype.value.removeprefix(XSD)
    if not is_well_formed(literal):
        return None
    if name in ("integer", "decimal"):
        return "number", Decimal(literal.value)
    match = _FORMS[name].fullmatch(literal.value) if name in ("date", "dateTime") else None
    if match is not None and match[2] is None:
        if name == "date":
            return name, date.fromisoformat(literal.value)
        return name, datetime.fromisoformat(literal.value)
    return (name, literal.value) if name in ("string", "anyURI", "boolean") else None
