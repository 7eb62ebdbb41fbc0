"""A browser that is driven over a pipe: open a page, type, press keys, ask the page.

Owns the talk in the DevTools protocol: JSON texts that end with a zero byte, commands by descriptor
3, answers by 4. https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Final

KEYS: Final = {"ArrowDown": 40, "ArrowUp": 38, "Enter": 13, "Escape": 27}
SECONDS: Final = 20.0
# The browser wants two certain descriptors, which a shell cannot give it from numbers above nine.
MOVING: Final = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
    "os.execv(sys.argv[3], sys.argv[3:])"
)


class Tab:
    """One page of the browser."""

    def __init__(self, commands: int, answers: BinaryIO) -> None:
        self._commands = commands
        self._answers = answers
        self._numbers = count(1)
        self._session: str | None = None
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command and give its result; what the browser says beside it is left out."""
        number = next(self._numbers)
        message: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = json.loads(self._read())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, address: str) -> None:
        """Open a page and wait until it is whole."""
        self.send("Page.navigate", url=address)
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def ask(self, expression: str) -> Any:
        """Give the value of an expression in the page."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + SECONDS
        while self.ask(expression) is not True:
            assert time.monotonic() < end, f"not true in {SECONDS:g} s: {expression}"
            time.sleep(0.05)

    def write(self, text: str) -> None:
        """Type a text where the cursor is."""
        self.send("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        code = KEYS[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for event in ("keyDown", "keyUp"):
            shown = text if event == "keyDown" else {}
            self.send(
                "Input.dispatchKeyEvent", type=event, key=key, windowsVirtualKeyCode=code, **shown
            )

    def _read(self) -> bytes:
        text = bytearray()
        while (byte := self._answers.read(1)) != b"\0":
            assert byte, "the browser has ended"
            text += byte
        return bytes(text)


@contextmanager
def driven(browser: str, options: Sequence[str], folder: Path) -> Iterator[Tab]:
    """Start a browser with a profile of its own, and end it."""
    commands, ours = os.pipe()
    answers, theirs = os.pipe()
    own = ("--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank")
    moving = (sys.executable, "-c", MOVING, str(commands), str(theirs))
    process = subprocess.Popen(
        (*moving, browser, *options, *own),
        pass_fds=(commands, theirs),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(commands)
    os.close(theirs)
    try:
        with os.fdopen(answers, "rb") as said:
            yield Tab(ours, said)
    finally:
        os.close(ours)
        process.terminate()
        process.wait(20)
