"""`entente query`: a SPARQL query on the graph at hand."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from entente.cli.graph import prepare_graph
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.core.errors import QueryRefused, SettingError
from entente.core.media import GRAPHS, RESULTS, by_name
from entente.core.terms import XSD, expand

if TYPE_CHECKING:
    from entente.query.library import Value
    from entente.query.results import Iri, Literal

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_STRING = re.compile(r'"(?P<text>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^(?P<datatype>\S+))?', re.S)


@click.command("query")
@click.argument("query", required=False)
@click.option(
    "--format",
    "form",
    help="table, or "
    + ", ".join(dict.fromkeys(offer.name for offer in (*RESULTS, *GRAPHS)))
    + ". Default on a terminal: table and ttl; in a pipe: csv and ttl.",
)
@click.option(
    "--param",
    "parameters",
    multiple=True,
    metavar="NAME=TERM",
    help="Value of a parameter of a query of the library: prefix:name, <iri>, number or "
    '"text"@en; may be given more than once.',
)
@root_option
@settings_options("state", "query_seconds", "query_memory", "result_bytes")
def command(
    *,
    query: str | None,
    form: str | None,
    parameters: tuple[str, ...],
    root: Path | None,
    **values: object,
) -> None:
    """Answer QUERY: its text, a file, the name of a query of the library, or - for standard input.

    Runs in a reader process with the limits of the server. Builds what is stale first.
    """
    from entente.query.library import QueryLibrary, read_query
    from entente.query.service import QueryRequest, QueryService

    place = chosen_root(root)
    library = QueryLibrary(place / "queries")
    if query is None and sys.stdin.isatty():
        raise click.UsageError("no query: give its text, a file, a name of the library, or -")
    if query is None or query == "-":
        named = read_query("-", sys.stdin.read())
    elif query in library.names:
        named = library.get(query)
    elif "{" not in query and Path(query).is_file():
        named = read_query(query, Path(query).read_text("utf-8"))
    else:
        named = read_query("query", query)
    text = named.with_values(_values(parameters)) if parameters else named.text
    table = form == "table" or (form is None and sys.stdout.isatty())
    results, graph = _formats(form, table=table)
    settings = chosen_settings({**values, "readers": 1})
    snapshots = prepare_graph(place, settings)
    with QueryService(settings, snapshots, queries=place / "queries") as service:
        request = QueryRequest(query=text, results_format=results, graph_format=graph)
        with service.open_query(request) as answer:
            if answer.form != "graph" and table:
                from entente.cli.tables import print_results

                print_results(answer.read(), form=answer.form)
            else:
                for chunk in answer:
                    click.echo(chunk, nl=False)


def _formats(form: str | None, *, table: bool) -> tuple[str | None, str | None]:
    """Choose the formats of results and of graphs."""
    if table:
        return "json", "ttl"
    if form is None:
        return "csv", "ttl"
    results, graph = by_name(form, RESULTS), by_name(form, GRAPHS)
    if results is None and graph is None:
        names = ", ".join(dict.fromkeys(offer.name for offer in (*RESULTS, *GRAPHS)))
        raise SettingError(f"no format is called {form!r}; known are table, {names}")
    return results.name if results else None, graph.name if graph else None


def _values(parameters: tuple[str, ...]) -> "dict[str, Value]":
    found: dict[str, list[Iri | Literal]] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals:
            raise click.UsageError(f"--param {parameter!r}: write NAME=TERM")
        found.setdefault(name, []).append(_term(value))
    return {name: tuple(terms) for name, terms in found.items()}


def _term(text: str) -> "Iri | Literal":
    from entente.query.results import Iri, Literal

    match = _STRING.fullmatch(text)
    try:
        if match is not None:
            if match["datatype"] is not None:
                return Literal(match["text"], expand(match["datatype"]))
            return Literal(match["text"], language=match["language"])
        if _NUMBER.fullmatch(text):
            return Literal(text, XSD + ("decimal" if "." in text else "integer"))
        return Iri(expand(text))
    except ValueError as error:
        raise QueryRefused(f"{text!r} is no term: {error}") from error
