"""Tables of results for people."""

import json

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
