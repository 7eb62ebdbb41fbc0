"""The SPARQL 1.1 protocol for queries: from the fields of a request to what is asked.

Owns the choice between query and update, and the reading of the wished formats.
Must not know Flask, and must not look into the query: that is the reader's work.
https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from dataclasses import dataclass
from typing import Final

from entente.core.media import (
    FORMATS,
    GRAPHS,
    PAGE,
    RESULTS,
    Format,
    by_name,
    negotiate,
)
from entente.web.fields import (
    HttpRequest,
    gather,
    read_body,
    read_fields,
    read_seconds,
    require_at_most_one,
    require_iris,
)
from entente.web.problems import RequestRefused, problem, wrong_parameter

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FIELDS: Final = (
    "query",
    "default-graph-uri",
    "named-graph-uri",
    "format",
    "output",
    "timeout",
)
WITH_BODY: Final = frozenset({"POST", "QUERY"})


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


def read_operation(request: HttpRequest) -> list[tuple[str, str]]:
    """Read the fields of a query or update operation: address, form, or the text itself.

    Raises:
        RequestRefused: with the problem that the protocol asks for.
    """
    fields = read_fields(request.search, "the address")
    if request.method in WITH_BODY:
        fields += read_body(request, {QUERY: "query", UPDATE: "update"})
    names = [name for name, _ in fields if name in ("query", "update")]
    if "query" in names and "update" in names:
        raise wrong_parameter("query and update cannot come together")
    return fields


def is_update(fields: list[tuple[str, str]]) -> bool:
    """Tell whether the fields are those of an update."""
    return any(name == "update" for name, _ in fields)


def read_query(fields: list[tuple[str, str]], request: HttpRequest) -> Asked:
    """Read a query operation from its fields.

    Raises:
        RequestRefused: a field is malformed, or no format that is asked for is known.
    """
    values = gather(fields, *FIELDS)
    query = require_at_most_one(values["query"], "query")
    if query is not None and not query.strip():
        raise wrong_parameter("query is empty")
    if query is None and request.method in WITH_BODY:
        raise wrong_parameter("query is missing")
    formats = _read_formats(request.accept, values["format"] + values["output"], query)
    return Asked(
        query=query,
        default_graphs=require_iris(values["default-graph-uri"], "default-graph-uri"),
        named_graphs=require_iris(values["named-graph-uri"], "named-graph-uri"),
        results=formats.results,
        graph=formats.graph,
        page=formats.page,
        chosen=formats.chosen,
        timeout=read_seconds(values["timeout"]),
    )


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
        offers = tuple(dict.fromkeys(offer.media_type for offer in FORMATS))
        wish = f"format is {name[:100]!r}" if name else "nothing in Accept is known"
        raise RequestRefused(
            problem("not-acceptable", f"{wish}; the formats offered are listed", offers=offers)
        )
    return _Formats(results, graph, page=False, chosen=name)
