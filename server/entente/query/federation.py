"""SERVICE: answered beforehand by another server, and joined as VALUES.

Owns the reading of SERVICE clauses, in a reader: each with a constant address is taken out of the
text, its group is sent to that address by the parent's fetcher, and the rows that come back stand
in its place. So the engine never sees a SERVICE and the reader needs no socket. What a clause gives
is what the standard says, since SERVICE is evaluated by itself and then joined (SPARQL 1.1
Federated Query 2.4); bindings of the rest are not sent along.
Known limits: no variable for the address, no SERVICE within a SERVICE, no blank nodes in answers.
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

MOST_CLAUSES: Final = 8
# Not a clause that could end a sub-SELECT, as VALUES could: it is SPARQL where SERVICE is.
_HOLLOW: Final = "MINUS{}"
_SELECT: Final = "SELECT * "
_PROLOGUE: Final = {"PREFIX": 2, "BASE": 1, "VERSION": 1}

Fetch = Callable[[str, str], tuple[str, bytes]]
"""Asks an address with a query; gives the format's name and the bytes of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One SERVICE: where it stands, its address, and its group; the two end together."""

    start: int
    address: int
    group: int
    end: int
    endpoint: str
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
    _require_sound(_hollow(text, clauses), job, limits)
    for clause in clauses:
        _require_sound(_alone(text, prologue, clause), job, limits)
    base = f"BASE <{job.base_iri}>\n" if job.base_iri else ""
    parts, end = [], 0
    for clause in clauses:
        query = f"{base}{text[:prologue]}\n{_SELECT}{text[clause.group : clause.end]}"
        parts += [text[end : clause.start], _rows(clause, query, federation, fetch)]
        end = clause.end
    whole = "".join([*parts, text[end:]])
    length = limits.length + 8 * federation.length * len(clauses)
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
    if len(clauses) > MOST_CLAUSES:
        detail = f"a query has {len(clauses)} SERVICE clauses; at most {MOST_CLAUSES} are asked"
        raise QueryRefused(detail)
    return _end_of_prologue(tokens), clauses


def _read_clause(text: str, tokens: list[Token], depths: list[int], place: int) -> Clause:
    at = place + 1
    silent = at < len(tokens) and tokens[at].text.upper() == "SILENT"
    at += silent
    endpoint = tokens[at] if at < len(tokens) else None
    if endpoint is None or endpoint.kind != "iri":
        detail = "write the address of SERVICE in full: SERVICE <https://…> { … }"
        if endpoint is not None and endpoint.kind == "variable":
            detail = "SERVICE takes no variable here: its address is checked beforehand"
        raise _refusal(text, tokens[place], detail)
    if at + 1 >= len(tokens) or tokens[at + 1].text != "{":
        raise _refusal(text, tokens[place], "after the address of SERVICE comes its group in { }")
    last = at + 2
    while depths[last] >= depths[at + 1]:
        last += 1  # the scanner has found that every bracket closes
    inside = tokens[at + 1 : last + 1]
    return Clause(
        start=tokens[place].start,
        address=endpoint.start,
        group=tokens[at + 1].start,
        end=tokens[last].start + 1,
        endpoint=endpoint.text[1:-1],
        silent=silent,
        variables=frozenset(token.text[1:] for token in inside if token.kind == "variable"),
    )


def _end_of_prologue(tokens: list[Token]) -> int:
    place = 0
    while place < len(tokens) and tokens[place].text.upper() in _PROLOGUE:
        place += 1 + _PROLOGUE[tokens[place].text.upper()]
    return tokens[place].start if place < len(tokens) else 0


def _require_allowed(clause: Clause, text: str, federation: Federation) -> None:
    remote = read_remote(clause.endpoint)
    if remote is None or not allows(federation.prefixes, remote):
        line, column = place_of(text, clause.start)
        allowed = ", ".join(f"<{prefix}>" for prefix in federation.prefixes)
        raise QueryRefused(
            f"SERVICE may not ask <{clause.endpoint[:200]}> here; it may ask {allowed} and what "
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
    before = _blank(text[prologue : clause.address])
    after = _blank(text[clause.address + len(_SELECT) : clause.group])
    return f"{text[:prologue]}{before}{_SELECT}{after}{text[clause.group : clause.end]}"


def _blank(text: str) -> str:
    return "".join(character if character in "\r\n" else " " for character in text)


def _rows(clause: Clause, query: str, federation: Federation, fetch: Fetch) -> str:
    try:
        name, body = fetch(clause.endpoint, query)
        return values_of(body, name, variables=clause.variables, most=federation.rows)
    except RemoteFailed as error:
        if clause.silent:
            return NOTHING
        detail = f"SERVICE <{clause.endpoint}>: {error}"
        raise RemoteFailed(detail, late=error.late) from error
    except LimitExceeded as error:
        detail = f"the answer to SERVICE <{clause.endpoint}> is too long: {error}"
        raise LimitExceeded(detail, limit=error.limit) from error


def _refusal(text: str, token: Token, detail: str) -> QueryRefused:
    line, column = place_of(text, token.start)
    return QueryRefused(detail, line=line, column=column)
