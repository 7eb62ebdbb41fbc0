"""Updates: a text split into its operations, by tokens alone.

Owns the protocol's dataset for WHERE (`using-graph-uri`): the engine takes none, so USING clauses
are written into the text. Knows no grammar: what is no update is the engine's to say.
https://www.w3.org/TR/sparql11-protocol/#update-dataset
"""

from dataclasses import dataclass, field

from entente.core.errors import QueryRefused
from entente.query.tokens import Scanner, Token, place_of

_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})


@dataclass(slots=True)
class _Operation:
    """A part between semicolons: where its prologue ends, and its words outside of braces."""

    start: int
    end: int = 0
    body: int | None = None
    words: list[Token] = field(default_factory=list)
    braces: list[tuple[int, int]] = field(default_factory=list)
    tokens: int = 0


def split(text: str) -> list[str]:
    """Give each operation as a text of its own, with the prologue in force before it."""
    return [prologue + body for prologue, body in _parts(text)]


def with_using(text: str, graphs: tuple[str, ...], named: tuple[str, ...]) -> list[str]:
    """Give each operation with USING clauses for the protocol's dataset.

    Raises:
        QueryRefused: the text has USING, USING NAMED or WITH itself.
    """
    clauses = [f"USING <{checked_iri(iri)}>" for iri in graphs]
    clauses += [f"USING NAMED <{checked_iri(iri)}>" for iri in named]
    using = " ".join(clauses)
    found = []
    prologue = ""
    for one in _operations(text):
        body = one.end if one.body is None else one.body
        prologue += text[one.start : body] + "\n"
        if one.body is None:
            continue
        words = [word.text.upper() for word in one.words]
        for word, token in zip(words, one.words, strict=True):
            if word in ("USING", "WITH"):
                line, column = place_of(text, token.start)
                raise QueryRefused(
                    f"{word} and the protocol's using-graph-uri name two datasets; use one",
                    line=line,
                    column=column,
                )
        found.append(prologue + _rewritten(text, one, words, using))
    return found


def _rewritten(text: str, one: _Operation, words: list[str], using: str) -> str:
    assert one.body is not None
    if "WHERE" not in words:
        return text[one.body : one.end]
    where = one.words[words.index("WHERE")].start
    begin, end = one.braces[0] if one.braces else (0, 0)
    if words[:2] == ["DELETE", "WHERE"] and begin > where:  # the pattern is the template too
        return f"DELETE {text[begin:end]} {using} WHERE {text[begin : one.end]}"
    return f"{text[one.body : where]} {using} {text[where : one.end]}"


def _parts(text: str) -> list[tuple[str, str]]:
    parts, prologue = [], ""
    for one in _operations(text):
        body = one.end if one.body is None else one.body
        prologue += text[one.start : body] + "\n"
        if one.body is not None:
            parts.append((prologue, text[one.body : one.end]))
    return parts


def _operations(text: str) -> list[_Operation]:
    scanner = Scanner(text)
    found = [_Operation(0)]
    expects = 0  # tokens of a declaration that are still to come
    opened = 0
    for token in scanner.tokens():
        one = found[-1]
        depth = len(scanner.brackets)
        if token.text == ";" and depth == 0:
            one.end = token.start
            found.append(_Operation(token.start + 1))
            expects = 0
            continue
        if one.body is None:
            if expects:
                expects -= 1
                continue
            word = token.text.upper()
            if token.kind == "word" and word in _PROLOGUE:
                expects = 2 if word == "PREFIX" else 1
                continue
            one.body = token.start
        if token.kind == "word" and depth == 0:
            one.words.append(token)
        elif token.text == "{" and depth == 1:
            opened = token.start
        elif token.text == "}" and depth == 0:
            one.braces.append((opened, token.start + 1))
    found[-1].end = len(text)
    return found


def checked_iri(iri: str) -> str:
    """Give an IRI that may be written into a text between `<` and `>`.

    Raises:
        QueryRefused: it would end before its end.
    """
    if any(character in '<>"{}|^`\\' or character <= " " for character in iri):
        raise QueryRefused(f"{iri!r} is no IRI")
    return iri
