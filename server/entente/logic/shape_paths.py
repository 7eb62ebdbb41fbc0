"""Property paths of SHACL (https://www.w3.org/TR/shacl/#property-paths), compiled and followed.

Owns also where a change of triples can make itself felt along a path.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import RDF, SH
from entente.logic.facts import Facts, Node, Term


class MalformedPath(Exception):
    """The node is no path as SHACL defines it."""


@dataclass(frozen=True, slots=True)
class Path:
    """One path: `kind` is `predicate` or the local name of the path's property in `sh:`.

    `predicate` is set for the first kind, `parts` for the others (`sequence` has many).
    """

    kind: str
    predicate: NamedNode | None = None
    parts: tuple["Path", ...] = ()


_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_KINDS: Final = {
    NamedNode(SH + name): name
    for name in (
        "inversePath",
        "alternativePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
    )
}


def read_list(head: Term, facts: Facts) -> tuple[Term, ...]:
    """Read an RDF list.

    Raises:
        MalformedPath: it is no list.
    """
    items: dict[Node, Term] = {}
    while head != _NIL:
        if isinstance(head, Literal) or head in items:
            raise MalformedPath(f"{head} is no list")
        first, rest = facts.objects(head, _FIRST), facts.objects(head, _REST)
        if len(first) != 1 or len(rest) != 1:
            raise MalformedPath(f"{head} is no list")
        items[head] = first[0]
        head = rest[0]
    return tuple(items.values())


def read_path(node: Term, facts: Facts) -> Path:
    """Compile the path at a node of a shapes graph.

    Raises:
        MalformedPath: the node is none.
    """
    if isinstance(node, NamedNode):
        return Path("predicate", node)
    if isinstance(node, Literal):
        raise MalformedPath(f"{node} is no path")
    predicates = list(facts.predicates(node))
    if _FIRST in predicates:
        return Path("sequence", None, _paths(read_list(node, facts), facts))
    if len(predicates) != 1 or predicates[0] not in _KINDS:
        raise MalformedPath(f"{node} is no path")
    kind, inner = _KINDS[predicates[0]], facts.objects(node, predicates[0])
    parts = read_list(inner[0], facts) if kind == "alternativePath" else tuple(inner)
    return Path(kind, None, _paths(parts, facts))


def _paths(nodes: Iterable[Term], facts: Facts) -> tuple[Path, ...]:
    return tuple(read_path(node, facts) for node in nodes)


def follow(path: Path, start: Term, facts: Facts, *, backwards: bool = False) -> list[Term]:
    """Give the nodes that a path reaches from a node, each once."""
    match path.kind:
        case "predicate" if path.predicate is not None:
            if backwards:
                return list(facts.subjects_with(path.predicate, start))
            if isinstance(start, Literal):
                return []
            objects = facts.objects(start, path.predicate)
            return list(dict.fromkeys(objects)) if len(objects) > 1 else list(objects)
        case "inversePath":
            return follow(path.parts[0], start, facts, backwards=not backwards)
        case "alternativePath":
            return _union(follow(p, start, facts, backwards=backwards) for p in path.parts)
        case "sequence":
            reached = [start]
            for part in reversed(path.parts) if backwards else path.parts:
                reached = _union(follow(part, n, facts, backwards=backwards) for n in reached)
            return reached
        case "zeroOrOnePath":
            return _union([[start], follow(path.parts[0], start, facts, backwards=backwards)])
    return _repeat(path, start, facts, backwards=backwards)


def starts(
    path: Path,
    changed: Mapping[NamedNode, Iterable[Triple]],
    facts: Facts,
    *,
    backwards: bool = False,
) -> set[Term]:
    """Give every node from which a path may reach other nodes than before a change.

    Sound, because a walk that came or went has a first triple that changed, and what lies before
    it has not: those steps are walked back in the facts as they are now.

    Args:
        path: any path.
        changed: triples that came or went, by predicate; none is about a triple.
        facts: after the change.
        backwards: of the inverse of the path.
    """
    match path.kind:
        case "predicate" if path.predicate is not None:
            own = changed.get(path.predicate, ())
            return {triple.object if backwards else triple.subject for triple in own}  # type: ignore[misc]  # no triple
        case "inversePath":
            return starts(path.parts[0], changed, facts, backwards=not backwards)
        case "sequence":
            parts = tuple(reversed(path.parts)) if backwards else path.parts
            found: set[Term] = set()
            for place, part in enumerate(parts):
                reached = starts(part, changed, facts, backwards=backwards)
                for before in reversed(parts[:place]):
                    reached = back(before, reached, facts, backwards=backwards)
                found |= reached
            return found
    inner = (starts(part, changed, facts, backwards=backwards) for part in path.parts)
    found = set().union(*inner)
    if path.kind in ("zeroOrMorePath", "oneOrMorePath"):
        walk = Path("zeroOrMorePath", None, path.parts)
        found = back(walk, found, facts, backwards=backwards)
    return found


def back(path: Path, nodes: Iterable[Term], facts: Facts, *, backwards: bool = False) -> set[Term]:
    """Give the nodes from which a path reaches one of some nodes."""
    return {start for node in nodes for start in follow(path, node, facts, backwards=not backwards)}


def _repeat(path: Path, start: Term, facts: Facts, *, backwards: bool) -> list[Term]:
    reached: dict[Term, None] = {start: None} if path.kind == "zeroOrMorePath" else {}
    wanted = [start]
    while wanted:
        step = follow(path.parts[0], wanted.pop(), facts, backwards=backwards)
        fresh = [node for node in step if node not in reached]
        reached.update(dict.fromkeys(fresh))
        wanted += fresh
    return list(reached)


def _union(parts: Iterable[Iterable[Term]]) -> list[Term]:
    return list(dict.fromkeys(node for part in parts for node in part))
