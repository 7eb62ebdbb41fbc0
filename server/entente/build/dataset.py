"""The dataset: every graph's quads, as sorted N-Quads.

Asserted graphs are exactly the sources; the current view and the inferences join them here. The
engine of the store counts a triple once for each graph, so an inference never repeats an assertion.
"""

from collections import Counter
from io import BytesIO
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from entente.build.assessment import Assessment
from entente.core.terms import GRAPH_CURRENT, GRAPH_INFERRED

_CURRENT: Final = NamedNode(GRAPH_CURRENT)
_INFERRED: Final = NamedNode(GRAPH_INFERRED)


def dataset_of(assessment: Assessment) -> list[Quad]:
    """Give the quads of all graphs but the metadata's."""
    quads = list(assessment.sources.quads())
    if assessment.view is not None:
        quads += (_in(triple, _CURRENT) for triple in assessment.view.support)
    if assessment.closure is not None:
        said = {quad.triple for quad in quads}  # claims and curation are not reasoned over
        inferred = (triple for triple in assessment.closure.inferred if triple not in said)
        quads += (_in(triple, _INFERRED) for triple in inferred)
    return quads


def _in(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def to_nquads(quads: list[Quad]) -> bytes:
    """Write quads as N-Quads, one line each, sorted by bytes, without repetitions."""
    buffer = BytesIO()
    serialize(quads, buffer, format=RdfFormat.N_QUADS)
    lines = {line for line in buffer.getvalue().split(b"\n") if line}
    return b"".join(line + b"\n" for line in sorted(lines))


def count_by_graph(quads: list[Quad]) -> dict[str, int]:
    """Count the triples of each graph."""
    counts = Counter(
        quad.graph_name.value for quad in set(quads) if isinstance(quad.graph_name, NamedNode)
    )
    return dict(sorted(counts.items()))
