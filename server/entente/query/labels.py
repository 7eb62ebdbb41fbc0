"""Labels: what things are called.

Owns the choice among several labels of one thing: the wanted language, else none, else any.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from entente.query.results import Iri, Literal
from entente.query.service import QueryService

AT_ONCE: Final = 500
"""How many things one query asks for."""


def read_labels(
    service: QueryService, iris: Iterable[str], *, language: str = "en"
) -> dict[str, str]:
    """Find what things are called.

    Returns:
        IRI to label, for those that have one.

    Raises:
        QueryRefused: one of them is not an absolute IRI.
    """
    found: dict[str, tuple[int, str]] = {}
    waiting = iter(sorted(set(iris)))
    while batch := tuple(Iri(iri) for iri in islice(waiting, AT_ONCE)):
        for row in service.rows("pages/labels", it=batch):
            label = row["label"]
            if isinstance(label, Literal):
                iri, ranked = str(row["it"]), (_distance(label.language, language), label.value)
                found[iri] = min(found.get(iri, ranked), ranked)
    return {iri: label for iri, (_, label) in found.items()}


def best_label(labels: Iterable[Literal], *, language: str = "en") -> str | None:
    """Choose among the labels of one thing; `None` where there are none."""
    ranked = ((_distance(label.language, language), label.value) for label in labels)
    return min(ranked, default=(0, None))[1]


def _distance(found: str | None, wanted: str) -> int:
    if found is None:
        return 1
    return 0 if found == wanted else 2
