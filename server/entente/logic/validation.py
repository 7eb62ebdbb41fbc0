"""SHACL validation: shapes held against triples.

Owns the choice of the engine. `fast` checks the constraints that our shapes use; `pyshacl`, the
reference, takes over where shapes use another, and gives the same results where both can. Classes
follow `rdfs:subClassOf` as far as the data states it, so the ontology is part of the data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal as Choice

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from entente.core.errors import EntenteError
from entente.logic.conformance import Checker, Failure
from entente.logic.facts import Facts, Term
from entente.logic.results import SEVERITIES, Result, order
from entente.logic.shapes import NotCovered, compile_shapes

Engine = Choice["auto", "fast", "pyshacl"]


class ShapesError(EntenteError):
    """The shapes are not well-formed, or the engine that was asked for does not cover them."""


@dataclass(frozen=True, slots=True)
class Validation:
    """The results in order, the engine that found them, and why `auto` took the reference."""

    results: tuple[Result, ...]
    engine: str
    fallback_reason: str | None = None


def validate(
    data: Iterable[Quad | Triple],
    shapes: Iterable[Quad | Triple],
    *,
    engine: Engine = "auto",
) -> Validation:
    """Hold shapes against data.

    Args:
        data: the triples, with the ontology's class hierarchy among them; graphs are merged.
        shapes: the shapes graph's triples.
        engine: `auto` takes the fast engine where it covers the shapes.

    Raises:
        ShapesError: see there.
    """
    held, wanted, reason = tuple(data), tuple(shapes), None
    if engine != "pyshacl":
        try:
            failures = Checker(compile_shapes(wanted), Facts(held)).failures()
            return Validation(results_of(failures), "fast")
        except NotCovered as error:
            reason = str(error)
            if engine == "fast":
                raise ShapesError(f"the fast engine does not cover {reason}") from error
    # half a second of imports, needed by few
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

    from entente.logic import pyshacl_engine

    try:
        return Validation(_sorted(pyshacl_engine.validate(held, wanted)), "pyshacl", reason)
    except (ReportableRuntimeError, ShapeLoadError) as error:
        raise ShapesError(f"the shapes are not well-formed: {error}") from error


def results_of(failures: Iterable[Failure]) -> tuple[Result, ...]:
    """Give the results that failures stand for, in order."""
    return _sorted(map(_result, failures))


def _sorted(results: Iterable[Result]) -> tuple[Result, ...]:
    return tuple(sorted(set(results), key=order))


def _result(failure: Failure) -> Result:
    shape = failure.shape
    predicate = shape.path.predicate if shape.path is not None else None
    return Result(
        focus=_text(failure.focus),
        path="" if predicate is None else predicate.value,
        value=failure.value,
        severity=SEVERITIES.get(shape.severity, "error"),
        message=shape.message or f"sh:{failure.constraint.name} is not met",
        shape=shape.node.value if isinstance(shape.node, NamedNode) else "",
        component=failure.constraint.component,
    )


def _text(term: Term) -> str:
    return "" if isinstance(term, BlankNode) else term.value
