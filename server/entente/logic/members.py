"""Members: which nodes are of which class, as far as the data states it.

Owns the SHACL instances of classes: types, and what `rdfs:subClassOf` makes of them in the data
(https://www.w3.org/TR/shacl/#dfn-shacl-instance), also while the data changes.
"""

from collections import defaultdict
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import RDFS
from entente.logic.facts import TYPE, Facts, Node, Term
from entente.logic.live_facts import Change

_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
_NONE: Final[frozenset[Term]] = frozenset()


class Members:
    """The members of the classes of some facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._ancestors: dict[Term, frozenset[Term]] = {}
        self._classes: dict[Node, frozenset[Term]] = {}
        self._members: dict[Term, dict[Node, None]] = defaultdict(dict)
        for node in facts.subjects():
            self._renew(node)

    def of(self, class_: Term) -> dict[Node, None]:
        """Give the members of a class."""
        return self._members.get(class_, {})

    def change(self, changed: Change) -> dict[Term, set[Term]]:
        """Follow a change that the facts have made already.

        Returns:
            For each class the nodes that joined or left it.
        """
        nodes: set[Node] = set()
        for triple in changed.triples():
            subject = triple.subject
            if isinstance(subject, Triple):
                continue
            if triple.predicate == TYPE:
                nodes.add(subject)
            elif triple.predicate == _SUBCLASS:
                self._ancestors.clear()
                nodes.update(self.of(subject))
        moved: dict[Term, set[Term]] = defaultdict(set)
        for node in nodes:
            for class_ in self._renew(node):
                moved[class_].add(node)
        return moved

    def _renew(self, node: Node) -> frozenset[Term]:
        """Find the classes of a node anew, and give those that it joined or left."""
        types = self._facts.objects(node, TYPE)
        before = self._classes.pop(node, _NONE)
        now = _NONE.union(*map(self._above, types)) if types else _NONE
        if now:
            self._classes[node] = now
        for class_ in before - now:
            del self._members[class_][node]
        for class_ in now - before:
            self._members[class_][node] = None
        return before ^ now

    def _above(self, class_: Term) -> frozenset[Term]:
        """Give a class and all above it."""
        known = self._ancestors.get(class_)
        if known is None:
            reached, wanted = {class_}, [class_]
            while wanted:
                node = wanted.pop()
                if not isinstance(node, Literal):
                    more = set(self._facts.objects(node, _SUBCLASS)) - reached
                    reached |= more
                    wanted += more
            known = self._ancestors[class_] = frozenset(reached)
        return known
