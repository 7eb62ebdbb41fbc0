"""Bindings: values put in the places of an atom's variables.

Owns the steps between an atom with variables and a triple without.
"""

from collections.abc import Callable

from entente.logic.fast_index import Atom, Binding
from entente.logic.fast_term import Numbers

Conclude = Callable[[Binding], None]


def value_of(binding: Binding, place: int) -> int:
    """Give the value of a variable that is bound."""
    value = binding[place]
    if value is None:
        raise LookupError(f"variable {place} is not bound")
    return value


def bind(atom: Atom, binding: Binding) -> Atom:
    """Put in the values that are known."""
    s, p, o = (term if term >= 0 or (value := binding[term]) is None else value for term in atom)
    return (s, p, o)


def fill(atom: Atom, binding: Binding) -> Numbers:
    """Put in the values of all variables."""
    s, p, o = (term if term >= 0 else value_of(binding, term) for term in atom)
    return (s, p, o)


def once(conclude: Conclude) -> Conclude:
    """Let the same binding through once."""
    seen: set[tuple[int | None, ...]] = set()

    def conclude_once(binding: Binding) -> None:
        key = tuple(binding)
        if key not in seen:
            seen.add(key)
            conclude(binding)

    return conclude_once
