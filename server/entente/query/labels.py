"""Labels: what things are called.

Owns the choice among several labels of one thing: by kind of label first, then by language.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from entente.core.terms import RDFS, SCHEMA, SKOS
from entente.query.results import Iri, Literal
from entente.query.service import QueryService

LABEL_KINDS: Final = (SKOS + "prefLabel", RDFS + "label", SCHEMA + "name", SCHEMA + "headline")

AT_ONCE: Final = 500
"""How many things one query asks for."""


def read_labels(
    service: QueryService, iris: Iterable[str], *, language: str = "en"
) -> dict[str, str]:
    """Find what things are called: by kind of label first, then by language.

    Returns:
        IRI to label, for those that have one.
    """
    found: dict[str, tuple[tuple[int, int, str], str]] = {}
    waiting = iter(sorted(set(iris)))
    while batch := tuple(Iri(iri) for iri in islice(waiting, AT_ONCE)):
        for row in service.rows("pages/labels", it=batch):
            label = row["label"]
            if not isinstance(label, Literal):
                continue
            tongue = _distance(label.language, language)
            rank = (LABEL_KINDS.index(str(row["kind"])), tongue, label.value)
            iri = str(row["it"])
            if iri not in found or rank < found[iri][0]:
                found[iri] = (rank, label.value)
    return {iri: label for iri, (_, label) in found.items()}


def _distance(found: str | None, wanted: str) -> int:
    if found is None:
        return 1
    return 0 if found == wanted else 2
