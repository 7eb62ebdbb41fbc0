"""CSV for spreadsheets: the engine's CSV with every cell quoted and no formula in it.

Owns the reading of the engine's records as they come in parts; `core.cells` says what a formula is.
"""

import csv
import io
import sys

from entente.core.cells import write_sheet
from entente.store.source import Sink


class SheetSink:
    """Passes on the records of one answer; `end` passes on what has no line end."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._kept = bytearray()  # a record that has not ended
        self._within = False  # whether it has not ended within quotes
        csv.field_size_limit(sys.maxsize)  # the length of an answer is bounded elsewhere

    def write(self, part: bytes) -> int:
        """Take a part."""
        end, position = 0, len(self._kept)
        for number, piece in enumerate(part.split(b'"')):
            self._within ^= number > 0
            line_end = -1 if self._within else piece.rfind(b"\n")
            if line_end >= 0:
                end = position + line_end + 1
            position += len(piece) + 1
        self._kept += part
        if end:
            self._sink.write(_as_texts(bytes(self._kept[:end])))
            del self._kept[:end]
        return len(part)

    def flush(self) -> None:
        """Pass it on."""
        self._sink.flush()

    def end(self) -> None:
        """Pass on the rest."""
        if self._kept:
            self._sink.write(_as_texts(bytes(self._kept)))
            self._kept.clear()


def _as_texts(records: bytes) -> bytes:
    return write_sheet(csv.reader(io.StringIO(records.decode(), newline=""))).encode()
