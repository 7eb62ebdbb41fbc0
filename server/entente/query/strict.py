"""What the engine takes although it is no SPARQL, and what it refuses although it is.

Owns the few rules in which the engine and the standard differ and which tokens alone can tell.
Gives syntax errors, and spells some tokens so that the engine reads them as the standard does:
TRUE and FALSE, and local names with two dots, of which it takes the second for the end of a triple
(measured with pyoxigraph 0.5.13). What stands behind that dot would be read as keywords, SERVICE
among them, so no text may reach the engine but as this module spells it.
Grammar: https://www.w3.org/TR/sparql12-query/#sparqlGrammar
"""

import re
from typing import Final

from entente.core.errors import QuerySyntaxError
from entente.query.tokens import Token, place_of

_AGGREGATES: Final = frozenset(
    {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "GROUPCONCAT"}
)
_BOOLEANS: Final = frozenset({"TRUE", "FALSE"})
_DOTS: Final = re.compile(r"(?<!\\)\.+")


class Deviation(QuerySyntaxError):
    """What the engine takes and the standard does not; its message is for people already."""


class Strictness:
    """Looks at the tokens of one text as they come."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._in_aggregate = [False]
        self._before: Token | None = None
        self._spelt: list[tuple[int, int, str]] = []
        self._begins_triple_term = False

    def see(self, token: Token, *, expression: bool) -> None:
        """Take the next token; `expression` tells whether it stands in one.

        Raises:
            QuerySyntaxError: the standard does not allow it here.
        """
        before, self._before = self._before, token
        self._spell(token)
        if token.kind == "mark":
            self._mark(token, before, expression=expression)
            return
        begins, self._begins_triple_term = self._begins_triple_term, False
        if begins and (token.kind in ("string", "number") or token.text.upper() in _BOOLEANS):
            raise self._error(token, "a literal cannot be the subject of a triple term")

    def text(self) -> str:
        """Give the text with the tokens that were seen as the engine has to get them."""
        parts, end = [], 0
        for start, stop, new in self._spelt:
            parts += [self._text[end:start], new]
            end = stop
        return "".join([*parts, self._text[end:]]) if parts else self._text

    def _spell(self, token: Token) -> None:
        text = token.text
        if token.kind == "word" and text.upper() in _BOOLEANS:
            new = text.lower()
        elif token.kind == "prefixed" and text.count(".") > 1:
            prefix, _, local = text.partition(":")
            new = f"{prefix}:{_DOTS.sub(_escaped, local)}"
        else:
            return
        if new != text:
            self._spelt.append((token.start, token.start + len(text), new))

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


def _escaped(dots: re.Match[str]) -> str:
    return r"\." * len(dots.group())
