"""Terms as text: a statement as three N-Triples terms, read into terms of the engine.

Owns the reading back of what `entente.query.library.serialise` writes: the form in which terms
cross from a process without the engine to one with it.
"""

from pyoxigraph import NamedNode, RdfFormat, parse

from entente.core.errors import QueryRefused
from entente.logic.proof import Statement


def read_statement(subject: str, predicate: str, object_: str) -> Statement:
    """Read a statement.

    Raises:
        QueryRefused: the three are not one triple of RDF.
    """
    text = f"{subject} {predicate} {object_} ."
    try:
        found = list(parse(input=text.encode(), format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise QueryRefused(f"{text!r} is not a statement: {error}") from error
    if len(found) != 1 or not isinstance(found[0].subject, NamedNode):
        raise QueryRefused(f"{text!r} is not one statement about a named thing")
    return found[0].subject, found[0].predicate, found[0].object
