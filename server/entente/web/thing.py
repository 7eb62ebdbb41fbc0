"""One thing as its page shows it: facts in sections, situations unfolded, claims in order.

Owns the grouping and the words of the page of a thing; what is read is `entente.query.entity`'s.
Must not know Flask.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from entente.core.terms import (
    CLAIM,
    DCTERMS,
    ENT,
    GRAPH_BACKGROUND,
    GRAPH_CURRENT,
    OWL,
    SH,
    SKOS,
    shorten,
)
from entente.query.claims import Claim, claims_by_role
from entente.query.conflicts import Conflict, read_conflicts
from entente.query.entity import Entity, Fact, read_entity
from entente.query.labels import read_labels
from entente.query.results import Iri, Literal, Term
from entente.query.service import QueryService
from entente.web.values import (
    DEFINITIONS,
    HEADING,
    SPELLINGS,
    TYPE,
    Group,
    Names,
    read_inline,
)

# Order of the sections; each fact stands in the first whose graphs hold it.
SECTIONS: Final = {
    "reported": ("What the articles support", "Held by accepted claims, as of the latest report."),
    "recorded": ("On record", ""),
    "background": ("Background", "Outside knowledge, not from the articles."),
    "inferred": ("Inferred", "Follows from the above by the ontology; no source says it itself."),
}

# What the chips of terms say, since OWL and SHACL have no labels in the graph.
KINDS: Final = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "data property",
    OWL + "AnnotationProperty": "annotation property",
    OWL + "TransitiveProperty": "transitive",
    OWL + "SymmetricProperty": "symmetric",
    SH + "NodeShape": "node shape",
    SH + "PropertyShape": "property shape",
    SH + "PrefixDeclaration": "prefix",
    SKOS + "Concept": "concept",
    SKOS + "ConceptScheme": "vocabulary",
}
UNFOLDED_CLAIMS: Final = 16


@dataclass(frozen=True, slots=True)
class Section:
    """Facts of one origin."""

    key: str
    title: str
    note: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class SituationCard:
    """A situation that refers to the thing, unfolded."""

    iri: Iri
    text: str
    groups: tuple[Group, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingPage:
    """All that the template of a thing shows, in its order."""

    entity: Entity
    title: str
    types: tuple[Iri, ...]
    inferred_types: tuple[Iri, ...]
    spellings: tuple[Literal, ...]
    definition: Literal | None
    sections: tuple[Section, ...]
    situations: tuple[SituationCard, ...]
    passages: tuple[tuple[str, tuple[Claim, ...]], ...]
    conflicts: tuple[Conflict, ...]
    overtaken: tuple[Claim, ...]
    doubted: tuple[Claim, ...]
    said: tuple[Claim, ...]
    incoming: tuple[Group, ...]
    labels: Mapping[str, str]

    @property
    def is_short(self) -> bool:
        """Whether the page can show all claims at once, without folding them away."""
        claims = sum(len(fact.claims) for fact in self.entity.facts)
        return claims <= UNFOLDED_CLAIMS


def read_thing(service: QueryService, iri: str) -> ThingPage:
    """Read one thing and arrange it.

    Raises:
        NotFound: the graph says nothing about it.
    """
    entity = read_entity(service, iri)
    subjects = [reference.subject for reference in entity.references]
    objects = [fact.object for fact in entity.facts]
    inline = read_inline(service, [*subjects, *objects])
    describing = _read_claims(service, "pages/describing", tuple(inline.kinds))
    said = _read_claims(service, "pages/said", (iri,))
    conflicts = read_conflicts(service, _own_claims(entity, describing))
    if ENT + "ClaimConflict" in {iri.value for iri in entity.types}:
        conflicts = tuple(one for one in conflicts if one.iri == entity.iri)
    disputed = tuple(claim for conflict in conflicts for claim in conflict.claims)
    named = inline.iris() | iris_of(said + describing + disputed)
    named = named.union(*(conflict.iris() for conflict in conflicts))
    labels = {**entity.labels, **read_labels(service, named), **KINDS}
    names = Names(labels, inline)
    shown = {claim.iri.value for claim in (*entity.reported, *entity.describing, *said)}
    incoming = [
        reference
        for reference in entity.references
        if not inline.is_situation(reference.subject) and reference.subject.value not in shown
    ]
    return ThingPage(
        entity=entity,
        title=_title(entity),
        types=tuple(_types(entity, inferred=False)),
        inferred_types=tuple(_types(entity, inferred=True)),
        spellings=tuple(_literals(entity, SPELLINGS)),
        definition=next(
            (found for kind in DEFINITIONS for found in _literals(entity, {kind})), None
        ),
        sections=_sections(entity, names),
        situations=_situations(entity, names, describing),
        passages=_by_passage(entity.reported),
        conflicts=conflicts,
        overtaken=tuple(claim for claim in entity.other_claims if claim.supports),
        doubted=tuple(claim for claim in entity.other_claims if not claim.supports),
        said=said,
        incoming=names.group_references(incoming),
        labels=labels,
    )


def _own_claims(entity: Entity, describing: tuple[Claim, ...]) -> set[str]:
    """Give the claims about the thing, and not only with it: those whose conflicts are its own."""
    thing = entity.iri
    parties = {
        str(fact.object)
        for fact in entity.facts
        if fact.predicate.value == ENT + "conflictingClaim"
    }
    claims = {claim for fact in entity.facts for claim in fact.claims}
    claims |= {claim for claim in entity.other_claims if claim.subject == thing}
    claims |= {*describing, *entity.describing, *entity.reported}
    own = parties | {claim.iri.value for claim in claims}
    return own | {thing.value} if thing.value.startswith(CLAIM) else own


def _read_claims(service: QueryService, name: str, iris: tuple[str, ...]) -> tuple[Claim, ...]:
    if not iris:
        return ()
    by_role = claims_by_role(service.rows(name, it=tuple(Iri(iri) for iri in iris)))
    claims = {claim.iri: claim for found in by_role.values() for claim in found}
    return tuple(claims[iri] for iri in sorted(claims))


def iris_of(claims: Iterable[Claim]) -> set[str]:
    """Gather every IRI that claims show."""
    terms: set[Term | None] = set()
    for claim in claims:
        terms |= {claim.modality, claim.status, claim.article, claim.part, *claim.speakers}
    return {term.value for term in terms if isinstance(term, Iri)}


def _sections(entity: Entity, names: Names) -> tuple[Section, ...]:
    sorted_facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in entity.facts:
        if fact.predicate.value not in HEADING:
            sorted_facts[_origin(fact)].append(fact)
    return tuple(
        Section(key, title, note, names.group(sorted_facts[key]))
        for key, (title, note) in SECTIONS.items()
        if sorted_facts[key]
    )


def _origin(fact: Fact) -> str:
    if fact.inferred:
        return "inferred"
    if GRAPH_CURRENT in fact.graphs:
        return "reported"
    if fact.graphs == (GRAPH_BACKGROUND,):
        return "background"
    return "recorded"


def _situations(
    entity: Entity, names: Names, describing: tuple[Claim, ...]
) -> tuple[SituationCard, ...]:
    subjects = {
        reference.subject: names.parts(reference.subject)
        for reference in entity.references
        if not reference.inferred
    }
    return tuple(
        SituationCard(
            iri,
            names.text(iri),
            parts,
            tuple(claim for claim in describing if claim.situation == iri),
        )
        for iri, parts in sorted(subjects.items(), key=lambda item: names.text(item[0]))
        if parts
    )


def _by_passage(claims: tuple[Claim, ...]) -> tuple[tuple[str, tuple[Claim, ...]], ...]:
    """Put the claims of an article in the order of the text; the key is the anchor."""
    places: defaultdict[tuple[int, int, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        passage = claim.passages[0] if claim.passages else None
        anchor = passage.iri.value.partition("#")[2] if passage else claim.iri.value
        start = passage.start if passage and passage.start is not None else 1 << 30
        end = passage.end if passage and passage.end is not None else 1 << 30
        places[start, end, anchor].append(claim)
    return tuple((place[2], tuple(found)) for place, found in sorted(places.items()))


def _title(entity: Entity) -> str:
    if entity.label:
        return entity.label
    for fact in entity.facts:
        if fact.predicate.value in (ENT + "statement", DCTERMS + "title", SH + "name"):
            return str(fact.object)
    iri = entity.iri.value
    return f"Claim {iri[len(CLAIM) :]}" if iri.startswith(CLAIM) else shorten(iri)


def _types(entity: Entity, *, inferred: bool) -> Iterable[Iri]:
    for fact in entity.facts:
        if fact.predicate.value != TYPE or fact.inferred is not inferred:
            continue
        # Inferred types of other vocabularies (owl:Thing, prov:Entity …) tell a person nothing.
        if isinstance(fact.object, Iri) and (not inferred or fact.object.value.startswith(ENT)):
            yield fact.object


def _literals(entity: Entity, predicates: Iterable[str]) -> Iterable[Literal]:
    wanted = frozenset(predicates)
    for fact in entity.facts:
        if fact.predicate.value in wanted and isinstance(fact.object, Literal):
            yield fact.object
