"""Asks an endpoint with SPARQLWrapper or pandas; run by `tests.engines.clients`."""

import json
import sys
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

# The libraries are in .cache and not in .venv: the type checker cannot know them.


def wrapper(fields: dict[str, Any]) -> Any:
    """Ask or update by SPARQLWrapper."""
    library: Any = import_module("SPARQLWrapper")
    client = library.SPARQLWrapper(
        fields.get("endpoint"),
        updateEndpoint=fields.get("update"),
        returnFormat=fields.get("format", "json"),
    )
    client.setQuery(fields["query"])
    client.setMethod(fields.get("method", "GET"))
    for name in fields.get("graphs", ()):
        client.addParameter("default-graph-uri", name)
    if fields.get("token"):
        client.addCustomHttpHeader("Authorization", f"Bearer {fields['token']}")
    if fields.get("update"):
        return client.query().response.status
    found = client.query()
    converted = found.convert()
    if isinstance(converted, dict | str):
        return converted
    if isinstance(converted, bytes):
        return converted.decode()
    if hasattr(converted, "toxml"):
        return converted.toxml()
    return sorted([str(term) for term in triple] for triple in converted)


def frame(fields: dict[str, Any]) -> Any:
    """Read a table by pandas, with an Accept header or with `format=`."""
    search = {"query": fields["query"], **fields.get("parameters", {})}
    options = {"Accept": fields["accept"]} if "accept" in fields else None
    pandas: Any = import_module("pandas")
    found = pandas.read_csv(f"{fields['endpoint']}?{urlencode(search)}", storage_options=options)
    return {name: list(found[name].astype(str)) for name in found.columns}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({"wrapper": wrapper, "frame": frame}[asked.pop("client")](asked), sys.stdout)
