"""Logs: one line an event on standard error, as text for people or as JSON for machines.

Must not write to standard output, which is for data. Fields beyond the message are passed by
`extra={"fields": {...}}` and come out in both forms.
"""

import json
import logging
import sys
import time
from typing import Final

LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


# What ends a line or steers a terminal; of the first 32, JSON has escaped its own already.
_CONTROLS: Final = {code: f"\\u{code:04x}" for code in (*range(32), *range(127, 160), 8232, 8233)}


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        fields = "".join(f" {name}={value}" for name, value in _fields(record).items())
        text = f"{clock} {record.levelname.lower():7} {record.getMessage()}{fields}"
        text = text.translate(_CONTROLS)  # an address must not feign a line, or paint a terminal
        return text + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str).translate(_CONTROLS)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = getattr(record, "fields", None)
    return fields if isinstance(fields, dict) else {}


def set_up_logs(*, level: str, form: str) -> None:
    """Send all log lines at or above `level` to standard error as `text` or `json`.

    Raises:
        ValueError: an unknown level or form.
    """
    if level not in LEVELS:
        raise ValueError(f"log level is {level!r}; it must be one of {', '.join(LEVELS)}")
    if form not in ("text", "json"):
        raise ValueError(f"log format is {form!r}; it must be text or json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[level])
