"""Generated graphs: the view, the inferences and the description, renewed after a write.

Owns how they follow from what was derived. The description keeps the published queries and the
provenance of the build that the snapshot comes from; its counts are counted again.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from entente.core.errors import StoreError
from entente.core.manifest import NAME, sha256_of
from entente.core.terms import BASE, GRAPH_META, GRAPH_ONTOLOGY
from entente.logic.derivation import CURRENT, INFERRED, META, Derived
from entente.logic.description import Origin, Stats, describe, ontology_version
from entente.store.patches import Difference
from entente.store.working import WorkingCopy

_ENDPOINT = BASE + "sparql"
_QUERY = GRAPH_META + "#query-"


def renew(
    working: WorkingCopy,
    derived: Derived | None,
    snapshot: Path,
    changed: list[Difference],
    *,
    counted: dict[str, Stats],
) -> None:
    """Bring the generated graphs up to date in the working copy.

    Args:
        working: holds the write already.
        derived: what follows from it; `None` leaves view and inferences as they are.
        snapshot: folder of the one that the write builds on; its manifest names the origin.
        changed: what was changed is appended, one by one, so that a failure can be undone.
        counted: what is known of graphs that have not changed.
    """
    if derived is not None:
        changed.append(_become(working, CURRENT, derived.view))
        changed.append(_become(working, INFERRED, derived.inferred))
    if META in working.graphs:
        for one in changed:
            for name in one.graphs:
                counted.pop(name, None)
        description = _description(working, snapshot, counted)
        changed.append(_become(working, META, description))


def _become(working: WorkingCopy, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> Difference:
    wanted = frozenset(ox.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    held = working.graph(graph)
    return working.apply(Difference(wanted - held, held - wanted))


def _description(
    working: WorkingCopy, snapshot: Path, counted: dict[str, Stats]
) -> Iterable[ox.Triple]:
    others = [quad for quad in working.quads if quad.graph_name != META]
    further = [
        quad.triple
        for quad in working.graph(META)
        if isinstance(quad.subject, ox.NamedNode)
        and (quad.subject.value == _ENDPOINT or quad.subject.value.startswith(_QUERY))
    ]
    ontology = ox.NamedNode(GRAPH_ONTOLOGY)
    version = ontology_version(quad for quad in others if quad.graph_name == ontology)
    origin = _origin(snapshot, version)
    return (quad.triple for quad in describe(others, origin, further=further, counted=counted))


def _origin(snapshot: Path, version: str | None) -> Origin:
    try:
        fields = json.loads((snapshot / NAME).read_bytes())
        inputs = sha256_of(json.dumps(dict(sorted(fields["inputs"].items()))).encode())
        return Origin(inputs_digest=inputs, versions=fields["versions"], ontology_version=version)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError("the snapshot has no manifest: build and load again") from error
