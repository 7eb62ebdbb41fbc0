"""Tokens of Turtle and TriG text, each with the line it starts on.

Serves messages that name a line and the formatter that must not lose a comment. Must not judge the
text: the parser does that, so whatever fits no token is passed over one character at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["comment", "iri", "string", "language", "mark", "word"]

# A word is a prefixed name, a number, a keyword or a blank node's label; a dot belongs to it only
# where more of the word follows (Turtle 1.1, PN_LOCAL).
_INNER: Final = r"""[^\s<>"'{}^`;,\[\]()#@\\.]"""
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<iri><[^<>\"{}|^`\x00-\x20]*>)"
    r'|(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<mark>\^\^|[.;,\[\](){}])"
    rf"|(?P<word>(?:{_INNER}|\\.|\.(?={_INNER}))+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, of one kind, that starts on a line (from 1)."""

    kind: Kind
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a Turtle or TriG text in order, white space left out."""
    line = 1
    for match in _TOKEN.finditer(text):
        piece = match.group()
        match match.lastgroup:
            case "comment" | "iri" | "string" | "language" | "mark" | "word" as kind:
                yield Token(kind, piece, line)
            case _:
                pass
        line += piece.count("\n")
