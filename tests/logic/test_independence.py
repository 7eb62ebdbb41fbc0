"""Sources are counted as a sceptical reader would: an agency's text in two papers is one source."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.logic.independence import Origin, count_sources


def origin(article: str, outlet: str | None, *near: str) -> Origin:
    named = frozenset({outlet} if outlet else ())
    return Origin(article, named, named | frozenset(near))


CASES = {
    "none": ([], 0),
    "one": ([origin("a", "x")], 1),
    "two papers": ([origin("a", "x"), origin("b", "y")], 2),
    "one paper twice": ([origin("a", "x"), origin("b", "x")], 1),
    "two claims of one article": ([origin("a", "x"), origin("a", "y")], 1),
    "an agency's text in two papers": ([origin("a", "reuters", "x"), origin("b", "reuters")], 1),
    "a paper that cites the other": ([origin("a", "x", "y"), origin("b", "y")], 1),
    "a source without a name": ([origin("a", None, "x"), origin("b", "y")], 1),
    "only sources without a name": ([origin("a", None), origin("b", None)], 1),
    "two that a third one cites": (
        [origin("a", "x", "y", "z"), origin("b", "y"), origin("c", "z")],
        2,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_sources_are_counted_once_each(case: str) -> None:
    origins, expected = CASES[case]
    assert count_sources(origins) == expected


ORIGINS = st.builds(
    Origin,
    st.sampled_from("abcd"),
    st.frozensets(st.sampled_from("vwxyz"), max_size=2),
    st.frozensets(st.sampled_from("vwxyz"), max_size=3),
)


@given(st.lists(ORIGINS, max_size=7))
def test_the_count_is_never_too_high_and_two_where_a_pair_is_independent(
    origins: list[Origin],
) -> None:
    distinct = sorted(set(origins), key=str)
    best = max(
        (
            len(chosen)
            for size in range(1, len(distinct) + 1)
            for chosen in combinations(distinct, size)
            if all(one.vouches_beside(other) for one, other in combinations(chosen, 2))
        ),
        default=0,
    )
    count = count_sources(origins)
    assert min(best, 2) <= count <= best
    assert count == count_sources(reversed(origins))
