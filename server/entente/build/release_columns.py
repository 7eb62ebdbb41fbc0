"""Columns: how the things of one kind become a table, decided by what the graph holds.

Owns names, kinds and separators of columns, and which statements no table can hold: those about
something that has no kind, with blank nodes, empty texts or IRIs beyond ASCII. A property has one
column for each way its values are written (IRI, text, language, datatype), so that a table gives
back the very same triples.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.terms import ART, CLAIM, ENT, ID, RDF, SKOS, VOC, XSD, shorten
from entente.logic.facts import Term

IRI: Final = "iri"
STRING: Final = XSD + "string"
SEPARATORS: Final = ("|", "¦", "‖", "␟")
"""What parts several values of one cell: the first that stands in none of them."""

DATATYPES: Final = {
    XSD + name: name
    for name in ("string", "boolean", "integer", "decimal", "date", "dateTime", "anyURI")
}

_KIND: Final = re.compile(r"[a-z][a-z0-9-]*")
_URI: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]+")


def table_of(iri: str) -> str | None:
    """Give the table of a thing, by its IRI; `None` where it has none."""
    if iri.startswith(ID):
        kind = iri.removeprefix(ID).partition("/")[0]
        return kind if _KIND.fullmatch(kind) else None
    if iri.startswith(CLAIM):
        return "claim"
    if iri.startswith(ART):
        return "passage" if "#" in iri else "article"
    if iri.startswith(VOC):
        return "concept" if "/" in iri.removeprefix(VOC) else "scheme"
    return None


def variant_of(term: Term) -> str | None:
    """Say how a value is written: `iri`, `@language` or a datatype; `None`: no table holds it."""
    if isinstance(term, NamedNode):
        return IRI if _URI.fullmatch(term.value) else None
    if not isinstance(term, Literal) or not term.value or "\r" in term.value:
        return None
    if term.language is not None:
        return f"@{term.language}"
    return term.datatype.value


@dataclass(slots=True)
class Column:
    """One property in one variant; `separator` is `None` where every thing has at most one."""

    predicate: str
    variant: str
    name: str = ""
    most: int = 0
    separators: set[str] = field(default_factory=lambda: set(SEPARATORS))
    labelled: bool = False

    @property
    def is_iri(self) -> bool:
        """Whether the values are IRIs."""
        return self.variant == IRI

    @property
    def is_many(self) -> bool:
        """Whether a thing has several values."""
        return self.most > 1

    @property
    def separator(self) -> str | None:
        """What parts several values."""
        if not self.is_many:
            return None
        if self.is_iri:
            return " "
        return next((one for one in SEPARATORS if one in self.separators), None)

    @property
    def has_label(self) -> bool:
        """Whether a column with the values' labels stands beside it."""
        return self.is_iri and not self.is_many and self.labelled

    def take(self, values: list[Term]) -> None:
        """Note the values of one thing."""
        self.most = max(self.most, len(values))
        self.separators -= {one for one in self.separators for v in values if one in v.value}


@dataclass(slots=True)
class Table:
    """The columns of one kind, and how many things there are."""

    name: str
    rows: int = 0
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)

    def take(self, cells: dict[tuple[str, str], list[Term]]) -> None:
        """Note one thing."""
        self.rows += 1
        for key, values in cells.items():
            self.columns.setdefault(key, Column(*key)).take(values)

    def ordered(self) -> list[Column]:
        """Give the columns in order, named: type and names first, then by name."""
        chosen = [self.columns[key] for key in sorted(self.columns, key=_first_named)]
        _name(chosen)
        return sorted(chosen, key=lambda one: (_rank(one.predicate), one.name))


def cells_of(
    triples: Iterable[Triple],
) -> tuple[dict[tuple[str, str], list[Term]], list[Triple]]:
    """Group the triples of one thing by property and variant.

    Returns:
        The values of each column, in order, and the triples that no table holds.
    """
    cells: dict[tuple[str, str], list[Term]] = {}
    rest: list[Triple] = []
    for one in triples:
        variant = None if isinstance(one.object, Triple) else variant_of(one.object)
        if variant is None or isinstance(one.object, Triple):
            rest.append(one)
        else:
            cells.setdefault((one.predicate.value, variant), []).append(one.object)
    return cells, rest


def _first_named(key: tuple[str, str]) -> tuple[str, bool, bool, str]:
    """Order a property's variants: the first one takes its name as it is."""
    predicate, variant = key
    return predicate, variant != IRI, variant not in (STRING, "@en"), variant


def _name(columns: list[Column]) -> None:
    """Name columns: the local name of the property; longer where two would be called alike."""
    local = {one.predicate: re.split(r"[/#]", one.predicate)[-1] for one in columns}
    taken = Counter(local[predicate] for predicate in {one.predicate for one in columns})
    used = {"iri"}
    for one in columns:
        name = local[one.predicate]
        if taken[name] > 1 and not one.predicate.startswith(ENT):
            name = shorten(one.predicate).replace(":", "_")
        name = re.sub(r"[^A-Za-z0-9_]", "_", name)
        if one.variant.startswith("@") and one.variant != "@en":
            name = f"{name}_{one.variant[1:].replace('-', '_')}"
        elif name in used:
            name = f"{name}_{re.split(r'[/#@]', one.variant)[-1]}"
        while {name, f"{name}Label"} & used:
            name += "_"
        used |= {name, f"{name}Label"}
        one.name = name


def _rank(predicate: str) -> int:
    first = (RDF + "type", SKOS + "prefLabel", ENT + "statement")
    return first.index(predicate) if predicate in first else len(first)
