"""The current view: the direct triples that the accepted claims support at a date.

A claim's triple enters the view when its predicate has `ent:viewPolicy`, the claim is accepted, not
negated, not superseded by an accepted claim, and its modality enters the view (`ent:entersView`).
Of a property with the policy `latest` only the newest claims count, per subject; a tie of different
values keeps all of them and warns. Which properties and modalities enter is said in the ontology,
not here; a function and not a query, because "the date of a claim" has four sources and as-of needs
it twice. Situations that a claim describes are no part of the view: they stand in the entities.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode, Quad, Triple

from entente.core.terms import ENT, GRAPH_CURATION, VOC
from entente.logic.facts import Facts, Node, Term

_CLAIM: Final = NamedNode(ENT + "Claim")
_SUBJECT: Final = NamedNode(ENT + "subject")
_PREDICATE: Final = NamedNode(ENT + "predicate")
_OBJECT: Final = NamedNode(ENT + "object")
_NEGATED: Final = NamedNode(ENT + "negated")
_MODALITY: Final = NamedNode(ENT + "modality")
_STATUS: Final = NamedNode(ENT + "curationStatus")
_SUPERSEDES: Final = NamedNode(ENT + "supersedes")
_REPORTED_IN: Final = NamedNode(ENT + "reportedIn")
_REPORTED_ON: Final = NamedNode(ENT + "reportedOn")
_NOT_BEFORE: Final = NamedNode(ENT + "notBefore")
_SAID_ON: Final = NamedNode(ENT + "saidOn")
_LATEST: Final = NamedNode(ENT + "latest")
_EARLIEST: Final = NamedNode(ENT + "earliest")
_POLICY: Final = NamedNode(ENT + "viewPolicy")
_ENTERS: Final = NamedNode(ENT + "entersView")
_ACCEPTED: Final = VOC + "curation-status/accepted"
_AnyTerm = TypeVar("_AnyTerm", NamedNode, Literal, Term)
_LATEST_WINS: Final = VOC + "view-policy/latest"


@dataclass(frozen=True, slots=True)
class Tie:
    """Claims of one date that give different values to a latest-wins property."""

    subject: str
    predicate: str
    values: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The view's triples, each with the claims that support it (sorted), and the ties."""

    support: Mapping[Triple, tuple[str, ...]]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    claim: NamedNode
    subject: NamedNode
    predicate: NamedNode
    object: Term
    when: date


def current_view(quads: Iterable[Quad], *, as_of: date | None = None) -> View:
    """Derive the view from the ontology, vocabularies, entities, articles and curation.

    Args:
        quads: all asserted quads; a status in `graph:curation` overrules the article's.
        as_of: count only what was reported on that day or before; an undated article counts from
            its `ent:notBefore`, and what is undated altogether only where no date is asked for.
    """
    held = tuple(quads)
    curation = NamedNode(GRAPH_CURATION)
    return view_of(
        Facts(held), Facts(quad for quad in held if quad.graph_name == curation), as_of=as_of
    )


def view_of(facts: Facts, curation: Facts, *, as_of: date | None = None) -> View:
    """Derive the view from facts; where one value is due and several stand, the least counts.

    Args:
        facts: of all asserted quads.
        curation: of those in `graph:curation`.
        as_of: see `current_view`.
    """
    claims = [
        claim
        for claim in facts.instances(_CLAIM)
        if isinstance(claim, NamedNode)
        and _status(claim, facts, curation) == _ACCEPTED
        and (as_of is None or _reported(claim, facts, unknown=date.max) <= as_of)
    ]
    superseded = {old for claim in claims for old in facts.objects(claim, _SUPERSEDES)}
    candidates = [
        candidate
        for claim in claims
        if claim not in superseded and (candidate := _candidate(claim, facts)) is not None
    ]
    kept, ties = _latest_of(candidates, facts)
    support: dict[Triple, set[str]] = defaultdict(set)
    for one in kept:
        support[Triple(one.subject, one.predicate, one.object)].add(one.claim.value)
    return View(
        {triple: tuple(sorted(support[triple])) for triple in sorted(support, key=str)}, ties
    )


def _status(claim: NamedNode, facts: Facts, curation: Facts) -> str | None:
    status = _node(claim, _STATUS, curation) or _node(claim, _STATUS, facts)
    return status.value if status is not None else None


def _candidate(claim: NamedNode, facts: Facts) -> _Candidate | None:
    subject, predicate = _node(claim, _SUBJECT, facts), _node(claim, _PREDICATE, facts)
    object_, modality = _least(facts.objects(claim, _OBJECT)), _node(claim, _MODALITY, facts)
    if subject is None or predicate is None or object_ is None or modality is None:
        return None
    if _text(claim, _NEGATED, facts) == "true" or _text(modality, _ENTERS, facts) != "true":
        return None
    if _node(predicate, _POLICY, facts) is None:
        return None
    return _Candidate(claim, subject, predicate, object_, _said(claim, facts))


def _reported(claim: NamedNode, facts: Facts, *, unknown: date) -> date:
    article = _node(claim, _REPORTED_IN, facts)
    texts = (
        _text(claim, _REPORTED_ON, facts),
        _text(article, _NOT_BEFORE, facts) if article is not None else None,
    )
    return next((day for text in texts if (day := _day(text)) is not None), unknown)


def _said(claim: NamedNode, facts: Facts) -> date:
    """When it was said: at the latest when it was reported; else as early as can be."""
    reported = _reported(claim, facts, unknown=date.min)
    time = _node(claim, _SAID_ON, facts)
    if time is None:
        return reported
    said = _day(_text(time, _LATEST, facts)) or _day(_text(time, _EARLIEST, facts))
    if said is None:
        return reported
    return said if reported == date.min else min(said, reported)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        return None  # a date that is none is the checks' to report


def _node(subject: Node, predicate: NamedNode, facts: Facts) -> NamedNode | None:
    return _least([o for o in facts.objects(subject, predicate) if isinstance(o, NamedNode)])


def _text(subject: Node, predicate: NamedNode, facts: Facts) -> str | None:
    found = _least([o for o in facts.objects(subject, predicate) if isinstance(o, Literal)])
    return None if found is None else found.value


def _least(terms: list[_AnyTerm]) -> _AnyTerm | None:
    """Choose the same one in whatever order they were read."""
    return terms[0] if len(terms) == 1 else min(terms, key=str, default=None)


def _latest_of(
    candidates: list[_Candidate], facts: Facts
) -> tuple[list[_Candidate], tuple[Tie, ...]]:
    groups: dict[tuple[NamedNode, NamedNode], list[_Candidate]] = defaultdict(list)
    kept: list[_Candidate] = []
    for one in candidates:
        policy = _node(one.predicate, _POLICY, facts)
        if policy is not None and policy.value == _LATEST_WINS:
            groups[one.subject, one.predicate].append(one)
        else:
            kept.append(one)
    ties = []
    for (subject, predicate), group in groups.items():
        newest = max(one.when for one in group)
        winners = [one for one in group if one.when == newest]
        kept += winners
        values = sorted({str(one.object) for one in winners})
        if len(values) > 1:
            claims = sorted(one.claim.value for one in winners)
            ties.append(Tie(subject.value, predicate.value, tuple(values), tuple(claims)))
    return kept, tuple(sorted(ties, key=lambda tie: (tie.subject, tie.predicate)))
