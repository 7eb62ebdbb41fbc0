"""JSON bodies: the format, and the one way in which answers write it.

Must not know Flask nor what the fields mean.
"""

import json
from typing import Final

from entente.core.media import Format

JSON: Final = Format("json", "results", ("application/json", "text/json"), "json", charset=False)


def dump(fields: object) -> bytes:
    """Write JSON for people too: indented, UTF-8, ended by a line; half a character becomes `?`."""
    text = json.dumps(fields, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "replace")
