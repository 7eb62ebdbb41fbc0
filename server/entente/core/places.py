"""Places: where ontology, data and queries are found.

A checkout has them beside `server/`; an installed wheel carries them inside the package, so it
needs no checkout. The caller may name another root. Must not create or change anything.
"""

from pathlib import Path
from typing import Final

from entente.core.errors import SettingError

FOLDERS: Final = ("ontology", "data", "queries")


def project_root(given: Path | None = None) -> Path:
    """Find the folder that holds `ontology`, `data` and `queries`.

    Args:
        given: a folder named by the user, taken as it is.

    Raises:
        SettingError: the folder lacks one of the three.
    """
    package = Path(__file__).resolve().parent.parent
    candidates = (given,) if given is not None else (package / "bundle", package.parent.parent)
    for root in candidates:
        if all((root / folder).is_dir() for folder in FOLDERS):
            return root
    raise SettingError(
        f"no folder with {', '.join(FOLDERS)} at {' or '.join(str(root) for root in candidates)}"
    )
