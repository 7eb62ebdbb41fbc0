"""Lines: where in a Turtle or TriG text a triple stands.

Good enough for messages about hand-written files: it follows prefixes, the base, brackets and
lists, and knows the first line of each subject, of each subject's predicate, and of each triple.
Literals are known by their text alone. Text that does not parse gives whatever was understood.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from entente.core.terms import RDF
from entente.logic.tokens import Token, tokens

Lines = Mapping[tuple[str, str | None, str | None], int]

_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def index_lines(text: str) -> Lines:
    """Map (subject, None, None), (subject, predicate, None) and whole triples to first lines."""
    lines: dict[tuple[str, str | None, str | None], int] = {}
    reader = _Reader()
    for subject, predicate, object_, line in reader.read(text):
        lines.setdefault((subject, predicate, object_), line)
    return lines


@dataclass(slots=True)
class _Reader:
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    subject: str | None = None
    predicate: str | None = None
    depths: list[tuple[str, str | None, str | None]] = field(default_factory=list)

    def read(self, text: str) -> Iterator[tuple[str, str | None, str | None, int]]:
        stream = (token for token in tokens(text) if token.kind != "comment")
        for token in stream:
            if token.text.lower() in ("@prefix", "prefix"):
                name, iri = next(stream, token), next(stream, token)
                self.prefixes[name.text.removesuffix(":")] = self._absolute(iri.text[1:-1])
            elif token.text.lower() in ("@base", "base"):
                self.base = self._absolute(next(stream, token).text[1:-1])
            elif token.kind == "mark":
                self._follow(token.text)
                if token.text == "^^":
                    next(stream, None)
            elif token.kind != "language" and token.text.upper() != "GRAPH":
                yield from self._place(token)

    def _follow(self, mark: str) -> None:
        match mark:
            case "." | "{" | "}":
                self.subject = self.predicate = None
                self.depths.clear()
            case ";":
                self.predicate = None
            case "[" | "(":
                self.depths.append((mark, self.subject, self.predicate))
                if mark == "[" and self.subject is not None:
                    self.predicate = None
            case "]" | ")" if self.depths:
                _, self.subject, self.predicate = self.depths.pop()

    def _place(self, token: Token) -> Iterator[tuple[str, str | None, str | None, int]]:
        term = self._term(token)
        if self.subject is None:
            self.subject = term
            yield term, None, None, token.line
        elif self.predicate is None:
            self.predicate = RDF + "type" if token.text == "a" else term
            yield self.subject, self.predicate, None, token.line
        else:
            yield self.subject, self.predicate, term, token.line

    def _term(self, token: Token) -> str:
        if token.kind == "iri":
            return self._absolute(_unescape(token.text[1:-1]))
        if token.kind == "string":
            marks = 3 if token.text.startswith(('"""', "'''")) else 1
            return _unescape(token.text[marks:-marks])
        prefix, colon, local = token.text.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + _unescape(local)
        return token.text

    def _absolute(self, iri: str) -> str:
        return iri if _ABSOLUTE.match(iri) else urljoin(self.base, iri)


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "uU" and len(code) > 1:
            return chr(int(code[1:], 16))
        return _CONTROLS.get(code, code)

    return _ESCAPE.sub(replace, text) if "\\" in text else text
