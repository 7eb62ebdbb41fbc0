"""Problems: which status and which words each failure gets. All status codes are chosen here.

Owns the table from errors to statuses (client errors are 4xx, ours 5xx, never the reverse) and
the fields of a problem (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457). Must not know Flask;
must not put a path, a stack or a token into an answer.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Final

from entente.core.errors import (
    ArtifactError,
    Cancelled,
    EntenteError,
    LimitExceeded,
    MalformedDocument,
    NotAcceptable,
    NotAllowed,
    NotFound,
    QueryRefused,
    QuerySyntaxError,
    ReadOnly,
    RemoteFailed,
    RevisionConflict,
    StoreError,
    StoreUnwritable,
    TokensUnreadable,
    TooLate,
    WriteRefused,
)
from entente.web.json_body import dump
from entente.web.problem_kinds import KINDS

PROBLEM_TYPE: Final = "application/problem+json"
EXCERPT_WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One failure as a client sees it; `kind` names a section of the page of problems.

    `offers` are media types the client could have asked for, `allow` the methods it could have
    used, `excerpt` the line of the query with a mark under the column; `challenge` tells how to
    show a token (RFC 6750), `revision` is that of the dataset, `results` are those of a judgement.
    """

    status: int
    title: str
    detail: str = ""
    kind: str = "about:blank"
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None
    offers: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    retry_after: int | None = None
    challenge: str | None = None
    revision: int | None = None
    results: tuple[Mapping[str, object], ...] = ()


class RequestRefused(EntenteError):
    """A request whose problem is known where it is found."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail or problem.title)


def problem(
    kind: str,
    detail: str,
    *,
    line: int | None = None,
    column: int | None = None,
    offers: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    retry_after: int | None = None,
    challenge: str | None = None,
) -> Problem:
    """Make a problem of a kind in the table."""
    status, title, _ = KINDS[kind]
    return Problem(
        status=status,
        title=title,
        detail=detail,
        kind=kind,
        line=line,
        column=column,
        offers=offers,
        allow=allow,
        retry_after=retry_after,
        challenge=challenge,
    )


def wrong_parameter(detail: str) -> RequestRefused:
    """Make the error for a parameter that is missing, repeated or malformed."""
    return RequestRefused(problem("parameter", detail))


def problem_of(error: EntenteError) -> Problem:
    """Choose the problem for a failure that the program foresees."""
    detail = str(error)
    match error:
        case RequestRefused():
            return error.problem
        case QuerySyntaxError():
            return problem("syntax", detail, line=error.line, column=error.column)
        case QueryRefused():
            return problem("refused", detail, line=error.line, column=error.column)
        case NotAcceptable():
            return problem("not-acceptable", detail, offers=error.offers)
        case LimitExceeded(limit="rows" | "bytes"):
            return problem("answer-too-long", detail)
        case LimitExceeded():
            return problem("limit", detail, retry_after=error.retry_after)
        case RemoteFailed():
            return problem("remote-late" if error.late else "remote", detail)
        case Cancelled():
            return problem("cancelled", detail, retry_after=1)
        case TooLate():
            return problem("too-late", detail)
        case NotFound():
            return problem("not-found", detail)
        case MalformedDocument():
            return problem("document", detail, line=error.line, column=error.column)
        case ReadOnly():
            return problem("read-only", detail)
        case NotAllowed():
            return problem("scope", detail)
        case RevisionConflict():
            return replace(problem("lost-race", detail), revision=error.revision)
        case WriteRefused():
            results = tuple(asdict(result) for result in error.report.results)
            refused = problem("write-refused", detail)
            return replace(refused, revision=error.revision, results=results)
        case StoreUnwritable():
            return problem("storage", f"{detail}; nothing has changed")
        case TokensUnreadable():
            told = "no token can be told from another at the moment; without one, reads go on"
            return problem("unavailable", told, retry_after=5)
        case StoreError() | ArtifactError():
            # Their messages name folders of this machine: they are for the log.
            return problem("unavailable", "the graph cannot be used at the moment", retry_after=5)
        case _:
            return problem("internal", "an error that this server did not foresee")


def problem_of_status(status: int, detail: str, *, allow: tuple[str, ...] = ()) -> Problem:
    """Choose the problem for a status that Flask chose."""
    kinds = {404: "not-found", 405: "method", 413: "too-large", 414: "uri-too-long"}
    if status in kinds:
        return problem(kinds[status], detail, allow=allow)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return problem("internal", "an error that this server did not foresee")
    return Problem(status=status, title=HTTPStatus(status).phrase, detail=detail)


def excerpt_of(text: str, line: int | None, column: int | None) -> str | None:
    """Give the line of a query with a mark under the column, cut to a width for people."""
    lines = text.splitlines()
    if line is None or not 1 <= line <= len(lines):
        return None
    whole = lines[line - 1].replace("\t", " ")
    if column is None:
        return whole[:EXCERPT_WIDTH]
    start = max(0, column - 1 - EXCERPT_WIDTH * 3 // 4)
    return f"{whole[start : start + EXCERPT_WIDTH]}\n{' ' * (column - 1 - start)}^"


def as_fields(problem: Problem, *, base: str = "") -> dict[str, object]:
    """Give the members of the JSON object; absent ones are left out.

    Args:
        base: address under which the page of problems stands, with its final slash.
    """
    known = problem.kind in KINDS
    return {
        "type": f"{base}problems#{problem.kind}" if base and known else "about:blank",
        "title": problem.title,
        "status": problem.status,
        **({"detail": problem.detail} if problem.detail else {}),
        **({"line": problem.line} if problem.line is not None else {}),
        **({"column": problem.column} if problem.column is not None else {}),
        **({"excerpt": problem.excerpt} if problem.excerpt else {}),
        **({"offers": list(problem.offers)} if problem.offers else {}),
        **({"revision": problem.revision} if problem.revision is not None else {}),
        **({"results": list(problem.results)} if problem.results else {}),
    }


def as_text(problem: Problem) -> str:
    """Give the problem as plain text whose first line says all to a person."""
    place = f" (line {problem.line}, column {problem.column})" if problem.line is not None else ""
    first = f"{problem.title}: {problem.detail}{place}" if problem.detail else problem.title
    lines = [" ".join(first.split()), f"Status {problem.status}."]
    if problem.excerpt:
        lines += ["", problem.excerpt]
    if problem.offers:
        lines += ["", "Offered: " + ", ".join(problem.offers)]
    if problem.results:
        lines += ["", *(_result_line(result) for result in problem.results)]
    return "\n".join(lines) + "\n"


def _result_line(result: Mapping[str, object]) -> str:
    place = " ".join(str(result[name]) for name in ("focus", "path") if result[name])
    return " ".join(f"{result['severity']}: {place}: {result['message']}".split())


def headers_of(problem: Problem) -> dict[str, str]:
    """Give the headers that belong to a problem whatever form its body has."""
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.allow:
        headers["Allow"] = ", ".join(problem.allow)
    if problem.challenge is not None:
        headers["WWW-Authenticate"] = problem.challenge
    if problem.revision is not None:
        headers["X-Dataset-Revision"] = str(problem.revision)
    return headers


def refusal(problem: Problem) -> tuple[str, list[tuple[str, str]], bytes]:
    """Give status line, headers and body of a problem found before the application is asked."""
    headers = {
        "Content-Type": PROBLEM_TYPE,
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        **headers_of(problem),
    }
    return f"{problem.status} {problem.title}", list(headers.items()), dump(as_fields(problem))
