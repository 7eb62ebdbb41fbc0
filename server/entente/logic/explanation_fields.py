"""Fields: explanations and impacts as what JSON can hold.

Owns the members of the answers of `/api/explain`. A term is written as in SPARQL 1.1 JSON results,
with a label and a short name beside it where it has them; a sentence says each statement in words.
"""

from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from entente.core.terms import ART, GRAPH_ARTICLE, OWL, RDF, RDFS, shorten
from entente.logic.explanation import Evidence, Explanation, Step, Testimony
from entente.logic.fast_rule import Term, Variable
from entente.logic.impact import Impact
from entente.logic.proof import Gap
from entente.logic.support import NO_SUPPORT, support_fields

Fields = dict[str, Any]

_WORDS: Final = {
    RDF + "type": "is a",
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "implies",
    RDFS + "domain": "is said of a",
    RDFS + "range": "leads to a",
    OWL + "inverseOf": "is the inverse of",
    OWL + "propertyChainAxiom": "follows from the chain",
    OWL + "TransitiveProperty": "transitive property",
    OWL + "SymmetricProperty": "symmetric property",
    OWL + "disjointWith": "has no member in common with",
}
"""What a sentence calls terms that are not our own, and so have no label here."""


def explanation_fields(found: Explanation, evidence: Evidence) -> Fields:
    """Give an explanation; `status` is inferred, reported, asserted or absent."""
    fields: Fields = {
        "statement": _statement(found.statement, evidence),
        "holds": found.proof is not None,
        "status": _status(found.proof),
    }
    if found.proof is not None:
        return {**fields, "proof": _step(found.proof, evidence), "claims": _claims(found.proof)}
    return {
        **fields,
        "unknown": [_term(term, evidence) for term in found.unknown],
        "uncounted": [_testimony(one) for one in found.uncounted],
        "missing": [_gap(gap, evidence) for gap in found.gaps],
        "instead": [_statement(one, evidence) for one in found.instead],
        "against": [_statement(one, evidence) for one in found.barred],
    }


def impact_fields(found: Impact, evidence: Evidence) -> Fields:
    """Give an impact."""

    def triples(held: tuple[Triple, ...]) -> list[Fields]:
        return [
            _statement((triple.subject, triple.predicate, triple.object), evidence)
            for triple in held
        ]

    return {
        "claim": found.claim,
        "view": {"lost": triples(found.view_lost), "gained": triples(found.view_gained)},
        "inferred": {
            "lost": triples(found.inferred_lost),
            "gained": triples(found.inferred_gained),
        },
        "stillSupported": triples(found.still_supported),
        "undescribed": [_term(NamedNode(iri), evidence) for iri in found.undescribed],
    }


def change_fields(before: Evidence, after: Evidence) -> Fields:
    """Say what became known between two days: articles, facts that came, facts that gave way."""
    articles = {_graph(quad) for quad in after.quads if _is_article(quad)}
    articles -= {_graph(quad) for quad in before.quads if _is_article(quad)}
    old, new = before.view.support, after.view.support
    lines = [(_plain(triple, after), "new", triple) for triple in new.keys() - old.keys()]
    lines += [(_plain(triple, before), "gone", triple) for triple in old.keys() - new.keys()]
    return {
        "articles": sorted(ART + name.removeprefix(GRAPH_ARTICLE) for name in articles),
        "facts": [
            {"change": change, "text": text, "claims": list({**old, **new}[triple])}
            | _support(
                (triple.subject, triple.predicate, triple.object),
                after if change == "new" else before,
            )
            for text, change, triple in sorted(lines, key=lambda line: (line[0], line[1]))
        ],
    }


def _is_article(quad: Quad) -> bool:
    return _graph(quad).startswith(GRAPH_ARTICLE)


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _plain(triple: Triple, evidence: Evidence) -> str:
    statement = _statement((triple.subject, triple.predicate, triple.object), evidence)
    return str(statement["text"])


def _status(proof: Step | None) -> str:
    if proof is None:
        return "absent"
    if proof.rule is not None:
        return "inferred"
    supported = any(claim.role == "supports" for claim in proof.claims)
    return "reported" if supported else "asserted"


def _claims(proof: Step) -> list[str]:
    """Give all claims that a proof rests on."""
    found = {claim.claim for claim in proof.claims}
    found.update(iri for premise in proof.premises for iri in _claims(premise))
    return sorted(found)


def _step(step: Step, evidence: Evidence) -> Fields:
    fields = _statement(step.statement, evidence)
    if step.rule is not None:
        fields |= {"rule": step.rule, "words": step.words}
        return fields | {"premises": [_step(premise, evidence) for premise in step.premises]}
    return fields | {
        "graphs": list(step.graphs),
        "claims": [_testimony(claim) for claim in step.claims],
    }


def _testimony(one: Testimony) -> Fields:
    return {
        "claim": one.claim,
        "role": one.role,
        "statement": one.statement,
        "article": one.article,
        "reportedOn": one.reported_on,
        "modality": one.modality,
        "saidBy": list(one.speakers),
        "evidence": list(one.passages),
    }


def _gap(gap: Gap, evidence: Evidence) -> Fields:
    return {
        "rule": gap.rule,
        "words": gap.words,
        "lacks": _statement(gap.missing, evidence),
        "holds": [
            _statement(statement, evidence)
            for statement in gap.present
            if not isinstance(statement[0], BlankNode)  # the list's name tells its members
        ],
    }


def _statement(
    statement: tuple[Term | Variable, Term | Variable, Term | Variable], evidence: Evidence
) -> Fields:
    subject, predicate, object_ = (_term(term, evidence) for term in statement)
    text = " ".join(each.get("label") or each["text"] for each in (subject, predicate, object_))
    fields = {"subject": subject, "predicate": predicate, "object": object_, "text": text}
    return fields | _support(statement, evidence)


def _support(
    statement: tuple[Term | Variable, Term | Variable, Term | Variable], evidence: Evidence
) -> Fields:
    """Say how many sources and claims a statement has; one with an open place has none."""
    terms = [term for term in statement if not isinstance(term, Variable)]
    found = evidence.backing.of(*terms) if len(terms) == 3 else NO_SUPPORT
    names = (shorten(one.value) if isinstance(one, NamedNode) else str(one) for one in terms)
    return support_fields(found, *names) if len(terms) == 3 else support_fields(found, "", "", "")


def _term(term: Term | Variable, evidence: Evidence) -> Fields:
    match term:
        case Variable():
            return {"type": "variable", "value": term.name, "text": "something"}
        case NamedNode():
            fields = {"type": "uri", "value": term.value, "text": shorten(term.value)}
            label = evidence.label(term) or _WORDS.get(term.value)
            return fields if label is None else {**fields, "label": label}
        case Literal():
            fields = {"type": "literal", "value": term.value, "text": term.value}
            if term.language is not None:
                return {**fields, "xml:lang": term.language}
            return {**fields, "datatype": term.datatype.value}
        case BlankNode():
            text = evidence.label(term) or "an unnamed node"
            return {"type": "bnode", "value": term.value, "text": text}
    raise TypeError(f"not a term: {term}")
