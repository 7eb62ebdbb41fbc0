"""Literals that an update inserts, as its text spells them.

Owns the reading of INSERT by tokens, in one pass. The engine does not tell which terms it has
rewritten, so what was sent is taken from the text; what an update computes was sent by nobody.
"""

from collections.abc import Iterator
from typing import Final

from entente.query.tokens import Scanner, Token

# How many tokens follow each.
_DECLARATIONS: Final = {"BASE": 1, "PREFIX": 2, "VERSION": 1}


def inserted_literals(text: str) -> Iterator[str]:
    """Give the literals of INSERT and INSERT DATA as Turtle, a document for each operation.

    Strings without language and datatype are left out: they are kept as they are.

    Args:
        text: an update, as the engine gets it.
    """
    scanner = Scanner(text)
    declared, start, expects = "", 0, 0
    literals: list[str] = []
    inserts = False
    recent: tuple[Token | None, Token | None] = (None, None)
    for token in scanner.tokens():
        if scanner.brackets:
            if inserts:
                literals += _literal(token, *recent)
        elif expects:
            expects -= 1
            declared += "" if expects else text[start : token.start + len(token.text)] + "\n"
        elif token.text == ";":
            if literals:
                yield _turtle(declared, literals)
                literals = []
        elif token.kind == "word":
            word = token.text.upper()
            start, expects = token.start, _DECLARATIONS.get(word, 0)
            inserts = word == "INSERT" or (inserts and word == "DATA")
        recent = (recent[1], token)
    if literals:
        yield _turtle(declared, literals)


def _literal(token: Token, second_last: Token | None, last: Token | None) -> Iterator[str]:
    """Give the literal that ends with a token, after the two before it."""
    if token.kind == "number":
        sign = last.text if last is not None and last.text in ("+", "-") else ""
        yield sign + token.text
    elif last is None:
        return
    elif token.kind == "language":
        yield last.text + token.text
    elif last.text == "^^" and second_last is not None:
        yield f"{second_last.text}^^{token.text}"


def _turtle(declared: str, literals: list[str]) -> str:
    return f"{declared}<urn:x-entente:s> <urn:x-entente:p> {', '.join(literals)} ."
