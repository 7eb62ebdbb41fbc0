"""Each revision is a copy of the one before with one change: nothing gets lost on the way."""

from pathlib import Path

import pyoxigraph as ox

from entente.store.copies import MOST_TABLES, write_copy
from entente.store.patches import Difference

P, GRAPH = ox.NamedNode("http://example.org/p"), ox.NamedNode("http://example.org/g")


def quad(number: int) -> ox.Quad:
    return ox.Quad(ox.NamedNode(f"http://example.org/s{number}"), P, ox.Literal("v"), GRAPH)


def graph(number: int) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/empty{number}")


def test_tables_do_not_pile_up_over_many_small_writes(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "0")).flush()
    for number in range(12):
        change = Difference(frozenset({quad(number)}), frozenset(), frozenset({graph(number)}))
        source, target = tmp_path / str(number), tmp_path / str(number + 1)
        write_copy(source, target, change, union=True)
        assert len(list(target.glob("*.sst"))) <= MOST_TABLES
    store = ox.Store.read_only(str(target))
    assert set(store.named_graphs()) == {GRAPH, *map(graph, range(12))}
    assert {found for found in store if found.graph_name == GRAPH} == set(map(quad, range(12)))


def test_the_fifth_copy_holds_what_the_four_before_have_added(tmp_path: Path) -> None:
    """A copy of a store whose last change stands in its log alone would leave that change out."""
    first = ox.Store(str(tmp_path / "0"))
    first.bulk_extend([quad(0)])
    first.flush()
    del first
    for number in range(1, 6):
        change = Difference(frozenset({quad(number)}), frozenset())
        write_copy(tmp_path / str(number - 1), tmp_path / str(number), change, union=True)
        held = set(ox.Store.read_only(str(tmp_path / str(number))))
        named = {found for found in held if found.graph_name == GRAPH}
        assert named == {quad(n) for n in range(number + 1)}
