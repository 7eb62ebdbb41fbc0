"""The tree of errors: what went wrong, with which value, and what is accepted.

Every error that a user can cause is a subclass of `EntenteError`; anything else that reaches a
user is a defect of ours. HTTP status codes are chosen in `entente.web.problems`, not here.
"""

from dataclasses import dataclass

from entente.core.writes import Report


class EntenteError(Exception):
    """Any failure that the program foresees; `str(error)` is one clear line for people."""


class SettingError(EntenteError):
    """A setting has a value that is not accepted."""


class ArtifactError(EntenteError):
    """An artifact is missing, incomplete or of a layout this version does not read."""


class StoreError(EntenteError):
    """A snapshot is missing, damaged or locked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong (or suspicious) in a source file, and how to mend it.

    `severity` is `error`, `warning` or `info`; `line` counts from 1 and is `None` where the
    finding concerns the whole file or no file in particular.
    """

    what: str
    mend: str
    file: str | None = None
    line: int | None = None
    severity: str = "error"
    rule: str | None = None

    def __str__(self) -> str:
        """Give the finding as one line: `file:line: severity: what; mend [rule]`."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = f"{self.severity}: {self.what}"
        if self.mend:
            text += f" — {self.mend}"
        if self.rule:
            text += f" [{self.rule}]"
        return " ".join(f"{place}: {text}".split()) if place else " ".join(text.split())


class SourceError(EntenteError):
    """The sources have findings of severity `error`; nothing was published."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


class ReleaseError(EntenteError):
    """A release cannot be made or read."""


class QueryError(EntenteError):
    """A query was not answered; subclasses say whose fault it is."""


class QuerySyntaxError(QueryError):
    """The text is not SPARQL; `line` and `column` count from 1 where they are known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class QueryRefused(QueryError):
    """The query is SPARQL but asks for something this server does not do."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class NotAcceptable(QueryError):
    """No format that the client accepts fits the form of the query."""

    def __init__(self, message: str, *, offers: tuple[str, ...] = ()) -> None:
        self.offers = offers
        super().__init__(message)


class LimitExceeded(QueryError):
    """A limit struck: `limit` is `time`, `memory`, `bytes`, `rows`, `queue` or `crash`."""

    def __init__(self, message: str, *, limit: str, retry_after: int = 1) -> None:
        self.limit = limit
        self.retry_after = retry_after
        super().__init__(message)


class RemoteFailed(QueryError):
    """Another server, which SERVICE asked, failed; `late`: it did not answer in time."""

    def __init__(self, message: str, *, late: bool = False) -> None:
        self.late = late
        super().__init__(message)


class Cancelled(QueryError):
    """The client went away or asked to stop; nobody reads the answer."""


class WriteError(EntenteError):
    """A write was not done; nothing has changed."""


class ReadOnly(WriteError):
    """What was to be written is not written by hand: a generated graph, or the whole server."""


class NotAllowed(WriteError):
    """Who writes may not change this; somebody with a wider scope may."""


class RevisionConflict(WriteError):
    """The dataset has another revision than the client expected."""

    def __init__(self, message: str, *, revision: int) -> None:
        self.revision = revision
        super().__init__(message)


class MalformedDocument(WriteError):
    """The RDF that was sent cannot be read; `line` and `column` count from 1 where known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class WriteRefused(WriteError):
    """The write breaks a promise of the graph: `report` says which; `revision` stays."""

    def __init__(self, message: str, *, report: Report, revision: int) -> None:
        self.report = report
        self.revision = revision
        super().__init__(message)


class StoreUnwritable(StoreError):
    """The disk is full or cannot be written; what was served is served on.

    The message names no folder of the machine: it is for clients too.
    """


class TokensUnreadable(StoreError):
    """The file of tokens is damaged or cannot be read: nobody's token can be told."""


class ChangesPending(StoreError):
    """A new build lacks changes that were accepted; loading it would drop them."""


class TooLate(EntenteError):
    """What was to be ended can be stopped no more."""


class NotFound(EntenteError):
    """No such thing in the graph."""
