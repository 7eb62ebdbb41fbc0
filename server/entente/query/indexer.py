"""The indexer: a process that writes the index of names of one snapshot, and ends.

Run as `python -m entente.query.indexer PLAN` by `entente.query.names`, since reading a whole
snapshot is no work for the web process. It yields to all that answers.
"""

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Final

from entente.core.errors import EntenteError
from entente.store.name_index import write_index

NICE: Final = 10


def main() -> None:
    """Write the index that the plan asks for."""
    plan = json.loads(sys.argv[1])
    os.nice(NICE)
    try:
        write_index(Path(plan["place"]), Path(plan["file"]))
    except (EntenteError, OSError, sqlite3.Error) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
