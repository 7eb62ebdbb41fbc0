"""One query test over HTTP: ask, read the answer, compare.

Owns the judgement of a case: passed, passed by value only, or failed with what was seen. The
query goes as the suite has it, but for a BASE in front that stands for the address of its file.
"""

import re
from typing import Final
from urllib.parse import urlencode

from tests.protocol.suites.comparing import same
from tests.protocol.suites.manifest import Case
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.results import Results, read_file, read_results
from tests.protocol.suites.serving import NOWHERE, graphs_of
from tests.web.site import Reply, Site

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
EXTENSIONS: Final = {
    "application/sparql-results+json": ".srj",
    "application/sparql-results+xml": ".srx",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/turtle": ".ttl",
    "application/n-triples": ".nt",
    "application/rdf+xml": ".rdf",
}
ACCEPTS: Final = {
    ".srj": "application/sparql-results+json",
    ".srx": "application/sparql-results+xml",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".nt": "application/n-triples, application/sparql-results+json;q=0.5",
    ".ttl": "text/turtle, application/sparql-results+json;q=0.5",
    ".rdf": "application/rdf+xml, application/sparql-results+json;q=0.5",
}

_LAST_ORDER: Final = re.compile(r"\bORDER\s+BY\b[^{}]*$", re.IGNORECASE)


def judge_query(site: Site, case: Case) -> Outcome:
    """Run a case of query evaluation or query syntax."""
    if case.kind == "positive":
        reply = _send(site, case, case.text, [("default-graph-uri", NOWHERE)])
        parsed = reply.status == 200 or _is_unknown_function(reply)
        return Outcome("passed" if parsed else "failed", f"{reply.status} {reply.text}")
    if case.kind == "negative":
        reply = _send(site, case, case.text, [])
        refused = reply.status == 400 and _problem(reply) == "syntax"
        return Outcome("passed" if refused else "failed", f"{reply.status} {reply.text}")
    return _evaluate(site, case)


def _is_unknown_function(reply: Reply) -> bool:
    """Tell whether a query was parsed and then refused, since nobody knows its own function."""
    return (
        reply.status == 400
        and _problem(reply) == "refused"
        and "custom function" in str(reply.fields()["detail"])
    )


def _problem(reply: Reply) -> str:
    return str(reply.fields()["type"]).rpartition("#")[2]


def _evaluate(site: Site, case: Case) -> Outcome:
    assert case.result is not None
    has_from = re.search(r"\bFROM\b", case.text) is not None
    graphs = [] if has_from else graphs_of(case)
    reply = _send(site, case, f"BASE <{case.base}>\n{case.text}", graphs)
    if reply.status != 200:
        return Outcome("failed", f"{reply.status} {reply.text}")
    expected = read_file(case.result, base=case.base)
    found: Results = read_results(reply.body, EXTENSIONS[reply.type])
    in_order = _LAST_ORDER.search(case.text) is not None
    if same(expected, found, in_order=in_order, lax=case.lax):
        return Outcome("passed")
    if same(expected, found, in_order=in_order, lax=case.lax, values=True):
        return Outcome("by value", reply.text)
    return Outcome("failed", f"expected:\n{case.result.read_text()}\nfound:\n{reply.text}")


def _send(site: Site, case: Case, query: str, graphs: list[tuple[str, str]]) -> Reply:
    accept = ACCEPTS[case.result.suffix] if case.result else "*/*"
    return site.ask(
        "/sparql",
        method="POST",
        headers={**FORM, "Accept": accept},
        body=urlencode([("query", query), *graphs]).encode(),
    )
