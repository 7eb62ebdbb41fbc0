"""The closure stays small and fast: gate Q28."""

import time
from pathlib import Path

from pyoxigraph import Quad, Triple

from entente.build.freshness import read_inputs
from entente.build.sources import read_sources
from entente.logic.closure import materialise
from entente.logic.view import current_view


def test_the_closure_of_the_data_is_small_and_drawn_in_two_seconds(root: Path) -> None:
    """The better of two runs counts: other work on the machine is not the reasoner's."""
    sources, _ = read_sources(read_inputs(root))
    view = current_view(sources.quads())
    reasoned: list[Quad | Triple] = [
        *sources.quads("ontology", "vocab", "entities", "background"),
        *view.support,
    ]
    seconds = []
    for _ in range(2):
        began = time.process_time()
        closure = materialise(reasoned)
        seconds.append(time.process_time() - began)
    assert closure.engine == "fast"
    assert len(closure.inferred) <= 4 * len(set(reasoned))
    assert min(seconds) <= 2
