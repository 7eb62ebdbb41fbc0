"""Values for named queries: from the text of a parameter to terms.

Owns the short names of things: `ukraine` is looked up below the namespaces of its parameter, and
all that there are under that name are meant. Capital letters make no difference.
"""

from difflib import get_close_matches
from typing import Final

from entente.core.errors import EntenteError
from entente.core.terms import XSD
from entente.logic.endpoint import Parameter
from entente.logic.endpoint_values import complaint, iri_of, is_short, words_for
from entente.query.results import Iri, Literal, Term
from entente.query.service import QueryService

MOST_CHOICES: Final = 200
DATATYPES = {
    "date": XSD + "date",
    "integer": XSD + "integer",
    "decimal": XSD + "decimal",
    "boolean": XSD + "boolean",
}


class WrongValue(EntenteError):
    """A parameter has a value that it does not accept."""


def read_value(service: QueryService, parameter: Parameter, text: str) -> tuple[Term, ...]:
    """Give the terms that a value stands for.

    Args:
        service: of the present: a thing that is not known as of a day is no error.
        parameter: whose value it is.
        text: as the client wrote it.

    Raises:
        WrongValue: it is not accepted, or no thing has this short name.
    """
    wrong = complaint(parameter, text)
    if wrong is not None:
        raise WrongValue(f"{parameter.name} is {text[:100]!r}; accepted is {wrong}")
    if parameter.kind == "iri":
        return _things(service, parameter, text)
    if parameter.kind == "text":
        return (Literal(text),)
    return (Literal(_canonical(parameter.kind, text), DATATYPES[parameter.kind]),)


def choices(service: QueryService, parameter: Parameter) -> tuple[str, ...]:
    """Give the short names that there are for a parameter, in order."""
    if parameter.values or parameter.kind != "iri":
        return parameter.values
    starts = tuple(Literal(space) for space in parameter.namespaces)
    found = (str(row["it"]) for row in service.rows("pages/names-below", start=starts))
    names = {_short(parameter, iri) for iri in found}
    return tuple(sorted(name for name in names if is_short(name)))


def few_choices(service: QueryService, parameter: Parameter) -> tuple[str, ...]:
    """Give what a form or a schema offers for a parameter; nothing where there are too many."""
    found = choices(service, parameter)
    return found if len(found) <= MOST_CHOICES else ()


def _things(service: QueryService, parameter: Parameter, text: str) -> tuple[Term, ...]:
    if not is_short(text):
        iri = iri_of(text)
        assert iri is not None, text
        return (Iri(iri),)
    found = _known(service, parameter, text)
    if found:
        return found
    known = choices(service, parameter)
    same = [name for name in known if name.casefold() == text.casefold()]
    if same:
        return tuple(term for name in same for term in _known(service, parameter, name))
    close = get_close_matches(text.casefold(), known, n=3, cutoff=0.6)
    hint = f"; near are {', '.join(close)}" if close else ""
    raise WrongValue(
        f"{parameter.name} is {text[:100]!r}, and nothing is called so{hint}; "
        f"accepted is {words_for(parameter)}"
    )


def _known(service: QueryService, parameter: Parameter, name: str) -> tuple[Term, ...]:
    named = tuple(Iri(space + name) for space in parameter.namespaces)
    found = {str(row["it"]) for row in service.rows("pages/known", it=named)}
    return tuple(term for term in named if term.value in found)


def _short(parameter: Parameter, iri: str) -> str:
    space = max((one for one in parameter.namespaces if iri.startswith(one)), key=len)
    return iri[len(space) :]


def _canonical(kind: str, text: str) -> str:
    if kind == "decimal" and "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
