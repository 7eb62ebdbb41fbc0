"""Results: what a test expects and what the server answered, read into one form.

Owns readers of SPARQL results in XML, JSON, TSV, CSV and RDF (`rs:ResultSet`), written from the
specifications and not from the engine, whose writers are what is tested. Terms keep their lexical
form. Variables without a value are absent from a row.
https://www.w3.org/TR/sparql12-results-json/ · https://www.w3.org/TR/sparql12-results-csv-tsv/
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Mapping[str, Term]

_RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SRX: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_ITS: Final = "{http://www.w3.org/2005/11/its}"

PLAIN: Final = "urn:x-results:plain"
"""Datatype of what CSV tells of an IRI or a literal: its characters."""

RDF_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Variables and rows of a SELECT."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]


Results = bool | Table | ox.Dataset


def read_results(content: bytes, extension: str, *, base: str = "http://example.org/") -> Results:
    """Read results or a graph.

    Args:
        content: the bytes of a file or of an answer.
        extension: of the file, with its dot; says the format.
        base: what relative IRIs of a graph are resolved against.

    Raises:
        ValueError: these are no such results.
    """
    if extension in RDF_FORMATS:
        quads = ox.parse(content, format=RDF_FORMATS[extension], base_iri=base)
        graph = ox.Dataset(quads)
        found = _read_result_set(graph)
        return graph if found is None else found
    return _READERS[extension](content)


def read_file(path: Path, *, base: str) -> Results:
    """Read the results in a file of a suite."""
    return read_results(path.read_bytes(), path.suffix, base=base)


def _read_json(content: bytes) -> Results:
    fields = json.loads(content)
    if "boolean" in fields:
        return bool(fields["boolean"])
    rows = (
        {name: _json_term(term) for name, term in row.items()}
        for row in fields["results"]["bindings"]
    )
    return Table(tuple(fields["head"].get("vars", ())), tuple(rows))


def _json_term(term: Mapping[str, Any]) -> Term:
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return ox.NamedNode(value)
    if kind == "bnode":
        return ox.BlankNode(_label(value))
    if kind == "triple":
        parts = (_json_term(value[name]) for name in ("subject", "predicate", "object"))
        return ox.Triple(*parts)  # type: ignore[arg-type]  # the engine refuses what is no triple
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"a term has the type {kind!r}")
    return _literal(value, term.get("datatype"), term.get("xml:lang"), term.get("its:dir"))


def _read_xml(content: bytes) -> Results:
    root = ElementTree.fromstring(content)  # our own server's answer, or the suite's file
    boolean = root.find(f"{_SRX}boolean")
    if boolean is not None:
        return (boolean.text or "").strip() == "true"
    variables = [element.attrib["name"] for element in root.iter(f"{_SRX}variable")]
    rows = (
        {
            binding.attrib["name"]: _xml_term(binding[0])
            for binding in result.findall(f"{_SRX}binding")
        }
        for result in root.iter(f"{_SRX}result")
    )
    return Table(tuple(variables), tuple(rows))


def _xml_term(element: ElementTree.Element) -> Term:
    kind, value = element.tag.removeprefix(_SRX), element.text or ""
    if kind == "uri":
        return ox.NamedNode(value.strip())
    if kind == "bnode":
        return ox.BlankNode(_label(value.strip()))
    if kind == "triple":
        parts = (_xml_term(part[0]) for part in element)
        return ox.Triple(*parts)  # type: ignore[arg-type]  # the engine refuses what is no triple
    if kind != "literal":
        raise ValueError(f"a term is a {element.tag}")
    language, direction = element.get(f"{_XML}lang"), element.get(f"{_ITS}dir")
    return _literal(value, element.get("datatype"), language, direction)


def _read_tsv(content: bytes) -> Results:
    head, *lines = content.decode().removesuffix("\n").split("\n")
    names = tuple(name.removeprefix("?") for name in head.rstrip("\r").split("\t") if name)
    rows = []
    for line in lines:
        cells = line.rstrip("\r").split("\t")
        rows.append({n: _turtle_term(c) for n, c in zip(names, cells, strict=True) if c})
    return Table(names, tuple(rows))


def _turtle_term(text: str) -> Term:
    (quad,) = ox.parse(f"<s:s> <p:p> {text} .", format=ox.RdfFormat.TURTLE)
    found: Term = quad.object
    return found


def _read_csv(content: bytes) -> Results:
    """Read CSV, which tells blank nodes from the rest and nothing else of a term's kind."""
    names, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    rows = ({n: _plain_term(c) for n, c in zip(names, cells, strict=True) if c} for cells in lines)
    return Table(tuple(names), tuple(rows))


def _plain_term(text: str) -> Term:
    if text.startswith("_:"):
        return ox.BlankNode(_label(text[2:]))
    return ox.Literal(text, datatype=ox.NamedNode(PLAIN))


def _read_result_set(graph: ox.Dataset) -> Table | bool | None:
    """Read the results that a graph of the vocabulary `rs:` describes."""

    def objects(node: Any, name: str) -> list[Any]:  # terms of any kind
        found = graph.quads_for_subject(node)
        return [quad.object for quad in found if quad.predicate.value == _RS + name]

    kind = list(graph.quads_for_object(ox.NamedNode(_RS + "ResultSet")))
    if not kind:
        return None
    about = kind[0].subject
    booleans = objects(about, "boolean")
    if booleans:
        return bool(booleans[0].value == "true")
    variables = [variable.value for variable in objects(about, "resultVariable")]
    solutions = objects(about, "solution")
    solutions.sort(key=lambda node: [int(index.value) for index in objects(node, "index")])
    rows = (
        {
            objects(binding, "variable")[0].value: objects(binding, "value")[0]
            for binding in objects(solution, "binding")
        }
        for solution in solutions
    )
    return Table(tuple(variables), tuple(rows))


def _literal(
    value: str, datatype: str | None, language: str | None, direction: str | None
) -> ox.Literal:
    if language:
        way = {"ltr": ox.BaseDirection.LTR, "rtl": ox.BaseDirection.RTL, None: None}[direction]
        return ox.Literal(value, language=language, direction=way)
    return ox.Literal(value, datatype=ox.NamedNode(datatype) if datatype else None)


def _label(text: str) -> str:
    """Make a label that N-Triples takes of one that XML or JSON take."""
    return text if text.isalnum() else "x" + text.encode().hex()


_READERS: Final[Mapping[str, Callable[[bytes], Results]]] = {
    ".srj": _read_json,
    ".srx": _read_xml,
    ".tsv": _read_tsv,
    ".csv": _read_csv,
}
