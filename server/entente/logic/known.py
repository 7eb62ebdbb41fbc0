"""What was known on a day: the asserted quads that a graph of the articles up to then would hold.

Owns the choice. An article counts from the day its claims were reported, an undated one from its
`ent:notBefore`, one without either never. Of the entities, those that only later articles speak of
are left out, and all situations whose claims are all later; what no article speaks of (places
above places, currencies) is common ground and stays. Curation and background go with their things
and articles.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from pyoxigraph import NamedNode, Quad

from entente.core.terms import (
    ART,
    ENT,
    GRAPH_ARTICLE,
    GRAPH_BACKGROUND,
    GRAPH_CURATION,
    GRAPH_ENTITIES,
    ID,
    RDF,
)
from entente.logic.derivation import GENERATED

_ENTITIES: Final = NamedNode(GRAPH_ENTITIES)
_CURATION: Final = NamedNode(GRAPH_CURATION)
_BACKGROUND: Final = NamedNode(GRAPH_BACKGROUND)
_ABOUT_THINGS: Final = frozenset({_ENTITIES, _CURATION, _BACKGROUND})
_REPORTED_ON: Final = NamedNode(ENT + "reportedOn")
_NOT_BEFORE: Final = NamedNode(ENT + "notBefore")
_DESCRIBES: Final = NamedNode(ENT + "describes")
_CONFLICTING: Final = NamedNode(ENT + "conflictingClaim")
_TYPE: Final = NamedNode(RDF + "type")
_CLAIM: Final = NamedNode(ENT + "Claim")


def asserted_in(quads: Iterable[Quad]) -> list[Quad]:
    """Leave out the generated graphs, and the default graph that a store keeps as their union."""
    return [
        quad
        for quad in quads
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name not in GENERATED
    ]


def reported_days(asserted: Iterable[Quad]) -> dict[str, date]:
    """Give the day on which each article's graph was reported; none for what has no day."""
    days: dict[str, list[date]] = defaultdict(list)
    bounds: dict[str, list[date]] = defaultdict(list)
    for quad in asserted:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and graph.value.startswith(GRAPH_ARTICLE):
            if quad.predicate == _REPORTED_ON:
                days[graph.value].append(date.fromisoformat(quad.object.value))  # type: ignore[union-attr]  # a check holds that it is a date
            elif quad.predicate == _NOT_BEFORE:
                bounds[graph.value].append(date.fromisoformat(quad.object.value))  # type: ignore[union-attr]  # as above
    return {graph: min(days.get(graph) or found) for graph, found in {**bounds, **days}.items()}


def known_on(asserted: Sequence[Quad], day: date) -> list[Quad]:
    """Give what of the asserted quads was known on a day."""
    days = reported_days(asserted)
    graphs = {_graph(quad) for quad in asserted if _graph(quad).startswith(GRAPH_ARTICLE)}
    articles = {quad: found for quad in asserted if (found := _article(quad)) in graphs}
    said = list(articles)
    heard = [quad for quad in said if days.get(articles[quad] or "", date.max) <= day]
    later = {quad.subject for quad in said if quad.predicate == _TYPE and quad.object == _CLAIM}
    later -= {quad.subject for quad in heard}
    unknown = _unknown_entities(asserted, said, heard)
    conflicts = _idle_conflicts(asserted, later)
    kept = []
    for quad in asserted:
        if quad in articles:
            continue
        gone = quad.subject in unknown and quad.graph_name in _ABOUT_THINGS
        about_later = quad.graph_name == _CURATION and (
            quad.subject in later or quad.object in later or quad.subject in conflicts
        )
        if not (gone or about_later or quad.object in unknown):
            kept.append(quad)
    return kept + heard


def _unknown_entities(asserted: Iterable[Quad], said: list[Quad], heard: list[Quad]) -> set[object]:
    """Give the entities that only later articles speak of."""
    block: dict[object, set[object]] = defaultdict(set)
    for quad in asserted:
        if quad.graph_name in (_ENTITIES, _BACKGROUND):
            named = isinstance(quad.object, NamedNode)
            block[quad.subject].update({quad.object} if named else ())
    described_now = {quad.object for quad in heard if quad.predicate == _DESCRIBES}
    described = {quad.object for quad in said if quad.predicate == _DESCRIBES}
    unheard = described - described_now
    ever = _reached(said, block, closed=set())
    now = _reached(heard, block, closed=unheard)
    return (ever - now) & set(block)


def _reached(
    quads: Iterable[Quad], block: dict[object, set[object]], *, closed: AbstractSet[object]
) -> set[object]:
    """Give the entities that quads name, and those that these name in turn."""
    waiting: list[object] = [quad.object for quad in quads if isinstance(quad.object, NamedNode)]
    found: set[object] = set()
    while waiting:
        node = waiting.pop()
        if node in found or node in closed or not _is_thing(node):
            continue
        found.add(node)
        waiting.extend(block.get(node, ()))
    return found


def _idle_conflicts(asserted: Iterable[Quad], later: AbstractSet[object]) -> set[object]:
    """Give the disagreements of which fewer than two claims were known."""
    known: dict[object, int] = defaultdict(int)
    for quad in asserted:
        if quad.predicate == _CONFLICTING:
            known[quad.subject] += quad.object not in later
    return {conflict for conflict, count in known.items() if count < 2}


def _article(quad: Quad) -> str | None:
    """Give the graph of the article that a quad belongs to: what it says, or what is said of it."""
    if _graph(quad).startswith(GRAPH_ARTICLE):
        return _graph(quad)
    subject = quad.subject
    if quad.graph_name in _ABOUT_THINGS and isinstance(subject, NamedNode):
        name = subject.value.partition("#")[0]
        return GRAPH_ARTICLE + name.removeprefix(ART) if name.startswith(ART) else None
    return None


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _is_thing(node: object) -> bool:
    return (
        isinstance(node, NamedNode) and node.value.startswith((ID, ART)) and "#" not in node.value
    )
