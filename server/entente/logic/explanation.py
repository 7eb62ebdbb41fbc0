"""Explanations: a proof carried on to the claims, articles and files that its leaves rest on.

Owns the joining of proofs with graphs and claims, and the reasons why a claim gives no direct
triple. Holds one revision of the graph in memory; as of a day, only what was reported by then.
Knows neither HTTP nor a serialisation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from entente.core.terms import ENT, GRAPH_CURATION, GRAPH_CURRENT, RDF, SKOS, VOC, shorten
from entente.logic.backing import Backing
from entente.logic.closure import record
from entente.logic.derivation import CURRENT, INFERRED, reasoned
from entente.logic.facts import Facts
from entente.logic.fast_rule import Term
from entente.logic.known import asserted_in, known_on
from entente.logic.proof import Gap, Proof, Prover, Statement
from entente.logic.view import View, current_view

MOST_INSTEAD: Final = 10
_LABEL: Final = NamedNode(SKOS + "prefLabel")
MOST_MEMBERS: Final = 20
_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_SUBJECT: Final = NamedNode(ENT + "subject")
_PREDICATE: Final = NamedNode(ENT + "predicate")
_OBJECT: Final = NamedNode(ENT + "object")
_DESCRIBES: Final = NamedNode(ENT + "describes")
_STATUS: Final = NamedNode(ENT + "curationStatus")
_MODALITY: Final = NamedNode(ENT + "modality")
_ACCEPTED: Final = NamedNode(VOC + "curation-status/accepted")


@dataclass(frozen=True, slots=True)
class Testimony:
    """One claim as evidence; `role` is `supports`, `describes` or why it does not count."""

    claim: str
    role: str
    statement: str
    article: str | None
    reported_on: str | None
    modality: str | None
    speakers: tuple[str, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explained proof; a leaf has `graphs`, and claims where it rests on some."""

    statement: Statement
    rule: str | None
    words: str
    premises: tuple["Step", ...]
    graphs: tuple[str, ...]
    claims: tuple[Testimony, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a statement holds, or what it lacks.

    `uncounted` are claims that say it and give no direct triple, each with the reason as role;
    `instead` is what holds of the same thing and property; `barred` is what speaks against it.
    """

    statement: Statement
    proof: Step | None
    gaps: tuple[Gap, ...]
    uncounted: tuple[Testimony, ...]
    unknown: tuple[Term, ...]
    instead: tuple[Statement, ...] = ()
    barred: tuple[Statement, ...] = ()


class Evidence:
    """One revision of the graph, ready to say why.

    Args:
        quads: of the dataset; generated graphs are derived anew.
        as_of: take only what was reported on that day or before.
        rules: folder of the reasoner's rules; the project's own where `None`.

    Raises:
        NotCovered: the ontology has a construct that the fast engine has no rules for.
    """

    def __init__(
        self, quads: Iterable[Quad], *, as_of: date | None = None, rules: Path | None = None
    ) -> None:
        asserted = asserted_in(quads)
        self.quads = asserted if as_of is None else known_on(asserted, as_of)
        self.facts = Facts(self.quads)
        self.view: View = current_view(self.quads, as_of=as_of)
        self.rules, self.as_of = rules, as_of
        self.reasoned = reasoned(self.quads)
        self._curation = Facts(
            quad for quad in self.quads if quad.graph_name == NamedNode(GRAPH_CURATION)
        )
        self._graphs: dict[Triple, list[str]] = {}
        for quad in self.quads:
            if isinstance(quad.graph_name, NamedNode):
                self._graphs.setdefault(quad.triple, []).append(quad.graph_name.value)
        self._recorded = record((*self.reasoned, *self.view.support), rules=rules)
        self.prover = Prover(self._recorded)
        self.backing = Backing(
            self.quads,
            self.facts,
            curation=self._curation,
            view=self.view,
            holds=self.prover.holds,
        )

    def dataset(self) -> frozenset[Quad]:
        """Give the whole dataset but its metadata: what is asserted, the view, what follows."""
        inferred = (each for each in self._recorded.inferred() if each not in self._graphs)
        return frozenset(self.quads).union(
            (Quad(t.subject, t.predicate, t.object, CURRENT) for t in self.view.support),
            (Quad(t.subject, t.predicate, t.object, INFERRED) for t in inferred),
        )

    def explain(self, statement: Statement) -> Explanation:
        """Say why a statement holds, or what it lacks."""
        triple = Triple(*statement)  # type: ignore[arg-type]  # who asks writes RDF
        proof = Proof(statement) if triple in self._graphs else self.prover.prove(statement)
        if proof is not None:
            return Explanation(statement, self._step(proof), (), (), ())
        subject, predicate, object_ = statement
        unknown = tuple(term for term in statement if not self.prover.names(term))
        uncounted = tuple(
            self.testimony(claim, self._why_not(claim))
            for claim in self._claims_of(subject, predicate, object_)
        )
        values = self.prover.values(subject, predicate)
        return Explanation(
            statement,
            None,
            self.prover.gaps(statement),
            uncounted,
            unknown,
            tuple((subject, predicate, value) for value in values[:MOST_INSTEAD]),
            self.prover.barred(statement),
        )

    def label(self, term: Term) -> str | None:
        """Give what a thing is called in English, or in any language."""
        if isinstance(term, BlankNode):
            return self._members(term)
        if not isinstance(term, NamedNode):
            return None
        labels = [one for one in self.facts.objects(term, _LABEL) if hasattr(one, "language")]
        labels.sort(key=lambda one: (one.language != "en", str(one)))
        return labels[0].value if labels else None

    def _members(self, cell: BlankNode) -> str | None:
        """Name a list by its members."""
        names, node = list[str](), cell
        while (member := self.facts.object(node, _FIRST)) is not None and len(names) < MOST_MEMBERS:
            short = shorten(member.value) if isinstance(member, NamedNode) else str(member)
            names.append(self.label(member) or short)
            following = self.facts.object(node, _REST)
            if not isinstance(following, BlankNode):
                break
            node = following
        return ", then ".join(names) or None

    def _step(self, proof: Proof) -> Step:
        premises = tuple(self._step(premise) for premise in proof.premises)
        graphs: tuple[str, ...] = ()
        claims: tuple[Testimony, ...] = ()
        if proof.rule is None:
            graphs, claims = self._origin(proof.statement)
        return Step(proof.statement, proof.rule, proof.words, premises, graphs, claims)

    def _origin(self, statement: Statement) -> tuple[tuple[str, ...], tuple[Testimony, ...]]:
        """Say in which graphs a leaf stands, and which claims it rests on."""
        triple = Triple(*statement)  # type: ignore[arg-type]  # it is asserted, so it is RDF
        supporting = self.view.support.get(triple, ())
        graphs = sorted({*self._graphs.get(triple, ()), *([GRAPH_CURRENT] if supporting else ())})
        claims = [self.testimony(NamedNode(claim), "supports") for claim in supporting]
        if supporting:
            claims += (
                self.testimony(claim, "said so before")
                for claim in sorted(self.backing.stating(triple), key=str)
                if claim.value not in supporting
            )
        describing = self.facts.subjects_with(_DESCRIBES, triple.subject)  # type: ignore[arg-type]  # a subject is no triple here
        claims += (
            self.testimony(claim, "describes")
            for claim in sorted(describing, key=str)
            if isinstance(claim, NamedNode) and self._status(claim) == _ACCEPTED
        )
        return tuple(graphs), tuple(claims)

    def _claims_of(self, subject: Term, predicate: Term, object_: Term) -> list[NamedNode]:
        found = [
            claim
            for claim in self.facts.subjects_with(_SUBJECT, subject)  # type: ignore[arg-type]  # see above
            if predicate in self.facts.objects(claim, _PREDICATE)
            and object_ in self.facts.objects(claim, _OBJECT)
        ]
        return sorted((one for one in found if isinstance(one, NamedNode)), key=str)

    def _why_not(self, claim: NamedNode) -> str:
        """Say why a claim gives no direct triple."""
        facts = self.facts
        status, modality = self._status(claim), facts.node(claim, _MODALITY)
        predicate = facts.node(claim, _PREDICATE)
        if status != _ACCEPTED:
            return f"its status is {_name(status)}, not accepted"
        if facts.text(claim, NamedNode(ENT + "negated")) == "true":
            return "it is negated"
        if modality is None or facts.text(modality, NamedNode(ENT + "entersView")) != "true":
            return f"what is {_name(modality)} does not enter the view"
        if predicate is None or facts.node(predicate, NamedNode(ENT + "viewPolicy")) is None:
            return f"statements with {_name(predicate)} do not enter the view"
        newer = [
            other
            for other in facts.subjects_with(NamedNode(ENT + "supersedes"), claim)
            if isinstance(other, NamedNode) and self._status(other) == _ACCEPTED
        ]
        if newer:
            return f"superseded by {', '.join(_name(other) for other in newer)}"
        return "a later claim about the same counts"

    def _status(self, claim: NamedNode) -> NamedNode | None:
        return self._curation.node(claim, _STATUS) or self.facts.node(claim, _STATUS)

    def testimony(self, claim: NamedNode, role: str) -> Testimony:
        """Give a claim as evidence."""
        facts = self.facts

        def iris(name: str) -> tuple[str, ...]:
            found = facts.objects(claim, NamedNode(ENT + name))
            return tuple(sorted(one.value for one in found if isinstance(one, NamedNode)))

        return Testimony(
            claim=claim.value,
            role=role,
            statement=facts.text(claim, NamedNode(ENT + "statement")) or "",
            article=next(iter(iris("reportedIn")), None),
            reported_on=facts.text(claim, NamedNode(ENT + "reportedOn")),
            modality=next(iter(iris("modality")), None),
            speakers=iris("saidBy"),
            passages=iris("evidence"),
        )


def _name(term: NamedNode | None) -> str:
    """Name a concept, property or claim in a sentence."""
    if term is None:
        return "nothing"
    return term.value.rpartition("/")[2] if term.value.startswith(VOC) else shorten(term.value)
