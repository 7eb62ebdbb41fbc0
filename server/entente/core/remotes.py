"""Remotes: the addresses of other servers that SERVICE may ask.

Owns the reading of the list that the keeper of a server allows, and the one comparison with it.
Fails closed: an address that could be read in two ways matches nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from entente.core.errors import SettingError
from entente.core.terms import is_absolute

PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """An address in parts; `target` is path and search, as a request line has them."""

    scheme: str
    host: str
    port: int
    path: str
    target: str


def read_remote(iri: str) -> Remote | None:
    """Take an address apart.

    Returns:
        `None` where it is not plainly one of HTTP: another scheme, no host, a user, a fragment,
        a character beyond ASCII, a step upwards in the path.
    """
    if not (is_absolute(iri) and iri.isascii()) or "#" in iri:
        return None
    try:
        parts = urlsplit(iri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    path = parts.path or "/"
    if {".", ".."} & set(unquote(path).replace("\\", "/").split("/")):
        return None
    return Remote(
        scheme=parts.scheme,
        host=parts.hostname.rstrip("."),
        port=PORTS[parts.scheme] if port is None else port,
        path=path,
        target=f"{path}?{parts.query}" if parts.query else path,
    )


def allows(prefixes: Iterable[str], remote: Remote) -> bool:
    """Tell whether an address lies below one that is allowed.

    Scheme, host and port must be the same, and the path the same or below: `https://h/sparql`
    allows `https://h/sparql?x` and `https://h/sparql/x`, and neither `https://h/sparql2` nor
    `https://h.example/sparql`.
    """
    for prefix in prefixes:
        known = read_remote(prefix)
        if known is None or (known.scheme, known.host, known.port) != (
            remote.scheme,
            remote.host,
            remote.port,
        ):
            continue
        folder = known.path if known.path.endswith("/") else known.path + "/"
        if remote.path == known.path or remote.path.startswith(folder):
            return True
    return False


def read_prefixes(text: str) -> tuple[str, ...]:
    """Read a list of addresses that are apart by spaces.

    Raises:
        SettingError: one of them is no address of HTTP.
    """
    prefixes = tuple(text.split())
    for prefix in prefixes:
        if read_remote(prefix) is None:
            raise SettingError(
                f"service (ENTENTE_SERVICE) has {prefix!r}; it must be an address such as "
                "https://query.example/sparql, without user, fragment and steps upwards"
            )
    return prefixes
