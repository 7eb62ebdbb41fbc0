"""Blank nodes in an export: what hangs together by them goes into one file, whole.

A blank node's label is no name. It says which node is meant only as long as the file that it was
read from is as it was built; new structures are told from those that are there by their form.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, Triple

from entente.build.sources import SourceFile, blank_stem
from entente.core.errors import Finding, SourceError

_LABEL: Final = re.compile(r"(.+)-\d+")

Structure = frozenset[Quad]


def blanks(quad: Quad) -> Iterator[BlankNode]:
    """Give the blank nodes of a quad."""
    terms: list[object] = [quad.subject, quad.object]
    while terms:
        term = terms.pop()
        if isinstance(term, BlankNode):
            yield term
        elif isinstance(term, Triple):
            terms += [term.subject, term.object]


def structures(quads: Iterable[Quad]) -> list[Structure]:
    """Group quads that share blank nodes; those without any are left out."""
    groups: dict[BlankNode, set[Quad]] = {}
    for quad in quads:
        nodes = list(blanks(quad))
        if not nodes:
            continue
        merged = {quad}
        for group in {id(groups[n]): groups[n] for n in nodes if n in groups}.values():
            merged |= group
        for node in {node for held in merged for node in blanks(held)}:
            groups[node] = merged
    return [frozenset(group) for group in {id(group): group for group in groups.values()}.values()]


def form_of(structure: Structure) -> Structure:
    """Give a structure with labels that follow from its form (RDFC-1.0)."""
    dataset = Dataset(structure)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)


def place_of(structure: Structure, files: Iterable[SourceFile]) -> SourceFile | None:
    """Find the file of the same graph that has one of the blank nodes already."""
    nodes = {node for quad in structure for node in blanks(quad)}
    graphs = {quad.graph_name for quad in structure}
    for file in files if nodes else ():
        if any(q.graph_name in graphs and not nodes.isdisjoint(blanks(q)) for q in file.quads):
            return file
    return None


def is_there(structure: Structure, files: Iterable[SourceFile]) -> bool:
    """Tell whether a file has a structure of the same form."""
    form = form_of(structure)
    return any(
        len(other) == len(structure) and form_of(other) == form
        for file in files
        for other in structures(file.quads)
    )


def named_subjects(structure: Structure) -> list[Quad]:
    """Give the quads by which a structure hangs on IRIs, in a fixed order."""
    return sorted((quad for quad in structure if isinstance(quad.subject, NamedNode)), key=str)


def require_as_built(
    quads: Iterable[Quad], files: Iterable[SourceFile], altered: Iterable[str]
) -> None:
    """Refuse changes of blank nodes that stand in a file that is not as it was built.

    Raises:
        SourceError: with the file.
    """
    labels = {node.value for quad in quads for node in blanks(quad)}
    stems = {found[1] for found in map(_LABEL.fullmatch, labels) if found}
    odd = set(altered)
    for file in files:
        if file.path in odd and blank_stem(file.path) in stems:
            raise SourceError(
                (
                    Finding(
                        "a change concerns a list or blank node of this file, which is not as it "
                        "was built",
                        "where it was exported already, build; else put it back as it was built, "
                        "export, and edit it afterwards",
                        file.path,
                    ),
                )
            )


def taken_away(
    quads: frozenset[Quad], files: Iterable[SourceFile], passing: Collection[Quad]
) -> frozenset[Quad]:
    """Give the quads of files that some removed quads stand for.

    Args:
        quads: with the labels of the graph.
        files: all.
        passing: quads that no build had: changes added them and took them away again. An export
            in between may have written them; they are found by their form.

    Raises:
        SourceError: blank nodes went that no file has; they cannot be told from others.
    """
    there = frozenset(quad for file in files for quad in file.quads)
    found = {quad for quad in quads if quad in there or not any(blanks(quad))}
    lost = quads - found
    if not lost:
        return frozenset(found)
    known = {form_of(one): one for file in files for one in structures(file.quads)}
    for structure in structures(lost):
        same = known.get(form_of(structure))
        if same is not None:
            found |= same
        elif not structure <= set(passing):
            quad = min(structure, key=str)
            raise SourceError(
                (
                    Finding(
                        f"a change took away a blank node's statement that no file has: {quad}",
                        "take it out of its file by hand, then `entente load --drop-changes`",
                    ),
                )
            )
    return frozenset(found)
