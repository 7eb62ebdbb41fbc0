"""A connection to exactly the address that was checked.

Owns the look-up of a host's name, done once, and the refusal of addresses that are not of the
public internet. What is connected to is an address from that look-up and never the name again, so
a name cannot lead elsewhere between check and use.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Final

from entente.core.errors import RemoteFailed
from entente.core.remotes import Remote

Address = tuple[str, int]
Resolve = Callable[[str, int], list[Address]]

_IPV6_INTERNET: Final = ipaddress.ip_network("2000::/3")
_SPECIAL: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")
)
"""Relays and tunnels, behind which another address stands, and documentation."""


def resolve(host: str, port: int) -> list[Address]:
    """Look a host up.

    Raises:
        RemoteFailed: nobody knows it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise RemoteFailed(f"the host {host} is not known") from error
    return list(dict.fromkeys((str(entry[4][0]), port) for entry in found))


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet.

    Not so are those of this machine and of private networks, link-local and shared ones (RFC
    6598), multicast, reserved ones, and all that carry another address inside: mapped IPv4, 6to4,
    Teredo, NAT64.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    if any(found.version == network.version and found in network for network in _SPECIAL):
        return False
    return found.version == 4 or found in _IPV6_INTERNET


def connect(
    remote: Remote, *, private: bool, seconds: float, resolve: Resolve = resolve
) -> HTTPConnection:
    """Open a connection to a server.

    Args:
        remote: where to.
        private: whether addresses that are not public may be asked too.
        seconds: for the connection, and later for each part that is read.
        resolve: looks a host up.

    Raises:
        RemoteFailed: it is not to be asked, or cannot be reached.
    """
    addresses = resolve(remote.host, remote.port)
    if not addresses:
        raise RemoteFailed(f"the host {remote.host} has no address")
    if not private and not all(is_public(address) for address, _ in addresses):
        raise RemoteFailed(f"the host {remote.host} is not on the public internet")
    failure: OSError | None = None
    for address in addresses:
        connection = _Pinned(remote, address, seconds)
        try:
            connection.connect()
        except OSError as error:
            failure = error
        else:
            return connection
    if isinstance(failure, ssl.SSLCertVerificationError):
        raise RemoteFailed(f"the certificate of {remote.host} cannot be verified") from failure
    late = isinstance(failure, TimeoutError)
    raise RemoteFailed(f"{remote.host} cannot be reached", late=late) from failure


class _Pinned(HTTPConnection):
    def __init__(self, remote: Remote, address: Address, seconds: float) -> None:
        super().__init__(remote.host, remote.port, timeout=seconds)
        self.default_port = {"http": 80, "https": 443}[remote.scheme]
        self._remote = remote
        self._address = address

    def connect(self) -> None:
        """Connect to the address, and speak TLS under the host's name where the scheme says so."""
        sock = socket.create_connection(self._address, self.timeout)
        if self._remote.scheme == "https":
            try:
                context = ssl.create_default_context()
                sock = context.wrap_socket(sock, server_hostname=self._remote.host)
            except BaseException:
                sock.close()
                raise
        self.sock = sock
