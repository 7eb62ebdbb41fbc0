"""Cells: texts of a table that no spreadsheet takes for a formula.

Owns what is taken for one, the apostrophe before it that makes it a text
(https://owasp.org/www-community/attacks/CSV_Injection), and how such a table is written. The W3C's
CSV results know no such mark: who wants it asks for the format `sheet`.
"""

import csv
import io
import re
from collections.abc import Iterable
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


def write_sheet(records: Iterable[Iterable[str]]) -> str:
    """Write records as CSV, every cell quoted and no formula in it; one without cells has one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerows([as_text(cell) for cell in cells] or [""] for cells in records)
    return text.getvalue()
