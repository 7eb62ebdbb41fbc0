"""Updates: `/update`, and updates that come to the endpoint of queries.

Owns the view and what all writes share: the token, the limits, the preconditions. Must not look
into an update: what a user wrote goes to the writer process as it came.
"""

import os
from dataclasses import replace

from flask import Blueprint, Response, after_this_request, g, request

from entente.core.errors import EntenteError, RevisionConflict, WriteRefused
from entente.core.metrics import Counter
from entente.core.settings import Settings
from entente.core.tokens import Token
from entente.core.writes import WriteOutcome, WriteRequest
from entente.query.service import QueryService
from entente.query.writing import WriteService
from entente.web.access import Access
from entente.web.fields import HttpRequest
from entente.web.incoming import client_left, http_request
from entente.web.problems import RequestRefused, problem, wrong_parameter
from entente.web.protocol import UPDATE, is_update, read_operation
from entente.web.reports import answer_outcome
from entente.web.update_protocol import WriteOptions, read_options, read_update


class Writing:
    """The way of every write from HTTP to the write service.

    Args:
        service: answers queries; it turns reports into other syntaxes.
        writes: `None` where the server is read-only.
        access: knows the tokens.
        settings: `write_bytes` bounds a body.
        counted: counts writes by what became of them.
    """

    def __init__(
        self,
        service: QueryService,
        writes: WriteService | None,
        *,
        access: Access,
        settings: Settings,
        counted: Counter,
    ) -> None:
        self.service = service
        self._writes = writes
        self._access = access
        self._settings = settings
        self._counted = counted

    def admit(self) -> Token:
        """Let the current request write, or refuse it before its body is read."""
        token = self._access.require_writer()
        g.governs = token.allows("admin")
        request.max_content_length = self._settings.write_bytes
        return token

    def do(self, asked: WriteRequest) -> WriteOutcome:
        """Do one write."""
        if self._writes is None:
            raise RequestRefused(problem("read-only", "this server is read-only"))
        # of which a mistake's line is shown
        one = len(asked.documents) == 1
        g.written = asked.documents[0].content.decode(errors="replace") if one else asked.text
        number = os.urandom(8).hex()

        @after_this_request
        def tell_number(response: Response) -> Response:
            response.headers.setdefault("X-Query-Id", number)  # a failure may have one in the log
            return response

        try:
            outcome = self._writes.write(
                replace(asked, number=number, governs=g.governs), cancelled=client_left()
            )
        except EntenteError as error:
            refused = isinstance(error, WriteRefused | RevisionConflict)
            self._counted.add("refused" if refused else "failed")
            raise
        self._counted.add("accepted" if outcome.published else "tried")
        return outcome

    def update(self, fields: list[tuple[str, str]], token: Token) -> Response:
        """Do an update operation and answer it."""
        asked = read_update(fields, options_of(fields), base_iri=request.base_url, who=token.name)
        return answer_outcome(self.service, self.do(asked))


def options_of(fields: list[tuple[str, str]]) -> WriteOptions:
    """Read what the current request says beside what it wants to write."""
    headers = request.headers
    return read_options(
        fields, reason=headers.get("X-Change-Reason"), if_match=headers.get("If-Match")
    )


def updates_blueprint(writing: Writing) -> Blueprint:
    """Make the view of updates."""
    blueprint = Blueprint("updates", __name__)

    @blueprint.route("/update", methods=["POST"])
    @blueprint.route("/update/", methods=["POST"], endpoint="update_slash")
    def update() -> Response:
        token = writing.admit()
        asked: HttpRequest = http_request()
        fields = read_operation(asked)
        if not is_update(fields):
            raise wrong_parameter(f"update is missing: send it in a form, or as {UPDATE}")
        return writing.update(fields, token)

    return blueprint
