"""SHACL validation: shapes held against triples, as values that can be sorted and told.

Runs pySHACL without `owl:imports`, JavaScript, advanced features or inference: classes follow
`rdfs:subClassOf` as far as the data itself states it, so the ontology is part of the data. Literals
reach pySHACL exactly as written. Known gaps of pySHACL 0.40: `$shapesGraph` in SPARQL constraints,
and `sh:uniqueLang "1"`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from rdflib.namespace import SH as RDFLIB_SH

from entente.core.terms import RDF, SH, XSD
from entente.logic.facts import TYPE, Term

SEVERITIES: Final = {SH + "Violation": "error", SH + "Warning": "warning", SH + "Info": "info"}


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result; IRIs as text, the offending value as the term it is.

    `path` is empty where the constraint is the node's own or the path is no single property.
    """

    focus: str
    path: str
    value: Term | None
    severity: str
    message: str
    shape: str
    component: str


def validate(data: Iterable[Quad | Triple], shapes: Iterable[Quad | Triple]) -> list[Result]:
    """Hold shapes against data.

    Args:
        data: the triples, with the ontology's class hierarchy among them; graphs are merged.
        shapes: the shapes graph's triples.

    Returns:
        The results, sorted, without repetitions.
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
    nodes = report.subjects(rdflib.RDF.type, RDFLIB_SH.ValidationResult)
    return sorted({_result(report, node) for node in nodes}, key=_order)


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


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.path,
        str(result.value),
        result.component,
        result.shape,
        result.message,
        result.severity,
    )


def report_triples(results: Iterable[Result], *, base: str) -> list[Triple]:
    """Give results as a SHACL report whose nodes are `base` and `base-1`, `base-2` and so on."""
    held = list(results)
    report = NamedNode(base)
    conforms = str(not held).lower()
    triples = [
        Triple(report, TYPE, NamedNode(SH + "ValidationReport")),
        Triple(
            report,
            NamedNode(SH + "conforms"),
            Literal(conforms, datatype=NamedNode(XSD + "boolean")),
        ),
    ]
    severities = {name: iri for iri, name in SEVERITIES.items()}
    for number, result in enumerate(held, 1):
        node = NamedNode(f"{base}-{number}")
        triples.append(Triple(report, NamedNode(SH + "result"), node))
        triples.append(Triple(node, NamedNode(RDF + "type"), NamedNode(SH + "ValidationResult")))
        fields = (
            ("focusNode", result.focus),
            ("resultPath", result.path),
            ("sourceShape", result.shape),
            ("sourceConstraintComponent", result.component),
            ("resultSeverity", severities[result.severity]),
        )
        triples += [
            Triple(node, NamedNode(SH + name), NamedNode(iri)) for name, iri in fields if iri
        ]
        triples.append(Triple(node, NamedNode(SH + "resultMessage"), Literal(result.message)))
        if result.value is not None:
            triples.append(Triple(node, NamedNode(SH + "value"), result.value))
    return triples
