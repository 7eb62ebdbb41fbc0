"""Removals: what became of an IRI that is no thing any more, or not the one it was.

Owns the reading of withdrawals and merges from the curation graph, and of what writes took away
from the log of changes. A thing with one successor was merged; a retracted claim, a thing that an
activity ended, and one with several successors were withdrawn. Known limit: the subjects that
writes took away are kept in memory, one entry an IRI.
"""

import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from entente.core.terms import VOC
from entente.core.writes import Change
from entente.query.labels import best_label, read_labels
from entente.query.results import Iri, Term
from entente.query.results import Literal as Text
from entente.query.service import QueryService
from entente.store.changelog import CHANGES, ChangeLog, Entry

Fate = Literal["unknown", "present", "merged", "withdrawn"]
RETRACTED: Final = VOC + "curation-status/retracted"

_REMOVED: Final = re.compile(rb"^D <([^>]*)> .* <([^>]*)> \.$", re.MULTILINE)
_DROPPED: Final = re.compile(rb"^H dropped <([^>]*)> \.$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the graph knows of an IRI: its fate, what it is called, and its successors."""

    fate: Fate
    label: str | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What a page tells of a thing that was withdrawn or merged, or that a write removed.

    `who` are names; `when` is a date or date and time, in the words of the data.
    """

    when: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    types: tuple[Iri, ...] = ()
    articles: tuple[Iri, ...] = ()
    successors: tuple[Iri, ...] = ()
    labels: dict[str, str]


def read_standing(service: QueryService, iri: str) -> Standing:
    """Read what became of an IRI."""
    held: defaultdict[str, list[Term]] = defaultdict(list)
    for row in service.rows("pages/standing", it=Iri(iri)):
        held[str(row["role"])].append(row["value"])
    label = best_label(term for term in held["label"] if isinstance(term, Text))
    if not held["known"]:
        return Standing("unknown", label)
    status = held["ruling"] or held["status"]
    successors = tuple(sorted({str(term) for term in held["successor"]}))
    if RETRACTED in map(str, status):
        return Standing("withdrawn", label, successors)
    if len(successors) == 1:
        return Standing("merged", label, successors)
    gone = bool(successors or held["withdrawal"])
    return Standing("withdrawn" if gone else "present", label, successors)


def read_removal(service: QueryService, iri: str) -> Removal:
    """Read who withdrew or merged a thing, when and why."""
    held: defaultdict[str, set[Term]] = defaultdict(set)
    for row in service.rows("pages/withdrawal", it=Iri(iri)):
        held[str(row["role"])].add(row["value"])
    iris = {term.value for found in held.values() for term in found if isinstance(term, Iri)}
    labels = read_labels(service, iris | {iri})

    def named(role: str) -> tuple[Iri, ...]:
        return tuple(sorted(term for term in held[role] if isinstance(term, Iri)))

    return Removal(
        when=tuple(sorted(map(str, held["when"]))),
        who=tuple(labels.get(one.value, one.value) for one in named("who")),
        why=tuple(sorted(map(str, held["why"]))),
        types=named("type"),
        articles=named("article"),
        successors=named("successor"),
        labels=labels,
    )


class Deletions:
    """Which write took an IRI away: an index of the log of changes.

    Args:
        service: answers from the store whose log is read.
        prefix: only IRIs that begin with it are kept.
    """

    def __init__(self, service: QueryService, *, prefix: str) -> None:
        self._log = ChangeLog(service.settings.store / CHANGES)
        self._prefix = prefix.encode()
        self._found: dict[str, Entry] = {}
        self._seen: tuple[Entry, ...] = ()
        self._lock = threading.Lock()

    def find(self, iri: str) -> Change | None:
        """Give the last write that removed triples of a subject, or a graph, of this name.

        Raises:
            StoreError: the log is damaged.
        """
        with self._lock:
            entries = self._log.entries()
            if entries[: len(self._seen)] != self._seen:
                self._found, self._seen = {}, ()
            for entry in entries[len(self._seen) :]:
                self._add(entry)
            self._seen = entries
            found = self._found.get(iri)
        return None if found is None else found.as_change()

    def _add(self, entry: Entry) -> None:
        patch = self._log.patch_of(entry)
        names = {name for pair in _REMOVED.findall(patch) for name in pair}
        for name in names.union(_DROPPED.findall(patch)):
            if name.startswith(self._prefix):
                self._found[name.decode()] = entry
