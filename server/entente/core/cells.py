"""Cells: texts of a table that no spreadsheet takes for a formula.

Owns what is taken for one, and the apostrophe before it that makes it a text
(https://owasp.org/www-community/attacks/CSV_Injection). The W3C's CSV results know no such mark:
who wants it asks for the format `sheet`.
"""

import re
from typing import Final

# Also in full width, and behind white space: some programs begin to read there.
_FORMULA: Final = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def as_text(cell: str) -> str:
    """Give the text of a cell, with an apostrophe before what could be a formula.

    A number with a sign stays a number.
    """
    if _FORMULA.match(cell) is None or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell
