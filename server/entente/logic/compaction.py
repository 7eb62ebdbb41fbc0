"""Compaction: node objects in expanded form, shortened by one context.

Owns the choice of terms and short names, as the processing algorithms make it
(https://www.w3.org/TR/json-ld11-api/#compaction-algorithm), for contexts made of prefixes and of
terms with `@type`, `@container` (`@language`, `@set`) and `@reverse`; any other construct is
refused when the context is read. Each IRI is shortened once. Held to PyLD by tests. The store
writes no lists, so there are none here. Must not know frames.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from entente.logic.nesting import FACTS, Node

_MEMBERS: Final = frozenset({"@id", "@type", "@container", "@reverse", "@prefix"})
_CONTAINERS: Final = frozenset({"@language", "@set"})
_KEYWORDS: Final = ("@id", "@type", "@value", "@language", "@reverse")


class NotCovered(Exception):  # no error: another processor takes the context
    """The context has a construct that is not shortened here."""


class Confused(Exception):  # no error: the document is given in expanded form
    """An IRI of the document would be read as a short name."""


def iri_in(context: Mapping[str, Any], name: str) -> str:
    """Give the IRI of a term or a short name of a context, or the name itself where it is none."""
    entry = context.get(name)
    found = entry.get("@id", entry.get("@reverse")) if isinstance(entry, dict) else entry
    text = str(found or name)
    prefix, colon, local = text.partition(":")
    space = context.get(prefix)
    return f"{space['@id']}{local}" if colon and isinstance(space, dict) else text


class Compaction:
    """One context, ready to shorten.

    Args:
        context: content of `@context`; a term that is `None` has no meaning.

    Raises:
        NotCovered: it has a construct that is not shortened here.
    """

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._context = context
        self._alias = {name: name for name in _KEYWORDS}
        self._prefixes: dict[str, str] = {}
        self._terms: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._containers: dict[str, frozenset[str]] = {}
        self._reverse: set[str] = set()
        self._chosen: dict[tuple[str, str, str, str], str] = {}
        self._short: dict[tuple[str, bool], str] = {}
        # the shortest term first, of those the least: the first to fit is taken
        for term in sorted(context, key=lambda name: (len(name), name)):
            if not term.startswith("@") and context[term] is not None:
                self._read(term, context[term])

    def compact(self, nodes: Iterable[Node]) -> list[Node]:
        """Shorten node objects, each with all that stands in it.

        Raises:
            Confused: an IRI would be read as a short name.
        """
        return [self._node(node) for node in nodes]

    def iri_of(self, name: str) -> str:
        """Give the IRI of a term or a short name, or the name itself where it is none."""
        return iri_in(self._context, name)

    def is_reverse(self, name: str) -> bool:
        """Tell whether a term is read from object to subject."""
        return name in self._reverse

    def _read(self, term: str, entry: Any) -> None:
        if isinstance(entry, str) and entry in self._alias:
            self._alias[entry] = term
            return
        held = {"@id": entry} if isinstance(entry, str) else entry
        container = held.get("@container", [])
        containers = frozenset([container] if isinstance(container, str) else container)
        if not held.keys() <= _MEMBERS or not containers <= _CONTAINERS:
            raise NotCovered(f"the term {term} has members that are not shortened here")
        iri = self.iri_of(term)
        if held.get("@prefix"):
            self._prefixes[term] = iri
            return
        self._terms[term], self._containers[term] = iri, containers
        place = "".join(sorted(containers)) or "@none"
        if "@reverse" in held:
            self._reverse.add(term)
            self._chosen.setdefault((iri, place, "@type", "@reverse"), term)
        elif "@type" in held:
            kind = held["@type"]
            self._types[term] = kind if kind.startswith("@") else self.iri_of(kind)
            self._chosen.setdefault((iri, place, "@type", self._types[term]), term)
        else:
            self._chosen.setdefault((iri, place, "@language", "@none"), term)
            self._chosen.setdefault((iri, place, "@type", "@none"), term)

    def _node(self, node: Node) -> Node:
        made: Node = {}
        for name, values in sorted(node.items()):
            if name == "@id":
                made[self._alias[name]] = self._shorten(values, vocab=False)
            elif name == "@type":
                types = [self._shorten(one, vocab=True) for one in values]
                made[self._alias[name]] = types[0] if len(types) == 1 else types
            elif name == "@reverse":
                self._turn(made, values)
            elif name == FACTS:
                made[FACTS] = self._facts(values)
            else:
                for value in values:
                    term = self._term(name, value)
                    self._put(made, term, self._value(term, value), value)
        return made

    def _turn(self, made: Node, reverse: Mapping[str, list[Node]]) -> None:
        """Put what says something about the node below a reverse term, or below `@reverse`."""
        left: Node = {}
        for name, values in sorted(reverse.items()):
            for value in values:
                term = self._select(name, value, "@type", ("@reverse", *self._ways(value)))
                item = self._value(term or name, value)
                if term is not None and term in self._reverse:
                    self._put(made, term, item, value)
                else:
                    self._put(left, term or self._shorten(name, vocab=False), item, value)
        if left:
            made[self._alias["@reverse"]] = left

    def _put(self, made: Node, term: str, item: Any, value: Any) -> None:
        containers = self._containers.get(term, frozenset())
        if "@language" in containers:
            made = made.setdefault(term, {})
            term = value.get("@language", "@none")
            item = item["@value"] if isinstance(item, dict) else item
        if "@set" in containers:
            made.setdefault(term, []).append(item)
        elif term not in made:
            made[term] = item
        elif isinstance(made[term], list):
            made[term].append(item)
        else:
            made[term] = [made[term], item]

    def _value(self, term: str, value: Any) -> Any:
        kind = self._types.get(term)
        if "@value" in value:
            return self._literal(kind, value)
        if len(value) > 1 or "@id" not in value:
            return self._node(value)
        short = self._shorten(value["@id"], vocab=kind == "@vocab")
        return short if kind in ("@id", "@vocab") else {self._alias["@id"]: short}

    def _literal(self, kind: str | None, value: Any) -> Any:
        if len(value) == 1 or ("@type" in value and value["@type"] == kind):
            return value["@value"]
        made = {}
        if "@type" in value:
            made[self._alias["@type"]] = self._shorten(value["@type"], vocab=True)
        if "@language" in value:
            made[self._alias["@language"]] = value["@language"]
        return {**made, self._alias["@value"]: value["@value"]}

    def _facts(self, facts: Iterable[tuple[str, Any, Mapping[str, object]]]) -> Node:
        """Give what is known of the facts of a node by term: value, and how it is supported."""
        made: dict[str, list[Node]] = {}
        for name, value, fields in facts:
            if name == "@type":
                term, short = self._alias[name], self._shorten(value["@id"], vocab=True)
            else:
                term = self._term(name, value)
                alone = {"@id": value["@id"]} if "@id" in value else value
                short = self._value(term, alone)
                if isinstance(short, dict) and self._alias["@id"] in short:
                    short = short[self._alias["@id"]]
            made.setdefault(term, []).append({"value": short, **fields})
        return made

    def _term(self, name: str, value: Any) -> str:
        """Choose the term of a property for one of its values."""
        if "@language" in value:
            found = self._select(name, value, "@language", (value["@language"], "@none"))
        elif "@value" in value and "@type" in value:
            found = self._select(name, value, "@type", (value["@type"], "@none"))
        elif "@value" in value:
            found = self._select(name, value, "@language", ("@null", "@none"))
        else:
            found = self._select(name, value, "@type", (*self._ways(value), "@none"))
        return found or self._shorten(name, vocab=False)

    def _select(self, iri: str, value: Any, about: str, wishes: tuple[str, ...]) -> str | None:
        places = ["@set", "@none"]
        if "@language" in value:
            places[:0] = ["@language", "@language@set"]
        elif "@value" in value and len(value) == 1:
            places += ["@language", "@language@set"]
        for place in places:
            for wish in wishes:
                term = self._chosen.get((iri, place, about, wish))
                if term is not None:
                    return term
        return None

    def _ways(self, value: Any) -> tuple[str, str]:
        """Give the ways to write a node, the preferred first: as a term where there is one."""
        iri = value.get("@id")
        as_term = iri is not None and self._terms.get(self._shorten(iri, vocab=True)) == iri
        return ("@vocab", "@id") if as_term else ("@id", "@vocab")

    def _shorten(self, iri: str, *, vocab: bool) -> str:
        key = (iri, vocab)
        if key not in self._short:
            self._short[key] = self._shortest(iri, vocab=vocab)
        return self._short[key]

    def _shortest(self, iri: str, *, vocab: bool) -> str:
        if vocab:
            for place in ("@set", "@none"):
                for wish in ("@id", "@none"):
                    term = self._chosen.get((iri, place, "@type", wish))
                    if term is not None:
                        return term
        names = [
            f"{prefix}:{iri[len(space) :]}"
            for prefix, space in self._prefixes.items()
            if iri.startswith(space) and iri != space
        ]
        usable = [name for name in names if name not in self._context]
        if usable:
            return min(usable, key=lambda name: (len(name), name))
        for prefix in self._prefixes:
            if iri.startswith(f"{prefix}:"):
                raise Confused(f"{iri} would be read as a short name")
        return iri
