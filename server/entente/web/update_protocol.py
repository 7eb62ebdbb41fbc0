"""The SPARQL 1.1 protocol for updates, and what all writes have in common.

Owns the reading of fields and preconditions. Must not know Flask, and must not look into the
update: that is the writer's work. https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

import re
from dataclasses import dataclass
from typing import Final

from entente.core.writes import WriteRequest
from entente.web.fields import gather, read_seconds, require_at_most_one, require_iris
from entente.web.problems import wrong_parameter

FIELDS: Final = ("update", "using-graph-uri", "using-named-graph-uri")
OPTIONS: Final = ("dry-run", "why", "timeout")
LONGEST_REASON: Final = 1000
NO: Final = frozenset({"0", "false", "no", "off"})

_TAG: Final = re.compile(r'(?:W/)?"(\d+)(?:-[^"]*)?"')


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """What may be said with any write; `why` are the client's words for the change log."""

    dry_run: bool = False
    why: str | None = None
    timeout: float | None = None
    if_match: frozenset[int] | None = None


def read_options(
    fields: list[tuple[str, str]], *, reason: str | None, if_match: str | None
) -> WriteOptions:
    """Read what is said with a write.

    Args:
        fields: of the address and, where there is one, of the form.
        reason: the header `X-Change-Reason`, if it was sent; the parameter `why` comes first.
        if_match: the header `If-Match`, if it was sent.

    Raises:
        RequestRefused: a field is malformed.
    """
    values = gather(fields, *OPTIONS)
    dry_run = require_at_most_one(values["dry-run"], "dry-run")
    why = require_at_most_one(values["why"], "why") or reason
    if why is not None and len(why) > LONGEST_REASON:
        raise wrong_parameter(f"why has {len(why)} characters, at most {LONGEST_REASON} are kept")
    return WriteOptions(
        dry_run=dry_run is not None and dry_run.strip().lower() not in NO,
        why=" ".join(why.split()) or None if why else None,
        timeout=read_seconds(values["timeout"]),
        if_match=read_revisions(if_match),
    )


def read_revisions(if_match: str | None) -> frozenset[int] | None:
    """Give the revisions that If-Match names; `None` where it is absent or `*`.

    Our tags begin with the revision, and are weak since they are made before an answer: the
    comparison is by revision, which is stricter than the strong one that RFC 9110 asks for.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(found) for found in _TAG.findall(if_match))


def read_update(
    fields: list[tuple[str, str]], options: WriteOptions, *, base_iri: str, who: str
) -> WriteRequest:
    """Read an update operation from its fields.

    Raises:
        RequestRefused: a field is malformed, or there is no update.
    """
    values = gather(fields, *FIELDS)
    text = require_at_most_one(values["update"], "update")
    if text is None:
        raise wrong_parameter("update is missing")
    return WriteRequest(
        kind="update",
        text=text,
        using_graphs=require_iris(values["using-graph-uri"], "using-graph-uri"),
        using_named_graphs=require_iris(values["using-named-graph-uri"], "using-named-graph-uri"),
        base_iri=base_iri,
        if_match=options.if_match,
        dry_run=options.dry_run,
        who=who,
        why=options.why,
        timeout=options.timeout,
    )
