"""Fields: the parameters of a request, decoded once, and what each kind of them may hold.

Owns the reading of addresses, forms and bodies of text. Must not know Flask, nor what the fields
mean: that is for the protocols of queries, updates and graphs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final
from urllib.parse import parse_qsl

from entente.core.terms import is_absolute
from entente.web.problems import RequestRefused, problem, wrong_parameter

FORM: Final = "application/x-www-form-urlencoded"
FIELDS: Final = 1000
UTF8_NAMES: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What of an HTTP request the protocols look at; `search` is the raw query string."""

    method: str
    search: bytes
    accept: str | None = None
    content_type: str = ""
    charset: str = ""
    content_encoding: str = ""
    body: bytes = b""


def read_body(request: HttpRequest, names: dict[str, str]) -> list[tuple[str, str]]:
    """Read a body as fields: those of a form, or the whole text as one field.

    Args:
        request: with a body.
        names: media type to the name of the field that such a body stands for.

    Raises:
        RequestRefused: the type, the charset or the encoding is not read here.
    """
    require_plain(request)
    if request.content_type not in (FORM, *names):
        found, accepted = request.content_type or "missing", " or ".join((FORM, *names))
        raise RequestRefused(
            problem("media-type", f"Content-Type is {found}; it must be {accepted}")
        )
    require_utf8(request.charset)
    if request.content_type == FORM:
        return read_fields(request.body, "the form")
    name = names[request.content_type]
    try:
        return [(name, request.body.decode())]
    except UnicodeDecodeError as error:
        raise wrong_parameter(f"the {name} is not UTF-8 at byte {error.start}") from error


def require_plain(request: HttpRequest) -> None:
    """Refuse a compressed body.

    Raises:
        RequestRefused: with status 415.
    """
    if request.content_encoding not in ("", "identity"):
        raise RequestRefused(
            problem("media-type", f"Content-Encoding {request.content_encoding!r} is not read")
        )


def require_utf8(charset: str) -> None:
    """Refuse any other charset.

    Raises:
        RequestRefused: with status 415.
    """
    if charset.lower() not in UTF8_NAMES:
        raise RequestRefused(problem("media-type", f"charset is {charset!r}; it must be utf-8"))


def gather(fields: Iterable[tuple[str, str]], *names: str) -> dict[str, list[str]]:
    """Sort the fields by name; unknown ones are ignored (clients add their own)."""
    values: dict[str, list[str]] = {name: [] for name in names}
    for name, value in fields:
        if name in values:
            values[name].append(value)
    return values


def read_fields(encoded: bytes, place: str) -> list[tuple[str, str]]:
    """Decode `application/x-www-form-urlencoded` text once, strictly as UTF-8.

    Raises:
        RequestRefused: bytes that are not UTF-8, or too many fields.
    """
    try:
        return parse_qsl(
            encoded.decode(), keep_blank_values=True, errors="strict", max_num_fields=FIELDS
        )
    except UnicodeDecodeError as error:
        raise wrong_parameter(f"{place} is not UTF-8") from error
    except ValueError as error:
        raise wrong_parameter(f"{place} has more than {FIELDS} fields") from error


def require_at_most_one(values: list[str], name: str) -> str | None:
    """Give the one value of a field; `None` where it is not given.

    Raises:
        RequestRefused: there are more.
    """
    if len(values) > 1:
        raise wrong_parameter(f"{name} is given {len(values)} times, not once")
    return values[0] if values else None


def require_iris(values: list[str], name: str) -> tuple[str, ...]:
    """Give the IRIs of a field, each once.

    Raises:
        RequestRefused: one is not an absolute IRI.
    """
    for value in values:
        if not is_absolute(value):
            raise wrong_parameter(f"{name} is {value[:100]!r}; it must be an absolute IRI")
    return tuple(dict.fromkeys(values))


def read_seconds(values: list[str]) -> float | None:
    """Give the seconds of a field; `None` where it is not given or empty.

    Raises:
        RequestRefused: it is no number above 0.
    """
    if not values or not values[-1].strip():
        return None
    try:
        seconds = float(values[-1])
    except ValueError:
        seconds = -1.0
    if not isfinite(seconds) or seconds <= 0:
        raise wrong_parameter(f"timeout is {values[-1][:40]!r}; it must be seconds above 0")
    return seconds
