"""The W3C's SPARQL manifests: which tests there are, and where their files lie.

Owns the reading of `mf:Manifest` into cases; runs nothing. The suite is no part of the project:
it lies in `suites/w3c` of the shared folder (`ENTENTE_SUITES` or `ENTENTE_SHARED` say where).
https://w3c.github.io/rdf-tests/
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

ROOT: Final = Path(__file__).resolve().parents[3]
BASE: Final = "https://w3c.github.io/rdf-tests/sparql/"

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_MF: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT: Final = "http://www.w3.org/2009/sparql/tests/test-update#"

Kind = Literal["query", "csv", "positive", "negative", "update", "good-update", "bad-update"]

_KINDS: Final[dict[str, Kind]] = {
    "QueryEvaluationTest": "query",
    "CSVResultFormatTest": "csv",
    "PositiveSyntaxTest": "positive",
    "PositiveSyntaxTest11": "positive",
    "NegativeSyntaxTest": "negative",
    "NegativeSyntaxTest11": "negative",
    "UpdateEvaluationTest": "update",
    "PositiveUpdateSyntaxTest": "good-update",
    "PositiveUpdateSyntaxTest11": "good-update",
    "NegativeUpdateSyntaxTest": "bad-update",
    "NegativeUpdateSyntaxTest11": "bad-update",
}


@dataclass(frozen=True, slots=True)
class Data:
    """A file of data and the graph it belongs in; `None` is the default graph."""

    graph: str | None
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test; `data` is the dataset before, `expected` the dataset after an update.

    `lax` says that rows may be there more or less often (REDUCED).
    """

    suite: str
    id: str
    kind: Kind
    request: Path
    data: tuple[Data, ...] = ()
    result: Path | None = None
    expected: tuple[Data, ...] = ()
    lax: bool = False

    @property
    def base(self) -> str:
        """The IRI under which the request's file is published."""
        return iri_of(self.request)

    @property
    def text(self) -> str:
        """The query or update, newlines as they are."""
        return self.request.read_bytes().decode()


def suites_folder() -> Path:
    """Give the folder of the W3C's suites, which need not exist."""
    shared = os.environ.get("ENTENTE_SHARED", str(ROOT.parent / "shared"))
    return Path(os.environ.get("ENTENTE_SUITES", str(Path(shared) / "suites"))) / "w3c"


def sparql_folder() -> Path:
    """Give the folder of the SPARQL suites."""
    return suites_folder() / "sparql"


def iri_of(path: Path) -> str:
    """Give the IRI under which a file of the suite is published."""
    return BASE + path.relative_to(sparql_folder()).as_posix()


def path_of(iri: str) -> Path:
    """Give the file of the suite that is published under an IRI."""
    return sparql_folder() / iri.removeprefix(BASE)


def read_cases(suite: str, manifest: str) -> list[Case]:
    """Read a manifest and those that it includes.

    Args:
        suite: name of the suite, for the table.
        manifest: path below the folder of the SPARQL suites.
    """
    return list(_Manifest(sparql_folder() / manifest).cases(suite))


class _Manifest:
    def __init__(self, path: Path) -> None:
        self._folder = path.parent.name
        self._about = ox.NamedNode(iri_of(path))
        base = self._about.value
        self._graph = ox.Dataset(ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base))

    def cases(self, suite: str) -> Iterator[Case]:
        for quad in self._graph.quads_for_predicate(ox.NamedNode(_MF + "include")):
            for included in self._members(quad.object):
                yield from _Manifest(path_of(included.value)).cases(suite)
        for quad in self._graph.quads_for_predicate(ox.NamedNode(_MF + "entries")):
            for entry in self._members(quad.object):
                yield from self._case(suite, entry)

    def _case(self, suite: str, entry: ox.NamedNode) -> Iterator[Case]:
        name = self._iri(entry, _RDF + "type").removeprefix(_MF)
        if name not in _KINDS:
            raise ValueError(f"{entry.value} is a {name}, which this runner does not know")
        action, result = self._one(entry, _MF + "action"), self._one(entry, _MF + "result")
        local = entry.value.rpartition("#")[2].rpartition("/")[2]
        common = {"suite": suite, "id": f"{self._folder}/{local}", "kind": _KINDS[name]}
        if isinstance(action, ox.NamedNode):
            if action.value.endswith(".ru") and _KINDS[name] == "negative":
                common["kind"] = "bad-update"  # so in syntax-update-1, which says no more
            yield Case(**common, request=path_of(action.value))  # type: ignore[arg-type]  # three fields of three types
            return
        assert isinstance(action, ox.BlankNode)
        is_update = _KINDS[name] == "update"
        space = _UT if is_update else _QT
        yield Case(
            **common,  # type: ignore[arg-type]  # as above
            request=path_of(self._iri(action, space + ("request" if is_update else "query"))),
            data=tuple(self._data(action, space)),
            result=path_of(result.value) if isinstance(result, ox.NamedNode) else None,
            expected=(tuple(self._data(result, space)) if isinstance(result, ox.BlankNode) else ()),
            lax=self._one(entry, _MF + "resultCardinality") is not None,
        )

    def _data(self, node: ox.BlankNode, space: str) -> Iterator[Data]:
        for found in self._objects(node, space + "data"):
            yield Data(None, path_of(found.value))
        for found in self._objects(node, space + "graphData"):
            if isinstance(found, ox.NamedNode):
                yield Data(found.value, path_of(found.value))
            else:
                label = self._one(found, _LABEL)
                assert isinstance(label, ox.Literal)
                yield Data(label.value, path_of(self._iri(found, space + "graph")))

    def _objects(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> list[ox.NamedNode]:
        quads = self._graph.quads_for_subject(node)
        return [quad.object for quad in quads if quad.predicate.value == predicate]  # type: ignore[misc]  # the callers look which

    def _one(
        self, node: ox.NamedNode | ox.BlankNode, predicate: str
    ) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None:
        return next(iter(self._objects(node, predicate)), None)

    def _iri(self, node: ox.NamedNode | ox.BlankNode, predicate: str) -> str:
        found = self._one(node, predicate)
        assert isinstance(found, ox.NamedNode), f"{node} {predicate} is {found}"
        return found.value

    def _members(self, node: object) -> Iterator[ox.NamedNode]:
        while isinstance(node, ox.BlankNode):
            first = self._one(node, _RDF + "first")
            assert isinstance(first, ox.NamedNode)
            yield first
            node = self._one(node, _RDF + "rest")
