"""Syntax errors in words that help.

Owns the text that a person reads when a query is not SPARQL: what stands at the place, what was
expected, and the nearest prefix or keyword where one is meant. Must not refuse anything itself.
"""

import difflib
import re
from typing import Final

from entente.core.errors import QueryError, QuerySyntaxError
from entente.core.terms import PREFIXES
from entente.query.tokens import Scanner, Token

KEYWORDS: Final = (
    *("ASK", "BASE", "BIND", "BY", "CONSTRUCT", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "FROM"),
    *("GRAPH", "GROUP", "HAVING", "IN", "LIMIT", "MINUS", "NAMED", "NOT", "OFFSET", "OPTIONAL"),
    *("ORDER", "PREFIX", "REDUCED", "SELECT", "UNDEF", "UNION", "VALUES", "WHERE"),
)
_QUERY_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_LONGEST: Final = 12
_NOISE: Final = re.compile(r"\[[^\]]*\]|LATERAL|SERVICE|ENCODE_FOR_URI")
_SENTENCES: Final = {
    "IRI parsing failed": "the IRI is not valid, or is relative and there is no BASE",
    "The SELECT contains a variable that is unbound": (
        "SELECT has a variable that is neither grouped by nor aggregated"
    ),
}


def explain(query: str, error: QuerySyntaxError) -> QuerySyntaxError:
    """Turn the engine's error into one with a message for people.

    Args:
        query: a text that the guard has let through.
        error: its message is the engine's list of what was expected.
    """
    tokens = _tokens(query)
    form = next((token for token in tokens if token.kind == "word"), None)
    undeclared = _undeclared_prefix(tokens)
    if not tokens:
        return QuerySyntaxError("the query is empty", line=1, column=1)
    if form is None or (
        form.text.upper() not in (*_QUERY_FORMS, "PREFIX", "BASE", "VERSION") and form is tokens[0]
    ):
        message = f"a query begins with {', '.join(_QUERY_FORMS)}, PREFIX or BASE"
        return _at(query, tokens[0].start, message + _nearest(tokens[0].text, _QUERY_FORMS))
    if undeclared is not None:
        return undeclared.error(query)
    place = _offset(query, error.line or 1, error.column or 1)
    token = next((token for token in tokens if token.start + len(token.text) > place), None)
    for text, sentence in _SENTENCES.items():
        if text in str(error):
            return _again(error, sentence)
    found = f"unexpected {token.text[:60]!r}" if token is not None else "unexpected end"
    if token is not None and token.kind == "word" and token.text.upper() not in KEYWORDS:
        found += _nearest(token.text, KEYWORDS)
    expected = _expected(str(error))
    return _again(error, f"{found}; expected {expected}" if expected else found)


class _Undeclared:
    def __init__(self, token: Token, declared: set[str]) -> None:
        self.token = token
        self.prefix = token.text.partition(":")[0]
        self.declared = declared

    def error(self, query: str) -> QuerySyntaxError:
        message = f"prefix {self.prefix + ':'!r} is not declared"
        if self.prefix in PREFIXES:
            message += f": add PREFIX {self.prefix}: <{PREFIXES[self.prefix]}>"
        else:
            message += _nearest(self.prefix, tuple(self.declared | set(PREFIXES)))
        return _at(query, self.token.start, message)


def _undeclared_prefix(tokens: list[Token]) -> _Undeclared | None:
    declared: set[str] = set()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.kind != "prefixed":
            continue
        prefix = token.text.partition(":")[0]
        if before is not None and before.text.upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared:
            return _Undeclared(token, declared)
    return None


def _tokens(query: str) -> list[Token]:
    try:
        return list(Scanner(query).tokens())
    except QueryError:
        return []


def _expected(message: str) -> str:
    listed = message.removeprefix("expected ").removeprefix("one of ")
    words = [word for word in _NOISE.sub("", listed).split(", ") if word.strip()]
    return ", ".join(words) if len(words) <= _LONGEST else ""


def _nearest(word: str, known: tuple[str, ...]) -> str:
    by_upper = {name.upper(): name for name in known}
    close = difflib.get_close_matches(word.upper(), by_upper, n=1)
    return f"; did you mean {by_upper[close[0]]}?" if close else ""


def _offset(query: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = query.find("\n", start) + 1
    return start + column - 1


def _at(query: str, position: int, message: str) -> QuerySyntaxError:
    return Scanner(query).fault(message, position)


def _again(error: QuerySyntaxError, message: str) -> QuerySyntaxError:
    return QuerySyntaxError(message, line=error.line, column=error.column)
