"""Literals that an update inserts, as its text spells them.

Owns the reading of INSERT by tokens. The engine does not tell which terms it has rewritten, so what
was sent is taken from the text; what an update computes was sent by nobody.
"""

from collections.abc import Iterator

from entente.query.tokens import Scanner, Token
from entente.query.updates import parts


def inserted_literals(text: str) -> Iterator[str]:
    """Give the literals of INSERT and INSERT DATA as Turtle, a document for each operation.

    Args:
        text: an update that was done, as the engine got it.
    """
    for prologue, body in parts(text):
        literals = ", ".join(_literals(body))
        if literals:
            yield f"{prologue}<urn:x-entente:s> <urn:x-entente:p> {literals} ."


def _literals(body: str) -> Iterator[str]:
    scanner = Scanner(body)
    inserts = False
    pending = ""  # a string whose language or datatype may follow
    before: Token | None = None
    for token in scanner.tokens():
        if not scanner.brackets and token.kind == "word":
            inserts = token.text.upper() in ("INSERT", "DATA") and (
                inserts or token.text.upper() == "INSERT"
            )
        elif inserts and scanner.brackets:
            if token.kind == "language" or (before is not None and before.text == "^^"):
                yield pending + ("" if token.kind == "language" else "^^") + token.text
                pending = ""
            elif token.kind == "string":
                pending = token.text
            elif token.kind == "number":
                signed = before is not None and before.text in ("+", "-")
                yield (before.text if signed and before is not None else "") + token.text
        before = token
