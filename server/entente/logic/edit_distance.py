"""Edit distance: how many typing errors lie between two words, and how alike two names are.

Owns how many errors are forgiven in a word of some length, and what counts as one: a letter
inserted, left out or changed, or two swapped (optimal string alignment). rapidfuzz counts.
"""

from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

# Length of a word from which so many errors are forgiven.
FORGIVEN: Final = ((8, 2), (4, 1))


def forgiven(word: str) -> int:
    """Give how many typing errors are forgiven in a word."""
    return next((errors for length, errors in FORGIVEN if len(word) >= length), 0)


def distance(typed: str, word: str, *, most: int, prefix: bool = False) -> int | None:
    """Count the typing errors between two words.

    Args:
        typed: what somebody wrote.
        word: what may have been meant.
        most: more errors are not counted.
        prefix: whether `typed` may be the beginning of a longer word.

    Returns:
        The number of errors, `None` where there are more than `most`.
    """
    if prefix and len(word) > len(typed) - most:
        shortest = max(0, len(typed) - most)
        meant = {word[:length] for length in range(shortest, len(typed) + most + 1)}
    else:
        meant = {word}
    found = min(OSA.distance(typed, each, score_cutoff=most) for each in meant)
    return found if found <= most else None


def likeness(one: str, other: str) -> float:
    """Give how alike two texts are: 1 when they are the same, 0 when nothing is."""
    return Levenshtein.normalized_similarity(one, other)
