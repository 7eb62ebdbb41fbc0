"""What became of one test of a suite."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["passed", "by value", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, and what was seen, for people."""

    verdict: Verdict
    seen: str = ""
