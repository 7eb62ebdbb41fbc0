"""The reference: PyLD, for contexts and frames that our own code does not cover.

Owns the calls of PyLD and the refusal to fetch a context: the loader knows our own and refuses all
others. Loaded when it is first needed, which takes 0.15 s.
"""

from collections.abc import Mapping
from typing import Any

from pyld import jsonld

from entente.core.errors import QueryRefused
from entente.logic.compaction import Confused
from entente.logic.nesting import Node


class Reference:
    """PyLD with one context.

    Args:
        context: content of `@context`.
        address: where documents and frames say that it stands.
    """

    def __init__(self, context: Mapping[str, Any], address: str) -> None:
        self._context = dict(context)
        self._address = address

    def compact(self, nodes: list[Node]) -> list[Node]:
        """Shorten node objects; see `entente.logic.compaction`."""
        options = {**self._options(), "skipExpansion": True, "graph": True}
        try:
            found: list[Node] = jsonld.compact(nodes, self._context, options).get("@graph", [])
        except jsonld.JsonLdError as error:
            raise Confused(_reason(error)) from error
        return found

    def frame(self, nodes: list[Node], root: str, frame: Mapping[str, Any]) -> Node:
        """Give the tree that a frame chooses, in expanded form."""
        try:
            framed = jsonld.frame(nodes, {**frame, "iri": root}, self._options())
            found: list[Node] = jsonld.expand(framed, self._options())
        except jsonld.JsonLdError as error:
            raise Confused(_reason(error)) from error
        return found[0] if found else {"@id": root}

    def _options(self) -> dict[str, Any]:
        return {
            "base": "",
            "documentLoader": self._load,
            "processingMode": "json-ld-1.1",
            "omitGraph": True,
            "embed": "@always",
            "omitDefault": True,
        }

    def _load(self, address: str, _options: Mapping[str, Any]) -> dict[str, Any]:
        if address != self._address:
            raise QueryRefused("contexts of others are not fetched")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": {"@context": self._context},
        }


def _reason(error: Exception) -> str:
    return str(error.args[0]).rstrip(".").lower() if error.args else type(error).__name__
