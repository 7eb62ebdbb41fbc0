"""Parameters of the API: text of an address to terms, days and counts.

Owns what each kind of parameter may hold and the words in which a wrong one is refused. A name is
`prefix:local`, `<iri>` or an absolute IRI; a value may also be a literal as Turtle writes it.
"""

import re
from datetime import date
from typing import Final

from flask import request

from entente.core.terms import expand, is_absolute
from entente.query.results import LANG_STRING, Iri, Literal, Term
from entente.web.fields import require_at_most_one
from entente.web.problems import wrong_parameter

MOST_CLAIMS: Final = 500
_LITERAL: Final = re.compile(
    r'"(?P<text>(?:[^"\\]|\\["\\nrt])*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^(?P<datatype>\S+))?'
)
_ESCAPE: Final = re.compile(r'\\(["\\nrt])')
_MEANT: Final = {"n": "\n", "r": "\r", "t": "\t"}


def given(name: str) -> str | None:
    """Give a parameter that may stand once; `None` where it is absent or empty.

    Raises:
        RequestRefused: it is given more than once.
    """
    values = (value.strip() for value in request.args.getlist(name))
    return require_at_most_one([value for value in values if value], name)


def required(name: str) -> str:
    """Give a parameter that must be there."""
    value = given(name)
    if value is None:
        raise wrong_parameter(f"{name} is missing")
    return value


def read_iri(text: str, name: str) -> Iri:
    """Read a name.

    Raises:
        RequestRefused: it is none, or its prefix is not known.
    """
    try:
        iri = expand(text)
    except ValueError as error:
        raise wrong_parameter(f"{name}: {error}") from error
    if not is_absolute(iri):
        raise wrong_parameter(
            f"{name} is {text[:100]!r}; it must be prefix:name or an absolute IRI"
        )
    return Iri(iri)


def read_term(text: str, name: str) -> Term:
    """Read a name or a literal.

    Raises:
        RequestRefused: it is neither.
    """
    if not text.startswith('"'):
        return read_iri(text, name)
    found = _LITERAL.fullmatch(text)
    if found is None:
        raise wrong_parameter(
            f'{name} is {text[:100]!r}; a literal is "text", "text"@en or "1"^^xsd:date'
        )
    value = _ESCAPE.sub(lambda match: _MEANT.get(match[1], match[1]), found["text"])
    if found["language"] is not None:
        return Literal(value, LANG_STRING, found["language"].lower())
    if found["datatype"] is not None:
        return Literal(value, read_iri(found["datatype"], name).value)
    return Literal(value)


def read_iris(*names: str) -> dict[str, Term]:
    """Read those of some parameters that are given and are names."""
    return {name: read_iri(text, name) for name in names if (text := given(name)) is not None}


def read_day(name: str) -> str | None:
    """Read a day, ISO 8601; of a time with a clock the day counts.

    Raises:
        RequestRefused: it is no day.
    """
    text = given(name)
    return None if text is None else read_day_text(text, name)


def read_day_text(text: str, name: str) -> str:
    """Read the text of a day; see `read_day`."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise wrong_parameter(
            f"{name} is {text[:40]!r}; it must be a day such as 2025-07-31"
        ) from error


def read_count(name: str, *, default: int, most: int) -> int:
    """Read a number that is not negative.

    Raises:
        RequestRefused: it is no such number, or too large.
    """
    text = given(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
        raise wrong_parameter(f"{name} is {text[:40]!r}; it must be a whole number up to {most}")
    return int(text)
