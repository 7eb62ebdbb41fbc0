"""Export: accepted changes put back into the files that they concern, in canonical form.

Owns where a quad goes: a removed one from every file that has it; an added one into the file of its
graph that speaks of its subject already (the one that says most), else into `added.ttl` beside the
graph's files, or a file of its own for a new article. What hangs together by blank nodes stays
together. Files that do not change are not touched.
Known limit: a file with comments or of a graph outside the layout is refused by name.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad

from entente.build.export_blanks import (
    blanks,
    is_there,
    named_subjects,
    place_of,
    require_as_built,
    structures,
    taken_away,
)
from entente.build.sources import SourceFile, read_sources
from entente.core.errors import Finding, SourceError
from entente.core.terms import (
    GRAPH_ARTICLE,
    GRAPH_BACKGROUND,
    GRAPH_CURATION,
    GRAPH_ENTITIES,
    GRAPH_ONTOLOGY,
    GRAPH_SHAPES,
    GRAPH_VOCAB,
    PREFIXES,
)
from entente.logic.canonical import write_trig, write_turtle
from entente.logic.tokens import tokens

_NEW: Final = {
    GRAPH_ENTITIES: "data/entities/added.ttl",
    GRAPH_CURATION: "data/curation.trig",
    GRAPH_BACKGROUND: "data/background.trig",
    GRAPH_ONTOLOGY: "ontology/modules/added.ttl",
    GRAPH_VOCAB: "ontology/vocab/added.ttl",
    GRAPH_SHAPES: "ontology/shapes/asserted/added.ttl",
}


# What a file of an article may be called on any disk, and what git takes.
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Export:
    """New texts by path (an empty text: the file goes), and quads that no file takes."""

    texts: Mapping[str, str]
    homeless: tuple[Quad, ...]


def export(
    contents: Mapping[str, bytes],
    *,
    added: Iterable[Quad],
    removed: Collection[Quad],
    altered: Collection[str] = (),
    passing: Collection[Quad] = (),
) -> Export:
    """Work changes into source files.

    Args:
        contents: POSIX path relative to the project's root, and the file's bytes.
        added: quads of asserted graphs that the files lack.
        removed: quads that they have and should not.
        altered: paths of files that are not as they were when the graph was built.
        passing: quads among `removed` that changes had added, so that the files may lack them.

    Raises:
        SourceError: a file does not parse, or has comments that would be lost; blank nodes that a
            change concerns cannot be told.
    """
    sources, findings = read_sources(contents)
    if findings:
        raise SourceError(tuple(findings))
    come = set(added)
    require_as_built((*removed, *come), sources.files, altered)
    gone = taken_away(frozenset(removed), sources.files, passing)
    held = {file.path: set(file.quads) for file in sources.files}
    files = {file.path: file for file in sources.files}
    homeless: list[Quad] = []
    for before in held.values():
        before -= gone
    present = frozenset(quad for before in held.values() for quad in before)
    come -= present
    loose = [frozenset({quad}) for quad in sorted(come, key=str) if not any(blanks(quad))]
    bound = [one for one in structures(come) if not is_there(one, sources.files)]
    for quads in (*loose, *bound):
        home = _home_of(quads, sources.files)
        if home is None:
            homeless += quads
        else:
            held.setdefault(home, set()).update(quads)
    texts = {
        path: _text(path, quads, files.get(path))
        for path, quads in held.items()
        if path not in files or quads != set(files[path].quads)
    }
    return Export(texts, tuple(homeless))


def _home_of(quads: frozenset[Quad], files: Iterable[SourceFile]) -> str | None:
    """Find the file of some quads that must stay together."""
    if len({quad.graph_name for quad in quads}) > 1:
        return None  # blank nodes that two graphs share: no two files can
    known = place_of(quads, files)
    if known is not None:
        return known.path
    return _home((named_subjects(quads) or sorted(quads, key=str))[0], files)


def _home(quad: Quad, files: Iterable[SourceFile]) -> str | None:
    graph = quad.graph_name
    if not isinstance(graph, NamedNode):
        return None
    mine = [file for file in files if any(one.graph_name == graph for one in file.quads[:1])]
    said: Counter[str] = Counter()
    for file in mine:
        said[file.path] = sum(one.subject == quad.subject for one in file.quads)
    best = max(said, key=lambda path: (said[path], path), default=None)
    if best is not None and said[best]:
        return best
    if graph.value.startswith(GRAPH_ARTICLE):
        name = graph.value.removeprefix(GRAPH_ARTICLE)
        if best is not None:
            return best
        if _FILE_NAME.fullmatch(name) is None:
            return None
        year = name[:4]
        return f"data/articles/{year if year.isdigit() else 'undated'}/{name}.trig"
    if graph.value in (GRAPH_CURATION, GRAPH_BACKGROUND) and best is not None:
        return best
    return _NEW.get(graph.value)


def _text(path: str, quads: set[Quad], file: SourceFile | None) -> str:
    if file is not None:
        for token in tokens(file.text):
            if token.kind == "comment":
                raise SourceError(
                    (
                        Finding(
                            "a comment would be lost by the export",
                            "say it in a note (skos:editorialNote)",
                            path,
                            token.line,
                        ),
                    )
                )
    if not quads:
        return ""
    prefixes = {**(file.prefixes if file is not None else {}), **PREFIXES}
    if path.endswith(".trig"):
        return write_trig(quads, prefixes=prefixes)
    return write_turtle((quad.triple for quad in quads), prefixes=prefixes)
