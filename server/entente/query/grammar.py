"""The grammar of SPARQL queries and updates, used to say where a text stops being one.

Owns the grammar and a recogniser that reports the furthest token it could not use, with what was
expected in its place. It decides nothing: the engine has refused the text before. The engine's own
places are of no use, because its parser reports where the longest keyword that it tried would end.
Grammar: https://www.w3.org/TR/sparql12-query/#sparqlGrammar , somewhat wider than the standard.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from entente.query.tokens import Token

# Words in quotes stand for themselves, names in lower case for a kind of token, others for a rule.
_GRAMMAR: Final = r"""
Update: Prologue { Operation ';' Prologue } [ Operation ]
Operation: Load | Clear | Create | Copy | InsertData | DeleteData | DeleteWhere | Modify
Load: 'LOAD' [ 'SILENT' ] Name [ 'INTO' 'GRAPH' Name ]
Clear: ( 'CLEAR' | 'DROP' ) [ 'SILENT' ] ( 'GRAPH' Name | 'DEFAULT' | 'NAMED' | 'ALL' )
Create: 'CREATE' [ 'SILENT' ] 'GRAPH' Name
Copy: ( 'ADD' | 'MOVE' | 'COPY' ) [ 'SILENT' ] OneGraph 'TO' OneGraph
OneGraph: 'DEFAULT' | [ 'GRAPH' ] Name
InsertData: 'INSERT' 'DATA' Quads
DeleteData: 'DELETE' 'DATA' Quads
DeleteWhere: 'DELETE' 'WHERE' Quads
Modify: [ 'WITH' Name ] ( 'DELETE' Quads [ 'INSERT' Quads ] | 'INSERT' Quads )
  { 'USING' [ 'NAMED' ] Name } 'WHERE' Group
Quads: '{' [ Triples ] { 'GRAPH' Node '{' [ Triples ] '}' [ '.' ] [ Triples ] } '}'
Query: Prologue ( Select | Construct | Describe | Ask ) [ ValuesClause ]
Prologue: { 'BASE' iri | 'PREFIX' prefixed iri | 'VERSION' string }
Select: SelectClause { Dataset } Where Modifiers
SubSelect: SelectClause Where Modifiers [ ValuesClause ]
SelectClause: 'SELECT' [ 'DISTINCT' | 'REDUCED' ] ( '*' | Projected { Projected } )
Projected: variable | '(' Expression 'AS' variable ')'
Construct: 'CONSTRUCT' ( Template { Dataset } Where Modifiers | { Dataset } 'WHERE' Template
  Modifiers )
Describe: 'DESCRIBE' ( '*' | Node { Node } ) { Dataset } [ Where ] Modifiers
Ask: 'ASK' { Dataset } Where Modifiers
Dataset: 'FROM' [ 'NAMED' ] Name
Where: [ 'WHERE' ] Group
Modifiers: [ 'GROUP' 'BY' Grouping { Grouping } ] [ 'HAVING' Constraint { Constraint } ] [ 'ORDER'
  'BY' Order { Order } ] { 'LIMIT' number | 'OFFSET' number }
Grouping: variable | BuiltIn | Call | '(' Expression [ 'AS' variable ] ')'
Order: ( 'ASC' | 'DESC' ) '(' Expression ')' | Constraint | variable
ValuesClause: 'VALUES' Data
Data: variable '{' { Value } '}' | '(' { variable } ')' '{' { '(' { Value } ')' } '}'
Value: Name | Literal | 'UNDEF' | QuotedTriple
Group: '{' ( SubSelect | Patterns ) '}'
Patterns: [ Triples ] { Pattern [ '.' ] [ Triples ] }
Pattern: Group { 'UNION' Group } | 'OPTIONAL' Group | 'MINUS' Group | 'GRAPH' Node Group |
  'FILTER' Constraint | 'BIND' '(' Expression 'AS' variable ')' | 'VALUES' Data
Constraint: '(' Expression ')' | BuiltIn | Call
Template: '{' [ Triples ] '}'
Triples: Statement { '.' [ Statement ] }
Statement: ( List | Anonymous ) [ Properties ] | QuotedTriple [ Properties ] | Term Properties
Properties: Verb Objects { ';' [ Verb Objects ] }
Objects: Object { ',' Object }
Object: Item { '~' [ Node | blank ] | '{|' Properties '|}' }
Item: List | Anonymous | Literal | Term | QuotedTriple
List: '(' { Item } ')'
Anonymous: '[' [ Properties ] ']'
QuotedTriple: '<<' [ '(' ] Item Verb Item [ '~' [ Node | blank ] ] [ ')' ] '>>'
Verb: variable | Path
Path: PathSequence { '|' PathSequence }
PathSequence: PathStep { '/' PathStep }
PathStep: [ '^' ] PathPrimary [ '?' | '*' | '+' ]
PathPrimary: Name | 'a' | '!' PathNegated | '(' Path ')'
PathNegated: PathOne | '(' [ PathOne { '|' PathOne } ] ')'
PathOne: [ '^' ] ( Name | 'a' )
Term: variable | Name | Literal | blank
Node: variable | Name
Name: iri | prefixed
Literal: string [ language | '^^' Name ] | [ '-' | '+' ] number | 'true' | 'false'
Expression: Conjunction { '||' Conjunction }
Conjunction: Relation { '&&' Relation }
Relation: Sum [ ( '=' | '!=' | '<' | '>' | '<=' | '>=' ) Sum | [ 'NOT' ] 'IN' Arguments ]
Sum: Product { ( '+' | '-' ) Product }
Product: Unary { ( '*' | '/' ) Unary }
Unary: { '!' | '+' | '-' } Primary
Primary: '(' Expression ')' | BuiltIn | Call | Name | Literal | variable | blank | QuotedTriple
Call: Name Arguments
Arguments: '(' [ [ 'DISTINCT' ] Expression { ',' Expression } ] ')'
BuiltIn: [ 'NOT' ] 'EXISTS' Group | function '(' [ 'DISTINCT' ] [ '*' | Expression { ','
  Expression } [ ';' 'SEPARATOR' '=' string ] ] ')'
"""

_FUNCTIONS: Final = """
ABS ADJUST AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
GROUP_CONCAT HASLANG HASLANGDIR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG
LANGDIR LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE ROUND
SAMETERM SAMPLE SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG
STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE URI UUID YEAR
"""
FUNCTIONS: Final = frozenset(_FUNCTIONS.split())
OPERATIONS: Final = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
)

_NAMES: Final = {
    "prefixed": "prefixed name",
    "iri": "<IRI>",
    "variable": "variable",
    "string": "string",
    "number": "number",
    "blank": "blank node",
    "language": "language tag",
    "function": "function",
}
_TOGETHER: Final = (
    ({"<IRI>", "prefixed name"}, "IRI"),
    ({"string", "number", "true", "false", "+", "-"}, "literal"),
    ({"=", "!=", "<", ">", "<=", ">=", "IN", "NOT", "&&", "||", "+", "-", "*", "/"}, "operator"),
    (OPERATIONS, "operation"),
    ({"GRAPH", "OPTIONAL", "MINUS", "FILTER", "BIND", "VALUES", "{"}, "graph pattern"),
)
_PIECE: Final = re.compile(r"'[^']+'|[A-Za-z]+|[()\[\]{}|]")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a text stops being a query; `index` counts tokens."""

    index: int
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str  # word, token, rule, sequence, choice, maybe or many
    text: str = ""
    parts: tuple["_Node", ...] = ()


def find_stop(tokens: Sequence[Token], *, update: bool = False) -> Stop | None:
    """Find the first token that no query has there; `None` when these tokens are a query.

    Args:
        tokens: all tokens of the text.
        update: it was to be an update.

    Raises:
        RecursionError: the text is nested more deeply than this can follow.
    """
    recogniser = _Recogniser(tokens)
    end = recogniser.match(_Node("rule", "Update" if update else "Query"), 0)
    if end == len(tokens):
        return None
    if end is not None and end > recogniser.furthest:
        return Stop(end, ("the end",))
    expected = set(recogniser.expected)
    if end == recogniser.furthest:
        expected.add("the end")
    return Stop(recogniser.furthest, tuple(sorted(_gathered(expected), key=str.casefold)))


def _gathered(expected: set[str]) -> set[str]:
    """Put one word for what always comes together."""
    for words, name in _TOGETHER:
        if words <= expected:
            expected = (expected - words) | {name}
    return {word if any(map(str.isalpha, word)) else f"'{word}'" for word in expected}


class _Recogniser:
    """Takes the first alternative that fits: enough, because the grammar needs one token ahead.

    Where it needs two (a name that may begin a call), the longer alternative stands first.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self.furthest = 0
        self.expected: set[str] = set()

    def match(self, node: _Node, start: int) -> int | None:
        """Give the index after what fits, `None` where nothing does."""
        if node.kind == "word" or node.kind == "token":
            return self._one(node, start)
        if node.kind == "rule":
            return self.match(_rules()[node.text], start)
        if node.kind == "choice":
            ends = (self.match(part, start) for part in node.parts)
            return next((end for end in ends if end is not None), None)
        if node.kind == "maybe":
            end = self.match(node.parts[0], start)
            return start if end is None else end
        if node.kind == "many":
            while (end := self.match(node.parts[0], start)) is not None and end > start:
                start = end
            return start
        position: int | None = start
        for part in node.parts:
            if position is None:
                return None
            position = self.match(part, position)
        return position

    def _one(self, node: _Node, start: int) -> int | None:
        if start < len(self._tokens) and _fits(node, self._tokens[start]):
            return start + 1
        if start > self.furthest:
            self.furthest = start
            self.expected.clear()
        if start == self.furthest:
            self.expected.add(_NAMES.get(node.text, node.text))
        return None


def _fits(node: _Node, token: Token) -> bool:
    if node.kind == "word":
        if node.text == "a":
            return token.text == "a"
        return token.kind in ("word", "mark") and token.text.upper() == node.text.upper()
    if node.text == "function":
        return token.kind == "word" and token.text.upper() in FUNCTIONS
    return token.kind == node.text


@functools.cache
def _rules() -> dict[str, _Node]:
    rules = {}
    for line in _GRAMMAR.replace("\n  ", " ").strip().splitlines():
        name, _, body = line.partition(": ")
        rules[name] = _read_choice(_PIECE.findall(body))
    return rules


def _read_choice(pieces: list[str]) -> _Node:
    """Read alternatives up to the end or a closing bracket; takes the pieces from the front."""
    alternatives: list[_Node] = []
    sequence: list[_Node] = []
    while pieces and pieces[0] not in (")", "]", "}"):
        piece = pieces.pop(0)
        if piece == "|":
            alternatives.append(_Node("sequence", parts=tuple(sequence)))
            sequence = []
        elif piece in ("(", "[", "{"):
            inner = _read_choice(pieces)
            pieces.pop(0)
            wrapped = {"(": inner, "[": _Node("maybe", parts=(inner,))}
            sequence.append(wrapped.get(piece, _Node("many", parts=(inner,))))
        elif piece.startswith("'"):
            sequence.append(_Node("word", piece[1:-1]))
        else:
            sequence.append(_Node("token" if piece.islower() else "rule", piece))
    alternatives.append(_Node("sequence", parts=tuple(sequence)))
    return _Node("choice", parts=tuple(alternatives))
