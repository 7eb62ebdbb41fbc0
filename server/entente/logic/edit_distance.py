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
    # Two swapped letters count twice in `edits`, and up to `2 * most` letters may follow a prefix.
    if edits(typed, word) > (4 * most if prefix else 2 * most):
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


def edits(one: str, other: str) -> int:
    """Count the inserted, left out and changed letters between two texts of any length.

    A column of the table is one whole number (Hyyrö 2003, after Myers 1999), so that names of some
    dozen letters take microseconds.
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place
    mask = (1 << len(one)) - 1
    last = 1 << (len(one) - 1)
    more, fewer, count = mask, 0, len(one)
    for letter in other:
        same = places.get(letter, 0)
        diagonal = (((same & more) + more) ^ more) | same | fewer
        up = fewer | ~(diagonal | more)
        down = more & diagonal
        count += bool(up & last) - bool(down & last)
        up = (up << 1) | 1
        more = ((down << 1) | ~(diagonal | up)) & mask
        fewer = up & diagonal & mask
    return count


def likeness(one: str, other: str) -> float:
    """Give how alike two texts are: 1 when they are the same, 0 when nothing is."""
    longest = max(len(one), len(other))
    return 1.0 if not longest else 1.0 - edits(one, other) / longest
