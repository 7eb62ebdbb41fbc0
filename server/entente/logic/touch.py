"""Touch: which focus nodes of which shapes a change of the data can matter to.

Gives a superset: a focus node that is left out has the results it had. A shape reads its focus node
along its path, the classes of the values, and what other shapes say of the values; whatever of
these has changed is walked back to the focus nodes (`shape_paths.starts` says why walking back in
the changed data is enough). Triples whose subject is a triple are read by no shape.
"""

from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from entente.logic.facts import Facts, Node, Term
from entente.logic.live_facts import Change
from entente.logic.shape_paths import back, starts
from entente.logic.shapes import NotCovered, Shape

REFERRING: Final = frozenset({"property", "node", "and", "or", "xone", "not"})
_BESIDE: Final = frozenset({"lessThan", "lessThanOrEquals"})


class Touch:
    """What one change touches.

    Args:
        shapes: compiled.
        facts: after the change.
        changed: the triples.
        moved: for each class the nodes that joined or left it.
    """

    def __init__(
        self,
        shapes: Mapping[Node, Shape],
        facts: Facts,
        changed: Change,
        moved: Mapping[Term, set[Term]],
    ) -> None:
        self._shapes = shapes
        self._facts = facts
        self._moved = moved
        self._changed: dict[NamedNode, list[Triple]] = {}
        for triple in changed.triples():
            if not (isinstance(triple.subject, Triple) or isinstance(triple.object, Triple)):
                self._changed.setdefault(triple.predicate, []).append(triple)
        self._known: dict[Node, set[Term]] = {}
        self._begun: set[Node] = set()

    def focus_nodes(self, shape: Shape) -> set[Term]:
        """Give the nodes whose results by a shape may be others, targets or not.

        Raises:
            NotCovered: the shape refers to itself.
        """
        known = self._known.get(shape.node)
        if known is None:
            if shape.node in self._begun:
                raise NotCovered(f"the shape {shape.node} refers to itself")
            self._begun.add(shape.node)
            known = self._known[shape.node] = self._find(shape)
        return known

    def targets(self, shape: Shape) -> set[Term]:
        """Give the nodes that may have become targets of a shape or ceased to be."""
        found: set[Term] = set()
        for kind, target in shape.targets:
            own = self._changed.get(target, ())
            match kind:
                case "targetClass":
                    found |= self._moved.get(target, set())
                case "targetSubjectsOf":
                    found.update(triple.subject for triple in own)  # type: ignore[misc]  # no triple
                case "targetObjectsOf":
                    found.update(triple.object for triple in own)  # type: ignore[misc]  # no triple
        return found

    def _find(self, shape: Shape) -> set[Term]:
        values: set[Term] = set()  # that may be judged in another way
        found: set[Term] = set()
        for constraint in shape.constraints:
            argument = constraint.argument
            if constraint.name in REFERRING:
                for node in argument:  # type: ignore[attr-defined]  # compiled as a tuple of nodes
                    values |= self.focus_nodes(self._shapes[node])
            elif constraint.name == "class" and isinstance(argument, NamedNode):
                values |= self._moved.get(argument, set())
            elif constraint.name in _BESIDE and isinstance(argument, NamedNode):
                found.update(t.subject for t in self._changed.get(argument, ()))  # type: ignore[misc]  # no triple
        if shape.path is None:
            return found | values
        found |= back(shape.path, values, self._facts)
        return found | starts(shape.path, self._changed, self._facts)
