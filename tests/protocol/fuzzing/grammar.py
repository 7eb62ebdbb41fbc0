"""A stream of queries made by the grammar of SPARQL, small enough to end, and ways to break them.

Owns Hypothesis strategies. A query that `queries()` draws is SPARQL in most cases (a variable may
stand in two places that the scope rules forbid); `broken()` cuts, doubles, swaps or replaces
tokens. Nothing is drawn whose answer changes from one evaluation to the next.
https://www.w3.org/TR/sparql12-query/#sparqlGrammar
"""

import re
from typing import Final

from hypothesis import strategies as st

PROLOGUE: Final = (
    "PREFIX ent: <https://w3id.org/entente/ontology/> PREFIX id: <https://w3id.org/entente/id/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX : <http://example.org/> "
)
VARIABLES: Final = ("?a", "?b", "?c", "$d")
IRIS: Final = (
    *("ent:Factory", "ent:locatedIn", "rdfs:label", "a", "rdfs:subClassOf", ":none"),
    *("id:facility/brasov-drone-factory", "<https://w3id.org/entente/id/country/romania>"),
)
LITERALS: Final = (
    *('"x"', "'Factory'@en", "1", "-2.5", "1e3", "true", '"2025-01-01"^^xsd:date', '""', "01"),
    *('"""a "b"\n"""', "'é\\t\\u00e9'", '"1"^^xsd:int', '"abc"^^xsd:integer', '"x"@en--ltr'),
)
GRAPHS: Final = ("?g", "<https://w3id.org/entente/graph/ontology>", "?a")
UNARY: Final = (
    *("STR", "LANG", "DATATYPE", "isIRI", "isLITERAL", "isBLANK", "STRLEN", "UCASE", "ABS", "!"),
    *("YEAR", "ENCODE_FOR_URI", "MD5", "xsd:integer", "xsd:string", "xsd:double", "isTRIPLE", "-"),
)
BINARY: Final = (
    *("=", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/"),
    *("STRSTARTS", "CONTAINS", "CONCAT", "REGEX", "COALESCE", "STRBEFORE", "sameTerm", "STRLANG"),
)
AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")

variables = st.sampled_from(VARIABLES)
nodes = st.one_of(variables, variables, st.sampled_from(IRIS[:1] + IRIS[5:]))


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    """An expression."""
    kind = draw(st.integers(0, 7 if depth else 1))
    if kind == 0:
        return draw(variables)
    if kind == 1:
        return draw(st.one_of(st.sampled_from(LITERALS), st.sampled_from(IRIS[:3])))
    inner = expressions(depth - 1)
    if kind in (2, 3):
        return f"{draw(st.sampled_from(UNARY))}({draw(inner)})"
    if kind in (4, 5):
        name = draw(st.sampled_from(BINARY))
        left, right = draw(inner), draw(inner)
        return f"{name}({left}, {right})" if name.isalpha() else f"({left} {name} {right})"
    if kind == 6:
        word = draw(st.sampled_from(["IN", "NOT IN"]))
        return f"({draw(inner)} {word} ({', '.join(draw(st.lists(inner, max_size=2)))}))"
    word = draw(st.sampled_from(["EXISTS", "NOT EXISTS"]))
    return f"({word} {draw(groups(0))})"


@st.composite
def paths(draw: st.DrawFn, depth: int = 2) -> str:
    """A property path."""
    kind = draw(st.integers(0, 6 if depth else 0))
    if kind <= 1:
        plain: str = draw(st.sampled_from(IRIS[1:5]))
        return plain
    inner = draw(paths(depth - 1))
    if kind == 2:
        return f"^({inner})"
    if kind == 3:
        return f"({inner}){draw(st.sampled_from(['?', '*', '+']))}"
    if kind == 4:
        return f"!({draw(st.sampled_from(IRIS[1:5]))}|^{draw(st.sampled_from(IRIS[1:5]))})"
    return f"({inner}{'/' if kind == 5 else '|'}{draw(paths(depth - 1))})"


@st.composite
def triples(draw: st.DrawFn) -> str:
    """A triple pattern, bound enough that few of them cannot multiply to millions of rows."""
    subject = draw(nodes)
    predicate = draw(st.one_of(st.sampled_from(IRIS[1:5]), variables, paths()))
    kind = draw(st.integers(0, 6))
    if kind == 5:
        return f"{subject} {predicate} [ rdfs:label {draw(variables)} ] ."
    if kind == 6:
        return f"<< {subject} ent:locatedIn {draw(nodes)} >> rdfs:label {draw(variables)} ."
    object_ = draw(st.one_of(nodes, st.sampled_from(LITERALS)))
    more = f" ; rdfs:label {draw(variables)}" if kind == 4 else ""
    return f"{subject} {predicate} {object_}{more} ."


@st.composite
def templates(draw: st.DrawFn) -> str:
    """A triple of a template: no path."""
    predicate = draw(st.one_of(st.sampled_from(IRIS[1:5]), variables))
    return f"{draw(nodes)} {predicate} {draw(st.one_of(nodes, st.sampled_from(LITERALS)))} ."


@st.composite
def groups(draw: st.DrawFn, depth: int = 2) -> str:
    """A group graph pattern."""
    parts = draw(st.lists(triples(), max_size=2))
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.integers(0, 8 if depth else 2))
        if kind == 0:
            parts.append(f"FILTER({draw(expressions(2))})")
        elif kind == 1:
            name = draw(st.sampled_from(["?x", "?y"]))
            parts.append(f"BIND({draw(expressions(2))} AS {name})")
        elif kind == 2:
            values = draw(
                st.lists(st.sampled_from((*LITERALS, "UNDEF", "ent:Factory")), max_size=2)
            )
            parts.append(f"VALUES {draw(variables)} {{ {' '.join(values)} }}")
        elif kind == 8:
            parts.append(f"{{ {draw(selects(depth - 1))} }}")
        else:
            inner = draw(groups(depth - 1))
            other = draw(groups(depth - 1)) if kind == 6 else ""
            words = {3: "OPTIONAL", 4: "MINUS", 5: f"GRAPH {draw(st.sampled_from(GRAPHS))}"}
            parts.append(
                f"{inner} UNION {other}" if kind == 6 else f"{words.get(kind, '')} {inner}"
            )
    return "{ " + " ".join(parts) + " }"


@st.composite
def selects(draw: st.DrawFn, depth: int = 2) -> str:
    """A SELECT without its prologue."""
    where = draw(groups(depth))
    kind = draw(st.integers(0, 3))
    tail = ""
    if kind == 0:
        head = "*"
    elif kind == 1:
        name = draw(st.sampled_from(AGGREGATES))
        distinct = draw(st.sampled_from(["", "DISTINCT "]))
        head = f"{draw(variables)} ({name}({distinct}{draw(expressions(1))}) AS ?n)"
        tail = " GROUP BY " + head.partition(" ")[0]
        if draw(st.booleans()):
            tail += f" HAVING({draw(expressions(1))})"
    else:
        head = " ".join(draw(st.lists(variables, min_size=1, max_size=3, unique=True)))
        if kind == 3:
            head += f" ({draw(expressions(2))} AS ?z)"
    word = draw(st.sampled_from(["SELECT", "SELECT DISTINCT", "SELECT REDUCED", "select"]))
    if draw(st.booleans()):
        tail += f" ORDER BY {draw(st.sampled_from(['', 'DESC']))}({draw(expressions(1))})"
    if draw(st.booleans()):
        tail += f" LIMIT {draw(st.integers(0, 20))}"
    return f"{word} {head} WHERE {where}{tail}"


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A query of any form."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return f"{PROLOGUE}ASK {draw(groups())}"
    if kind == 1:
        template = " ".join(draw(st.lists(templates(), max_size=3)))
        return f"{PROLOGUE}CONSTRUCT {{ {template} }} WHERE {draw(groups())}"
    if kind == 2:
        return f"{PROLOGUE}DESCRIBE {draw(nodes)} WHERE {draw(groups())}"
    return PROLOGUE + draw(selects())


_TOKEN: Final = re.compile(r"\s+|[\w:?$@.-]+|<[^<>\s]*>|\"[^\"]*\"|.", re.DOTALL)
_PIECES: Final = (
    *("{", "}", "(", ")", "[", "]", "<<", ">>", "<<(", ")>>", "{|", "|}", ".", ";", ",", "|", "*"),
    *(
        "SERVICE",
        "SELECT",
        "WHERE",
        "GRAPH",
        "EXISTS",
        "UNDEF",
        "INSERT DATA",
        "BASE <x:>",
        "LIMIT",
    ),
    *("?x", "_:b", "\\", "\x00", "#", "'", '"""', "<", ">", "^", "é", "\U0001f600", "\\u0053", "﻿"),
    *("-1", "1e999", "9" * 40, "@en", "^^", "VALUES", "AS", "~", "VERSION '1.2'", "NOT"),
)


@st.composite
def broken(draw: st.DrawFn, source: st.SearchStrategy[str]) -> str:
    """A query of some source with a few tokens lost, doubled, swapped or replaced."""
    tokens = _TOKEN.findall(draw(source))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(tokens) - 1)))
        kind = draw(st.integers(0, 5))
        if kind == 0:
            del tokens[place : place + draw(st.integers(1, 4))]
        elif kind == 1:
            tokens[place:place] = tokens[place : place + draw(st.integers(1, 8))]
        elif kind == 2 and tokens:
            other = draw(st.integers(0, len(tokens) - 1))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif kind == 3:
            tokens = tokens[: place + 1]
        else:
            tokens[place : place + (kind == 4)] = [draw(st.sampled_from(_PIECES))]
    return "".join(tokens)
