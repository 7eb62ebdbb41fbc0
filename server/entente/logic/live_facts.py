"""Facts that change: triples come and go, each as often as a graph or a derivation states it.

Owns how often each triple is stated: it is held while somebody states it. Knows no graph; who
changes it says once for each statement what came and what went.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Triple

from entente.logic.facts import TYPE, Facts


@dataclass(frozen=True, slots=True)
class Change:
    """Triples that came and triples that went."""

    came: tuple[Triple, ...] = ()
    went: tuple[Triple, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went)

    def triples(self) -> Iterator[Triple]:
        """Give all of them."""
        yield from self.came
        yield from self.went

    def inverse(self) -> "Change":
        """Give what takes this back."""
        return Change(self.went, self.came)

    def __add__(self, other: "Change") -> "Change":
        return Change(self.came + other.came, self.went + other.went)


class Tally:
    """How often each triple is stated."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._times: dict[Triple, int] = dict(Counter(triples))

    def __contains__(self, triple: object) -> bool:
        return triple in self._times

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._times)

    def copy(self, other: "Tally") -> None:
        """Take what another one counted."""
        self._times = other._times.copy()

    def change(self, stated: Change) -> Change:
        """Take statements in and out, and give what is held now and was not, or the reverse.

        Raises:
            KeyError: a statement goes that nobody made.
        """
        before: dict[Triple, bool] = {}
        times = self._times
        for triple in stated.came:
            count = times.get(triple, 0)
            before.setdefault(triple, count > 0)
            times[triple] = count + 1
        for triple in stated.went:
            count = times[triple]
            before.setdefault(triple, True)
            if count == 1:
                del times[triple]
            else:
                times[triple] = count - 1
        return Change(
            tuple(triple for triple, held in before.items() if not held and triple in times),
            tuple(triple for triple, held in before.items() if held and triple not in times),
        )


class LiveFacts(Facts):
    """The triples of some statements, which may change."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._tally = Tally(triples)
        super().__init__(self._tally)

    def extended(self, *more: Iterable[Triple]) -> "LiveFacts":
        """Give facts of their own that hold these and more, each as often as it is stated."""
        other = LiveFacts(())
        other._tally.copy(self._tally)
        for subject, held in self._objects.items():
            other._objects[subject] = {p: objects.copy() for p, objects in held.items()}
        for class_, members in self._typed.items():
            other._typed[class_] = members.copy()
        other.change(Change(tuple(chain(*more))))
        return other

    def __contains__(self, what: object) -> bool:
        return what in self._tally if isinstance(what, Triple) else super().__contains__(what)

    def change(self, stated: Change) -> Change:
        """Take statements in and out, and give what has changed by it."""
        changed = self._tally.change(stated)
        for triple in changed.went:
            self._drop(triple)
        for triple in changed.came:
            self._take(triple)
        return changed

    def _take(self, triple: Triple) -> None:
        subject, predicate, object_ = triple.subject, triple.predicate, triple.object
        if isinstance(subject, Triple) or isinstance(object_, Triple):
            return
        self._objects[subject].setdefault(predicate, []).append(object_)
        if predicate == TYPE:
            self._typed[object_][subject] = None
        if self._reverse is not None:
            self._reverse[predicate, object_].append(subject)

    def _drop(self, triple: Triple) -> None:
        subject, predicate, object_ = triple.subject, triple.predicate, triple.object
        if isinstance(subject, Triple) or isinstance(object_, Triple):
            return
        held = self._objects[subject]
        held[predicate].remove(object_)
        if not held[predicate]:
            del held[predicate]
        if not held:
            del self._objects[subject]
        if predicate == TYPE:
            del self._typed[object_][subject]
        if self._reverse is not None:
            known = self._reverse[predicate, object_]
            known.remove(subject)
            if not known:
                del self._reverse[predicate, object_]
