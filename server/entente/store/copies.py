"""Copies: a revision's store on disk, made of the one before with a change worked in.

Owns the hard-linked copy, and that its tables stay few. The source must not be open for
writing anywhere.
"""

import shutil
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from entente.core.errors import StoreUnwritable
from entente.store.patches import Difference
from entente.store.working import union_changes

MOST_TABLES: Final = 48
SMALL_STORE: Final = 1024 * 1024
"""In bytes; the engine keeps the tables of larger stores few by itself."""


def write_copy(source: Path, target: Path, difference: Difference, *, union: bool) -> None:
    """Make a copy of a store on disk (its files are hard links) and change that.

    Args:
        source: folder of a store that nobody writes.
        target: must not exist.
        difference: made true in the copy.
        union: keep the default graph as the union.

    Raises:
        StoreUnwritable: the disk is full or cannot be written.
    """
    try:
        ox.Store.read_only(str(source)).backup(str(target))
        store = ox.Store(str(target))
        for quad in difference.removed:
            store.remove(quad)
        store.extend(difference.added)
        for name in difference.created:
            store.add_graph(name)
        for name in difference.dropped:
            store.remove_graph(name)
        if union:
            gone, come = union_changes(store.quads_for_pattern, difference)
            for quad in gone:
                store.remove(quad)
            store.extend(come)
        store.flush()  # the next copy is made of this one's tables, without its log
        del store  # closes it
        if _is_scattered(target):
            _gather(target)
    except (OSError, RuntimeError) as error:
        reason = str(error).rpartition(": ")[2]  # before it stands the path
        raise StoreUnwritable(f"the new revision cannot be written: {reason}") from error


def _is_scattered(folder: Path) -> bool:
    """Tell whether a store has many small tables: of one with few quads each write leaves six."""
    sizes = [path.stat().st_size for path in folder.glob("*.sst")]
    return len(sizes) > MOST_TABLES and sum(sizes) < SMALL_STORE


def _gather(folder: Path) -> None:
    """Write a small store anew, into few tables: the engine's own compaction only moves them."""
    old = ox.Store.read_only(str(folder))
    quads, names = list(old), list(old.named_graphs())
    del old
    shutil.rmtree(folder)
    new = ox.Store(str(folder))
    new.bulk_extend(quads)
    for name in names:
        new.add_graph(name)
    new.flush()
