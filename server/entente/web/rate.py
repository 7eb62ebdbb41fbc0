"""The rate: how often one client may ask.

Owns one bucket of permits a client, which fills steadily and holds a burst; who finds it empty is
told when to come again. A client is an address: that of the connection, or, behind
proxies of ours, the one that they saw. Off where the rate is 0.
"""

import math
import threading
import time
from collections import OrderedDict
from typing import Final

from flask import Flask, request

from entente.core.settings import Settings
from entente.web.problems import RequestRefused, problem

MOST_CLIENTS: Final = 50_000
"""Clients that are remembered; who came least recently is forgotten first, with a full bucket."""

# Who watches the server must always get an answer.
UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class Buckets:
    """The permits of all clients.

    Args:
        rate: permits a second.
        burst: permits that a client may save up.
    """

    def __init__(self, *, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, float(max(1, burst))
        self._lock = threading.Lock()
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, *, now: float | None = None) -> float:
        """Take a permit; give 0, or after how many seconds there will be one."""
        now = time.monotonic() if now is None else now
        with self._lock:
            permits, since = self._clients.pop(client, (self._burst, now))
            permits = min(self._burst, permits + (now - since) * self._rate)
            wait = 0.0 if permits >= 1 else (1 - permits) / self._rate
            self._clients[client] = (permits if wait else permits - 1, now)
            while len(self._clients) > MOST_CLIENTS:
                self._clients.popitem(last=False)
        return wait


def install_rate(app: Flask, settings: Settings) -> None:
    """Refuse requests of clients that ask too often."""
    if not settings.client_rate:
        return
    buckets = Buckets(rate=settings.client_rate, burst=settings.client_burst)

    @app.before_request
    def require_permit() -> None:
        if request.path in UNLIMITED:
            return
        wait = buckets.take(request.remote_addr or "")
        if wait:
            seconds = math.ceil(wait)
            detail = f"{settings.client_rate:g} requests a second are answered; wait {seconds} s"
            raise RequestRefused(problem("too-many", detail, retry_after=seconds))
