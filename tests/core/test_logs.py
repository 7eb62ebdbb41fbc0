"""Log lines: one an event, whatever a client has put into an address."""

import json
import logging
from collections.abc import Iterator

import pytest

from entente.core.logs import set_up_logs

FORGED = "GET /\n12:00:00 error   all is lost\x1b[2J\x9b31m"


@pytest.fixture
def restored() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("restored")
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_event_is_one_line_without_control_characters(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(level="info", form=form)
    logging.getLogger("x").info("%s", FORGED, extra={"fields": {"client": "a\nb"}})
    (line,) = capsys.readouterr().err.splitlines()
    assert all(character.isprintable() for character in line)
    if form == "json":
        assert json.loads(line)["message"] == FORGED
