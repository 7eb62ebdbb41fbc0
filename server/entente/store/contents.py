"""Contents: all quads of a snapshot, for who has to look at the whole.

Owns the reading of named graphs out of an embedded store; the default graph repeats them and is
left out.
"""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from entente.core.errors import StoreError


def quads_in(place: str) -> list[ox.Quad]:
    """Give every quad of the named graphs, graph after graph.

    Half the quads of a store stand in its default graph, which takes as long again to read.

    Args:
        place: folder of the store, as in a plan.

    Raises:
        StoreError: it is no folder, or cannot be read.
    """
    if not Path(place).is_dir():
        raise StoreError("explanations need the embedded store")
    try:
        store = ox.Store.read_only(place)
        return [
            quad
            for graph in store.named_graphs()
            if isinstance(graph, ox.NamedNode)
            for quad in store.quads_for_pattern(None, None, None, graph)
        ]
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the snapshot cannot be read: {error}") from error


def lines_in(place: str) -> Iterator[bytes]:
    """Give every quad of the named graphs as a line of N-Quads, in the order of the store.

    Args:
        place: folder of the store.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        for quad in ox.Store.read_only(place):
            if isinstance(quad.graph_name, ox.NamedNode):
                yield f"{quad} .\n".encode()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"the snapshot cannot be read: {error}") from error
