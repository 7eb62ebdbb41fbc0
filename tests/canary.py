"""A port that listens and should hear nobody: whoever reaches it went where nothing may go."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


class Canary:
    """A listening port, and whether anybody has knocked."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port: int = listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/sparql"

    def was_reached(self) -> bool:
        """Tell whether somebody connected, waiting a little."""
        self._listener.settimeout(0.02)
        try:
            self._listener.accept()[0].close()
        except TimeoutError:
            return False
        return True


@contextmanager
def listening() -> Iterator[Canary]:
    """Listen on a free port of this host."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Canary(listener)
