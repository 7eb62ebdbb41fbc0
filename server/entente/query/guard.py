"""The guard: what no engine should be asked, told from the tokens alone.

Owns the refusals: length, depth, triple patterns that are planned together, chains of operators,
SERVICE and updates. One pass, linear, no recursion. Errs towards refusing only where a hidden
SERVICE is at stake; counts of patterns are estimates by separators. What it lets through may still
run for ever or kill its reader: the pool answers that.
Measured (pyoxigraph 0.5.13): 100 patterns planned together take 0.6 s, 200 take 9 s; sub-groups,
OPTIONAL and GRAPH are planned with their surroundings, UNION, MINUS and FILTER EXISTS are not.
"""

import sys
from dataclasses import dataclass
from typing import Final

from entente.core.errors import QueryRefused
from entente.query.limits import QueryLimits
from entente.query.strict import Strictness
from entente.query.tokens import Scanner, Token, place_of

_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_PROLOGUE: Final = frozenset({"BASE", "PREFIX", "VERSION"})
_CHAINED: Final = frozenset({"||", "&&", "+", "-", "*", "/", "|", "UNION", "BIND", "FILTER"})
_UNARY: Final = frozenset({"!", "-", "+", "^"})
_SEPARATORS: Final = frozenset({".", ";", ","})
_OPENERS: Final = frozenset({"{", "(", "[", "<<", "{|"})
_CLOSERS: Final = frozenset({"}", ")", "]", ">>", "|}"})
_NODES: Final = frozenset({"A", "TRUE", "FALSE"})  # words that are terms
_APART: Final = frozenset({"MINUS", "EXISTS", "WHERE", "SELECT"})


@dataclass(slots=True)
class _Frame:
    """An open bracket and what was counted since."""

    kind: str  # group, data, list, expression or template
    joined: int = 0  # triple patterns planned together
    chain: int = 0
    items: int = 0
    pending: bool = False  # part of a triple stands here
    last_group: int = 0  # what the sub-group before counted
    most: int = sys.maxsize  # how much of `joined` counts around it: what is planned apart, little
    selects: bool = False  # holds a sub-SELECT
    keyword: str = ""  # the last keyword

    def end_triple(self) -> None:
        if self.pending:
            self.joined += 1
            self.pending = False


def inspect(query: str, limits: QueryLimits, *, updates: bool = False) -> str:
    """Refuse what no engine should be asked.

    Args:
        query: the text.
        limits: what it may hold.
        updates: whether an update is expected; LOAD is refused there too.

    Returns:
        The text as the engine has to get it, and no other: what it would read otherwise than the
        guard has read it is spelt differently.

    Raises:
        QueryRefused: with the place, the value and what is accepted.
        QuerySyntaxError: the text has no reading in tokens.
    """
    require_length(query, limits)
    return _Walk(query, limits, updates=updates).run()


def require_length(query: str, limits: QueryLimits) -> None:
    """Refuse a text that is too long, in bytes of UTF-8.

    Raises:
        QueryRefused: the text is too long, or holds half a surrogate pair.
    """
    try:
        length = len(query) if query.isascii() else len(query.encode())
    except UnicodeEncodeError as error:
        raise QueryRefused("the query holds half a surrogate pair: send valid UTF-8") from error
    if length > limits.length:
        raise QueryRefused(f"the query has {length} bytes; at most {limits.length} are accepted")


class _Walk:
    def __init__(self, query: str, limits: QueryLimits, *, updates: bool) -> None:
        self._updates = updates
        self._scanner = Scanner(query)
        self._limits = limits
        self._frames = [_Frame("top")]
        self._recent: list[Token] = []  # the last three tokens
        self._strictness = Strictness(query)
        self._unary = 0
        self._form = ""  # the first word after the prologue

    def run(self) -> str:
        for token in self._scanner.tokens():
            frame = self._frames[-1]
            self._strictness.see(token, expression=frame.kind == "expression")
            if token.kind == "word":
                self._word(token, frame)
            elif token.kind == "mark":
                self._mark(token, frame)
                self._scanner.rows = self._frames[-1].kind == "data"
            else:
                self._unary = 0
                if self._updates and len(self._frames) == 1:
                    self._refuse_hidden_load(token)
                if frame.kind in ("group", "list"):
                    frame.pending = True
                    frame.items += 1
            self._recent = [*self._recent[-2:], token]
        return self._strictness.text()

    def _word(self, token: Token, frame: _Frame) -> None:
        word = token.text.upper()
        self._unary = 0
        if "SERVICE" in word:
            raise self._no_service(token)
        if word in _NODES:
            frame.pending = frame.kind in ("group", "list")
            frame.items += 1
            return
        if len(self._frames) == 1:
            self._top_word(word, token)
        if word in _CHAINED:
            self._lengthen(frame, token)
        if frame.kind != "group":
            return
        frame.end_triple()
        frame.keyword = word
        frame.selects = frame.selects or word == "SELECT"
        if word == "UNION":
            frame.joined += min(1, frame.last_group) - frame.last_group
            frame.last_group = 0

    def _top_word(self, word: str, token: Token) -> None:
        self._frames[0].keyword = word
        if self._updates:
            if word.startswith("LOAD"):
                raise self._no_load(token)
            return
        if not self._form and word not in _PROLOGUE:
            self._form = word
            if word in _UPDATES:
                raise self._refuse(f"{word} is an update; this address answers queries only", token)

    def _mark(self, token: Token, frame: _Frame) -> None:
        mark = token.text
        self._unary = self._unary + 1 if mark in _UNARY else 0
        if self._unary > self._limits.nesting:
            raise self._refuse(
                f"more than {self._limits.nesting} signs in a row; write fewer", token
            )
        if mark in _CHAINED:
            self._lengthen(frame, token)
        if mark in _OPENERS:
            self._open(token, frame)
        elif mark in _CLOSERS:
            self._close(token)
        elif frame.kind == "group":
            if mark in _SEPARATORS:
                frame.end_triple()
            elif mark == "/":
                frame.joined += 1
        self._require_few_patterns(self._frames[-1], token)

    def _open(self, token: Token, frame: _Frame) -> None:
        if len(self._scanner.brackets) > self._limits.nesting:
            raise self._refuse(
                f"nested more than {self._limits.nesting} deep; that depth is accepted", token
            )
        if token.text == "{":
            self._refuse_hidden_service()
            self._frames.append(self._braces(frame))
        elif token.text == "(":
            self._frames.append(_Frame(self._parentheses(frame)))
        else:
            # a blank node's or a quoted triple's inside is more patterns of the same group
            inner = "group" if frame.kind in ("group", "list") else frame.kind
            self._frames.append(_Frame(inner))

    def _braces(self, frame: _Frame) -> _Frame:
        keyword = frame.keyword
        previous = self._recent[-1] if self._recent else None
        if keyword in ("VALUES", "GRAPH"):
            frame.pending = False  # the variable or the graph's name, no triple
        frame.end_triple()
        frame.keyword = ""
        if keyword == "VALUES":
            return _Frame("data")
        if frame.kind == "template" or (
            self._updates and len(self._frames) == 1 and keyword in ("DATA", "INSERT", "DELETE")
        ):
            return _Frame("template")
        if keyword == "CONSTRUCT" and previous is not None and previous.text.upper() == keyword:
            return _Frame("template")
        if keyword == "UNION":
            return _Frame("group", most=0)  # the first branch counts for all
        apart = frame.kind != "group" or frame.selects or keyword in _APART
        return _Frame("group", most=1 if apart else sys.maxsize)

    def _parentheses(self, frame: _Frame) -> str:
        """Tell an expression's parentheses from those of a list or a path."""
        if frame.kind == "list":
            return "list"
        if frame.kind != "group":
            return frame.kind if frame.kind in ("data", "template") else "expression"
        previous = self._recent[-1]
        if previous.kind == "word" and previous.text.upper() not in _NODES:
            return "expression"
        if previous.kind in ("prefixed", "iri") and len(self._recent) > 1:
            before = self._recent[-2]
            if before.kind == "word" and before.text.upper() not in _NODES:
                return "expression"
        return "list"

    def _close(self, token: Token) -> None:
        frame = self._frames.pop()
        parent = self._frames[-1]
        frame.end_triple()
        self._require_few_patterns(frame, token)
        if token.text == "}":
            parent.last_group = min(frame.most, frame.joined)
            if parent.kind == "group":
                parent.joined += parent.last_group
        elif frame.kind == "list":
            parent.joined += frame.joined + (2 * frame.items if not frame.chain else frame.chain)
            parent.pending = True
            parent.items += 1
        elif frame.kind == "group":
            parent.joined += frame.joined
            parent.pending = True
            parent.items += 1
        self._unary = 0

    def _require_few_patterns(self, frame: _Frame, token: Token) -> None:
        if frame.joined > self._limits.patterns:
            raise self._refuse(
                f"more than {self._limits.patterns} triple patterns in one group: the planner "
                "would take seconds; split the query, or put parts into sub-SELECTs",
                token,
            )

    def _lengthen(self, frame: _Frame, token: Token) -> None:
        frame.chain += 1
        if frame.chain > self._limits.chain:
            raise self._refuse(
                f"more than {self._limits.chain} operators in a row; shorten the chain, "
                "or use IN or VALUES",
                token,
            )

    def _refuse_hidden_service(self) -> None:
        """Refuse a prefixed name before `{` that the engine may read as SERVICE and a target.

        Keywords need no space after them: `SERVICEex:a {` calls ex:a unless a prefix `SERVICEex`
        leads to another reading. Only GRAPH may stand before a name and a brace otherwise.
        """
        if not self._recent or self._recent[-1].kind != "prefixed":
            return
        name = self._recent[-1]
        named_graph = len(self._recent) > 1 and self._recent[-2].text.upper() == "GRAPH"
        if "SERVICE" in name.text.partition(":")[0].upper() and not named_graph:
            raise self._no_service(name)

    def _refuse_hidden_load(self, token: Token) -> None:
        """Refuse a prefixed name between operations that the engine may read as LOAD and a name."""
        if token.kind != "prefixed" or "LOAD" not in token.text.partition(":")[0].upper():
            return
        before = self._recent[-1].text.upper() if self._recent else ";"
        if before != "PREFIX":
            raise self._no_load(token)

    def _no_load(self, token: Token) -> QueryRefused:
        return self._refuse(
            "LOAD is not done here: this server fetches nothing; send the triples themselves", token
        )

    def _no_service(self, token: Token) -> QueryRefused:
        return self._refuse("SERVICE is not done here: this server asks no other server", token)

    def _refuse(self, message: str, token: Token) -> QueryRefused:
        line, column = place_of(self._scanner.text, token.start)
        return QueryRefused(message, line=line, column=column)
