"""SERVICE: answered beforehand by another server, and joined as VALUES.

Owns the reading of SERVICE clauses, in a reader: each with a constant address is taken out of the
text, its group is sent to that address by the parent's fetcher, and the rows that come back stand
in its place; one with a variable, to which VALUES or BIND gives constant addresses before it in the
same group, becomes a UNION of as many. So the engine never sees a SERVICE and the reader needs no
socket. What a clause gives is what the standard says, since SERVICE is evaluated by itself and then
joined (SPARQL 1.1 Federated Query 2.4); bindings of the rest are not sent along.
Known limits: no other variable for the address, no SERVICE within a SERVICE, no blank nodes in
answers.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from entente.core.errors import LimitExceeded, QueryRefused, QuerySyntaxError, RemoteFailed
from entente.core.messages import Job
from entente.core.remotes import allows, read_remote
from entente.query.guard import inspect
from entente.query.limits import Federation, QueryLimits
from entente.query.tokens import Scanner, Token, place_of
from entente.store.embedded import require_query
from entente.store.remote_rows import NOTHING, values_of

MOST_ASKED: Final = 8
# Not a clause that could end a sub-SELECT, as VALUES could: it is SPARQL where SERVICE is.
_HOLLOW: Final = "MINUS{}"
_SELECT: Final = "SELECT * "
_PROLOGUE: Final = {"PREFIX": 2, "BASE": 1, "VERSION": 1}

Fetch = Callable[[str, str], tuple[str, bytes]]
"""Asks an address with a query; gives the format's name and the bytes of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One SERVICE: where it stands, its addresses, and its group; the two end together.

    `variable` is that of the address, with its mark, where it is not constant.
    """

    start: int
    group: int
    end: int
    endpoints: tuple[str, ...]
    variable: str | None
    silent: bool
    variables: frozenset[str]


def resolve_services(job: Job, limits: QueryLimits, federation: Federation, fetch: Fetch) -> str:
    """Ask all that a query's SERVICE clauses ask, and give the query without them.

    Args:
        job: the query.
        limits: what its text may hold, the groups of its clauses included.
        federation: what may be asked.
        fetch: does it.

    Raises:
        QuerySyntaxError: it is not SPARQL; nothing has been asked then.
        QueryRefused: it asks for what is not done here; nothing has been asked.
        RemoteFailed: another server failed, and the clause is not silent.
        LimitExceeded: another server's answer is too long.
    """
    text = job.query
    prologue, clauses = read_clauses(text)
    for clause in clauses:
        _require_allowed(clause, text, federation)
    asked = sum(len(clause.endpoints) for clause in clauses)
    if asked > MOST_ASKED:
        raise QueryRefused(f"SERVICE would ask {asked} times; at most {MOST_ASKED} are done")
    _require_sound(_hollow(text, clauses), job, limits)
    for clause in clauses:
        _require_sound(_alone(text, prologue, clause), job, limits)
    base = f"BASE <{job.base_iri}>\n" if job.base_iri else ""
    parts, end = [], 0
    for clause in clauses:
        query = f"{base}{text[:prologue]}\n{_SELECT}{text[clause.group : clause.end]}"
        rows = [_rows(clause, one, query, federation, fetch) for one in clause.endpoints]
        if clause.variable is not None:
            rows = [
                f"{{ VALUES {clause.variable} {{ <{endpoint}> }} {found} }}"
                for endpoint, found in zip(clause.endpoints, rows, strict=True)
            ]
        parts += [text[end : clause.start], " UNION ".join(rows)]
        end = clause.end
    whole = "".join([*parts, text[end:]])
    length = limits.length + 8 * federation.length * asked
    return inspect(whole, replace(limits, length=length))


def read_clauses(text: str) -> tuple[int, list[Clause]]:
    """Find the SERVICE clauses of a query.

    Returns:
        Where the prologue ends, and the clauses in their order.

    Raises:
        QuerySyntaxError: the text has no reading in tokens.
        QueryRefused: a clause is not one that can be done here.
    """
    scanner = Scanner(text)
    depths: list[int] = []
    tokens: list[Token] = []
    for token in scanner.tokens():
        tokens.append(token)
        depths.append(len(scanner.brackets))
    clauses: list[Clause] = []
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "SERVICE":
            if clauses and token.start < clauses[-1].end:
                raise _refusal(text, token, "a SERVICE within a SERVICE is not done here")
            clauses.append(_read_clause(text, tokens, depths, place))
    return _end_of_prologue(tokens), clauses


def _read_clause(text: str, tokens: list[Token], depths: list[int], place: int) -> Clause:
    at = place + 1
    silent = at < len(tokens) and tokens[at].text.upper() == "SILENT"
    at += silent
    endpoint = tokens[at] if at < len(tokens) else None
    if endpoint is None or endpoint.kind not in ("iri", "variable"):
        detail = "write the address of SERVICE in full: SERVICE <https://…> { … }"
        raise _refusal(text, tokens[place], detail)
    endpoints: tuple[str, ...] = (endpoint.text,)
    if endpoint.kind == "variable":
        endpoints = _given(endpoint.text, tokens, depths, place)
        if not endpoints:
            name = endpoint.text
            detail = f"SERVICE {name} is checked beforehand: write VALUES {name} {{ <https://…> }} "
            raise _refusal(text, tokens[place], detail + "before it in the same group")
    if at + 1 >= len(tokens) or tokens[at + 1].text != "{":
        raise _refusal(text, tokens[place], "after the address of SERVICE comes its group in { }")
    last = at + 2
    while depths[last] >= depths[at + 1]:
        last += 1  # the scanner has found that every bracket closes
    inside = tokens[at + 1 : last + 1]
    return Clause(
        start=tokens[place].start,
        group=tokens[at + 1].start,
        end=tokens[last].start + 1,
        endpoints=tuple(dict.fromkeys(one[1:-1] for one in endpoints)),
        variable=endpoint.text if endpoint.kind == "variable" else None,
        silent=silent,
        variables=frozenset(token.text[1:] for token in inside if token.kind == "variable"),
    )


def _given(variable: str, tokens: list[Token], depths: list[int], place: int) -> tuple[str, ...]:
    """Find the addresses that VALUES or BIND gives a variable in the group before a place.

    What stands in the same group is joined with the SERVICE, so no other address can be meant.
    """
    at, depth = place - 1, depths[place]
    while at >= 0 and depths[at] >= depth:
        words = [token.text for token in tokens[at : at + 6]]
        name = variable[1:]
        if depths[at] == depth and tokens[at].kind == "word":
            if words[0].upper() == "VALUES" and words[1][1:] == name and words[2] == "{":
                end = next(i for i in range(at + 3, len(tokens)) if tokens[i].text == "}")
                return _iris(tokens[at + 3 : end])
            as_name = words[3:4] and words[3].upper() == "AS" and words[4][1:] == name
            if words[0].upper() == "BIND" and as_name and words[5] == ")":
                return _iris(tokens[at + 2 : at + 3])
        at -= 1
    return ()


def _iris(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(one.text for one in tokens) if all(one.kind == "iri" for one in tokens) else ()


def _end_of_prologue(tokens: list[Token]) -> int:
    place = 0
    while place < len(tokens) and tokens[place].text.upper() in _PROLOGUE:
        place += 1 + _PROLOGUE[tokens[place].text.upper()]
    return tokens[place].start if place < len(tokens) else 0


def _require_allowed(clause: Clause, text: str, federation: Federation) -> None:
    for endpoint in clause.endpoints:
        remote = read_remote(endpoint)
        if remote is None or not allows(federation.prefixes, remote):
            line, column = place_of(text, clause.start)
            allowed = ", ".join(f"<{prefix}>" for prefix in federation.prefixes)
            raise QueryRefused(
                f"SERVICE may not ask <{endpoint[:200]}> here; it may ask {allowed} and what "
                "lies below",
                line=line,
                column=column,
            )


def _require_sound(text: str, job: Job, limits: QueryLimits) -> None:
    """Hold a text, whose tokens stand where they stood, to all that other queries are held to."""
    try:
        require_query(inspect(text, limits), job.base_iri)
    except QuerySyntaxError as error:
        from entente.query.syntax import explain  # not needed to start

        raise explain(text, error) from error


def _hollow(text: str, clauses: list[Clause]) -> str:
    """Give the text with something that asks nobody in place of each clause."""
    parts, end = [], 0
    for clause in clauses:
        parts += [text[end : clause.start], _HOLLOW]
        parts.append(_blank(text[clause.start : clause.end])[len(_HOLLOW) :])
        end = clause.end
    return "".join([*parts, text[end:]])


def _alone(text: str, prologue: int, clause: Clause) -> str:
    """Give the text of a clause's group as a query, at its place."""
    before = _blank(text[prologue : clause.start])
    after = _blank(text[clause.start + len(_SELECT) : clause.group])
    return f"{text[:prologue]}{before}{_SELECT}{after}{text[clause.group : clause.end]}"


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n" else " " for character in text)


def _rows(clause: Clause, endpoint: str, query: str, federation: Federation, fetch: Fetch) -> str:
    try:
        name, body = fetch(endpoint, query)
        return values_of(body, name, variables=clause.variables, most=federation.rows)
    except RemoteFailed as error:
        if clause.silent:
            return NOTHING
        detail = f"SERVICE <{endpoint}>: {error}"
        raise RemoteFailed(detail, late=error.late) from error
    except LimitExceeded as error:
        detail = f"the answer to SERVICE <{endpoint}> is too long: {error}"
        raise LimitExceeded(detail, limit=error.limit) from error


def _refusal(text: str, token: Token, detail: str) -> QueryRefused:
    line, column = place_of(text, token.start)
    return QueryRefused(detail, line=line, column=column)
