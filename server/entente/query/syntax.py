"""Syntax errors in words that help.

Owns the text that a person reads when a query is not SPARQL: what stands at the place, what was
expected, and the nearest prefix or keyword where one is meant. Must not refuse anything itself.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Final

from entente.core.errors import QueryError, QuerySyntaxError
from entente.core.terms import PREFIXES
from entente.query.grammar import FUNCTIONS, Stop, find_stop
from entente.query.tokens import Scanner, Token, place_of

_MOST_EXPECTED: Final = 10
_PATTERNS: Final = ("BIND", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "UNION", "VALUES")
_ABSOLUTE: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_BEYOND_GRAMMAR: Final = (
    (
        "unbound",
        "SELECT has a variable that is neither grouped by nor aggregated",
    ),
    ("Duplicated variable", "SELECT gives two columns the same name"),
    ("already", "a variable is bound twice"),
)
_UNKNOWN_RULE: Final = (
    "the query follows the grammar but breaks another rule of SPARQL: a variable that BIND or AS "
    "gives a value to must not stand before it in the group, and a blank node must not stand in "
    "two groups"
)


def explain(query: str, error: QuerySyntaxError) -> QuerySyntaxError:
    """Turn a refusal into an error with its place and a message for people.

    Args:
        query: the text.
        error: the guard's or the engine's; of the engine's message only a few words are used.
    """
    tokens: list[Token] = []
    try:
        tokens.extend(Scanner(query).tokens())
    except QueryError:
        return _before_the_guard(query, tokens) or error
    try:
        stop = find_stop(tokens)
    except RecursionError:
        return error
    if not tokens:
        return _at(query, 0, "the query is empty")
    undeclared = _undeclared_prefix(tokens)
    if undeclared is not None and (stop is None or undeclared[0] < stop.index):
        return _at(query, tokens[undeclared[0]].start, undeclared[1])
    if stop is not None:
        return _stopped(query, tokens, stop)
    return _beyond_grammar(query, tokens, str(error))


def _before_the_guard(query: str, tokens: list[Token]) -> QuerySyntaxError | None:
    """Look for an error in the tokens before the one that the guard could not read."""
    try:
        stop = find_stop(tokens)
    except RecursionError:
        return None
    return None if stop is None or stop.index >= len(tokens) else _stopped(query, tokens, stop)


def _stopped(query: str, tokens: list[Token], stop: Stop) -> QuerySyntaxError:
    expected = [*stop.expected[:_MOST_EXPECTED], *["…"][: len(stop.expected) > _MOST_EXPECTED]]
    wanted = f"expected {', '.join(expected)}"
    if stop.index >= len(tokens):
        return _at(query, len(query.rstrip()), f"the query ends too early; {wanted}")
    token = tokens[stop.index]
    meant = ""
    if token.kind == "word":
        keywords = [word for word in stop.expected if word.isalpha() and word.isupper()]
        functions = FUNCTIONS if "function" in stop.expected else ()
        patterns = _PATTERNS if "graph pattern" in stop.expected else ()
        meant = _nearest(token.text, [*keywords, *functions, *patterns])
    return _at(query, token.start, f"unexpected {token.text[:60]!r}{meant}; {wanted}")


def _beyond_grammar(query: str, tokens: list[Token], engine: str) -> QuerySyntaxError:
    if "IRI parsing failed" in engine:
        iris = [token for token in tokens if token.kind == "iri"]
        bad = next((token for token in iris if not _ABSOLUTE.match(token.text)), None)
        if bad is not None:
            return _at(query, bad.start, f"{bad.text[:60]} is relative and there is no BASE")
        return QuerySyntaxError("an IRI in the query is not valid")
    for words, sentence in _BEYOND_GRAMMAR:
        if words in engine:
            return QuerySyntaxError(sentence)
    return QuerySyntaxError(_UNKNOWN_RULE)


def _undeclared_prefix(tokens: list[Token]) -> tuple[int, str] | None:
    declared: set[str] = set()
    for index, token in enumerate(tokens):
        if token.kind != "prefixed":
            continue
        prefix = token.text.partition(":")[0]
        if index > 0 and tokens[index - 1].text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared:
            message = f"prefix {prefix + ':'!r} is not declared"
            if prefix in PREFIXES:
                return index, f"{message}: add PREFIX {prefix}: <{PREFIXES[prefix]}>"
            return index, message + _nearest(prefix, declared | set(PREFIXES), ":")
    return None


def _nearest(word: str, known: Iterable[str], after: str = "") -> str:
    by_upper = {name.upper(): name for name in sorted(known)}
    close = difflib.get_close_matches(word.upper(), by_upper, n=1)
    return f"; did you mean {by_upper[close[0]]}{after}?" if close else ""


def _at(query: str, position: int, message: str) -> QuerySyntaxError:
    line, column = place_of(query, position)
    return QuerySyntaxError(message, line=line, column=column)
