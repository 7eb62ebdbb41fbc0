"""Terms in few letters, for tables of expected rows."""

from pyoxigraph import Literal, NamedNode

from entente.core.terms import BASE


def brief(term: object) -> str:
    """Write a term without what all terms of the project begin with."""
    if term is None:
        return "-"
    assert isinstance(term, NamedNode | Literal)
    for part in ("id/", "vocab/", "ontology/", ""):
        if term.value.startswith(BASE + part):
            return term.value.removeprefix(BASE + part)
    return term.value
