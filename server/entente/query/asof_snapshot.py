"""The maker of a past snapshot: a process that derives one graph as of a day, and ends.

Run as `python -m entente.query.asof_snapshot PLAN` by `entente.query.asof`, since reasoning is no
work for the web process. The metadata describe the whole of today and are left out.
"""

import json
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from entente.core.errors import EntenteError
from entente.logic.explanation import Evidence
from entente.store.contents import quads_in
from entente.store.embedded import load_quads
from entente.store.patches import lines_of


def main() -> None:
    """Derive the graph that the plan asks for into a new store."""
    plan = json.loads(sys.argv[1])
    folder = Path(plan["folder"])
    try:
        evidence = Evidence(quads_in(plan["place"]), as_of=date.fromisoformat(plan["day"]))
        with TemporaryDirectory(dir=folder.parent) as place:
            dataset = Path(place) / "dataset.nq"
            dataset.write_bytes(b"".join(line + b"\n" for line in lines_of(evidence.dataset())))
            load_quads(dataset, folder, union=plan["union"])
    except EntenteError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
