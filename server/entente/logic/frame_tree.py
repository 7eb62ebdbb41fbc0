"""Frame trees: what a frame chooses of a document, as one tree in expanded form.

Owns the framing algorithm (https://www.w3.org/TR/json-ld11-framing/#framing-algorithm) for one
thing and the frames that this project writes: properties, reverse terms and `@explicit`, with every
node embedded at each mention and nothing in place of what is absent. A frame with any other keyword
is refused when it is read. Held to PyLD by tests. Must not shorten: see `entente.logic.compaction`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from entente.logic.compaction import NotCovered
from entente.logic.nesting import Node

_KNOWN: Final = frozenset({"@context", "@explicit"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What is shown of a node: of an explicit frame the properties named, else all of them.

    `properties` and `reverse` map the IRI of a property to what is shown of its values.
    """

    explicit: bool = False
    properties: "Mapping[str, Frame]" = field(default_factory=dict)
    reverse: "Mapping[str, Frame]" = field(default_factory=dict)

    def fits(self, node: Node) -> bool:
        """Tell whether a node has one of the properties, where there are any."""
        return not self.properties or any(node.get(name) for name in self.properties)


ALL: Final = Frame()


def read_frame(
    frame: Mapping[str, Any], *, iri_of: Callable[[str], str], is_reverse: Callable[[str], bool]
) -> Frame:
    """Read a frame as it stands in its file; its type and its own address are the caller's.

    Args:
        frame: a JSON object.
        iri_of: gives the IRI of a term.
        is_reverse: tells whether a term is read from object to subject.

    Raises:
        NotCovered: it has a keyword that is not framed here.
    """
    properties: dict[str, Frame] = {}
    reverse: dict[str, Frame] = {}
    for name, inner in frame.items():
        if name.startswith("@"):
            if name not in _KNOWN:
                raise NotCovered(f"a frame with {name} is not framed here")
        elif not isinstance(inner, dict) or iri_of(name).startswith("@"):
            raise NotCovered(f"a frame that matches values of {name} is not framed here")
        else:
            held = reverse if is_reverse(name) else properties
            held[iri_of(name)] = read_frame(inner, iri_of=iri_of, is_reverse=is_reverse)
    return Frame(bool(frame.get("@explicit", False)), properties, reverse)


def frame_tree(nodes: Mapping[str, Node], root: str, frame: Frame) -> Node:
    """Give the tree that a frame chooses.

    Args:
        nodes: what `merge` gave.
        root: IRI of the node at the top.
        frame: what is shown of it.
    """
    return _Framed(nodes).grow(root, frame, ())


class _Framed:
    """One document, with an index of who refers to whom."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = nodes
        self._referring: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, node in nodes.items():
            for name, values in node.items():
                if not name.startswith("@"):
                    for other in dict.fromkeys(one["@id"] for one in values if "@id" in one):
                        self._referring[name, other].append(iri)

    def grow(self, iri: str, frame: Frame, above: tuple[str, ...]) -> Node:
        """Give a node as the frame shows it; `above` are those that it stands in."""
        node, path = self._node(iri), (*above, iri)
        made: Node = {}
        for name, values in node.items():
            if name.startswith("@"):
                made[name] = values
            elif name in frame.properties or not frame.explicit:
                inner = frame.properties.get(name, ALL)
                shown = [
                    found
                    for value in values
                    if (found := self._value(value, inner, path)) is not None
                ]
                if shown:
                    made[name] = shown
        reverse = {
            name: [
                found
                for other in others
                if (found := self._value({"@id": other}, inner, path)) is not None
            ]
            for name, inner in frame.reverse.items()
            if (others := self._referring.get((name, iri)))
        }
        return {**made, "@reverse": reverse} if reverse else made

    def _value(self, value: Any, frame: Frame, path: tuple[str, ...]) -> Any:
        """Give a value; a node that stands in itself is only named."""
        if "@id" not in value:
            return value
        iri = value["@id"]
        if not frame.fits(self._node(iri)):
            return None
        if iri in path[:-1]:
            return {"@id": iri}
        return self.grow(iri, frame, path)

    def _node(self, iri: str) -> Node:
        return self._nodes.get(iri, {"@id": iri})
