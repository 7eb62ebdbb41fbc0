"""Columns in items: what `fields` names of a row stands in the item of a list too.

Owns the form of such a member, which is that of all others: a list, or a map of languages; things
are named short. A term of the context that the item tells comes first. Columns are no statements
of the graph, so the context says that they mean nothing in RDF.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entente.core.terms import shorten
from entente.logic.nesting import FACTS, Node
from entente.query.results import Iri, Row, Term
from entente.web.named_answers import cell

CONTEXT: Final = "@context"


def with_columns(
    items: Sequence[Node], rows: Sequence[Row], columns: Iterable[str]
) -> tuple[list[Node], dict[str, None]]:
    """Add columns to the items of a list.

    Args:
        items: one for each row, in the same order.
        rows: what was found.
        columns: names of those that are wanted.

    Returns:
        The items, and what their context needs: columns that mean nothing anywhere in the answer.
        A column that some node has as a term means nothing in its own item alone, which says so.
    """
    wanted = tuple(columns)
    terms = {name for item in items for name in _members(item)}
    nothing: dict[str, None] = {}
    made = []
    for item, row in zip(items, rows, strict=True):
        added = {name: _told(row[name]) for name in wanted if name in row and name not in item}
        nothing |= dict.fromkeys(name for name in added if name not in terms)
        own = dict.fromkeys(name for name in added if name in terms)
        head = {CONTEXT: {"@propagate": False, **own}} if own else {}
        facts = {FACTS: item[FACTS]} if FACTS in item else {}
        members = {name: one for name, one in item.items() if name != FACTS}
        made.append({**head, **members, **added, **facts})
    return made, nothing


def _told(term: Term) -> list[Any] | dict[str, Any]:
    """Give one value as a member of an item has it."""
    if isinstance(term, Iri):
        short = shorten(term.value)
        return [term.value if short.startswith("<") else short]
    held = cell(term)
    return {held["language"]: held["value"]} if "language" in held else [held["value"]]


def _members(value: Any) -> Iterable[str]:
    """Name the members of a node and of those in it."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            if name != FACTS:
                yield from _members(one)
    elif isinstance(value, list):
        for one in value:
            yield from _members(one)
