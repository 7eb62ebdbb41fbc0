"""Table metadata: the tables described for machines, twice.

Owns `datapackage.json` (Frictionless, https://specs.frictionlessdata.io/tabular-data-package/) and
`csv-metadata.json` (CSV on the Web, https://www.w3.org/TR/tabular-metadata/), by which each table
turns into the very triples that it was made of (https://www.w3.org/TR/csv2rdf/, minimal mode).
Names and definitions of properties are the ontology's.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from entente.build.release_columns import DATATYPES, Column
from entente.build.release_draft import Draft
from entente.build.release_spool import Spool
from entente.core.releases import JSON, RELEASES, ReleaseFile
from entente.core.terms import GRAPH_ONTOLOGY, SKOS, XSD
from entente.logic.description import LICENCE

Fields = dict[str, Any]

TITLE: Final = "Entente: evidence graph of Europe–Ukraine defence-industrial cooperation"
CSVW: Final = "application/csvm+json"

_FRICTIONLESS: Final = {
    XSD + "boolean": ("boolean", {}),
    XSD + "integer": ("integer", {}),
    XSD + "decimal": ("number", {}),
    XSD + "date": ("date", {}),
    XSD + "dateTime": ("datetime", {"format": "any"}),
    XSD + "anyURI": ("string", {"format": "uri"}),
}
_KEYS: Final = {"reportedIn": "article", "evidence": "passage"}
"""Columns of claims that always lead to another table."""


def write_metadata(
    spool: Spool,
    draft: Draft,
    *,
    columns: Mapping[str, Sequence[Column]],
    files: Mapping[str, ReleaseFile],
    date: str,
) -> None:
    """Write both descriptions.

    Args:
        spool: to look up names and definitions.
        draft: where they are written.
        columns: of each table, in the order of its head.
        files: the tables as they were written, by name in the release.
        date: of the release.
    """
    package = {
        "profile": "tabular-data-package",
        "name": "entente",
        "id": f"{RELEASES}{date}/tables/datapackage.json",
        "title": TITLE,
        "description": "Things, situations, claims and concepts of the evidence graph as tables. "
        "Labels beside IRIs are for people; csv-metadata.json says how the tables become RDF.",
        "homepage": f"{RELEASES}{date}/",
        "version": date,
        "licenses": [
            {"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}
        ],
        "resources": [
            _resource(name, _fields(name, columns, spool), file) for name, file in _tables(files)
        ],
    }
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": TITLE,
        "dc:license": {"@id": LICENCE},
        "tables": [_table(name, columns) for name, _ in _tables(files)],
    }
    for path, title, media_type, content in (
        ("datapackage.json", "Tables as a Frictionless data package", JSON, package),
        ("csv-metadata.json", "Tables as CSV on the Web", CSVW, group),
    ):
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        draft.write(f"tables/{path}", text.encode(), title=title, media_type=media_type)


def _tables(files: Mapping[str, ReleaseFile]) -> list[tuple[str, ReleaseFile]]:
    return [
        (name.removeprefix("tables/").removesuffix(".csv"), files[name])
        for name in sorted(files)
        if name.endswith(".csv")
    ]


def _resource(name: str, schema: Fields, file: ReleaseFile) -> Fields:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": file.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {**schema, "missingValues": [""]},
    }


def _fields(name: str, columns: Mapping[str, Sequence[Column]], spool: Spool) -> Fields:
    """Describe a table's columns as a Frictionless Table Schema."""
    uri = {"type": "string", "format": "uri"}
    if name == "links":
        return {
            "fields": [{"name": one, **uri} for one in ("iri", "property", "value")],
            "primaryKey": ["iri", "property", "value"],
        }
    if name == "mentions":
        return {
            "fields": [
                {"name": "thing", **uri},
                {"name": "thingLabel", "type": "string"},
                {"name": "role", "type": "string"},
                {"name": "claim", **uri},
                {"name": "article", **uri},
            ],
            "primaryKey": ["thing", "role", "claim"],
            "foreignKeys": [_key("claim", "claim"), _key("article", "article")],
        }
    fields: list[Fields] = [
        {"name": "iri", **uri, "constraints": {"required": True, "unique": True}}
    ]
    keys = []
    for one in columns[name]:
        kind, more = ("string", {"format": "uri"}) if one.is_iri else ("string", {})
        if one.is_many:
            more = {"description": f"values parted by “{one.separator}”"}
        elif one.variant in _FRICTIONLESS:
            kind, more = _FRICTIONLESS[one.variant]
        about = {"rdfType": XSD + DATATYPES[one.variant]} if one.variant in DATATYPES else {}
        fields.append({"name": one.name, "type": kind, **_words(one, spool), **more, **about})
        if one.has_label:
            fields.append(
                {"name": f"{one.name}Label", "type": "string", "title": f"name of {one.name}"}
            )
        target = _KEYS.get(one.name) if name == "claim" else None
        if target is not None and target in columns and not one.is_many:
            keys.append(_key(one.name, target))
    return {"fields": fields, "primaryKey": ["iri"], **({"foreignKeys": keys} if keys else {})}


def _key(field: str, table: str) -> Fields:
    return {"fields": [field], "reference": {"resource": table, "fields": ["iri"]}}


def _words(column: Column, spool: Spool) -> Fields:
    """Give what the ontology calls a property, and how it defines it."""
    title = spool.label(column.predicate)
    text = spool.value(column.predicate, SKOS + "definition", [GRAPH_ONTOLOGY])
    found = {"title": title, "description": text}
    return {name: value for name, value in found.items() if value is not None}


def _table(name: str, columns: Mapping[str, Sequence[Column]]) -> Fields:
    """Describe a table as CSV on the Web."""
    hidden: Fields = {"suppressOutput": True}
    if name == "links":
        value = {
            "name": "value",
            "titles": "value",
            "propertyUrl": "{+property}",
            "valueUrl": "{+value}",
        }
        return {
            "url": "links.csv",
            "tableSchema": {
                "aboutUrl": "{+iri}",
                "primaryKey": ["iri", "property", "value"],
                "columns": [
                    {"name": "iri", "titles": "iri", **hidden},
                    {"name": "property", "titles": "property", **hidden},
                    value,
                ],
            },
        }
    if name == "mentions":
        names = ("thing", "thingLabel", "role", "claim", "article")
        described = [{"name": one, "titles": one} for one in names]
        return {"url": "mentions.csv", **hidden, "tableSchema": {"columns": described}}
    entries: list[Fields] = [{"name": "iri", "titles": "iri", "required": True, **hidden}]
    for one in columns[name]:
        entries.append(_column(one))
        if one.has_label:
            label = f"{one.name}Label"
            entries.append({"name": label, "titles": label, **hidden})
    schema = {"aboutUrl": "{+iri}", "primaryKey": "iri", "columns": entries}
    return {"url": f"{name}.csv", "tableSchema": schema}


def _column(column: Column) -> Fields:
    named: Fields = {"name": column.name, "titles": column.name}
    if column.is_iri:
        if column.is_many:  # in links.csv: a cell makes one IRI at most
            return {**named, "separator": " ", "suppressOutput": True}
        return {
            **named,
            "propertyUrl": column.predicate,
            "valueUrl": f"{{+{column.name}}}",
        }
    parted = {"separator": column.separator} if column.is_many else {}
    if column.variant.startswith("@"):
        kind: Fields = {"datatype": "string", "lang": column.variant[1:]}
    elif column.variant in DATATYPES:
        kind = {"datatype": DATATYPES[column.variant]}
    else:
        kind = {"datatype": {"base": "string", "@id": column.variant}}
    return {**named, "propertyUrl": column.predicate, **kind, **parted}
