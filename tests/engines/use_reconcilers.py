"""Reconciles with the library `reconciler`, or holds answers to JSON Schemas; see `clients`."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# The libraries are in .cache and not in .venv: the type checker cannot know them.


def reconcile(fields: dict[str, Any]) -> Any:
    """Reconcile a column of a table, with other columns as properties."""
    pandas: Any = import_module("pandas")
    library: Any = import_module("reconciler")
    table = pandas.DataFrame(fields["table"])
    properties = {iri: table[column] for iri, column in fields.get("properties", {}).items()}
    found = library.reconcile(
        table[fields["column"]],
        type_id=fields.get("type"),
        top_res=fields.get("top", 1),
        property_mapping=properties or None,
        reconciliation_endpoint=fields["endpoint"],
    )
    return json.loads(found.to_json(orient="records"))


def validate(fields: dict[str, Any]) -> Any:
    """Give what is wrong with some documents by the schemas of one folder."""
    library: Any = import_module("jsonschema")
    referencing: Any = import_module("referencing")
    dialect = import_module("referencing.jsonschema").DRAFT7
    folder = Path(fields["folder"])
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    schemas["schema.json"] = schemas["openapi.json"]

    def retrieve(uri: str) -> Any:
        name = uri.partition("#")[0].rpartition("/")[2]
        return referencing.Resource.from_contents(schemas[name], default_specification=dialect)

    registry = referencing.Registry(retrieve=retrieve)
    wrong = []
    for schema, document in fields["documents"]:
        validator = library.Draft7Validator(schemas[f"{schema}.json"], registry=registry)
        wrong += [
            f"{schema}: {each.json_path}: {each.message}"
            for each in validator.iter_errors(document)
        ]
    return wrong


if __name__ == "__main__":
    asked: dict[str, Any] = json.load(sys.stdin)
    json.dump({"reconcile": reconcile, "validate": validate}[asked["do"]](asked), sys.stdout)
