"""Listed things: the items of a list as JSON-LD nodes.

Owns which facts an item tells: what is stated of it and follows, with the times and amounts that it
refers to inside, and under `facts` the sources of each. Every member is a list, whatever the number
of its values, so that programs need not look first.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from entente.core.terms import is_absolute
from entente.logic.compaction import Compaction
from entente.logic.fact_notes import annotate
from entente.logic.nesting import FACTS, Node, merge
from entente.query.labels import read_labels
from entente.query.results import Blank, Iri, Literal, Quoted, Row, Term
from entente.query.service import QueryService
from entente.query.support import notes_of, read_support

AT_ONCE: Final = 200
_ALONE: Final = frozenset({"iri", FACTS})
_NODE: Final = frozenset({"iri", "type", "@value"})


class Listing:
    """Makes items with the terms of one context; `terms` are the members that one may have.

    Args:
        context: content of `@context`.
    """

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context: Final = context
        lists = {
            name: one if name.startswith("@") else _as_lists(one) for name, one in context.items()
        }
        self._compaction = Compaction(lists)
        self.terms: Final = frozenset(
            name
            for name, one in context.items()
            if one is not None and not name.startswith("@") and not _is_prefix(one)
        )

    def items(
        self, service: QueryService, iris: Sequence[str], *, fields: Iterable[str] = ()
    ) -> list[Node]:
        """Give things as compacted nodes, in their order.

        Args:
            service: knows the facts.
            iris: the things.
            fields: terms to keep beside IRI and type; all when none is named.
        """
        nodes = merge(_triples(read_facts(service, iris)))
        wanted = set(iris)
        notes = notes_of(read_support(service, iris))
        trees = [annotate(_tree(nodes, iri, wanted), notes) for iri in iris]
        made = [_listed(node) for node in self._compaction.compact(trees)]
        return [_only(node, frozenset(fields)) for node in made] if fields else made

    def labels(
        self, service: QueryService, items: Iterable[Node], *, language: str
    ) -> dict[str, str]:
        """Give what the things that items name are called, by the names that they have there."""
        used: set[str] = set()
        for item in items:
            _gather(item, used)
        named = {name: self._compaction.iri_of(name) for name in used if ":" in name}
        iris = {name: iri for name, iri in named.items() if is_absolute(iri)}
        found = read_labels(service, iris.values(), language=language)
        return {name: found[iri] for name, iri in sorted(iris.items()) if iri in found}

    def part_for(self, items: Iterable[Node]) -> dict[str, Any]:
        """Give the part of the context that items need."""
        used: set[str] = set()
        for item in items:
            _gather(item, used)
        prefixes = {name.partition(":")[0] for name in used if ":" in name}
        terms = {name: one for name, one in self.context.items() if name in used}
        for one in terms.values():
            for iri in one.values() if isinstance(one, dict) else [one]:
                prefixes.add(str(iri).partition(":")[0])
        head = {name: one for name, one in self.context.items() if name == "@version"}
        prefixed = {name: one for name, one in self.context.items() if name in prefixes}
        return {**head, **prefixed, **terms}


def read_facts(service: QueryService, iris: Sequence[str]) -> list[Row]:
    """Read the facts of things."""
    rows: list[Row] = []
    for start in range(0, len(iris), AT_ONCE):
        batch = tuple(Iri(iri) for iri in iris[start : start + AT_ONCE])
        rows += service.rows("pages/list-facts", it=batch)
    return rows


def _triples(rows: Iterable[Row]) -> Iterable[Node]:
    for row in rows:
        value = node_value(row["value"])
        if value is not None:
            yield {"@id": str(row["subject"]), str(row["property"]): [value]}


def node_value(term: Term) -> dict[str, str] | None:
    """Give a term as a value of JSON-LD's expanded form."""
    match term:
        case Iri():
            return {"@id": term.value}
        case Literal() if term.language is not None:
            return {"@value": term.value, "@language": term.language}
        case Literal() if term.datatype.endswith("#string"):
            return {"@value": term.value}
        case Literal():
            return {"@value": term.value, "@type": term.datatype}
        case Blank() | Quoted():
            return None  # lists of the ontology, and RDF 1.2: no item tells them


def _tree(nodes: Mapping[str, Node], iri: str, listed: set[str]) -> Node:
    """Give a node with the times and amounts that it refers to in it."""

    def inside(value: Any) -> Any:
        other = value.get("@id")
        return value if other in listed or other not in nodes else nodes[other]

    node = nodes.get(iri, {"@id": iri})
    return {
        name: values if name.startswith("@") else [inside(value) for value in values]
        for name, values in node.items()
    }


def _only(node: Node, fields: frozenset[str]) -> Node:
    """Keep some members of a node, and what is told of these facts."""
    kept = {"iri", "type", *fields}
    found = {name: one for name, one in node.items() if name in kept}
    facts = {name: one for name, one in node.get(FACTS, {}).items() if name in kept}
    return {**found, FACTS: facts} if facts else found


def _is_prefix(entry: Any) -> bool:
    return isinstance(entry, Mapping) and bool(entry.get("@prefix"))


def _as_lists(entry: Any) -> Any:
    """Let a term always have a list; by language it stays a map."""
    if entry is None or _is_prefix(entry) or (isinstance(entry, str) and entry.startswith("@")):
        return entry
    held = {"@id": entry} if isinstance(entry, str) else dict(entry)
    return held if "@container" in held else {**held, "@container": "@set"}


def _listed(node: Node) -> Node:
    """Let every member of a node be a list, types and what has no term too; last are the facts."""
    if "@value" in node:
        return node
    made: Node = {}
    for name, value in node.items():
        if name in _ALONE or (isinstance(value, dict) and not value.keys() & _NODE):
            made[name] = value  # a map of languages stays one
        else:
            held = value if isinstance(value, list) else [value]
            made[name] = [_listed(one) if isinstance(one, dict) else one for one in held]
    facts = made.pop(FACTS, None)
    return {**made, FACTS: facts} if facts is not None else made


def _gather(value: Any, used: set[str]) -> None:
    if isinstance(value, dict):
        for name, one in value.items():
            used.add(name)
            if name != FACTS:
                _gather(one, used)
    elif isinstance(value, list):
        for one in value:
            _gather(one, used)
    elif isinstance(value, str):
        used.add(value)
