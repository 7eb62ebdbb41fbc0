"""A reading: what a curator decided that a passage says and does not say, as a question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One decision.

    Attributes:
        title: the decision, as a sentence.
        pattern: the query, from SELECT on; prefixes are added.
        rows: what it must give, terms without what all terms of the project begin with.
    """

    title: str
    pattern: str
    rows: tuple[str, ...] = ()
