"""One update test over HTTP: put the dataset, send the update, compare the dataset after it.

Owns the judgement of update cases on a writable server whose default graph is its own. The dataset
before is put by one update, the dataset after is read by one query. Syntax is judged by a dry run,
which parses and tries and publishes nothing.
"""

from typing import Final

import pyoxigraph as ox

from tests.protocol.suites.comparing import same
from tests.protocol.suites.manifest import Case
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.results import Table, read_results
from tests.protocol.suites.serving import read_data
from tests.protocol.suites.writable import Writable

ALL: Final = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
UPDATE: Final = {"Content-Type": "application/sparql-update"}


def judge_update(server: Writable, case: Case) -> Outcome:
    """Run a case of update evaluation or update syntax."""
    if case.kind == "update":
        return _evaluate(server, case)
    reply = server.send("POST", "/update?dry-run", UPDATE, case.text.encode())
    kind = "" if reply.status < 400 else str(reply.fields()["type"]).rpartition("#")[2]
    wrong = reply.status == 400 and kind == "syntax"
    # What was parsed may still be refused: LOAD, or a graph that is not there.
    right = reply.status == 200 or kind == "refused"
    passed = right if case.kind == "good-update" else wrong
    return Outcome("passed" if passed else "failed", f"{reply.status} {reply.text}")


def _evaluate(server: Writable, case: Case) -> Outcome:
    server.put([quad for data in case.data for quad in read_data(data)])
    text = f"BASE <{case.base}>\n{case.text}"
    reply = server.send("POST", "/update", UPDATE, text.encode())
    if reply.status not in (200, 204):
        return Outcome("failed", f"{reply.status} {reply.text}")
    expected = ox.Dataset(quad for data in case.expected for quad in read_data(data))
    found = _dataset(server)
    if same(expected, found, in_order=False):
        return Outcome("passed")
    verdict = same(expected, found, in_order=False, values=True)
    seen = "\n".join(["expected:", *map(str, expected), "found:", *map(str, found)])
    return Outcome("by value" if verdict else "failed", seen)


def _dataset(server: Writable) -> ox.Dataset:
    reply = server.site.query(ALL, accept="application/sparql-results+json")
    table = read_results(reply.body, ".srj")
    assert isinstance(table, Table)
    return ox.Dataset(
        ox.Quad(row["s"], row["p"], row["o"], row.get("g"))  # type: ignore[arg-type]  # a store holds triples only
        for row in table.rows
    )
