"""Tokens of a SPARQL text, in linear time.

Owns the lexical reading that the guard stands on. It must never see less than the engine does: a
keyword that hides in what is taken for a string, a comment or an IRI would pass the guard. So the
reading is strict (a bad escape, an open string or a bracket that closes nothing is an error here
and now), and where `<` could be an operator as well as the start of an IRI or of `<<`, and the
difference could hide something, the text is refused with the advice to write a space.
Terminals: https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from entente.core.errors import QueryRefused, QuerySyntaxError

_HEX = "[0-9A-Fa-f]"
_ESCAPE = (
    r"""\\(?:[tbnrf"'\\]"""
    rf"|u(?![dD][89a-fA-F]){_HEX}{{4}}"
    rf"|U(?:0000(?![dD][89a-fA-F])|000[1-9A-Fa-f]|0010){_HEX}{{4}})"
)
# No group repeats possessively, which before Python 3.11.5 matches less than it should
# (https://github.com/python/cpython/issues/106052); its branches begin with unlike characters.
# Classes of characters as what they are not, within ASCII: all beyond ASCII may stand in a name (it
# is the engine that decides), and a class that lists the rest of Unicode takes long to compile.
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_NAME = r"[^\x00-/:-@\[-\^`{-\x7f]"  # letters, digits, _
_INNER = r"[^\x00-,/:-@\[-\^`{-\x7f]"  # these, . and -
_LOCAL_INNER = r"[^\x00-,/;-@\[-\^`{-\x7f]"  # these and :
_PERCENT = rf"%{_HEX}{{2}}|\\[_~.\-!$&'()*+,;=/?#@%]"

_MASTER: Final = re.compile(
    rf"""
    (?P<space>[ \t\r\n]++)
  | (?P<comment>\#[^\r\n]*+)
  | (?P<variable>[?$]{_NAME}++)
  | (?P<string>
        \"\"\"(?:[^"\\]++|{_ESCAPE}|"(?!""))*\"\"\"
      | '''(?:[^'\\]++|{_ESCAPE}|'(?!''))*'''
      | "(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*"
      | '(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*'
    )
  | (?P<iri><[^\x00-\x20<>"{{}}|^`]*+>)
  | (?P<blank>_:{_NAME}(?:{_INNER}*(?:{_NAME}|-))?)
  | (?P<name>{_LETTER}{_INNER}*+|:)
  | (?P<number>
        [0-9]++\.[0-9]*+[eE][+-]?[0-9]++
      | [0-9]*+\.[0-9]++(?:[eE][+-]?[0-9]++)?
      | [0-9]++(?:[eE][+-]?[0-9]++)?
    )
  | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*(?:--[a-z]++)?)
  | (?P<mark>\^\^|\|\||&&|!=|>=|<=|\{{\||\|\}}|[{{}}()\[\].,;*+\-/|^!=<>?~])
    """,
    re.VERBOSE,
)
_LOCAL: Final = re.compile(rf"(?:{_NAME}|:|{_PERCENT})(?:{_LOCAL_INNER}|{_PERCENT})*")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*+")
_HIERARCHICAL: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*+://")
_HARMLESS: Final = re.compile(rf"<(?:{_NAME}|[:./?=&%~]|-(?!-))*>")

_CLOSES: Final = {")": "(", "]": "[", "}": "{", "|}": "{|"}
_NO_OPERAND: Final = frozenset(
    {"{", "(", "[", "<<", "{|", ",", ";", ".", "*", "+", "-", "/", "|", "^", "^^", "!", "~"}
    | {"=", "<", ">", "!=", "<=", ">=", "&&", "||"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is a group of the grammar above, `word` or `prefixed`.

    A `word` is a keyword, a function or `a`; a `prefixed` is a prefixed name.
    """

    kind: str
    text: str
    start: int


class Scanner:
    """The tokens of one text; `brackets` are those open where the reading stands.

    The reader of the tokens sets `rows` while they are rows of VALUES: no operator stands there.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.brackets: list[str] = []
        self.rows = False
        self._no_colon_before = 0

    def tokens(self) -> Iterator[Token]:
        """Give all tokens but space and comments.

        Raises:
            QuerySyntaxError: no token can start here.
            QueryRefused: the text can be read in two ways.
        """
        text, position, previous = self.text, 0, None
        while position < len(text):
            word = _WORD.match(text, position) if position < self._no_colon_before else None
            if word is not None:
                previous = Token("word", word.group(), position)
                yield previous
                position = word.end()
                continue
            match = _MASTER.match(text, position)
            if match is None:
                raise self._unreadable(position)
            kind = match.lastgroup or ""
            if kind in ("space", "comment"):
                position = match.end()
                continue
            if kind == "name":
                token = self._name(match)
            elif text[position] == "<":
                token = self._angle(match, previous)
            elif kind == "mark":
                token = self._mark(match)
            else:
                token = Token(kind, match.group(), position)
            yield token
            previous = token
            position += len(token.text)
        if self.brackets:
            raise self.fault(f"{self.brackets[-1]!r} is never closed", position)

    def fault(self, message: str, position: int) -> QuerySyntaxError:
        """Make the error for a place in the text."""
        line, column = place_of(self.text, position)
        return QuerySyntaxError(message, line=line, column=column)

    def _name(self, match: re.Match[str]) -> Token:
        """Tell a prefixed name from a word; a run without a colon is searched once only."""
        start, run = match.start(), match.group()
        if run == ":":
            return self._prefixed(start, start + 1)
        if self.text.startswith(":", match.end()) and not run.endswith("."):
            return self._prefixed(start, match.end() + 1)
        self._no_colon_before = match.end()
        word = _WORD.match(self.text, start)
        if word is None:
            raise self._unreadable(start)
        return Token("word", word.group(), start)

    def _prefixed(self, start: int, colon: int) -> Token:
        local = _LOCAL.match(self.text, colon)
        if local is None:
            return Token("prefixed", self.text[start:colon], start)
        end = local.end()
        while self.text[end - 1] == "." and self.text[end - 2] != "\\":
            end -= 1
        return Token("prefixed", self.text[start:end], start)

    def _angle(self, match: re.Match[str], previous: Token | None) -> Token:
        """Read `<`: an IRI, `<<`, `<=` or `<`.

        Only within parentheses and after an operand can `<` be an operator.
        """
        start, found = match.start(), match.group()
        could_compare = (
            not self.rows
            and bool(self.brackets)
            and self.brackets[-1] == "("
            and previous is not None
            and not (previous.kind == "mark" and previous.text in _NO_OPERAND)
        )
        if match.lastgroup == "iri":
            if could_compare and not (_HIERARCHICAL.match(found) or _HARMLESS.fullmatch(found)):
                raise self._ambiguous(start)
            return Token("iri", found, start)
        if self.text.startswith("<<", start):
            inner = _MASTER.match(self.text, start + 1)
            if could_compare and inner is not None and inner.lastgroup == "iri":
                raise self._ambiguous(start)
            self.brackets.append("<<")
            return Token("mark", "<<", start)
        return Token("mark", found, start)

    def _mark(self, match: re.Match[str]) -> Token:
        start, found = match.start(), match.group()
        if self.brackets and self.brackets[-1] == "<<" and self.text.startswith(">>", start):
            self.brackets.pop()
            return Token("mark", ">>", start)
        if found in ("(", "[", "{", "{|"):
            self.brackets.append(found)
        elif found in _CLOSES:
            if not self.brackets or self.brackets[-1] != _CLOSES[found]:
                opened = f"{self.brackets[-1]!r} is open" if self.brackets else "nothing is open"
                raise self.fault(f"unexpected {found!r}: {opened}", start)
            self.brackets.pop()
        return Token("mark", found, start)

    def _unreadable(self, position: int) -> QuerySyntaxError:
        character = self.text[position]
        if character in "\"'":
            return self.fault("the string is not closed, or has an escape that is none", position)
        return self.fault(f"unexpected character {character!r}", position)

    def _ambiguous(self, position: int) -> QueryRefused:
        line, column = place_of(self.text, position)
        return QueryRefused(
            "'<' can be read as 'less than' and as the start of an IRI: write a space after it "
            "to compare, or the full IRI with its scheme",
            line=line,
            column=column,
        )


def place_of(text: str, position: int) -> tuple[int, int]:
    """Give line and column, both from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
