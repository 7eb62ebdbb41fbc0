"""Tables: things, situations, claims, passages, articles and concepts as CSV (RFC 4180).

Owns the rows. One table a kind, one row a thing, one column a property; `links.csv` repeats the
IRIs of cells with several, one a row, since CSV on the Web cannot make several IRIs of one cell.
Labels stand beside IRIs, for people. `mentions.csv` says which claim mentions what. What no table
holds stands in `rest.nt`, so that all tables together give back the triples of things, view, claims
and concepts, and no others.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import IO, Any, Final

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from entente.build.release_columns import Column, Table, cells_of, table_of
from entente.build.release_draft import Draft
from entente.build.release_spool import Spool
from entente.build.release_table_metadata import write_metadata
from entente.core.terms import (
    ENT,
    GRAPH_ARTICLE,
    GRAPH_BACKGROUND,
    GRAPH_CURATION,
    GRAPH_CURRENT,
    GRAPH_ENTITIES,
    GRAPH_VOCAB,
)
from entente.logic.facts import Term

FOLDER: Final = "tables"
CSV: Final = "text/csv; charset=utf-8"
NTRIPLES: Final = "application/n-triples; charset=utf-8"
LINKS: Final = ("iri", "property", "value")
MENTIONS: Final = ("thing", "thingLabel", "role", "claim", "article")
ROLES: Final = ("subject", "object", "describes", "about", "saidBy", "saidIn", "originalSource")

_TABLED: Final = (GRAPH_ENTITIES, GRAPH_BACKGROUND, GRAPH_CURRENT, GRAPH_CURATION, GRAPH_VOCAB)


def tabled_graphs(spool: Spool) -> list[str]:
    """Give the graphs whose triples the tables hold."""
    return [n for n in spool.graphs() if n in _TABLED or n.startswith(GRAPH_ARTICLE)]


def write_tables(spool: Spool, draft: Draft, *, date: str) -> dict[str, int]:
    """Write all tables and what describes them; give the rows of each."""
    graphs = tabled_graphs(spool)
    tables = _measure(spool, graphs)
    chosen = {name: tables[name].ordered() for name in sorted(tables)}
    first = len(draft.files)
    counts = {name: table.rows for name, table in tables.items()}
    with ExitStack() as stack:
        writers = {
            name: _open(stack, draft, name, _head(columns)) for name, columns in chosen.items()
        }
        links = _open(stack, draft, "links", LINKS)
        mentions = _open(stack, draft, "mentions", MENTIONS)
        counts |= {"links": 0, "mentions": 0}
        rest: list[Triple] = []
        for subject, held in spool.subjects(graphs):
            name = table_of(subject.value) if isinstance(subject, NamedNode) else None
            if name is None:
                rest += held
                continue
            cells, left = cells_of(held)
            rest += left
            for key in cells.keys() - tables[name].columns.keys():
                rest += (Triple(subject, NamedNode(key[0]), value) for value in cells[key])
            writers[name].writerow(_row(subject.value, cells, chosen[name], spool))
            for column in chosen[name]:
                values = cells.get((column.predicate, column.variant), ())
                if column.is_iri and column.is_many:
                    counts["links"] += len(values)
                    links.writerows([subject.value, column.predicate, v.value] for v in values)
            if name == "claim":
                found = list(_mentions(subject.value, held, spool))
                counts["mentions"] += len(found)
                mentions.writerows(found)
    if rest:
        title = "Statements that fit no table"
        with draft.open(f"{FOLDER}/rest.nt", title=title, media_type=NTRIPLES) as file:
            serialize(rest, file, format=RdfFormat.N_TRIPLES)
    files = {file.name: file for file in draft.files[first:]}
    write_metadata(spool, draft, columns=chosen, files=files, date=date)
    return counts


def _measure(spool: Spool, graphs: Sequence[str]) -> dict[str, Table]:
    """Look at all things once, to know the columns."""
    tables: dict[str, Table] = {}
    for subject, held in spool.subjects(graphs):
        name = table_of(subject.value) if isinstance(subject, NamedNode) else None
        if name is not None:
            cells, _ = cells_of(held)
            table = tables.setdefault(name, Table(name))
            table.take(cells)
            for key, values in cells.items():
                column = table.columns[key]
                if column.is_iri and not column.labelled:
                    column.labelled = spool.label(values[0].value) is not None
    for table in tables.values():
        # a column whose texts hold every separator: its values go to the rest
        for key in [key for key, one in table.columns.items() if _is_inseparable(one)]:
            del table.columns[key]
    return tables


def _is_inseparable(column: Column) -> bool:
    return column.is_many and column.separator is None


def _open(stack: ExitStack, draft: Draft, name: str, head: Sequence[str]) -> Any:
    """Open a table and write its head; gives a writer of `csv`."""
    title = {"links": "IRIs of cells with several", "mentions": "Which claim mentions what"}
    file: IO[bytes] = stack.enter_context(
        draft.open(
            f"{FOLDER}/{name}.csv", title=title.get(name, f"Table of {name}"), media_type=CSV
        )
    )
    text = stack.enter_context(io.TextIOWrapper(file, "utf-8", newline="", write_through=False))
    writer = csv.writer(text)
    writer.writerow(head)
    return writer


def _head(columns: Sequence[Column]) -> list[str]:
    names = ["iri"]
    for one in columns:
        names += [one.name, f"{one.name}Label"] if one.has_label else [one.name]
    return names


def _row(
    iri: str,
    cells: dict[tuple[str, str], list[Term]],
    columns: Sequence[Column],
    spool: Spool,
) -> list[str]:
    row = [iri]
    for one in columns:
        values = [value.value for value in cells.get((one.predicate, one.variant), ())]
        row.append((one.separator or "").join(values))
        if one.has_label:
            row.append((spool.label(values[0]) or "") if values else "")
    return row


def _mentions(claim: str, held: list[Triple], spool: Spool) -> Iterator[list[str]]:
    roles = {f"{ENT}{role}": role for role in ROLES}
    article = next((o.value for p, o in _pairs(held) if p == f"{ENT}reportedIn"), "")
    for predicate, thing in _pairs(held):
        if predicate in roles:
            label = spool.label(thing.value) or ""
            yield [thing.value, label, roles[predicate], claim, article]


def _pairs(held: list[Triple]) -> Iterator[tuple[str, NamedNode]]:
    for one in held:
        if isinstance(one.object, NamedNode):
            yield one.predicate.value, one.object
