"""Edit distance: how many typing errors lie between two words.

Owns the count of inserted, left out, changed and swapped letters (optimal string alignment), given
up as soon as it exceeds what is forgiven, and how many are forgiven for a word of some length.
"""

from typing import Final

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
    if prefix:
        word = word[: len(typed) + most]
    elif abs(len(typed) - len(word)) > most:
        return None
    far = most + 1
    columns = len(word)
    older: list[int] = []
    row = [min(j, far) for j in range(columns + 1)]
    for i, letter in enumerate(typed, 1):
        # Only a band beside the diagonal can hold so few errors.
        low, high = max(1, i - most), min(columns, i + most)
        newer = [far] * (columns + 1)
        newer[0] = min(i, far)
        for j in range(low, high + 1):
            other = word[j - 1]
            cost = row[j - 1] if letter == other else row[j - 1] + 1
            if row[j] < cost:
                cost = row[j] + 1
            if newer[j - 1] < cost:
                cost = newer[j - 1] + 1
            if older and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            newer[j] = cost
        older, row = row, newer
    found = min(row) if prefix else row[-1]
    return found if found <= most else None
