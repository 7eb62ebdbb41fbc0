"""Canonical Turtle and TriG: one text for one graph, made to be read and compared by people.

One prefix list (what is used), one block a subject in natural order, `a` and labels first, objects
sorted, lists and nodes that are referred to once written in place. Literals come out exactly as
they went in. Blank nodes that must be named are named by RDF canonicalisation's order; that order
may change when the graph does.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from entente.core.errors import EntenteError
from entente.core.terms import BASE, ENT, PREFIXES, RDF, RDFS, SKOS, XSD
from entente.logic.facts import TYPE, Facts, Node, Term
from entente.logic.tokens import tokens

_WIDTH: Final = 100
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_RELATIVE: Final = re.compile(r"[a-z]+(/[^/?#:]+)*(#[^#]+)?")
_NUMBERS: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_DIGITS: Final = re.compile(r"([0-9]+)")
_EARLY: Final = (
    TYPE.value,
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "notation",
    SKOS + "definition",
    RDFS + "comment",
    ENT + "subject",
    ENT + "predicate",
    ENT + "object",
    ENT + "describes",
    ENT + "statement",
)


class CommentLost(EntenteError):
    """The text has a `#` comment, which a graph does not hold; `line` says where."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line} has a comment that would be lost: say it in a note")


class NotWritten(EntenteError):
    """A statement about a statement, which canonical files do not hold."""

    def __init__(self, quad: Quad) -> None:
        super().__init__(
            f"a statement about a statement (a triple term) is written to no file: {quad.subject} "
            f"{quad.predicate} …"
        )


def reformat(text: str, syntax: RdfFormat) -> str:
    """Give a Turtle or TriG text in canonical form.

    Raises:
        SyntaxError: the text does not parse.
        CommentLost: it has a comment.
        NotWritten: it has a triple term.
    """
    for token in tokens(text):
        if token.kind == "comment":
            raise CommentLost(token.line)
    parser = parse(text, format=syntax)
    quads = list(parser)
    prefixes = {**parser.prefixes, **PREFIXES}
    if syntax == RdfFormat.TURTLE:
        return write_turtle((quad.triple for quad in quads), prefixes=prefixes)
    return write_trig(quads, prefixes=prefixes)


def write_turtle(triples: Iterable[Triple], *, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write triples as canonical Turtle.

    Raises:
        NotWritten: there is a triple term.
    """
    quads = (Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)
    return write_trig(quads, prefixes=prefixes)


def write_trig(quads: Iterable[Quad], *, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write quads as canonical TriG, which is Turtle where there is only the default graph.

    Raises:
        NotWritten: there is a triple term.
    """
    dataset = Dataset(quads)
    for quad in dataset:
        if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
            raise NotWritten(quad)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    names = _Names(prefixes)
    graphs: dict[NamedNode | BlankNode | DefaultGraph, list[Quad]] = {}
    for quad in dataset:
        graphs.setdefault(quad.graph_name, []).append(quad)
    parts = []
    for graph in sorted(graphs, key=lambda g: "" if isinstance(g, DefaultGraph) else str(g)):
        named = not isinstance(graph, DefaultGraph)
        blocks = _Writer(graphs[graph], names, indent="    " if named else "").blocks()
        body = "\n\n".join(blocks)
        parts.append(f"{names.term(graph)} {{\n{body}\n}}" if named else body)  # type: ignore[arg-type]  # not the default graph
    head = names.declarations()
    return "\n\n".join([*([head] if head else []), *parts]) + "\n"


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Give a key that sorts 9 before 10, whatever the number's length."""
    return [
        (0, len(piece.lstrip("0")), piece.lstrip("0")) if number else (1, 0, piece)
        for number, piece in ((i % 2, piece) for i, piece in enumerate(_DIGITS.split(text)))
        if piece
    ]


@dataclass(slots=True)
class _Names:
    """Writes terms, and remembers which prefixes were used."""

    prefixes: Mapping[str, str]
    used: set[str] = field(default_factory=set)
    based: bool = False
    labels: dict[BlankNode, str] = field(default_factory=dict)

    def declarations(self) -> str:
        lines = [f"@base <{BASE}> ."] if self.based else []
        lines += [f"@prefix {name}: <{self.prefixes[name]}> ." for name in sorted(self.used)]
        return "\n".join(lines)

    def term(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, BlankNode):
            return self.labels.setdefault(term, f"_:b{len(self.labels)}")
        if term.language is not None:
            direction = f"--{term.direction.value}" if term.direction is not None else ""
            return f"{_quoted(term.value)}@{term.language}{direction}"
        datatype = term.datatype.value
        if datatype == XSD + "string":
            return _quoted(term.value)
        number = _NUMBERS.get(datatype)
        if number is not None and number.fullmatch(term.value):
            return term.value
        return f"{_quoted(term.value)}^^{self._iri(datatype)}"

    def _iri(self, iri: str) -> str:
        fitting = [
            (len(namespace), name)
            for name, namespace in self.prefixes.items()
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace))
        ]
        if fitting:
            length, name = max(fitting)
            self.used.add(name)
            return f"{name}:{iri[length:]}"
        relative = iri.removeprefix(BASE)
        if relative != iri and _RELATIVE.fullmatch(relative):
            self.based = True
            return f"<{relative}>"
        return f"<{iri}>"


def _quoted(text: str) -> str:
    quote = '"""' if "\n" in text else '"'
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", lambda m: f"\\u{ord(m.group()):04X}", text)
    return f"{quote}{text}{quote}".replace("\t", "\\t")


class _Writer:
    """Writes the blocks of one graph."""

    def __init__(self, quads: Iterable[Quad], names: _Names, *, indent: str) -> None:
        held = tuple(quads)
        self._facts = Facts(held)
        self._names = names
        self._indent = indent
        self._references = Counter(q.object for q in held if isinstance(q.object, BlankNode))
        self._named: set[BlankNode] = set()
        self._written: set[Node] = set()

    def blocks(self) -> list[str]:
        """Give one block a subject: IRIs first, then blank nodes that nothing else holds."""
        subjects = list(self._facts.subjects())
        iris = [node for node in subjects if isinstance(node, NamedNode)]
        blanks = sorted((n for n in subjects if isinstance(n, BlankNode)), key=str)
        self._named |= {node for node in blanks if self._references[node] > 1}
        found = [self._block(node) for node in sorted(iris, key=lambda n: _natural(n.value))]
        found += [
            self._block(node)
            for node in blanks
            if node in self._named or not self._references[node]
        ]
        for node in blanks:  # what is left refers to itself in a circle
            if node not in self._written:
                self._named.add(node)
                found.append(self._block(node))
        return found

    def _block(self, node: Node) -> str:
        self._written.add(node)
        held = isinstance(node, NamedNode) or self._references[node] > 0
        subject = self._names.term(node) if held else "[]"
        lines = self._predicates(node, self._indent + "    ")
        return f"{self._indent}{subject}\n" + " ;\n".join(lines) + " ."

    def _predicates(self, node: Node, indent: str) -> list[str]:
        lines = []
        for predicate in sorted(self._facts.predicates(node), key=_predicate_rank):
            verb = "a" if predicate == TYPE else self._names.term(predicate)
            objects = [
                self._object(term, indent)
                for term in sorted(self._facts.objects(node, predicate), key=_object_rank)
            ]
            line = f"{indent}{verb} {', '.join(objects)}"
            if len(objects) > 1 and max(map(len, line.split("\n"))) > _WIDTH:
                line = f"{indent}{verb}\n" + ",\n".join(f"{indent}    {one}" for one in objects)
            lines.append(line)
        return lines

    def _object(self, term: Term, indent: str) -> str:
        if not isinstance(term, BlankNode) or term in self._named:
            return self._names.term(term)
        if term in self._written:
            return self._names.term(term)
        items = self._list(term)
        if items is not None:
            inner = " ".join(self._object(item, indent) for item in items)
            return f"( {inner} )"
        self._written.add(term)
        lines = self._predicates(term, indent + "    ")
        if not lines:
            return "[]"
        if len(lines) == 1 and "\n" not in lines[0]:
            return f"[ {lines[0].strip()} ]"
        return "[\n" + " ;\n".join(lines) + f"\n{indent}]"

    def _list(self, head: BlankNode) -> list[Term] | None:
        """Give the items where the node begins a list that nothing else points into."""
        items: list[Term] = []
        cells: list[Node] = []
        node: Term = head
        while node != _NIL:
            if isinstance(node, Literal) or node in self._named or node in cells:
                return None
            if set(self._facts.predicates(node)) != {_FIRST, _REST}:
                return None
            first, rest = self._facts.objects(node, _FIRST), self._facts.objects(node, _REST)
            if len(first) != 1 or len(rest) != 1 or isinstance(node, NamedNode):
                return None
            cells.append(node)
            items += first
            node = rest[0]
        self._written.update(cells)
        return items


def _predicate_rank(predicate: NamedNode) -> tuple[int, str]:
    iri = predicate.value
    return (_EARLY.index(iri) if iri in _EARLY else len(_EARLY)), iri


def _object_rank(term: Term) -> tuple[int, list[tuple[int, int, str]], str]:
    if isinstance(term, NamedNode):
        return 0, _natural(term.value), ""
    if isinstance(term, Literal):
        return 1, _natural(term.value), str(term)
    return 2, [], str(term)
