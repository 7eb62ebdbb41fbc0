"""Generated graphs: the view, the inferences and the description, renewed after a write.

Owns how they follow from what was derived. The description keeps the published queries and the
provenance of the build that the snapshot comes from; its counts are counted again.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from entente.core.errors import StoreError
from entente.core.manifest import NAME, sha256_of
from entente.core.terms import BASE, GRAPH_META, GRAPH_ONTOLOGY, OWL
from entente.logic.derivation import CURRENT, INFERRED, META, Derived
from entente.logic.description import Description, Origin, ontology_version
from entente.store.patches import Difference, joined
from entente.store.working import WorkingCopy

_ENDPOINT = BASE + "sparql"
_QUERY = GRAPH_META + "#query-"
_ONTOLOGY = ox.NamedNode(GRAPH_ONTOLOGY)
_VERSION = ox.NamedNode(OWL + "versionInfo")


class Generated:
    """The generated graphs of one dataset, renewed write by write.

    Args:
        working: the dataset; a change is in it already when graphs are renewed.
        snapshot: folder of the one that writes build on; its manifest names the origin.

    Raises:
        OSError: the manifest cannot be read.
    """

    def __init__(self, working: WorkingCopy, snapshot: Path) -> None:
        self._working = working
        self._manifest = (snapshot / NAME).read_bytes()  # the same in all that come after
        self._description: Description | None = None
        self._last: Difference | None = None  # counted, and neither accepted nor taken back
        self._said: frozenset[ox.Triple] | None = None  # by the description
        self._next: frozenset[ox.Triple] | None = None  # where the write is accepted

    def warm(self) -> None:
        """Count the dataset, so that the first write need not."""
        if self._description is None and META in self._working.graphs:
            self._description = Description(_but_meta(self._working.quads))
            self._describe(self._held())

    def renew(self, derived: Derived | None, changed: list[Difference]) -> None:
        """Bring the generated graphs up to date in the working copy.

        Args:
            derived: what follows from the write; `None` leaves view and inferences as they are.
            changed: holds the write; what is changed here is appended, one by one, so that a
                failure can be undone.
        """
        if derived is not None:
            changed.append(self._become(CURRENT, derived.view))
            changed.append(self._become(INFERRED, derived.inferred))
        if META not in self._working.graphs:
            return
        self._last = joined(changed)
        if self._description is None:
            self.warm()
        else:
            self._count(self._last)
        held = self._held()
        wanted = self._next = self._describe(held)
        changed.append(self._working.apply(_difference(META, wanted - held, held - wanted)))

    def back(self) -> None:
        """Take back what was counted last, unless it was accepted; the write is undone already."""
        last, self._last = self._last, None
        if last is not None and self._description is not None:
            self._count(last.inverse())

    def accept(self) -> None:
        """Stay with what was counted last: it is published."""
        self._last, self._said = None, self._next

    def _held(self) -> frozenset[ox.Triple]:
        if self._said is None:
            self._said = frozenset(quad.triple for quad in self._working.graph(META))
        return self._said

    def _count(self, difference: Difference) -> None:
        description, self._description = self._description, None  # which stays so where this fails
        if description is not None:
            description.change(difference.added, difference.removed, around=self._working.around)
        self._description = description

    def _describe(self, held: frozenset[ox.Triple]) -> frozenset[ox.Triple]:
        if self._description is None:
            raise StoreError("the description was lost")
        versions = self._working.find(None, _VERSION, None, _ONTOLOGY)
        origin = _origin(self._manifest, ontology_version(versions))
        return self._description.triples(origin, further=filter(_is_further, held))

    def _become(self, graph: ox.NamedNode, wanted: frozenset[ox.Triple]) -> Difference:
        held = frozenset(quad.triple for quad in self._working.graph(graph))
        return self._working.apply(_difference(graph, wanted - held, held - wanted))


def _but_meta(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    return (quad for quad in quads if quad.graph_name != META)


def _difference(
    graph: ox.NamedNode, added: Iterable[ox.Triple], removed: Iterable[ox.Triple]
) -> Difference:
    come, go = (
        frozenset(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
        for triples in (added, removed)
    )
    return Difference(come, go)


def _is_further(triple: ox.Triple) -> bool:
    """Tell whether a triple of the description was made by others: the published queries."""
    subject = triple.subject
    return isinstance(subject, ox.NamedNode) and (
        subject.value == _ENDPOINT or subject.value.startswith(_QUERY)
    )


def _origin(manifest: bytes, version: str | None) -> Origin:
    try:
        fields = json.loads(manifest)
        inputs = sha256_of(json.dumps(dict(sorted(fields["inputs"].items()))).encode())
        return Origin(inputs_digest=inputs, versions=fields["versions"], ontology_version=version)
    except (ValueError, KeyError) as error:
        raise StoreError("the snapshot has no whole manifest: build and load again") from error
