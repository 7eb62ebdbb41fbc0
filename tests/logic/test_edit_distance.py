"""Typing errors are counted as the whole table of optimal string alignment counts them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.logic.edit_distance import distance, forgiven

WORDS = st.text(alphabet="abc", max_size=9)


def whole_table(typed: str, word: str) -> list[list[int]]:
    """Fill the table without a band."""
    rows = [[max(i, j) for j in range(len(word) + 1)] for i in range(len(typed) + 1)]
    for i in range(1, len(typed) + 1):
        for j in range(1, len(word) + 1):
            changed = rows[i - 1][j - 1] + (typed[i - 1] != word[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed)
            if i > 1 and j > 1 and typed[i - 2 : i] == word[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows


@settings(deadline=None)
@given(WORDS, WORDS, st.integers(0, 2))
def test_the_band_finds_what_the_whole_table_holds(typed: str, word: str, most: int) -> None:
    table = whole_table(typed, word)
    expected = table[-1][-1] if table[-1][-1] <= most else None
    assert expected == distance(typed, word, most=most)
    begun = min(table[-1])
    assert distance(typed, word, most=most, prefix=True) == (begun if begun <= most else None)


@pytest.mark.parametrize(
    ("word", "errors"), [("usa", 0), ("kyiv", 1), ("denmark", 1), ("chernivtsi", 2)]
)
def test_longer_words_may_have_more_errors(word: str, errors: int) -> None:
    assert errors == forgiven(word)
