"""Rules: the OWL 2 RL rules of `queries/rules/*.rq`, read as triple patterns.

Owns the small part of SPARQL that a rule may be written in: PREFIX, then CONSTRUCT (what follows)
or SELECT (what is wrong, with a `# message:` line), then one group of triple patterns, whose
predicates may be the list paths of `LIST_PATHS`. Anything more is refused. Must not know how rules
are applied. Three rules take lists of any length, which a pattern cannot say: see `fast_list`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from entente.core.errors import EntenteError
from entente.core.terms import RDF

Term = NamedNode | BlankNode | Literal | Triple

FIRST: Final = "rdf:first"
TAILS: Final = "rdf:rest*"
MEMBERS: Final = "rdf:rest*/rdf:first"
LATER_MEMBERS: Final = "rdf:rest+/rdf:first"
LIST_PATHS: Final = (FIRST, TAILS, MEMBERS, LATER_MEMBERS)

_TOKEN: Final = re.compile(
    r"""(?P<path>rdf:rest[*+]/rdf:first|rdf:rest\*|rdf:first(?![\w-]))
    | \?(?P<variable>\w+)
    | <(?P<iri>[^<>\s]*)>
    | (?P<word>PREFIX|CONSTRUCT|SELECT|WHERE|a)(?![\w:-])
    | (?P<name>[a-z]+:[\w-]*)
    | "(?P<literal>[^"\\]*)"\^\^
    | (?P<mark>[{}.])
    """,
    re.VERBOSE,
)


class RuleError(EntenteError):
    """A rule file uses more of SPARQL than a rule may be written in."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a rule, named without its question mark."""

    name: str


@dataclass(frozen=True, slots=True)
class ListPath:
    """A walk along an RDF list, one of `LIST_PATHS`, in the place of a predicate."""

    text: str


Node = Term | Variable | ListPath
Pattern = tuple[Node, Node, Node]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where every pattern of `body` holds, every pattern of `head` holds too.

    A rule without head states an inconsistency: `message` says it in plain words, with the names
    of `selected` variables in braces. `words` are those of the file's first comment.
    """

    name: str
    body: tuple[Pattern, ...]
    head: tuple[Pattern, ...] = ()
    selected: tuple[str, ...] = ()
    message: str = ""
    words: str = ""


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Read every rule of a folder, ordered by name.

    Raises:
        RuleError: there is none, or one is not written as a rule must be.
    """
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        raise RuleError(f"no rule (*.rq) in {folder}")
    return tuple(parse_rule(path.read_text("utf-8"), name=path.stem) for path in paths)


def parse_rule(text: str, *, name: str) -> Rule:
    """Read one rule.

    Args:
        text: the SPARQL text of the rule.
        name: the rule's name in the tables of the W3C.

    Raises:
        RuleError: the text has something that a rule may not have.
    """
    return _Reader(text, name).rule()


class _Reader:
    """The tokens of one rule file, taken from left to right."""

    def __init__(self, text: str, name: str) -> None:
        lines = text.splitlines()
        marked = [line[11:].strip() for line in lines if line.startswith("# message: ")]
        self._message = marked[0] if marked else ""
        self._words = lines[0].partition("): ")[2].strip() if lines else ""
        self._name = name
        self._prefixes: dict[str, str] = {}
        self._tokens = list(self._cut("\n".join("" if x.startswith("#") else x for x in lines)))
        self._at = 0

    def rule(self) -> Rule:
        while self._next("word") == "PREFIX":
            prefix = self._next("name").removesuffix(":")
            self._prefixes[prefix] = self._next("iri")
        head: tuple[Pattern, ...] = ()
        selected: list[str] = []
        if self._tokens[self._at - 1][1] == "CONSTRUCT":
            head = self._group()
        else:
            while self._peek() == "variable":
                selected.append(self._next("variable"))
        if self._next("word") != "WHERE":
            self._refuse("WHERE must follow")
        body = self._group()
        if self._at < len(self._tokens):
            self._refuse("the rule must end with its group")
        if bool(head) == bool(selected and self._message):
            self._refuse("a rule needs CONSTRUCT, or SELECT and a message")
        return Rule(self._name, body, head, tuple(selected), self._message, self._words)

    def _group(self) -> tuple[Pattern, ...]:
        patterns: list[Pattern] = []
        self._mark("{")
        while not self._mark("}", needed=False):
            patterns.append((self._node(), self._node(), self._node()))
            if not self._mark(".", needed=False):
                self._mark("}")
                break
        return tuple(patterns)

    def _node(self) -> Node:
        kind = self._peek()
        text = self._next(kind)
        match kind:
            case "variable":
                return Variable(text)
            case "path":
                return ListPath(text)
            case "name":
                prefix, _, local = text.partition(":")
                if prefix not in self._prefixes:
                    self._refuse(f"the prefix {prefix!r} is not declared")
                return NamedNode(self._prefixes[prefix] + local)
            case "word" if text == "a":
                return NamedNode(RDF + "type")
            case "literal":
                datatype = self._node()
                if isinstance(datatype, NamedNode):
                    return Literal(text, datatype=datatype)
        return self._refuse(f"{text!r} cannot stand in a pattern")

    def _cut(self, text: str) -> Iterator[tuple[str, str]]:
        place = 0
        while place < len(text):
            if text[place].isspace():
                place += 1
                continue
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup is None:
                raise RuleError(
                    f"rule {self._name}: a rule cannot have {text[place : place + 20]!r}"
                )
            yield found.lastgroup, found[found.lastgroup]
            place = found.end()

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "end"

    def _next(self, kind: str) -> str:
        if self._peek() != kind or kind == "end":
            self._refuse(f"{kind} expected, found {self._peek()}")
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _mark(self, mark: str, *, needed: bool = True) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == ("mark", mark)
        if needed and not found:
            self._refuse(f"{mark!r} expected")
        self._at += found
        return found

    def _refuse(self, why: str) -> NoReturn:
        raise RuleError(f"rule {self._name}: {why}")
