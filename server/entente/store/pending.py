"""Pending changes: accepted writes that an artifact must hold before it may take their place.

Owns the net effect of a run of patches, and the comparison with a dataset's lines. Quads with blank
nodes are left aside: their labels are no names.
"""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from entente.store.changelog import ChangeLog, Entry
from entente.store.patches import Difference, lines_of, read_patch


def net_effect(differences: Iterable[Difference]) -> Difference:
    """Give what is left of several differences, one after another: the last word on each quad."""
    added: set[ox.Quad] = set()
    removed: set[ox.Quad] = set()
    for one in differences:
        added = (added - one.removed) | one.added
        removed = (removed - one.added) | one.removed
    return Difference(frozenset(added), frozenset(removed))


def lost_changes(log: ChangeLog, entries: Iterable[Entry], dataset: Path) -> tuple[str, ...]:
    """Give, as lines of a patch, what a dataset would take back of some changes."""
    net = net_effect(read_patch(log.patch_of(entry)) for entry in entries)
    held = set(dataset.read_bytes().split(b"\n"))
    lost = [b"A " + line for line in lines_of(filter(_named, net.added)) if line not in held]
    lost += [b"D " + line for line in lines_of(filter(_named, net.removed)) if line in held]
    return tuple(line.decode() for line in lost)


def _named(quad: ox.Quad) -> bool:
    return not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode)
