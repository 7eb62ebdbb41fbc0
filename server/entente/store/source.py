"""Sources: where answers come from, seen as one interface.

Owns the question that a reader asks and the result that it gets back. The embedded store stands
behind it (`entente.store.embedded`), and any SPARQL 1.1 endpoint can: an implementation sends the
question on and copies the bytes that come back. Knows no engine and imports none.
"""

from dataclasses import dataclass
from typing import Protocol

from entente.core.messages import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query and the dataset it is asked of.

    `default_graphs` and `named_graphs` are the protocol's dataset (SPARQL 1.1 Protocol 2.1.4):
    where one of them is given, they replace the query's own FROM. Where neither the protocol nor
    the query names a dataset, the default graph is the union of all graphs.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None


class Sink(Protocol):
    """What a result is written to; an error that it raises ends the writing."""

    def write(self, part: bytes, /) -> int:
        """Take all of `part`."""
        ...

    def flush(self) -> None:
        """Do nothing, or pass on what was taken."""
        ...


class Result(Protocol):
    """A query that was parsed and planned, and is evaluated while it is written."""

    @property
    def form(self) -> Form:
        """The form of the query: bindings, a yes or no, or triples."""
        ...

    def write(self, sink: Sink, format_name: str, *, most: int | None = None) -> None:
        """Write the whole answer.

        Args:
            sink: takes the bytes.
            format_name: a name of `entente.core.media` that fits the form.
            most: how many rows or triples it may have.

        Raises:
            LimitExceeded: it has more.
            QueryRefused: the evaluation met something that the engine does not do.
            StoreError: the store could not be read.
        """
        ...


class Source(Protocol):
    """One immutable revision of the dataset, open for questions."""

    def evaluate(self, question: Question) -> Result:
        """Parse and plan a question.

        Raises:
            QuerySyntaxError: the text is not SPARQL.
            QueryRefused: it is SPARQL, but asks for something that the engine does not do.
            StoreError: the store could not be read.
        """
        ...
