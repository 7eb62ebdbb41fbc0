"""Reads parts of a release with libraries of others; run by the tests of these."""

import json
import sys
import warnings
from importlib import import_module
from typing import Any

# The libraries are in .cache and not in .venv: the type checker cannot know them.


def frictionless(path: str) -> Any:
    """Validate a data package with its tables; give what is wrong, and how many there are."""
    report = import_module("frictionless").validate(path)
    return {"errors": report.flatten(["title", "type", "message"]), "tables": len(report.tasks)}


def csvw(path: str) -> Any:
    """Validate a description of tables and the tables; give what is wrong, and the rows of each."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        group = import_module("csvw").CSVW(path, validate=True)
    return {
        "valid": group.is_valid,
        "warnings": [str(one.message) for one in (*caught, *group.warnings)],
        "rows": {str(table.url): sum(1 for _ in table) for table in group.tables},
    }


def nanopub(path: str) -> Any:
    """Check one nanopublication a file; give the names of those that are good."""
    rdflib, library = import_module("rdflib"), import_module("nanopub")
    verify = import_module("nanopub.sign_utils").verify_trusty
    good = []
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  # a list of texts
        texts = json.load(file)
    for text in texts:
        graph = rdflib.ConjunctiveGraph()
        graph.parse(data=text, format="trig")
        read = library.Nanopub(rdf=graph)
        if read.is_valid and verify(graph, str(read.source_uri), read.metadata.namespace):
            good.append(str(read.source_uri))
    return good


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    readers = {"frictionless": frictionless, "csvw": csvw, "nanopub": nanopub}
    print(json.dumps(readers[asked["reader"]](asked["path"])))  # noqa: T201  # its answer
