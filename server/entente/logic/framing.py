"""Framing: the forms of a JSON-LD document, with the project's one context.

Owns the compacted, expanded and flattened forms (https://www.w3.org/TR/json-ld11-api/), the frames
by name (https://www.w3.org/TR/json-ld11-framing/) and the part of the context that a document
needs, which stands in the document: nobody has to fetch anything to read it. Equal input gives
equal bytes. No context is ever fetched either: the loader knows our own and refuses all others.
Known limit: time and memory grow with the document; whoever calls bounds both.
"""

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from pyld import jsonld

from entente.core.errors import QueryRefused
from entente.core.terms import BASE, shorten
from entente.logic.nesting import Node, merge, nest

CONTEXT: Final = BASE + "context.jsonld"
_FIRST: Final = ("@context", "iri", "type", "prefLabel", "altLabel", "title", "definition")
_CLAIM_FIRST: Final = ("statement", "modality", "negated")


@dataclass(frozen=True, slots=True)
class Framing:
    """One context and the frames that use it.

    `context` is the content of `@context` in the file; `frames` maps a name to a frame, whose
    `type` says which things it fits.
    """

    context: Mapping[str, Any]
    frames: Mapping[str, Mapping[str, Any]]

    def give(self, expanded: bytes, *, root: str, form: str, frame: str | None = None) -> bytes:
        """Give a document in one form.

        Args:
            expanded: a list of node objects without graphs, as the store writes it.
            root: IRI of the thing that the document is about.
            form: `compacted`, `expanded` or `flattened`.
            frame: name of a frame; all of the document in one tree when not given.

        Raises:
            QueryRefused: the frame does not fit the thing, or an IRI of the document would be read
                as a short name. Without a frame such a document is given in expanded form.
        """
        nodes = merge(json.loads(expanded))
        try:
            return self._form(nodes, root, form, frame)
        except jsonld.JsonLdError as error:
            if frame is not None:
                raise QueryRefused(
                    f"{shorten(root)} cannot be framed: {_reason(error)}; ask without a frame"
                ) from error
            return _bytes(_root_first(nodes, root))

    def _form(self, nodes: dict[str, Node], root: str, form: str, frame: str | None) -> bytes:
        if frame is not None:
            framed = self._frame(nodes, root, frame)
            if form == "compacted":
                return self._written([framed])
            nodes = merge(_flat(jsonld.expand(framed, self._options())))
        if form == "expanded":
            return _bytes(_root_first(nodes, root))
        if form == "flattened":
            return self._written(self._compact(_root_first(nodes, root)), graph=True)
        return self._written(self._compact(nest(nodes, root, self._reverse())))

    def _frame(self, nodes: Mapping[str, Node], root: str, name: str) -> Node:
        frame = self.frames[name]
        types = nodes.get(root, {}).get("@type", [])
        wanted = {self._iri_of(term) for term in _several(frame.get("type", []))}
        if wanted and not wanted & set(types):
            fits = ", ".join(sorted(self._fitting(types))) or "none"
            raise QueryRefused(
                f"the frame {name} does not fit {shorten(root)}; frames that do: {fits}"
            )
        chosen = {key: value for key, value in frame.items() if key != "type"}
        chosen["@context"] = self._part([*self._names_of(nodes.values()), *_words(chosen)])
        chosen["iri"] = root
        found: Node = jsonld.frame(list(nodes.values()), chosen, self._options())
        return found

    def _fitting(self, types: list[str]) -> set[str]:
        return {
            name
            for name, frame in self.frames.items()
            if not frame.get("type")
            or {self._iri_of(term) for term in _several(frame["type"])} & set(types)
        }

    def _compact(self, nodes: list[Node]) -> list[Node]:
        options = {**self._options(), "skipExpansion": True, "graph": True}
        context = self._part(self._names_of(nodes))
        found: list[Node] = jsonld.compact(nodes, context, options).get("@graph", [])
        return found

    def _written(self, nodes: list[Node], *, graph: bool = False) -> bytes:
        """Write nodes below the part of the context that they use."""
        last = {
            name
            for name, entry in self.context.items()
            if isinstance(entry, dict) and "@reverse" in entry
        }
        short = [_arranged(node, last) for node in nodes]
        context = {"@context": self._part(_words(short))}
        if graph or not short:
            return _bytes({**context, "@graph": short})
        tree = {name: value for name, value in short[0].items() if name != "@context"}
        return _bytes({**context, **tree, **({"@included": short[1:]} if short[1:] else {})})

    def _part(self, words: Iterable[str]) -> dict[str, Any]:
        """Choose the terms and prefixes among some words, and those that these are made of.

        A text that looks like a name brings in its prefix too; that changes nothing.
        """
        waiting, used = set(words), {"@version"}
        while waiting:
            word = waiting.pop()
            for name in (word, word.partition(":")[0]):
                if name in self.context and name not in used:
                    used.add(name)
                    waiting |= set(_words([self.context[name]]))
        return {name: self.context[name] for name in self.context if name in used}

    def _names_of(self, nodes: Iterable[Node]) -> list[str]:
        """Give the terms and prefixes that may shorten the IRIs of expanded nodes.

        The processor tries each prefix and term on each IRI: with those of the document alone it
        takes a third of the time, and the result is the same.
        """
        iris = set(_words(list(nodes)))
        names = [name for name in self.context if self._iri_of(name) in iris]
        for name, entry in self.context.items():
            if isinstance(entry, dict) and "@prefix" in entry:
                if any(iri.startswith(entry["@id"]) for iri in iris):
                    names.append(name)
            elif entry in ("@id", "@type"):
                names.append(name)
        return names

    def _reverse(self) -> list[str]:
        """Give the properties that have a reverse term, in the context's order."""
        return [
            self._iri_of(name)
            for name, entry in self.context.items()
            if isinstance(entry, dict) and "@reverse" in entry
        ]

    def _iri_of(self, term: str) -> str:
        """Expand a term or a compact IRI."""
        entry = self.context.get(term)
        found = entry.get("@id", entry.get("@reverse")) if isinstance(entry, dict) else entry
        name = str(found or term)
        prefix, colon, local = name.partition(":")
        space = self.context.get(prefix)
        return f"{space['@id']}{local}" if colon and isinstance(space, dict) else name

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
        if address != CONTEXT:
            raise QueryRefused("contexts of others are not fetched")
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": address,
            "document": {"@context": dict(self.context)},
        }


def _reason(error: Exception) -> str:
    return str(error.args[0]).rstrip(".").lower() if error.args else type(error).__name__


def _flat(expanded: list[Node]) -> list[Node]:
    found: list[Node] = jsonld.flatten(expanded, None, {"base": ""})
    return found


def _root_first(nodes: Mapping[str, Node], root: str) -> list[Node]:
    return sorted(nodes.values(), key=lambda node: bool(node["@id"] != root))


def _arranged(value: Any, last: AbstractSet[str]) -> Any:
    """Order a compacted value for people: names first, what others say about it last."""
    if isinstance(value, list):
        return [_arranged(member, last) for member in value]
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda key: (key in last, _rank(key), _is_deep(value[key]), key))
    return {key: _arranged(value[key], last) for key in keys}


def _rank(key: str) -> int:
    order = (*_FIRST, *_CLAIM_FIRST)
    return order.index(key) if key in order else len(order)


def _is_deep(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _words(value: Any) -> list[str]:
    """Give every key and every text of a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [word for member in value for word in _words(member)]
    if isinstance(value, dict):
        return [*value, *(word for member in value.values() for word in _words(member))]
    return []


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
