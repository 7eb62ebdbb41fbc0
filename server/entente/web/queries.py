"""Queries at work: `/queries` lists what waits and runs, and ends what its holder no longer wants.

Updates stand there too, until they are published; explanations and documents are nobody's and an
administrator's to see.

Owns who sees and ends which query: a token's holder those that came with the token, an
administrator all.
"""

from flask import Blueprint, Response

from entente.core.tokens import Token
from entente.query.register import Entry
from entente.query.service import QueryService
from entente.web.access import Access
from entente.web.json_body import JSON, dump


def queries_blueprint(service: QueryService, access: Access) -> Blueprint:
    """Make the views of queries at work."""
    blueprint = Blueprint("queries", __name__)

    @blueprint.get("/queries")
    def queries() -> Response:
        token = access.require("read")
        entries = [entry for entry in service.register.entries() if is_of(entry, token)]
        body = dump([_fields(entry) for entry in entries])
        return _uncached(Response(body, content_type=JSON.content_type))

    @blueprint.delete("/queries/<query_id>")
    def end(query_id: str) -> Response:
        token = access.require("read")
        service.register.end(query_id, allowed=lambda entry: is_of(entry, token))
        return _uncached(Response(status=204))

    return blueprint


def is_of(entry: Entry, token: Token) -> bool:
    """Tell whether the holder of a token may see and end a query."""
    return token.allows("admin") or entry.client == token.name


def _fields(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "state": entry.state,
        "seconds": round(entry.age, 3),
        "form": entry.form,
        "client": entry.client,
        "query": entry.words,
    }


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
