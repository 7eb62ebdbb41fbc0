"""Fact notes: what is told of the facts in a JSON-LD document, beside the facts themselves.

Owns where a note stands in a tree: with the subject of its fact, as the member `facts`, whichever
way round the tree shows the fact. Must not know what a note says.
"""

from collections.abc import Mapping
from typing import Any, Final

from entente.core.terms import RDF, XSD
from entente.logic.nesting import FACTS, Node

Value = tuple[str, str, str | None]
"""An IRI and `@id`, or a lexical form and its datatype; and the language, where there is one."""

Note = Mapping[str, object]
Notes = Mapping[str, Mapping[tuple[str, Value], Note]]
"""Subject to property and value, and these to the members of a note."""

_TYPE: Final = RDF + "type"


def value_of(value: Any) -> Value:
    """Give the term that a value of the expanded form stands for."""
    if "@id" in value:
        return (value["@id"], "@id", None)
    text = value["@value"]
    if isinstance(text, bool):
        return ("true" if text else "false", XSD + "boolean", None)
    if "@language" in value:
        return (text, RDF + "langString", value["@language"])
    return (
        str(text),
        value.get("@type", XSD + ("integer" if type(text) is int else "string")),
        None,
    )


def annotate(tree: Node, notes: Notes) -> Node:
    """Give a tree in expanded form with the notes of its facts."""
    return _annotated(tree, notes, []) if notes else tree


def _annotated(node: Node, notes: Notes, turned: list[tuple[str, Any, Note]]) -> Node:
    """Annotate a node; `turned` are notes of what it says about the node that it stands under."""
    iri = node["@id"]
    known = notes.get(iri, {})
    made: Node = {}
    found = list(turned)
    for name, values in node.items():
        if name == "@reverse":
            made[name] = {
                property_: [
                    _annotated(other, notes, _turned(notes, other["@id"], property_, iri))
                    for other in others
                ]
                for property_, others in values.items()
            }
        elif name == "@type":
            made[name] = values
            found += (
                (name, {"@id": one}, note)
                for one in values
                if (note := known.get((_TYPE, (one, "@id", None)))) is not None
            )
        elif name.startswith("@"):
            made[name] = values
        else:
            made[name] = [
                _annotated(one, notes, []) if "@id" in one and len(one) > 1 else one
                for one in values
            ]
            found += (
                (name, one, note)
                for one in values
                if (note := known.get((name, value_of(one)))) is not None
            )
    return {**made, FACTS: found} if found else made


def _turned(notes: Notes, subject: str, name: str, iri: str) -> list[tuple[str, Any, Note]]:
    note = notes.get(subject, {}).get((name, (iri, "@id", None)))
    return [] if note is None else [(name, {"@id": iri}, note)]
