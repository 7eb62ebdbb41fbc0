"""Reports: results of a judgement as values that leave the writer, and as a SHACL report."""

from collections.abc import Iterable
from dataclasses import replace

import pyoxigraph as ox

from entente.core.terms import GRAPH
from entente.core.writes import Report, ShapeResult
from entente.logic.canonical import write_turtle
from entente.logic.results import Result, report_triples

MOST = 1000
_RANK = {"error": 0, "warning": 1, "info": 2}


def report_of(results: Iterable[Result]) -> Report:
    """Give a report of results, errors first; of more than a thousand the rest is left out.

    Where there is none the report says that the change conforms.
    """
    held = sorted(results, key=lambda one: (_RANK[one.severity], one.focus, one.path))[:MOST]
    triples = report_triples(map(_writable, held), base=f"{GRAPH}shacl-report")
    ntriples = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return Report(
        results=tuple(map(_as_value, held)),
        turtle=write_turtle(triples),
        ntriples=ntriples.decode(),
    )


def _as_value(result: Result) -> ShapeResult:
    return ShapeResult(
        focus=result.focus,
        path=result.path,
        value=None if result.value is None else str(result.value),
        severity=result.severity,
        message=result.message,
        shape=result.shape,
        component=result.component,
    )


def _writable(result: Result) -> Result:
    """Leave out what is no IRI: a literal may be in focus, a contradiction has its rule's name."""
    shape = result.shape.replace("owl:", "urn:entente:owl-rule:", 1)
    return replace(result, focus=_iri(result.focus), shape=_iri(shape))


def _iri(text: str) -> str:
    try:
        return ox.NamedNode(text).value
    except ValueError:
        return ""
