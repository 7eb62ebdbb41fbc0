"""The SPARQL 1.1 protocol: from the parts of an HTTP request to what is asked.

Owns the reading of parameters (decoded exactly once), of the body's media type and of the wished
formats. Must not know Flask, and must not look into the query: that is the reader's work.
https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Final
from urllib.parse import parse_qsl

from entente.core.media import (
    FORMATS,
    GRAPHS,
    PAGE,
    RESULTS,
    Format,
    by_name,
    negotiate,
)
from entente.web.problems import RequestRefused, problem

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FIELDS: Final = 1000
UTF8_NAMES: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What of an HTTP request the protocol looks at; `search` is the raw query string."""

    method: str
    search: bytes
    accept: str | None = None
    content_type: str = ""
    charset: str = ""
    content_encoding: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks the endpoint for.

    `query` is `None` where the client wants to see the endpoint itself. `results` and `graph` are
    the formats for either form of answer; `chosen` is what a parameter named, if one did; `page`
    says that the client is a person with a browser.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results: Format | None = None
    graph: Format | None = None
    page: bool = False
    chosen: str | None = None
    timeout: float | None = None


def read_protocol(request: HttpRequest) -> Asked:
    """Read a query operation: GET, POST of a form, or POST of the query itself.

    Raises:
        RequestRefused: with the problem that the protocol asks for.
    """
    fields = read_fields(request.search, "the address")
    if request.method == "POST":
        fields += _read_body(request)
    values = _gather(fields)
    if len(values["update"]) > 1:
        raise RequestRefused(problem("parameter", "update is given more than once"))
    if values["update"] and values["query"]:
        raise RequestRefused(problem("parameter", "query and update cannot come together"))
    if values["update"]:
        raise refuse_update()
    query = _require_at_most_one(values["query"], "query")
    if query is not None and not query.strip():
        raise RequestRefused(problem("parameter", "query is empty"))
    if query is None and request.method == "POST":
        raise RequestRefused(problem("parameter", "query is missing"))
    formats = _read_formats(request.accept, values["format"] + values["output"], query)
    return Asked(
        query=query,
        default_graphs=_require_iris(values["default-graph-uri"], "default-graph-uri"),
        named_graphs=_require_iris(values["named-graph-uri"], "named-graph-uri"),
        results=formats.results,
        graph=formats.graph,
        page=formats.page,
        chosen=formats.chosen,
        timeout=_read_seconds(values["timeout"]),
    )


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
        raise RequestRefused(problem("parameter", f"{place} is not UTF-8")) from error
    except ValueError as error:
        raise RequestRefused(
            problem("parameter", f"{place} has more than {FIELDS} fields")
        ) from error


def refuse_update() -> RequestRefused:
    """Make the refusal of any update."""
    return RequestRefused(problem("read-only", "this server is read-only: updates are refused"))


def _read_body(request: HttpRequest) -> list[tuple[str, str]]:
    if request.content_encoding not in ("", "identity"):
        raise RequestRefused(
            problem("media-type", f"Content-Encoding {request.content_encoding!r} is not read")
        )
    if request.content_type not in (FORM, QUERY, UPDATE):
        found = request.content_type or "missing"
        raise RequestRefused(
            problem("media-type", f"Content-Type is {found}; it must be {FORM} or {QUERY}")
        )
    if request.charset.lower() not in UTF8_NAMES:
        raise RequestRefused(
            problem("media-type", f"charset is {request.charset!r}; it must be utf-8")
        )
    if request.content_type == FORM:
        return read_fields(request.body, "the form")
    if request.content_type == UPDATE:
        raise refuse_update()
    try:
        return [("query", request.body.decode())]
    except UnicodeDecodeError as error:
        raise RequestRefused(
            problem("parameter", f"the query is not UTF-8 at byte {error.start}")
        ) from error


def _gather(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Sort the fields by name; unknown ones are ignored (clients add their own)."""
    known = ("query", "update", "default-graph-uri", "named-graph-uri")
    values: dict[str, list[str]] = {name: [] for name in (*known, "format", "output", "timeout")}
    for name, value in fields:
        if name in values:
            values[name].append(value)
    return values


def _require_at_most_one(values: list[str], name: str) -> str | None:
    if len(values) > 1:
        raise RequestRefused(problem("parameter", f"{name} is given {len(values)} times, not once"))
    return values[0] if values else None


def _require_iris(values: list[str], name: str) -> tuple[str, ...]:
    for value in values:
        if _IRI.fullmatch(value) is None:
            raise RequestRefused(
                problem("parameter", f"{name} is {value[:100]!r}; it must be an absolute IRI")
            )
    return tuple(dict.fromkeys(values))


def _read_seconds(values: list[str]) -> float | None:
    if not values or not values[-1].strip():
        return None
    try:
        seconds = float(values[-1])
    except ValueError:
        seconds = -1.0
    if not isfinite(seconds) or seconds <= 0:
        raise RequestRefused(
            problem("parameter", f"timeout is {values[-1][:40]!r}; it must be seconds above 0")
        )
    return seconds


@dataclass(frozen=True, slots=True)
class _Formats:
    results: Format | None
    graph: Format | None
    page: bool
    chosen: str | None


def _read_formats(accept: str | None, names: list[str], query: str | None) -> _Formats:
    """Choose by parameter, else by Accept; both forms, since only the reader knows which it is."""
    wished = [name for name in names if name.strip()]
    if wished:
        name = wished[0]
        if by_name(name, (PAGE,)):
            return _Formats(RESULTS[0], GRAPHS[0], page=True, chosen=PAGE.name)
        results, graph = by_name(name, RESULTS), by_name(name, GRAPHS)
        page = False
    else:
        name = None
        results, graph = negotiate(accept, RESULTS), negotiate(accept, GRAPHS)
        data = (*GRAPHS, *RESULTS) if query is None else (*RESULTS, *GRAPHS)
        page = negotiate(accept, (*data, PAGE)) is PAGE
    if page:
        return _Formats(RESULTS[0], GRAPHS[0], page=True, chosen=None)
    if results is None and graph is None:
        offers = tuple(offer.media_type for offer in FORMATS)
        wish = f"format is {name[:100]!r}" if name else "nothing in Accept is known"
        raise RequestRefused(
            problem("not-acceptable", f"{wish}; the formats offered are listed", offers=offers)
        )
    return _Formats(results, graph, page=False, chosen=name)
