"""The kinds of problems: status, title, and what each means, for the page of problems.

Owns the table and nothing else. Client errors are 4xx, ours 5xx, never the reverse.
"""

from collections.abc import Mapping
from typing import Final

KINDS: Final[Mapping[str, tuple[int, str, str]]] = {
    "parameter": (400, "Bad request", "A parameter is missing, repeated or malformed."),
    "syntax": (400, "Not SPARQL", "The query could not be parsed; line and column say where."),
    "refused": (
        400,
        "Query refused",
        "The query asks for something that this server does not do, such as SERVICE, "
        "or is nested or chained beyond the limits.",
    ),
    "answer-too-long": (
        400,
        "Answer too long",
        "The answer has more rows, triples or bytes than are sent; LIMIT asks for fewer. An answer "
        "is never cut in silence: one that had begun to be sent breaks off without its end.",
    ),
    "document": (400, "Not RDF", "The document could not be parsed; line and column say where."),
    "token": (401, "Token needed", "Show a token that is in force: Authorization: Bearer …"),
    "read-only": (
        403,
        "Read-only",
        "This server takes no updates, or the graph is generated and not written by hand.",
    ),
    "scope": (403, "Not allowed", "The token's scope does not cover this; another token may."),
    "cross-site": (
        403,
        "Cross-site write",
        "A form on another site may not change the graph; programs send no Origin of another site.",
    ),
    "not-found": (404, "Not found", "The graph holds nothing under this address."),
    "method": (405, "Method not allowed", "The address does not know this method."),
    "not-acceptable": (
        406,
        "Not acceptable",
        "None of the formats asked for can hold the answer; the offers are listed.",
    ),
    "write-refused": (
        409,
        "Write refused",
        "The change would break a shape or contradict itself; nothing was changed. "
        "The report says what is wrong where, also as Turtle or JSON-LD.",
    ),
    "too-late": (
        409,
        "Too late",
        "The update is published, or about to be, and cannot be stopped; another one can undo it.",
    ),
    "lost-race": (
        412,
        "Precondition failed",
        "Somebody else changed the graph since the revision in If-Match, or what If-None-Match "
        "rules out is there; nothing was changed.",
    ),
    "too-large": (413, "Body too large", "The request's body is longer than is read."),
    "uri-too-long": (414, "Address too long", "Send long queries by POST."),
    "media-type": (
        415,
        "Unsupported media type",
        "A query comes as a form or as application/sparql-query, in UTF-8, uncompressed; "
        "a graph in one of the formats of RDF.",
    ),
    "too-many": (429, "Too many requests", "This address asks more often than is allowed."),
    "remote": (
        502,
        "Other server failed",
        "A server that SERVICE asked cannot be reached or did not answer as it should. "
        "SERVICE SILENT goes on without it.",
    ),
    "remote-late": (
        504,
        "Other server too slow",
        "A server that SERVICE asked did not answer in time. SERVICE SILENT goes on without it.",
    ),
    "internal": (500, "Internal error", "A defect of this server; the log has the details."),
    "limit": (
        503,
        "Limit reached",
        "The query took more time or memory than is allowed, or too many queries are waiting.",
    ),
    "unavailable": (503, "Not ready", "The graph is not loaded yet, or its store is damaged."),
    "storage": (
        507,
        "Cannot be stored",
        "The disk is full or cannot be written. Nothing was changed; queries are answered on.",
    ),
    "cancelled": (503, "Cancelled", "The client left, or the server is stopping."),
}
