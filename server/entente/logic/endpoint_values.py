"""Values of parameters: what each type of a named query's parameter accepts, in words and exactly.

Owns the types. A value of type `iri` is a full IRI, `prefix:name`, or the short name of a thing in
one of its namespaces; whether there is such a thing is asked of the graph, not here.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from entente.core.terms import expand, is_absolute, shorten

LONGEST: Final = 200
INTEGER: Final = r"-?(0|[1-9][0-9]{0,17})"
DECIMAL: Final = r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?"
TEXT: Final = rf"[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{{1,{LONGEST}}}"
SHORT: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
KINDS: Final = ("iri", "date", "integer", "decimal", "boolean", "text")

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What a parameter accepts: one of `KINDS`; `values` are all there are, where it says so."""

    kind: str
    namespaces: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


def complaint(accepted: Accepted, text: str) -> str | None:
    """Say what is accepted instead of a value; `None` where the value fits."""
    if accepted.values:
        named = accepted.kind == "iri" and not is_short(text) and iri_of(text) is not None
        fits = named or text in accepted.values
        return None if fits else f"one of {', '.join(accepted.values)}"
    return None if _fits(accepted, text) else words_for(accepted)


def words_for(accepted: Accepted) -> str:
    """Say in words what a type accepts."""
    match accepted.kind:
        case "iri":
            starts = ", ".join(shorten(space + "…") for space in accepted.namespaces)
            return f"a name ({starts}), prefix:name or a full IRI"
        case "date":
            return "a day such as 2025-07-31"
        case "integer":
            return "a whole number"
        case "decimal":
            return "a number such as 1.5"
        case "boolean":
            return "true or false"
        case _:
            return f"text of 1 to {LONGEST} characters without control characters"


def _fits(accepted: Accepted, text: str) -> bool:
    match accepted.kind:
        case "iri":
            return is_short(text) or iri_of(text) is not None
        case "date":
            return is_day(text)
        case "integer":
            return re.fullmatch(INTEGER, text) is not None
        case "decimal":
            return re.fullmatch(DECIMAL, text) is not None
        case "boolean":
            return text in ("true", "false")
        case _:
            return re.fullmatch(TEXT, text) is not None


def is_short(text: str) -> bool:
    """Tell whether a text is the short name of a thing."""
    return re.fullmatch(SHORT, text) is not None


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar."""
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text) is not None
    except ValueError:
        return False


def iri_of(text: str) -> str | None:
    """Give the IRI that a text names as `prefix:name`, `<iri>` or in full; `None` where none."""
    try:
        iri = expand(text)
    except ValueError:
        return None
    return iri if is_absolute(iri) else None
