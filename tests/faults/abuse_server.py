"""A server in a process of its own, for tests that measure it; run as a module with a folder.

Says its port and the number of its process, and serves until its standard input ends.
"""

import json
import sys
import threading
from pathlib import Path

from entente.core.settings import read_settings
from entente.query.service import QueryService
from entente.store.snapshots import Snapshots
from entente.web.app import create_app
from entente.web.server import Server
from tests.store.artifacts import numbered, write

SUBJECTS = 2000


def main() -> None:
    """Serve some triples with the settings that the second argument gives as JSON."""
    folder = Path(sys.argv[1])
    settings = read_settings({"port": 0, "state": folder, **json.loads(sys.argv[2])})
    write(settings.artifact, numbered(SUBJECTS))
    snapshots = Snapshots(settings.store)
    snapshots.load(settings.artifact)
    with QueryService(settings, snapshots) as service:
        server = Server(create_app(service, settings), settings)
        loop = threading.Thread(target=server.run)
        loop.start()
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.stop()
        loop.join()


if __name__ == "__main__":
    main()
