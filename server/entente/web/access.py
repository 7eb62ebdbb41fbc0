"""Access: who asks, and whether the token that was shown covers what is asked.

Owns the reading of the Authorization header (Bearer only: a browser never sends it by itself,
https://www.rfc-editor.org/rfc/rfc6750) and the refusal of writes from forms on other sites.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import g, request

from entente.core.tokens import Scope, Token, Tokens
from entente.web.journal import CLIENT
from entente.web.problems import RequestRefused, problem

REALM: Final = 'Bearer realm="entente"'
# What a form can send without a preflight.
SIMPLE_TYPES: Final = frozenset(
    {"", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
)


class Access:
    """The tokens of one server, and whether it takes writes at all."""

    def __init__(self, tokens: Tokens, *, writable: bool) -> None:
        self._tokens = tokens
        self._writable = writable

    def holder(self) -> Token | None:
        """Give the token of the current request, `None` where none was shown.

        Raises:
            RequestRefused: 401, the token is unknown, revoked or expired.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, secret = header.strip().partition(" ")
        token = self._tokens.verify(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            detail = "the token is unknown, revoked or expired"
            challenge = f'{REALM}, error="invalid_token"'
            raise RequestRefused(problem("token", detail, challenge=challenge))
        request.environ[CLIENT] = token.name
        return token

    def require(self, scope: Scope) -> Token:
        """Give the token of the current request, which must cover a scope.

        Raises:
            RequestRefused: 401 without a token, 403 where it does not suffice.
        """
        token = self.holder()
        if token is None:
            detail = f"this needs a token with the scope {scope}: Authorization: Bearer …"
            raise RequestRefused(problem("token", detail, challenge=REALM))
        if not token.allows(scope):
            detail = f"the token's scope is {token.scope}; {scope} is needed"
            challenge = f'{REALM}, error="insufficient_scope", scope="{scope}"'
            raise RequestRefused(problem("scope", detail, challenge=challenge))
        return token

    def require_writer(self) -> Token:
        """Give the token of a request that wants to write, and close the answer to other sites.

        Raises:
            RequestRefused: the server is read-only, the request comes from a form on another site,
                or the token does not suffice.
        """
        g.writes = True
        if not self._writable:
            raise RequestRefused(
                problem("read-only", "this server is read-only: it takes no writes")
            )
        require_same_site()
        return self.require("write")


def require_same_site() -> None:
    """Refuse what a form on another site may have sent.

    Raises:
        RequestRefused: with status 403.
    """
    if request.mimetype not in SIMPLE_TYPES:
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise RequestRefused(problem("cross-site", "a form on another site may not write here"))
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise RequestRefused(problem("cross-site", "a page of another origin may not write here"))
