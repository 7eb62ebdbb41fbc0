"""What a test does without a tool that it needs."""

import os
from typing import NoReturn

import pytest


def do_without(what: str) -> NoReturn:
    """Skip the test, or fail it in continuous integration."""
    if os.environ.get("CI"):
        pytest.fail(f"continuous integration needs {what}")
    pytest.skip(f"no {what} here")
