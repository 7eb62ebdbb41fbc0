"""The writer's language: write requests and outcomes as notes on the pipe, and back.

Owns the two directions of each, so that they cannot differ. A request's documents follow its note
as one chunk each.
"""

from dataclasses import asdict
from typing import Any

from entente.core.errors import (
    EntenteError,
    LimitExceeded,
    MalformedDocument,
    NotAllowed,
    NotFound,
    QueryRefused,
    QuerySyntaxError,
    ReadOnly,
    RevisionConflict,
    StoreError,
    StoreUnwritable,
    WriteRefused,
)
from entente.core.messages import Note
from entente.core.writes import (
    Document,
    Report,
    Rewriting,
    ShapeResult,
    WriteOutcome,
    WriteRequest,
)

_PLACED: dict[str, type[QuerySyntaxError | QueryRefused | MalformedDocument]] = {
    "syntax": QuerySyntaxError,
    "refused": QueryRefused,
    "malformed": MalformedDocument,
}
_PLAIN = {
    "read-only": ReadOnly,
    "not-allowed": NotAllowed,
    "not-found": NotFound,
    "unwritable": StoreUnwritable,
    "store": StoreError,
}


def note_of_request(request: WriteRequest) -> Note:
    """Give a request as a note; its documents are to follow."""
    fields = {name: getattr(request, name) for name in request.__slots__}
    fields["documents"] = [document.format for document in request.documents]
    fields["if_match"] = None if request.if_match is None else sorted(request.if_match)
    return Note(name="write", fields=fields)


def request_of(note: Note, contents: list[bytes]) -> WriteRequest:
    """Give the request that a note and its chunks make."""
    fields = dict(note.fields)
    formats = fields["documents"]
    fields["documents"] = tuple(
        Document(content=content, format=name)
        for content, name in zip(contents, formats, strict=True)
    )
    fields["using_graphs"] = tuple(fields["using_graphs"])
    fields["using_named_graphs"] = tuple(fields["using_named_graphs"])
    matched = fields["if_match"]
    fields["if_match"] = None if matched is None else frozenset(matched)
    return WriteRequest(**fields)


def note_of_outcome(outcome: WriteOutcome) -> Note:
    """Give an outcome as a note."""
    return Note(name="done", fields=asdict(outcome))


def outcome_of(note: Note) -> WriteOutcome:
    """Give the outcome that a note tells of."""
    rewritings = tuple(Rewriting(**one) for one in note.fields["rewritings"])
    report = _report(note.fields["report"])
    return WriteOutcome(**{**note.fields, "report": report, "rewritings": rewritings})


def note_of_error(error: BaseException) -> Note:
    """Give an error as a note; what is not foreseen is said without detail."""
    message = str(error)
    for name, kind in _PLACED.items():
        if isinstance(error, kind):
            return _error(name, message, line=error.line, column=error.column)
    for name, plain in _PLAIN.items():
        if isinstance(error, plain):
            return _error(name, message)
    if isinstance(error, RevisionConflict):
        return _error("conflict", message, revision=error.revision)
    if isinstance(error, WriteRefused):
        return _error("shapes", message, revision=error.revision, report=asdict(error.report))
    if isinstance(error, LimitExceeded):
        return _error("limit", message, limit=error.limit)
    if isinstance(error, MemoryError):
        return _error("limit", "the write needs more memory than it may take", limit="memory")
    if isinstance(error, OSError):
        return _error("unwritable", f"the store cannot be written: {error.strerror}")
    if isinstance(error, EntenteError):
        return _error("store", message)
    return _error("store", f"{type(error).__name__} while writing")


def error_of(note: Note) -> EntenteError:
    """Give the error that a note tells of."""
    kind, message = note.fields["kind"], note.fields["message"]
    if kind in _PLACED:
        return _PLACED[kind](message, line=note.fields["line"], column=note.fields["column"])
    if kind == "conflict":
        return RevisionConflict(message, revision=note.fields["revision"])
    if kind == "shapes":
        report = _report(note.fields["report"])
        return WriteRefused(message, report=report, revision=note.fields["revision"])
    if kind == "limit":
        return LimitExceeded(message, limit=note.fields["limit"])
    return _PLAIN[kind](message)


def _error(kind: str, message: str, **fields: Any) -> Note:
    return Note(name="error", fields={"kind": kind, "message": message, **fields})


def _report(fields: dict[str, Any]) -> Report:
    results = tuple(ShapeResult(**one) for one in fields["results"])
    return Report(**{**fields, "results": results})
