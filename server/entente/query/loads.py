"""LOAD, which is not done here: taken out of an update before anything runs.

Owns the reading of LOAD by tokens. A silent one is asked to fail in silence (SPARQL 1.1 Update
3.1.4) and becomes an operation that does nothing; any other is refused, but a text that is no
SPARQL is told so first. The guard behind lets no LOAD through, whatever this module reads.
"""

from dataclasses import dataclass

from entente.core.errors import QueryRefused, QuerySyntaxError
from entente.query.tokens import Scanner, Token, place_of

_NAMES = frozenset({"iri", "prefixed"})


@dataclass(frozen=True, slots=True)
class Load:
    """One LOAD: where it stands and what it names."""

    start: int
    end: int
    silent: bool
    names: tuple[str, ...]


def without_loads(text: str) -> tuple[str, QueryRefused | None]:
    """Replace each LOAD by an operation that does nothing.

    Returns:
        The text without LOAD, and the refusal of the first that is not silent.

    Raises:
        QueryError: the text has no reading in tokens.
    """
    refusal = None
    parts, end = [], 0
    for load in _loads(text):
        if not load.silent and refusal is None:
            line, column = place_of(text, load.start)
            refusal = QueryRefused(
                "LOAD is not done here: this server fetches nothing; send the triples themselves",
                line=line,
                column=column,
            )
        # Adding a graph to itself does nothing, and has the same names in the same places.
        nothing = " ; ".join(f"ADD SILENT {name} TO {name}" for name in load.names)
        lines = "\n" * text.count("\n", load.start, load.end)
        parts += [text[end : load.start], nothing, lines]
        end = load.end
    return "".join([*parts, text[end:]]), refusal


def _loads(text: str) -> list[Load]:
    scanner = Scanner(text)
    tokens = [token for token in scanner.tokens() if not scanner.brackets]
    found = []
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "LOAD":
            load = _read(tokens[place : place + 6])
            if load is None:
                line, column = place_of(text, token.start)
                detail = "LOAD takes an IRI, and may end with INTO GRAPH and an IRI"
                raise QuerySyntaxError(detail, line=line, column=column)
            found.append(load)
    return found


def _read(tokens: list[Token]) -> Load | None:
    """Read `LOAD SILENT? iri ( INTO GRAPH iri )?` from its first token on."""
    words = [token.text.upper() if token.kind == "word" else token.kind for token in tokens]
    silent = words[1:2] == ["SILENT"]
    at = 2 if silent else 1
    if len(words) <= at or words[at] not in _NAMES:
        return None
    last = at
    names = [tokens[at].text]
    if words[at + 1 : at + 3] == ["INTO", "GRAPH"]:
        last = at + 3
        if len(words) <= last or words[last] not in _NAMES:
            return None
        names.append(tokens[last].text)
    end = tokens[last].start + len(tokens[last].text)
    return Load(tokens[0].start, end, silent, tuple(names))
