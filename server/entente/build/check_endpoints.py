"""Checks of named queries: each file of `queries/api` must be able to become an endpoint.

Owns the comparison of a header with its query: that it is a SELECT that parses, and that its
variables are the columns that the header describes. The header alone is read in
`entente.logic.endpoint`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import QuerySolutions, Store

from entente.build.problems import Problem
from entente.logic.endpoint import Endpoint, read_endpoint

FOLDER: Final = "queries/api"
RULE: Final = "endpoint"
_PLACE: Final = re.compile(r"error at ([0-9]+):[0-9]+: ")


def check_endpoints(contents: Mapping[str, bytes]) -> Iterator[Problem]:
    """Check every named query.

    Args:
        contents: POSIX path relative to the project's root, and the file's bytes.
    """
    for path, content in sorted(contents.items()):
        folder, _, name = path.rpartition("/")
        if folder != FOLDER or not name.endswith(".rq"):
            continue
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            yield _problem(path, line, "the text is not UTF-8", "save it as UTF-8")
            continue
        endpoint, faults = read_endpoint(name.removesuffix(".rq"), text)
        for fault in faults:
            yield _problem(path, fault.line, fault.what, fault.mend)
        if endpoint is not None:
            yield from _check_query(path, text, endpoint)


def _check_query(path: str, text: str, endpoint: Endpoint) -> Iterator[Problem]:
    try:
        found = Store().query(text)
    except SyntaxError as error:
        place = _PLACE.match(str(error.args[0]))
        what = f"malformed SPARQL: {_PLACE.sub('', str(error.args[0]))}"
        yield _problem(path, int(place[1]) if place else 1, what, "mend the query")
        return
    if not isinstance(found, QuerySolutions):
        yield _problem(path, 1, "a named query is a SELECT", "write SELECT ?column … WHERE { … }")
        return
    selected = [variable.value for variable in found.variables]
    described = list(endpoint.columns)
    for name in described:
        if name not in selected:
            mend = f"select ?{name} or remove the line"
            yield _problem(path, _line(text, name), f"the query does not select ?{name}", mend)
    for name in selected:
        if name not in described:
            mend = f"add # column {name}: …"
            yield _problem(path, 1, f"the header does not describe ?{name}", mend)


def _line(text: str, column: str) -> int:
    lines = text.splitlines()
    start = f"# column {column}:"
    return next((at for at, line in enumerate(lines, start=1) if line.startswith(start)), 1)


def _problem(path: str, line: int, what: str, mend: str) -> Problem:
    return Problem(what=what, mend=mend, rule=RULE, file=path, line=line)
