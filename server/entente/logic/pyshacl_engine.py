"""The reference engine of SHACL: pySHACL, without anything that fetches or runs code.

No `owl:imports`, JavaScript, advanced features or inference: classes follow `rdfs:subClassOf` as
far as the data itself states it. Literals reach pySHACL exactly as written. Known gaps of pySHACL
0.40: `$shapesGraph` in SPARQL constraints, and `sh:uniqueLang "1"`. Importing this module takes
half a second, so it is imported where it is needed.
"""

from collections.abc import Iterable

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from pyshacl.entrypoints import meta_validate
from rdflib.namespace import SH as RDFLIB_SH

from entente.core.terms import XSD
from entente.logic.facts import Term
from entente.logic.results import SEVERITIES, Result


def validate(data: Iterable[Quad | Triple], shapes: Iterable[Quad | Triple]) -> frozenset[Result]:
    """Hold shapes against data.

    Args:
        data: the triples, with the ontology's class hierarchy among them; graphs are merged.
        shapes: the shapes graph's triples.

    Raises:
        pyshacl.errors.ReportableRuntimeError: the shapes are not well-formed.
    """
    _, report, _ = pyshacl.validate(
        to_rdflib(data),
        shacl_graph=to_rdflib(shapes),
        inplace=True,  # the graph was made for this call
        advanced=False,
        js=False,
        do_owl_imports=False,
        inference="none",
        meta_shacl=False,
    )
    return _results(report)


def validate_shapes(shapes: Iterable[Quad | Triple]) -> frozenset[Result]:
    """Hold the SHACL of SHACL, the specification's own shapes for shapes, against shapes.

    See https://www.w3.org/TR/shacl/#shacl-shacl. Takes ten seconds for 250 shapes.
    """
    _, report, _ = meta_validate(to_rdflib(shapes), inference="none")
    return _results(report)


def to_rdflib(quads: Iterable[Quad | Triple]) -> rdflib.Graph:
    """Copy triples into an rdflib graph; literals keep their lexical form."""
    graph = rdflib.Graph()
    made: dict[object, rdflib.term.Identifier] = {}

    def term(node: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Identifier:
        known = made.get(node)
        if known is None:
            known = made[node] = _to_rdflib_term(node)
        return known

    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def _to_rdflib_term(
    node: NamedNode | BlankNode | Literal | Triple,
) -> rdflib.term.Identifier:
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, Triple):
        raise ValueError(f"rdflib cannot hold the triple term {node}")
    if node.language is not None:
        return rdflib.Literal(node.value, lang=node.language)
    if node.datatype.value == XSD + "string":
        return rdflib.Literal(node.value)
    return rdflib.Literal(node.value, datatype=rdflib.URIRef(node.datatype.value), normalize=False)


def _results(report: rdflib.Graph) -> frozenset[Result]:
    # not every ValidationResult: sh:detail holds those of nested shapes
    return frozenset(_result(report, node) for node in report.objects(None, RDFLIB_SH.result))


def _from_rdflib_term(node: rdflib.term.Node | None) -> Term | None:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language is not None:
            return Literal(str(node), language=node.language)
        datatype = None if node.datatype is None else NamedNode(str(node.datatype))
        return Literal(str(node), datatype=datatype)
    return None if node is None else BlankNode(str(node))


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def value(predicate: rdflib.URIRef) -> str:
        found = report.value(node, predicate)
        return "" if found is None or isinstance(found, rdflib.BNode) else str(found)

    messages = sorted(str(message) for message in report.objects(node, RDFLIB_SH.resultMessage))
    return Result(
        focus=value(RDFLIB_SH.focusNode),
        path=value(RDFLIB_SH.resultPath),
        value=_from_rdflib_term(report.value(node, RDFLIB_SH.value)),
        severity=SEVERITIES.get(value(RDFLIB_SH.resultSeverity), "error"),
        message=" / ".join(messages),
        shape=value(RDFLIB_SH.sourceShape),
        component=value(RDFLIB_SH.sourceConstraintComponent),
    )
