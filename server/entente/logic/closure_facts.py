"""Facts: which triples of a closure say something that the input does not.

Owns the definition of a trivial triple. A triple of the closure is a fact, and is published,
unless it is in the input or

1. is no RDF: its subject is a literal, or its predicate is not an IRI;
2. speaks of a blank node: what holds of an unnamed class expression shows in the named classes;
3. has a word of RDF, RDFS, OWL or XML Schema as subject: axioms about the vocabulary itself;
4. relates a term to itself by owl:sameAs, owl:equivalentClass, owl:equivalentProperty,
   rdfs:subClassOf or rdfs:subPropertyOf;
5. has owl:Thing or rdfs:Resource as object of rdf:type, rdfs:subClassOf, rdfs:domain or
   rdfs:range: everything is one.

What remains: statements about things, types by our own classes, and the closure of the class and
property hierarchies, domains, ranges and equivalences of named terms.
"""

from collections.abc import Iterable, Iterator

from entente.core.terms import OWL, RDF, RDFS
from entente.logic.fast_term import Numbers, TermTable


def facts(closure: Iterable[Numbers], table: TermTable) -> Iterator[Numbers]:
    """Give the triples of a closure that are not trivial, in no order.

    Args:
        closure: numbered triples, of the input or not.
        table: the terms behind the numbers.
    """
    hierarchies = {table.iri(RDFS + "subClassOf"), table.iri(RDFS + "subPropertyOf")}
    reflexive = hierarchies | {
        table.iri(OWL + name) for name in ("sameAs", "equivalentClass", "equivalentProperty")
    }
    universal = {table.iri(OWL + "Thing"), table.iri(RDFS + "Resource")}
    placing = {table.iri(RDF + "type"), table.iri(RDFS + "subClassOf")}
    placing |= {table.iri(RDFS + "domain"), table.iri(RDFS + "range")}
    for subject, predicate, object_ in closure:
        if not (table.is_iri(subject) and table.is_iri(predicate)) or table.is_blank(object_):
            continue
        if table.is_reserved(subject):
            continue
        if subject == object_ and predicate in reflexive:
            continue
        if object_ in universal and predicate in placing:
            continue
        yield subject, predicate, object_
