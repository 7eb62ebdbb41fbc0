"""Syntax errors in words that help.

Owns the text that a person reads when a query or an update is not SPARQL: what stands at the
place, what was expected, and the nearest prefix or keyword where one is meant. Must not refuse
anything itself.
"""

import difflib
import re
from collections.abc import Iterable
from typing import Final

from entente.core.errors import QueryError, QuerySyntaxError
from entente.core.terms import PREFIXES
from entente.query.grammar import FUNCTIONS, OPERATIONS, Stop, find_stop
from entente.query.strict import Deviation
from entente.query.tokens import Scanner, Token, place_of

LONGEST: Final = 512 * 1024
"""A longer text keeps the engine's words: the recogniser takes about ten microseconds a token."""

_MOST_EXPECTED: Final = 10
_FORMS: Final = frozenset({"ASK", "CONSTRUCT", "DESCRIBE", "SELECT"})
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
_MOST_ROWS: Final = 2**64 - 1
_LONGEST_SUBTAG: Final = 8
# Beyond ASCII, what is no PN_CHARS: https://www.w3.org/TR/sparql12-query/#rPN_CHARS
_STRANGE: Final = re.compile(
    "[^\\x00-\\x7f\\xb7\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u203f\\u2040"
    "\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\U00010000-\\U000effff]"
)
_UNKNOWN_RULE: Final = (
    "the text follows the grammar but breaks another rule of SPARQL: a variable that BIND or AS "
    "gives a value to must not stand before it in the group, and a blank node must not stand in "
    "two groups"
)


def explain(query: str, error: QuerySyntaxError, *, update: bool = False) -> QuerySyntaxError:
    """Turn a refusal into an error with its place and a message for people.

    Args:
        query: the text.
        error: the guard's or the engine's; of the engine's message only a few words are used.
        update: the text was to be an update.
    """
    if len(query) > LONGEST or isinstance(error, Deviation):
        return error
    tokens: list[Token] = []
    try:
        tokens.extend(Scanner(query).tokens())
    except QueryError:
        return _before_the_guard(query, tokens, update=update) or error
    try:
        stop = find_stop(tokens, update=update)
    except RecursionError:
        return error
    if not tokens:
        return _at(query, 0, f"the {'update' if update else 'query'} is empty")
    undeclared = _undeclared_prefix(tokens)
    if undeclared is not None and (stop is None or undeclared[0] < stop.index):
        return _at(query, tokens[undeclared[0]].start, undeclared[1])
    if stop is not None:
        return _stopped(query, tokens, stop)
    template = _wrong_in_template(tokens) if update else None
    if template is not None:
        return _at(query, tokens[template[0]].start, template[1])
    return _beyond_grammar(query, tokens, str(error))


def _before_the_guard(query: str, tokens: list[Token], *, update: bool) -> QuerySyntaxError | None:
    """Look for an error in the tokens before the one that the guard could not read."""
    try:
        stop = find_stop(tokens, update=update)
    except RecursionError:
        return None
    return None if stop is None or stop.index >= len(tokens) else _stopped(query, tokens, stop)


def _stopped(query: str, tokens: list[Token], stop: Stop) -> QuerySyntaxError:
    expected = [*stop.expected[:_MOST_EXPECTED], *["…"][: len(stop.expected) > _MOST_EXPECTED]]
    wanted = f"expected {', '.join(expected)}"
    if stop.index >= len(tokens):
        return _at(query, len(query.rstrip()), f"the text ends too early; {wanted}")
    token = tokens[stop.index]
    meant = ""
    if token.kind == "word":
        keywords = [word for word in stop.expected if word.isalpha() and word.isupper()]
        functions = FUNCTIONS if "function" in stop.expected else ()
        patterns = _PATTERNS if "graph pattern" in stop.expected else ()
        operations = OPERATIONS if "operation" in stop.expected else ()
        if operations and token.text.upper() in _FORMS:
            meant = "; this is a query: send it as a query, not as an update"
        else:
            meant = _nearest(token.text, [*keywords, *functions, *patterns, *operations])
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
    odd = _odd_token(tokens)
    return QuerySyntaxError(_UNKNOWN_RULE) if odd is None else _at(query, *odd)


def _odd_token(tokens: list[Token]) -> tuple[int, str] | None:
    """Find what the tokens take and SPARQL's terminals do not: its place, and what is wrong."""
    before = ""
    for token in tokens:
        if token.kind in ("variable", "prefixed", "blank"):
            strange = _STRANGE.search(token.text)
            if strange is not None:
                code = f"U+{ord(strange.group()):04X}"
                detail = f"{token.text[:60]!r} has {code}, which no name may have"
                return token.start + strange.start(), detail
        elif token.kind == "language":
            tag, _, direction = token.text[1:].partition("--")
            if direction not in ("", "ltr", "rtl"):
                return token.start, f"the direction {direction[:20]!r} must be ltr or rtl"
            if max(map(len, tag.split("-"))) > _LONGEST_SUBTAG:
                return token.start, f"{tag[:60]!r} is no language tag: a part has over 8 letters"
        elif before in ("LIMIT", "OFFSET") and not _is_count(token):
            return token.start, f"{before} takes a whole number up to {_MOST_ROWS}"
        before = token.text.upper()
    return None


def _is_count(token: Token) -> bool:
    return token.text.isdigit() and int(token.text[:30]) <= _MOST_ROWS


def _wrong_in_template(tokens: list[Token]) -> tuple[int, str] | None:
    """Find what no template of an update may hold: what is told apart by place, not by grammar."""
    inside, depth, before = "", 0, ""
    for index, token in enumerate(tokens):
        word = token.text.upper()
        if token.text == "{":
            if depth == 0:
                inside = before
            depth += 1
        elif token.text == "}":
            depth -= 1
            before = before if depth else ""
        elif depth == 0 and token.kind == "word":
            joined = before in ("INSERT", "DELETE") and word in ("DATA", "WHERE")
            before = f"{before} {word}" if joined else word
        elif depth and inside.endswith("DATA") and token.kind == "variable":
            kind = inside.partition(" ")[0]
            return index, f"{inside} takes no variables; {kind} {{ … }} WHERE {{ … }} does"
        elif depth and inside.startswith("DELETE") and _is_blank(token):
            return index, f"{inside} takes no blank nodes; put a variable there, bound in WHERE"
    return None


def _is_blank(token: Token) -> bool:
    return token.kind == "blank" or token.text == "["


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
