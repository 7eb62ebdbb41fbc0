"""Results of SHACL validation: values that can be compared, sorted and written as a report."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import SH, XSD
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


def order(result: Result) -> tuple[str, ...]:
    """Give the key by which results are sorted."""
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
        triples.append(Triple(node, TYPE, NamedNode(SH + "ValidationResult")))
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
