"""The five articles' graph over HTTP: every kind of IRI, every format, every link.

With `ENTENTE_LONG=1` every IRI is visited and every link of every page followed; else one of each
kind, and the links of their pages.
"""

import os
from collections import defaultdict
from pathlib import Path

import pytest

from tests.web.site import Site
from tests.web.walk import PARTS, Walk, follow_all, paths_in, visit_all

LONG = os.environ.get("ENTENTE_LONG") == "1"
MOST_ALIKE = 12
"""How many links of one folder and form a short walk follows."""


@pytest.fixture(scope="module")
def walked(real: Site, dataset_path: Path) -> tuple[Walk, dict[str, list[str]]]:
    """Visit all IRIs, or one of each kind."""
    kinds = paths_in(dataset_path)
    walk = Walk(real)
    visit_all(walk, [path for paths in kinds.values() for path in (paths if LONG else paths[:1])])
    return walk, kinds


def test_every_kind_of_iri_answers_in_every_format(
    walked: tuple[Walk, dict[str, list[str]]],
) -> None:
    walk, kinds = walked
    assert {kind.split("/")[0] for kind in kinds} == set(PARTS)
    assert len(kinds) > 35
    assert walk.faults == []


def test_every_link_that_is_found_answers(walked: tuple[Walk, dict[str, list[str]]]) -> None:
    """Links of pages and Link headers; fragments must be on the page that they lead to."""
    walk, _ = walked
    links = Walk(walk.site)
    links.links = walk.links if LONG else some_of(walk.links)
    assert follow_all(links, deep=LONG) > 150
    assert links.faults == []


def some_of(links: set[str]) -> set[str]:
    """Choose links of each folder and form: a short walk leaves out most of many alike."""
    folders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for link in sorted(links):
        target, _, fragment = link.partition("#")
        path, _, search = target.partition("?")
        kind = (path.split("/")[1], path.rpartition(".")[2] if "." in path else "")
        folders[(*kind, search[:8], "#" * bool(fragment))].append(link)
    return {link for found in folders.values() for link in found[:: -(-len(found) // MOST_ALIKE)]}
