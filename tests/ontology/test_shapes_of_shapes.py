"""The shapes are held to the SHACL of SHACL, the specification's own shapes for shapes."""

from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

from entente.logic.pyshacl_engine import validate_shapes
from tests.ontology.knowledge import STAGES, shapes

BROKEN: Final = {
    "a count that is no number": '<x:s> a sh:PropertyShape ; sh:path <x:p> ; sh:minCount "one" .',
    "a path that is text": '<x:s> a sh:PropertyShape ; sh:path "p" .',
    "a severity that is text": "<x:s> a sh:NodeShape ; sh:severity 'high' .",
    "two paths": "<x:s> a sh:PropertyShape ; sh:path <x:p>, <x:q> .",
}


@pytest.mark.parametrize("stage", STAGES)
def test_the_shapes_are_valid_shapes(stage: str) -> None:
    """Gate Q33."""
    assert validate_shapes(shapes(stage)) == frozenset()


@pytest.mark.parametrize("turtle", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_shape_is_found(turtle: str) -> None:
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    found = validate_shapes(parse(prefix + turtle, format=RdfFormat.TURTLE))
    assert {result.focus for result in found} == {"x:s"}
