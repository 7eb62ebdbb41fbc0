"""Checks by shapes: SHACL results as problems of their focus nodes.

The message is the shape's own: it says what is wrong and how to mend it.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pyoxigraph import BlankNode

from entente.build.problems import Problem
from entente.core.terms import shorten
from entente.logic.results import Result


def shape_problems(results: Iterable[Result]) -> Iterator[Problem]:
    """Give each result as a problem."""
    for result in results:
        name = shorten(result.shape) if ":/" in result.shape else "of no name"
        value = result.value
        plain = None if value is None or isinstance(value, BlankNode) else value.value
        local = PurePosixPath(result.path).name.rpartition("#")[2] if result.path else ""
        subject = shorten(result.focus) if ":/" in result.focus else result.focus
        shown = f" {local}" if local and local not in result.message else ""
        yield Problem(
            what=f"{subject}{shown}: {result.message}",
            mend=f"the value is {plain!r}" if plain and plain not in result.message else "",
            rule=f"shape {name}",
            severity=result.severity,
            subject=result.focus,
            predicate=result.path or None,
            object=plain,
        )
