"""Checks written as SPARQL: one rule a file in `ontology/checks`, any row is a finding.

A rule is `SELECT ?subject ?problem …`, over the union of the asserted graphs; `?predicate` and
`?severity` ("warning", "info") may be selected too. Its first comment line says how to mend.
"""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from entente.build.problems import Problem
from entente.build.sources import Sources
from entente.core.terms import shorten

_PLACE: Final = re.compile(r"error at ([0-9]+):[0-9]+: ")


def check_queries(sources: Sources) -> Iterator[Problem]:
    """Run every rule over the asserted graphs; a rule that is no query is a finding itself."""
    if not sources.queries:
        return
    store = Store()
    store.extend(sources.quads())
    for path, text in sources.queries.items():
        try:
            rows = store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            place = _PLACE.match(str(error.args[0]))
            yield Problem(
                what=f"malformed SPARQL: {_PLACE.sub('', str(error.args[0]))}",
                mend="mend the rule",
                rule="syntax",
                file=path,
                line=int(place[1]) if place is not None else 1,
            )
            continue
        names = (
            [variable.value for variable in rows.variables]
            if isinstance(rows, QuerySolutions)
            else []
        )
        if "subject" not in names or not isinstance(rows, QuerySolutions):
            yield Problem(
                what="the rule does not select ?subject",
                mend="write SELECT ?subject ?problem WHERE { … }",
                rule="syntax",
                file=path,
                line=1,
            )
            continue
        first = text.lstrip().split("\n", 1)[0]
        mend = first.lstrip("# ") if first.startswith("#") else ""
        for row in rows:
            values = {name: row[name] for name in names}
            yield _problem(values, path=path, mend=mend)


def _problem(values: dict[str, object], *, path: str, mend: str) -> Problem:
    def iri(name: str) -> str | None:
        value = values.get(name)
        return value.value if isinstance(value, NamedNode) else None

    def text(name: str, default: str) -> str:
        value = values.get(name)
        return value.value if isinstance(value, Literal) else default

    subject = iri("subject")
    name = shorten(subject) if subject else str(values.get("subject"))
    return Problem(
        what=f"{name}: {text('problem', 'breaks the rule')}",
        mend=mend,
        rule=path,
        severity=text("severity", "error"),
        subject=subject,
        predicate=iri("predicate"),
    )
