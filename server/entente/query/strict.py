"""What the engine takes although it is no SPARQL, and what it refuses although it is.

Owns the few rules in which the engine and the standard differ and which tokens alone can tell; each
has its tests in the W3C's suites. Gives syntax errors, and one change of spelling.
Grammar: https://www.w3.org/TR/sparql12-query/#sparqlGrammar
"""

import re
from typing import Final

from entente.core.errors import QuerySyntaxError
from entente.query.tokens import Scanner, Token, place_of

_AGGREGATES: Final = frozenset(
    {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "GROUPCONCAT"}
)
_BOOLEANS: Final = frozenset({"TRUE", "FALSE"})
_UNUSUAL: Final = re.compile(r"(?!true|false)(?i:true|false)(?![A-Za-z0-9_])")


class Deviation(QuerySyntaxError):
    """What the engine takes and the standard does not; its message is for people already."""


class Strictness:
    """Looks at the tokens of one text as they come."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._in_aggregate = [False]
        self._before: Token | None = None
        self._begins_triple_term = False

    def see(self, token: Token, *, expression: bool) -> None:
        """Take the next token; `expression` tells whether it stands in one.

        Raises:
            QuerySyntaxError: the standard does not allow it here.
        """
        before, self._before = self._before, token
        if token.kind == "mark":
            self._mark(token, before, expression=expression)
            return
        begins, self._begins_triple_term = self._begins_triple_term, False
        if begins and (token.kind in ("string", "number") or token.text.upper() in _BOOLEANS):
            raise self._error(token, "a literal cannot be the subject of a triple term")

    def _mark(self, token: Token, before: Token | None, *, expression: bool) -> None:
        mark = token.text
        if mark == "(":
            inside = self._in_aggregate[-1]
            if before is not None and before.kind == "word" and before.text.upper() in _AGGREGATES:
                if inside:
                    raise self._error(before, "an aggregate cannot stand in another one")
                inside = True
            self._in_aggregate.append(inside)
            # in a pattern any term may be a subject, in an expression what RDF allows
            self._begins_triple_term = expression and before is not None and before.text == "<<"
            return
        if self._begins_triple_term and mark == "<<":
            raise self._error(token, "a triple term cannot be the subject of another one")
        self._begins_triple_term = False
        if mark == "{":
            self._in_aggregate.append(False)
        elif mark in ("[", "<<", "{|"):
            self._in_aggregate.append(self._in_aggregate[-1])
        elif mark in ("}", ")", "]", ">>", "|}"):
            self._in_aggregate.pop()

    def _error(self, token: Token, message: str) -> "Deviation":
        line, column = place_of(self._text, token.start)
        return Deviation(message, line=line, column=column)


def spell_booleans(text: str) -> str:
    """Write TRUE and FALSE as the engine reads them: keywords have no case, its booleans have.

    Every token stays where it was.
    """
    if _UNUSUAL.search(text) is None:
        return text
    parts, end = [], 0
    for token in Scanner(text).tokens():
        if token.kind == "word" and token.text.upper() in _BOOLEANS:
            parts += [text[end : token.start], token.text.lower()]
            end = token.start + len(token.text)
    return "".join([*parts, text[end:]])
