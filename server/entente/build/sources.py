"""Sources: the hand-written files of the project, parsed, and where each fact stands in them.

Owns which file goes into which graph. Parses with pyoxigraph, which keeps literals exactly as
written, and names blank nodes (lists in ontology and shapes) after file and place so that every
build names them alike. Files are small: all are held in memory.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse

from entente.build.freshness import SEAL
from entente.build.lines import Lines, index_lines
from entente.core.errors import Finding
from entente.core.terms import (
    GRAPH_BACKGROUND,
    GRAPH_CURATION,
    GRAPH_ENTITIES,
    GRAPH_ONTOLOGY,
    GRAPH_SHAPES,
    GRAPH_VOCAB,
)

Role = Literal[
    "ontology", "vocab", "shapes", "closure-shapes", "entities", "article", "curation", "background"
]

DATA: Final[tuple[Role, ...]] = ("entities", "article", "curation", "background")

# The first pattern that fits a path decides; an article's graph is named in its file.
_PLACES: Final[tuple[tuple[str, Role, str], ...]] = (
    (r"ontology/(entente|(modules|axioms|alignments)/[^/]+)\.ttl", "ontology", GRAPH_ONTOLOGY),
    (r"ontology/vocab/[^/]+\.ttl", "vocab", GRAPH_VOCAB),
    (r"ontology/shapes/closure/[^/]+\.ttl", "closure-shapes", GRAPH_SHAPES),
    (r"ontology/shapes/(asserted/)?[^/]+\.ttl", "shapes", GRAPH_SHAPES),
    (r"data/entities/[^/]+\.ttl", "entities", GRAPH_ENTITIES),
    (r"data/articles/[^/]+/[^/]+\.trig", "article", ""),
    (r"data/curation\.trig", "curation", GRAPH_CURATION),
    (r"data/background\.trig", "background", GRAPH_BACKGROUND),
)


@dataclass(frozen=True)
class SourceFile:
    """One parsed file: path relative to the root, role, the graph it must use, its quads."""

    path: str
    role: Role
    graph: str
    text: str
    quads: tuple[Quad, ...]
    prefixes: Mapping[str, str]

    @cached_property
    def lines(self) -> Lines:
        """Where each triple stands; read from the text when first asked for."""
        return index_lines(self.text)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """IRIs that have a block here."""
        return frozenset(q.subject.value for q in self.quads if isinstance(q.subject, NamedNode))

    @property
    def name(self) -> str:
        """File name without folder and extension."""
        return self.path.rpartition("/")[2].rpartition(".")[0]


@dataclass(frozen=True)
class Sources:
    """All source files in order of their paths, and the hygiene queries (path to text)."""

    files: tuple[SourceFile, ...]
    queries: Mapping[str, str]

    def quads(self, *roles: Role) -> Iterator[Quad]:
        """Give the quads of the files with one of the roles; of all files where none is given."""
        for file in self.files:
            if not roles or file.role in roles:
                yield from file.quads

    def place(
        self,
        subject: str | None,
        predicate: str | None = None,
        object_: str | None = None,
        *,
        within: str | None = None,
    ) -> tuple[str | None, int | None]:
        """Find the file and line of a triple, else of the predicate, else of the subject.

        Args:
            subject: an IRI; `None` has no place.
            predicate: an IRI.
            object_: an IRI or the lexical form of a literal.
            within: path of the only file to look at.
        """
        if subject is None:
            return None, None
        files = [f for f in self.files if subject in f.subjects and within in (None, f.path)]
        for key in ((subject, predicate, object_), (subject, predicate, None)):
            for file in files if predicate is not None else ():
                if key in file.lines:
                    return file.path, file.lines[key]
        for file in files:
            return file.path, file.lines.get((subject, None, None))
        return None, None


def read_sources(contents: Mapping[str, bytes]) -> tuple[Sources, list[Finding]]:
    """Parse the source files.

    Args:
        contents: POSIX path relative to the project's root, and the file's bytes.

    Returns:
        What parsed, and one finding for each file that did not or that has no place.
    """
    files, queries, findings = [], {}, []
    for path, content in sorted(contents.items()):
        if path == SEAL or path.startswith("queries/"):
            continue
        try:
            if path.endswith(".rq"):
                queries[path] = content.decode()
            else:
                files.append(_parse(path, content))
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            findings.append(
                Finding("the text is not UTF-8", "save it as UTF-8", path, line, rule="syntax")
            )
        except SyntaxError as error:
            findings.append(_syntax_finding(path, error))
        except _Misplaced:
            findings.append(
                Finding(
                    "no graph takes this file",
                    "move it to one of the folders that data/README.md and README.md name",
                    path,
                    rule="place",
                )
            )
    return Sources(tuple(files), queries), findings


class _Misplaced(Exception):
    """No pattern fits the path."""


def _destination(path: str) -> tuple[Role, str]:
    for pattern, role, graph in _PLACES:
        if re.fullmatch(pattern, path):
            return role, graph
    raise _Misplaced


def _parse(path: str, content: bytes) -> SourceFile:
    role, graph = _destination(path)
    text = content.decode()
    syntax = RdfFormat.TRIG if path.endswith(".trig") else RdfFormat.TURTLE
    parser = parse(text, format=syntax)
    quads = _named(parser, path)
    if syntax == RdfFormat.TURTLE:
        node = NamedNode(graph)
        quads = (Quad(q.subject, q.predicate, q.object, node) for q in quads)
    held = tuple(quads)
    return SourceFile(path, role, graph, text, held, dict(parser.prefixes))


def blank_stem(path: str) -> str:
    """Give what the labels of a file's blank nodes begin with; a hyphen and a number follow."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path.rpartition(".")[0])


def _named(quads: Iterable[Quad], path: str) -> Iterator[Quad]:
    """Name blank nodes by file and order of appearance: the parser's labels are random."""
    stem = blank_stem(path)
    labels: dict[BlankNode, BlankNode] = {}

    def stable(term: object) -> object:
        if isinstance(term, BlankNode):
            return labels.setdefault(term, BlankNode(f"{stem}-{len(labels)}"))
        return term

    for quad in quads:
        graph = quad.graph_name
        yield Quad(
            stable(quad.subject),  # type: ignore[arg-type]  # stable() keeps each term's kind
            quad.predicate,
            stable(quad.object),  # type: ignore[arg-type]  # stable() keeps each term's kind
            graph if isinstance(graph, DefaultGraph) else stable(graph),  # type: ignore[arg-type]  # likewise
        )


def _syntax_finding(path: str, error: SyntaxError) -> Finding:
    what = str(error.args[0])
    detail = re.sub(r"^Parser error (at|between) [^:]*: ", "", what)
    column = f" (column {error.offset})" if error.offset else ""
    kind = "TriG" if path.endswith(".trig") else "Turtle"
    return Finding(
        f"malformed {kind}: {detail}{column}",
        "mend the syntax there or just before it",
        path,
        error.lineno,
        rule="syntax",
    )
