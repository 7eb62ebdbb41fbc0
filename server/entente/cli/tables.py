"""Tables for people: of results, and of counts."""

import json
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from entente.core.messages import Form
from entente.core.terms import shorten
from entente.query.results import Iri, Term, read_boolean, read_rows


def print_results(content: bytes, *, form: Form) -> None:
    """Print SPARQL JSON results as a table, or as yes or no."""
    console = Console(highlight=False)
    if form == "ask":
        console.print("yes" if read_boolean(content) else "no")
        return
    names: list[str] = json.loads(content)["head"]["vars"]
    table = Table(*names)
    rows = read_rows(content)
    for row in rows:
        table.add_row(*(Text(_shown(row.get(name))) for name in names))
    console.print(table)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", style="dim")


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    return shorten(term.value) if isinstance(term, Iri) else str(term)


def print_counts(title: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows of a name and numbers, with the sum of whole numbers where it says something."""
    table = Table(title=title, title_justify="left", title_style="bold", show_footer=True)
    held = list(rows)
    for index, name in enumerate(names):
        column = [row[index] for row in held]
        whole = [value for value in column if isinstance(value, int)]
        footer = f"{sum(whole):,}" if whole and len(held) > 1 and len(whole) == len(held) else ""
        table.add_column(name, footer=footer, justify="right" if index else "left")
    for row in held:
        table.add_row(*(f"{v:,}" if isinstance(v, int) else Text(str(v)) for v in row))
    Console(highlight=False).print(table)
