"""Framing: the forms of a JSON-LD document, with the project's one context.

Owns the compacted, expanded and flattened forms (https://www.w3.org/TR/json-ld11-api/), the frames
by name (https://www.w3.org/TR/json-ld11-framing/), and the part of the context that a document
needs, which stands in the document: nobody has to fetch anything to read it. What is told of facts
stands under `facts`, which the context maps to nothing. Equal input gives equal bytes. What our own
code does not cover, PyLD does. Known limit: time and memory grow with the document; whoever calls
bounds both.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from entente.core.errors import QueryRefused
from entente.core.terms import BASE, SKOS, shorten
from entente.logic.compaction import Compaction, Confused, NotCovered, iri_in
from entente.logic.fact_notes import Notes, annotate
from entente.logic.frame_tree import Frame, frame_tree, read_frame
from entente.logic.nesting import FACTS, Node, flatten, merge, nest

if TYPE_CHECKING:
    from entente.logic.pyld_engine import Reference

CONTEXT: Final = BASE + "context.jsonld"
_FIRST: Final = ("@context", "iri", "type", "prefLabel", "altLabel", "title", "definition")
_NAMED: Final = frozenset({"@id", SKOS + "prefLabel"})
"""What a document says of a thing that it only mentions: no fact."""
_CLAIM_FIRST: Final = ("statement", "modality", "negated")


class Framing:
    """One context and the frames that use it.

    Args:
        context: the content of `@context` in the file.
        frames: maps a name to a frame, whose `type` says which things it fits.
        reference: whether PyLD does all of it, for a second opinion.
    """

    def __init__(
        self,
        context: Mapping[str, Any],
        frames: Mapping[str, Mapping[str, Any]],
        *,
        reference: bool = False,
    ) -> None:
        self.context, self.frames = context, frames
        self._own: Compaction | None = None
        self._trees: dict[str, Frame] = {}
        if not reference:
            self._read_own()

    def give(
        self,
        expanded: bytes,
        *,
        root: str,
        form: str,
        frame: str | None = None,
        notes: Callable[[list[str]], Notes] | None = None,
    ) -> bytes:
        """Give a document in one form.

        Args:
            expanded: a list of node objects without graphs, as the store writes it.
            root: IRI of the thing that the document is about.
            form: `compacted`, `expanded` or `flattened`.
            frame: name of a frame; all of the document in one tree when not given.
            notes: gives what is told of the facts of some things; the expanded form, which has no
                context, tells nothing.

        Raises:
            QueryRefused: the frame does not fit the thing, or an IRI of the document would be read
                as a short name. Without a frame such a document is given in expanded form.
        """
        nodes = merge(json.loads(expanded))
        told: Notes = {}
        if notes is not None and form != "expanded":
            told = notes([iri for iri, node in nodes.items() if not node.keys() <= _NAMED])
        try:
            return self._form(nodes, root, form, frame, told)
        except Confused as error:
            if frame is not None:
                raise QueryRefused(
                    f"{shorten(root)} cannot be framed: {error}; ask without a frame"
                ) from error
            return _bytes(_root_first(nodes, root))

    def _form(
        self, nodes: dict[str, Node], root: str, form: str, frame: str | None, notes: Notes
    ) -> bytes:
        if frame is not None:
            framed = self._frame(nodes, root, frame)
            if form == "compacted":
                return self._written(self._compact([annotate(framed, notes)]))
            nodes = merge(flatten(framed))
        if form == "expanded":
            return _bytes(_root_first(nodes, root))
        trees = _root_first(nodes, root) if form == "flattened" else nest(nodes, root, self._turned)
        short = self._compact([annotate(tree, notes) for tree in trees])
        return self._written(short, graph=form == "flattened")

    def _frame(self, nodes: Mapping[str, Node], root: str, name: str) -> Node:
        frame = self.frames[name]
        types = nodes.get(root, {}).get("@type", [])
        wanted = {iri_in(self.context, term) for term in _several(frame.get("type", []))}
        if wanted and not wanted & set(types):
            fits = ", ".join(sorted(self._fitting(types))) or "none"
            raise QueryRefused(
                f"the frame {name} does not fit {shorten(root)}; frames that do: {fits}"
            )
        if name in self._trees and not any(iri.startswith("_:") for iri in nodes):
            return frame_tree(nodes, root, self._trees[name])
        chosen = {key: value for key, value in frame.items() if key != "type"}
        return self._reference.frame(list(nodes.values()), root, chosen)

    def _fitting(self, types: list[str]) -> set[str]:
        return {
            name
            for name, frame in self.frames.items()
            if not frame.get("type")
            or {iri_in(self.context, term) for term in _several(frame["type"])} & set(types)
        }

    def _compact(self, nodes: list[Node]) -> list[Node]:
        if self._own is not None:
            return self._own.compact(nodes)
        return self._reference.compact(nodes)

    def _read_own(self) -> None:
        """Read context and frames as far as our own code covers them."""
        try:
            own = self._own = Compaction(self.context)
        except NotCovered:
            return
        for name, frame in self.frames.items():
            chosen = {key: value for key, value in frame.items() if key != "type"}
            try:
                tree = read_frame(chosen, iri_of=own.iri_of, is_reverse=own.is_reverse)
            except NotCovered:
                continue
            self._trees[name] = tree

    @cached_property
    def _reference(self) -> "Reference":
        from entente.logic.pyld_engine import Reference  # takes long to load, and is rarely needed

        return Reference(self.context, CONTEXT)

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

    @cached_property
    def _turned(self) -> list[str]:
        """The properties that have a reverse term, in the context's order."""
        return [
            iri_in(self.context, name)
            for name, entry in self.context.items()
            if isinstance(entry, dict) and "@reverse" in entry
        ]


def _root_first(nodes: Mapping[str, Node], root: str) -> list[Node]:
    return sorted(nodes.values(), key=lambda node: bool(node["@id"] != root))


def _arranged(value: Any, last: AbstractSet[str]) -> Any:
    """Order a compacted value for people: names first, what others say about it last."""
    if isinstance(value, list):
        return [_arranged(member, last) for member in value]
    if not isinstance(value, dict):
        return value
    keys = sorted(value, key=lambda key: (key in last, _rank(key), _is_deep(value[key]), key))
    return {key: value[key] if key == FACTS else _arranged(value[key], last) for key in keys}


def _rank(key: str) -> int:
    order = (*_FIRST, *_CLAIM_FIRST)
    return order.index(key) if key in order else len(order) + (key == FACTS)


def _is_deep(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _words(value: Any) -> list[str]:
    """Give every key and every text of a value, but none of what is told of its facts."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [word for member in value for word in _words(member)]
    if isinstance(value, dict):
        deeper = (member for key, member in value.items() if key != FACTS)
        return [*value, *(word for member in deeper for word in _words(member))]
    return []


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
