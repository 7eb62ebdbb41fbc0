"""Values of a page: terms with their words, unfolded where they are situations.

Owns the reading of situations, money and times that a page mentions, and the grouping of facts by
property. Must not know Flask.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from entente.core.terms import DCTERMS, ENT, RDF, RDFS, SKOS, shorten
from entente.query.claims import Claim
from entente.query.entity import Fact, Reference
from entente.query.results import Iri, Term
from entente.query.service import QueryService

TYPE: Final = RDF + "type"
LABELS: Final = frozenset({SKOS + "prefLabel", RDFS + "label"})
SPELLINGS: Final = frozenset({SKOS + "altLabel", SKOS + "hiddenLabel"})
DEFINITIONS: Final = (SKOS + "definition", DCTERMS + "description", RDFS + "comment")
HEADING: Final = frozenset({TYPE, *LABELS, *SPELLINGS, *DEFINITIONS})

_PASSAGE: Final = re.compile(r"/article/[^#]*#char=(\d+),(\d+)\Z")
_VOCABULARY: Final = re.compile(r" \([^()]*\)\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property: what to show, what supports it, what it consists of."""

    term: Term
    text: str
    inferred: bool = False
    claims: tuple[Claim, ...] = ()
    parts: tuple["Group", ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All values of one property."""

    predicate: Iri
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Inline:
    """What is known of situations and values that the page mentions."""

    kinds: Mapping[str, set[str]]
    facts: Mapping[str, list[tuple[Iri, Term]]]

    def is_situation(self, iri: Iri) -> bool:
        """Tell whether a thing is an n-ary fact."""
        return ENT + "Situation" in self.kinds.get(iri.value, ())

    def iris(self) -> set[str]:
        """Give every IRI in it, whose labels a page needs."""
        found = {
            term.value
            for facts in self.facts.values()
            for pair in facts
            for term in pair
            if isinstance(term, Iri)
        }
        return found | set(self.kinds)


def read_inline(service: QueryService, terms: Iterable[Term]) -> Inline:
    """Read situations and values, and the values within the situations."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    facts: defaultdict[str, list[tuple[Iri, Term]]] = defaultdict(list)
    waiting = {term for term in terms if isinstance(term, Iri)}
    for _ in range(2):
        if not waiting:
            break
        found: set[Iri] = set()
        for row in service.rows("pages/inline", it=tuple(sorted(waiting))):
            it, predicate, value = str(row["it"]), row["predicate"], row["object"]
            kinds[it].add(str(row["kind"]))
            if isinstance(predicate, Iri) and (predicate, value) not in facts[it]:
                facts[it].append((predicate, value))
                if isinstance(value, Iri) and predicate.value != TYPE:
                    found.add(value)
        waiting = {iri for iri in found if iri.value not in kinds}
    return Inline(kinds, facts)


class Names:
    """Turns terms into values of a page."""

    def __init__(self, labels: Mapping[str, str], inline: Inline) -> None:
        self._labels = labels
        self._inline = inline

    def text(self, term: Term) -> str:
        """Give what a term is called."""
        if not isinstance(term, Iri):
            return str(term)
        label = self._labels.get(term.value)
        if label is not None:
            return label
        passage = _PASSAGE.search(term.value)
        if passage is not None:
            return f"characters {passage[1]}–{passage[2]}"
        return shorten(term.value).strip("<>")

    def heading(self, predicate: Iri) -> str:
        """Give what a property is called; where it has no label, the words of its name."""
        label = self._labels.get(predicate.value)
        if label is not None:  # of other vocabularies with their names, which people need not know
            return label if predicate.value.startswith(ENT) else _VOCABULARY.sub("", label)
        local = re.split(r"[/#]", predicate.value)[-1]
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).lower() or shorten(predicate.value)

    def value(self, fact: Fact, *, depth: int = 1) -> Value:
        """Make the value of a fact, unfolded where it is a situation and `depth` allows."""
        term = fact.object
        # What follows about a situation is said where the situation stands.
        unfolds = depth > 0 and not fact.inferred
        parts = self.parts(term) if unfolds and isinstance(term, Iri) else ()
        return Value(term, self.text(term), fact.inferred, fact.claims, parts, self._note(term))

    def parts(self, iri: Iri) -> tuple[Group, ...]:
        """Unfold a situation; values such as money are told by their label and note."""
        if not self._inline.is_situation(iri):
            return ()
        facts = [
            Fact(predicate, value, (), ())
            for predicate, value in self._inline.facts[iri.value]
            if predicate.value not in HEADING
        ]
        return self.group(facts, depth=0)

    def group(self, facts: Iterable[Fact], *, depth: int = 1) -> tuple[Group, ...]:
        """Group facts by property, in the order of the properties' names."""
        by_predicate: defaultdict[Iri, list[Value]] = defaultdict(list)
        for fact in facts:
            by_predicate[fact.predicate].append(self.value(fact, depth=depth))
        groups = [
            Group(predicate, self.heading(predicate), tuple(sorted(values, key=_by_text)))
            for predicate, values in by_predicate.items()
        ]
        return tuple(sorted(groups, key=lambda group: group.label.lower()))

    def group_references(self, references: Iterable[Reference]) -> tuple[Group, ...]:
        """Group what refers to the thing, by property."""
        return self.group(
            (
                Fact(reference.predicate, reference.subject, reference.graphs, reference.claims)
                for reference in references
            ),
            depth=0,
        )

    def _note(self, term: Term) -> str:
        if not isinstance(term, Iri):
            return ""
        facts = {
            predicate.value: value for predicate, value in self._inline.facts.get(term.value, ())
        }
        earliest, latest = facts.get(ENT + "earliest"), facts.get(ENT + "latest")
        if earliest is None and latest is None:
            return ""
        if earliest == latest:
            return str(earliest)
        return f"{earliest or '…'} to {latest or '…'}"


def _by_text(value: Value) -> tuple[bool, str]:
    return value.inferred, value.text.lower()
