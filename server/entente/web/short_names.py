"""Short names: the store's expanded JSON-LD with prefixes, for answers that are graphs.

Owns one restricted compaction: IRIs under our prefix table become `prefix:local`, lists of one
value become the value. The result expands to the same triples
(https://www.w3.org/TR/json-ld11/#compact-iris). Known limit: no terms, no frames; those need a
JSON-LD processor, which the web process does without.
"""

import json
from typing import Any, Final

from entente.core.terms import PREFIXES, RDF
from entente.web.json_body import dump

_NAMESPACES: Final = sorted(PREFIXES.items(), key=lambda item: len(item[1]), reverse=True)


def compact(expanded: bytes, *, first: str) -> bytes:
    """Shorten an expanded document.

    Args:
        expanded: a list of node objects without graphs, as the store writes it.
        first: IRI of the node that is to stand first.
    """
    names = _Names()
    nodes = sorted(_merge(json.loads(expanded)), key=lambda node: node.get("@id") != first)
    short = [names.shorten_node(node) for node in nodes]
    if names.clash:
        return expanded
    context = {prefix: PREFIXES[prefix] for prefix in sorted(names.used)}
    return dump({"@context": context, "@graph": short})


class _Names:
    """Shortens names and remembers which prefixes it used."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.clash = False

    def shorten_node(self, node: dict[str, Any]) -> dict[str, Any]:
        short: dict[str, Any] = {}
        for key, values in node.items():
            if key == "@id":
                short[key] = self.shorten(values)
            elif key == "@type":
                short[key] = _single([self.shorten(value) for value in values])
            else:
                short[self.shorten(key)] = _single([self._value(value) for value in values])
        return short

    def _value(self, value: dict[str, Any]) -> object:
        if "@id" in value:
            return {"@id": self.shorten(value["@id"])}
        if "@list" in value:
            return {"@list": [self._value(member) for member in value["@list"]]}
        if set(value) == {"@value"}:
            return value["@value"]
        if "@type" in value:
            return {**value, "@type": self.shorten(value["@type"])}
        return value

    def shorten(self, iri: str) -> str:
        for prefix, namespace in _NAMESPACES:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and local and not local.startswith("//"):
                self.used.add(prefix)
                return f"{prefix}:{local}"
        scheme, _, rest = iri.partition(":")
        # An IRI whose scheme is one of our prefixes would expand to another one.
        self.clash |= scheme in PREFIXES and not rest.startswith("//")
        return iri


def _merge(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join node objects of one subject, and tell types as JSON-LD has them."""
    merged: dict[str, dict[str, Any]] = {}
    for node in nodes:
        target = merged.setdefault(node["@id"], {"@id": node["@id"]})
        for name, found in node.items():
            if name == "@id":
                continue
            key, values = name, found
            if key == RDF + "type" and all("@id" in value for value in values):
                key, values = "@type", [value["@id"] for value in values]
            target.setdefault(key, []).extend(values)
    return list(merged.values())


def _single(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else values
