"""Nesting: a flat JSON-LD document as one tree, without loss.

Owns the choice of where a node stands: what the root says about itself first, then what says
something about the root, under reverse properties; whatever the tree does not reach comes after it.
A small node that refers to no other (a name, a passage, an amount) is repeated wherever it is
mentioned, so that each mention can be read on its own; any other node stands once, and none deeper
than `DEEPEST`. Input and output are in expanded form
(https://www.w3.org/TR/json-ld11/#expanded-document-form). Must not know contexts.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from entente.core.terms import RDF, XSD

Node = dict[str, Any]

FACTS: Final = "facts"
"""Member of a node with what is known about its facts; it says nothing in RDF."""

DEEPEST: Final = 12
"""Levels of a tree; what lies deeper begins a tree of its own, so no reader runs out of stack."""
REPEATED: Final = 20
"""Most values of a node that is repeated."""

_TYPE: Final = RDF + "type"
_EXACT: Final = 2**53
"""Whole numbers from here on are not exact in every reader of JSON."""


def merge(nodes: Iterable[Node]) -> dict[str, Node]:
    """Join the node objects of each subject, in a stable order.

    Types become `@type`; whole numbers and booleans become those of JSON, and keep their datatype.

    Args:
        nodes: as the store writes them, one object a triple or more.
    """
    merged: dict[str, Node] = {}
    for node in nodes:
        target = merged.setdefault(node["@id"], {"@id": node["@id"]})
        for name, values in node.items():
            if name == _TYPE and all("@id" in value for value in values):
                target.setdefault("@type", []).extend(value["@id"] for value in values)
            elif name != "@id":
                found = values if name == "@type" else [_native(value) for value in values]
                target.setdefault(name, []).extend(found)
    return {iri: _sorted(merged[iri]) for iri in sorted(merged)}


def nest(nodes: Mapping[str, Node], root: str, reverse: Sequence[str]) -> list[Node]:
    """Make the tree of a root, and of what it does not reach.

    Args:
        nodes: what `merge` gave.
        root: IRI of the node that comes first.
        reverse: properties; a node that has the root as a value of one stands under it.
    """
    tree = _Tree({root: {"@id": root}, **nodes})
    found = [tree.grow(root, reverse)]
    # One after another: a node that grows may hold the next.
    found.extend(tree.grow(iri, ()) for iri in nodes if iri not in tree.placed)
    return found


def flatten(tree: Node) -> Iterator[Node]:
    """Give the nodes of a tree, each as often as it stands there; `merge` joins them."""
    flat: Node = {"@id": tree["@id"]}
    for name, values in tree.items():
        if name == "@reverse":
            for property_, others in values.items():
                for other in others:
                    yield from flatten(other)
                    yield {"@id": other["@id"], property_: [{"@id": tree["@id"]}]}
        elif name.startswith("@"):
            flat[name] = values
        else:
            flat[name] = [{"@id": one["@id"]} if "@id" in one else one for one in values]
            for one in values:
                if "@id" in one and len(one) > 1:
                    yield from flatten(one)
    yield flat


class _Tree:
    """Places each node."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = nodes
        self._leaves = {iri for iri, node in nodes.items() if _is_leaf(node)}
        self.placed: set[str] = set()

    def grow(self, iri: str, reverse: Sequence[str]) -> Node:
        self.placed.add(iri)
        self._leaves.discard(iri)
        under: dict[str, list[str]] = {}
        for name in reverse:
            found = [
                other
                for other in self._nodes
                if other not in self.placed and self._has(other, name, iri)
            ]
            if found:
                under[name] = found
                self.placed.update(found)
        node = self._body(self._nodes[iri], 1)
        if under:
            node["@reverse"] = {
                name: [self._body(_without(self._nodes[other], name, iri), 2) for other in found]
                for name, found in under.items()
            }
        return node

    def _body(self, node: Node, depth: int) -> Node:
        return {
            name: values
            if name.startswith("@")
            else [self._value(value, depth) for value in values]
            for name, values in node.items()
        }

    def _value(self, value: Any, depth: int) -> Any:
        iri = value.get("@id")
        if iri in self._leaves:
            self.placed.add(iri)
            return self._nodes[iri]
        if iri in self.placed or iri not in self._nodes or depth == DEEPEST:
            return value
        self.placed.add(iri)
        return self._body(self._nodes[iri], depth + 1)

    def _has(self, other: str, name: str, iri: str) -> bool:
        return any(value.get("@id") == iri for value in self._nodes[other].get(name, ()))


def _without(node: Node, name: str, iri: str) -> Node:
    """Leave out the one value that a place under its object says."""
    left = [value for value in node[name] if value.get("@id") != iri]
    kept = {key: values for key, values in node.items() if key != name}
    return {**kept, name: left} if left else kept


def _is_leaf(node: Node) -> bool:
    """Tell whether a node is small and refers to no other."""
    values = [value for name, found in node.items() if not name.startswith("@") for value in found]
    return len(values) <= REPEATED and not any("@id" in value for value in values)


def _native(value: Any) -> Any:
    """Give whole numbers and booleans in JSON's own form where that is exact."""
    text, datatype = value.get("@value"), value.get("@type")
    if isinstance(text, bool):
        return {"@type": XSD + "boolean", "@value": text}
    if isinstance(text, int) and datatype is None:
        return {"@type": XSD + "integer", "@value": text}
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return {"@type": datatype, "@value": text == "true"}
    if datatype == XSD + "integer" and isinstance(text, str) and _is_exact(text):
        return {"@type": datatype, "@value": int(text)}
    return value


def _is_exact(text: str) -> bool:
    digits = text.removeprefix("-")
    plain = len(text) < 18 and digits.isascii() and digits.isdigit()
    return plain and str(int(text)) == text and abs(int(text)) < _EXACT


def _sorted(node: Node) -> Node:
    """Order properties and values; a list within a value keeps its own order."""
    return {
        name: values if name == "@id" else _unique(values) for name, values in sorted(node.items())
    }


def _unique(values: list[Any]) -> list[Any]:
    known = {json.dumps(value, sort_keys=True): value for value in values}
    return [known[text] for text in sorted(known)]
