"""Requests to named queries: which values, page, order and columns a client asks for.

Owns the parameters that all of them share, and what becomes of one that is not known: it is
ignored, as everywhere here, but said in the answer, and refused under `Prefer: handling=strict`
(RFC 7240): a misspelt filter must not give a wrong answer in silence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from flask import request

from entente.logic.endpoint import MOST_ROWS, RESERVED, Endpoint
from entente.query.named import Rows
from entente.query.named_values import WrongValue, read_value
from entente.query.results import Term
from entente.query.service import QueryService
from entente.web.api_answers import Asked
from entente.web.api_parameters import given, read_count
from entente.web.problems import wrong_parameter

LANGUAGE: Final = r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"
MOST_VALUES: Final = 50
_STRICT: Final = re.compile(r'(?:^|,)\s*handling\s*=\s*"?strict"?\s*(?:$|[,;])', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of an endpoint.

    `texts` are the values as they were written, `values` what they stand for; `language` is that of
    label columns, `None` where there are none; `ignored` are parameters that are not known.
    """

    texts: Mapping[str, tuple[str, ...]]
    values: Mapping[str, tuple[Term, ...]]
    limit: int
    offset: int
    order: tuple[str, ...]
    fields: tuple[str, ...]
    language: str | None
    ignored: tuple[str, ...]

    def answers(self, endpoint: Endpoint) -> bool:
        """Tell whether all is there that the endpoint requires."""
        return all(one.name in self.values for one in endpoint.parameters if one.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request to an endpoint, and what was found for it in `source`, the service of its day."""

    endpoint: Endpoint
    question: Question
    asked: Asked
    source: QueryService
    found: Rows


def read_question(
    service: QueryService,
    endpoint: Endpoint,
    *,
    terms: frozenset[str] = frozenset(),
    whole: bool = True,
) -> Question:
    """Read what the current request asks.

    Args:
        service: of the present; it knows short names.
        endpoint: whose parameters there are.
        terms: members that `fields` may name beside columns.
        whole: whether what is required must be there; a form begins without it.

    Raises:
        RequestRefused: a value is not accepted; says what is.
    """
    ignored = _ignored(endpoint)
    texts: dict[str, tuple[str, ...]] = {}
    values: dict[str, tuple[Term, ...]] = {}
    for parameter in endpoint.parameters:
        held = tuple(text.strip() for text in request.args.getlist(parameter.name) if text.strip())
        if len(held) > (MOST_VALUES if parameter.kind == "iri" else 1):
            raise wrong_parameter(
                f"{parameter.name} is given {len(held)} times, which is too often"
            )
        if not held and parameter.default is not None:
            held = (parameter.default,)
        if not held and parameter.required and whole:
            raise wrong_parameter(f"{parameter.name} is missing: {parameter.description}")
        if held:
            try:
                found = [term for text in held for term in read_value(service, parameter, text)]
            except WrongValue as error:
                raise wrong_parameter(str(error)) from error
            texts[parameter.name] = held
            values[parameter.name] = tuple(dict.fromkeys(found))
    return Question(
        texts=texts,
        values=values,
        limit=read_count("limit", default=endpoint.pagination, most=MOST_ROWS),
        offset=read_count("offset", default=0, most=10**8),
        order=_order(endpoint),
        fields=_fields(endpoint, terms),
        language=_language(),
        ignored=ignored,
    )


def _order(endpoint: Endpoint) -> tuple[str, ...]:
    keys = _listed("sort")
    for key in keys:
        if key.removeprefix("-") not in endpoint.columns:
            raise wrong_parameter(
                f"sort is {key[:50]!r}; accepted are {', '.join(endpoint.columns)}, "
                "each with - before it to descend"
            )
    return keys or endpoint.order


def _fields(endpoint: Endpoint, terms: Iterable[str]) -> tuple[str, ...]:
    names = _listed("fields")
    known = {*endpoint.columns, *terms}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            accepted = f"columns {', '.join(endpoint.columns)}"
            if terms:
                accepted += " and the terms of /context.jsonld"
            hint = f"; near is {close[0]}" if close else ""
            raise wrong_parameter(f"fields is {name[:50]!r}{hint}; accepted are {accepted}")
    return names


def _language() -> str | None:
    text = given("labels")
    if text is None:
        return None
    if len(text) > 35 or re.fullmatch(LANGUAGE, text) is None:
        raise wrong_parameter(f"labels is {text[:40]!r}; it must be a language tag such as en")
    return text.lower()


def _listed(name: str) -> tuple[str, ...]:
    text = given(name) or ""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _ignored(endpoint: Endpoint) -> tuple[str, ...]:
    known = [*(parameter.name for parameter in endpoint.parameters), *RESERVED]
    names = tuple(sorted(name for name in request.args if name not in known))
    if names and _STRICT.search(request.headers.get("Prefer", "")):
        close = get_close_matches(names[0], known, n=1)
        hint = f"; near is {close[0]}" if close else ""
        raise wrong_parameter(
            f"no parameter is called {names[0][:50]!r}{hint}; there are {', '.join(known)}"
        )
    return names
