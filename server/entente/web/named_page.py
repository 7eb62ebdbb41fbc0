"""The page of a named query: a form made of its parameters, and the table of its rows.

Owns what the template is told. Values keep their links; what a thing is called comes from label
columns, which the table does not show twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request

from entente.core.media import Format
from entente.core.terms import shorten
from entente.logic.endpoint import Endpoint, Parameter
from entente.query.named import Rows
from entente.query.named_values import few_choices
from entente.query.results import Iri, Row, Term
from entente.query.service import QueryService
from entente.web.named_answers import OFFERS
from entente.web.named_request import Exchange, Question
from entente.web.rendering import show_day

_HUMP = re.compile("[A-Z]")
LABEL = "label"
INPUTS = {"date": "date", "integer": "number"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form; `choices` are offered where they are few, `given` is what stands."""

    parameter: Parameter
    choices: tuple[str, ...]
    input: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell."""

    term: Term
    text: str


def page_of(
    service: QueryService, exchange: Exchange, rows: Sequence[Row], columns: Sequence[str]
) -> bytes:
    """Make the page.

    Args:
        service: of the present; knows what may be chosen.
        exchange: what was asked and found.
        rows: what was found, with labels.
        columns: all of them, those of labels included.
    """
    endpoint, question, as_of = exchange.endpoint, exchange.question, exchange.asked.as_of
    show_day(as_of)
    shown = [name for name in columns if not _is_label(name, columns)]
    if endpoint.items in shown:
        shown = [name for name in shown if name != LABEL]  # the things show it already
    page = render_template(
        "api_query.html",
        endpoint=endpoint,
        fields=[_field(service, one, question) for one in endpoint.parameters],
        columns=shown,
        words_of=words_of,
        rows=[[_shown(row, name) for name in shown] for row in rows],
        found=exchange.found,
        question=question,
        as_of=as_of,
        formats=_formats(endpoint) if question.answers(endpoint) else [],
        around=_around(question, exchange.found),
    )
    return page.encode()


def words_of(name: str) -> str:
    """Give the name of a column as people read it."""
    return _HUMP.sub(lambda found: f" {found[0].lower()}", name)


def _field(service: QueryService, parameter: Parameter, question: Question) -> Field:
    offered = few_choices(service, parameter)
    given = question.texts.get(parameter.name, ())
    kept = tuple(text for text in given if text not in offered) if offered else ()
    return Field(parameter, (*offered, *kept), INPUTS.get(parameter.kind, "text"), given)


def _is_label(name: str, columns: Sequence[str]) -> bool:
    return name.endswith("Label") and name.removesuffix("Label") in columns


def _shown(row: Row, column: str) -> Shown | None:
    term = row.get(column)
    if term is None:
        return None
    label = row.get(f"{column}Label")
    text = str(label) if label is not None else ""
    return Shown(term, text or (shorten(term.value) if isinstance(term, Iri) else str(term)))


def _pairs(*without: str) -> list[tuple[str, str]]:
    pairs = request.args.items(multi=True)
    return [(name, text) for name, text in pairs if text.strip() and name not in without]


def _address(endpoint: Endpoint, extension: str) -> str:
    search = urlencode(_pairs("format"))
    return f"/api/{endpoint.name}.{extension}" + (f"?{search}" if search else "")


def _formats(endpoint: Endpoint) -> list[tuple[Format, str]]:
    return [(one, _address(endpoint, one.extension)) for one in OFFERS if one.kind != "page"]


def _around(question: Question, found: Rows) -> list[tuple[str, str]]:
    """Give the links to the pages before and after."""
    places = []
    if question.offset:
        places.append(("previous", max(0, question.offset - question.limit)))
    if question.limit and question.offset + question.limit < found.total:
        places.append(("next", question.offset + question.limit))
    return [
        (name, "?" + urlencode([*_pairs("offset"), ("offset", str(start))]))
        for name, start in places
    ]
