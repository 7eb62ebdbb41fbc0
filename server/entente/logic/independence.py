"""Independence: how many sources really vouch for a fact that several claims state.

Owns the counting. A claim comes from the outlet that its article cites for it, else from the one
that publishes the article. Two claims vouch for a fact independently where they stand in different
articles, both outlets have a name, the outlets differ, and neither article is published by the
other's outlet or cites it: an agency's text that two papers print is one source.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a claim comes from.

    `outlets` are empty where the source has no name of its own; `near` are all outlets that the
    article is published by or cites.
    """

    article: str
    outlets: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()

    def vouches_beside(self, other: "Origin") -> bool:
        """Tell whether two claims bear each other out independently."""
        return (
            self.article != other.article
            and bool(self.outlets and other.outlets)
            and not self.outlets & (other.outlets | other.near)
            and not other.outlets & self.near
        )


def count_sources(origins: Iterable[Origin]) -> int:
    """Count the origins that are independent of each other; 1 where there is any at all.

    Who is least tied to others is taken first, so the count is never too high, and two where there
    is a pair of independent ones.
    """
    left = sorted(set(origins), key=lambda one: (one.article, sorted(one.outlets)))
    taken = 0
    while left:
        tied = {
            one: [other for other in left if other != one and not one.vouches_beside(other)]
            for one in left
        }
        first = min(left, key=lambda one: len(tied[one]))
        left = [one for one in left if one != first and one not in tied[first]]
        taken += 1
    return taken
