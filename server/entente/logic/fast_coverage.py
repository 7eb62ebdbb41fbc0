"""Coverage: which words of an ontology the fast engine has rules for.

Owns the list of RDF, RDFS and OWL words that are either covered by rules or known to mean nothing
to OWL 2 RL (annotations, declarations). Any other word, and any use that the rules cannot follow,
is named with the place where it stands, so that the reference engine takes over and the log says
why. Must not judge whether the ontology is within the profile: that is a check of its own.
"""

from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import OWL, RDF, RDFS, XSD, shorten
from entente.logic.fast_rule import Term

_PROPERTIES: Final = frozenset(
    {
        *(RDF + name for name in ("type", "first", "rest", "value")),
        *(RDF + name for name in ("subject", "predicate", "object")),
        *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
        *(RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy", "member")),
        *(
            OWL + name
            for name in (
                "allValuesFrom",
                "annotatedProperty",
                "annotatedSource",
                "annotatedTarget",
                "assertionProperty",
                "backwardCompatibleWith",
                "complementOf",
                "deprecated",
                "differentFrom",
                "disjointWith",
                "distinctMembers",
                "equivalentClass",
                "equivalentProperty",
                "hasKey",
                "hasValue",
                "imports",
                "incompatibleWith",
                "intersectionOf",
                "inverseOf",
                "maxCardinality",
                "maxQualifiedCardinality",
                "members",
                "onClass",
                "onProperty",
                "oneOf",
                "priorVersion",
                "propertyChainAxiom",
                "propertyDisjointWith",
                "sameAs",
                "someValuesFrom",
                "sourceIndividual",
                "targetIndividual",
                "targetValue",
                "unionOf",
                "versionIRI",
                "versionInfo",
            )
        ),
    }
)

_CLASSES: Final = frozenset(
    {
        *(RDF + name for name in ("Alt", "Bag", "List", "Property", "Seq", "Statement")),
        *(RDFS + name for name in ("Class", "Container", "Datatype", "Literal", "Resource")),
        *(
            OWL + name
            for name in (
                "AllDifferent",
                "AllDisjointClasses",
                "AllDisjointProperties",
                "Annotation",
                "AnnotationProperty",
                "AsymmetricProperty",
                "Axiom",
                "Class",
                "DatatypeProperty",
                "DeprecatedClass",
                "DeprecatedProperty",
                "FunctionalProperty",
                "InverseFunctionalProperty",
                "IrreflexiveProperty",
                "NamedIndividual",
                "NegativePropertyAssertion",
                "Nothing",
                "ObjectProperty",
                "Ontology",
                "OntologyProperty",
                "Restriction",
                "SymmetricProperty",
                "Thing",
                "TransitiveProperty",
            )
        ),
    }
)

_TYPE: Final = NamedNode(RDF + "type")
_CARDINALITIES: Final = frozenset(
    NamedNode(OWL + name) for name in ("maxCardinality", "maxQualifiedCardinality")
)
_ZERO_AND_ONE: Final = frozenset(
    Literal(text, datatype=NamedNode(XSD + "nonNegativeInteger")) for text in ("0", "1")
)
_UNMENTIONED: Final = frozenset(
    {NamedNode(OWL + "sameAs"), NamedNode(RDF + "first"), NamedNode(RDF + "rest")}
)


def find_uncovered(triples: Iterable[Triple]) -> str | None:
    """Name the first construct that the fast engine does not cover, and where it stands.

    Returns:
        A phrase such as `owl:minCardinality at ent:Programme`, or `None` where all is covered. It
        is the first in the order of the text, so the same triples give the same phrase.
    """
    return min((why for triple in triples if (why := _uncovered(triple)) is not None), default=None)


def _uncovered(triple: Triple) -> str | None:
    subject, predicate, object_ = triple.subject, triple.predicate, triple.object
    if predicate.value.startswith((OWL, RDFS, RDF)) and predicate.value not in _PROPERTIES:
        return _place(predicate, subject)
    if predicate == _TYPE and isinstance(object_, NamedNode):
        iri = object_.value
        if iri.startswith((OWL, RDFS, RDF, XSD)) and iri not in _CLASSES:
            return _place(object_, subject)
    elif predicate in _CARDINALITIES and object_ not in _ZERO_AND_ONE:
        return _place(predicate, subject) + f" with {object_}"
    if subject == _TYPE or subject in _UNMENTIONED:
        return f"a statement about {_name(subject)}"
    if object_ in _UNMENTIONED:
        return f"a statement about {_name(object_)}"
    return None


def _place(word: NamedNode, subject: Term) -> str:
    return f"{shorten(word.value)} at {_name(subject)}"


def _name(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else "an unnamed node"
