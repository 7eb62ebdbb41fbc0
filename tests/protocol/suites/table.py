"""The table of conformance: what the run of all suites gave, as Markdown.

Owns the form of `tests/protocol/conformance.md`, and the block of the README that repeats its rows.
The same outcomes give the same bytes.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.protocol.suites.exchanging import Exchange
from tests.protocol.suites.known import BY_VALUE, FAILED
from tests.protocol.suites.manifest import Case
from tests.protocol.suites.outcome import Outcome
from tests.protocol.suites.registry import SUITES, members_of

PATH: Final = Path(__file__).resolve().parents[1] / "conformance.md"
README: Final = Path(__file__).resolve().parents[3] / "README.md"
BEGIN: Final = "<!-- conformance: rows of tests/protocol/conformance.md, written with it -->\n"
END: Final = "<!-- end of conformance -->\n"

HEAD: Final = """\
<!-- Made by `ENTENTE_RENEW=1 make test TESTS=tests/protocol/suites`; a test holds it so. -->

| suite of the W3C, over HTTP | tests | passed | of them by value only | failed |
| --- | ---: | ---: | ---: | ---: |
"""


def render(outcome: Callable[[Case | Exchange], Outcome]) -> str:
    """Run all suites and write the table."""
    rows, parts = [], []
    for suite in SUITES:
        verdicts = {test.id: outcome(test).verdict for test in members_of(suite)}
        by_value = sorted(name for name, verdict in verdicts.items() if verdict == "by value")
        failed = sorted(name for name, verdict in verdicts.items() if verdict == "failed")
        count = len(verdicts)
        rows.append(
            f"| {suite.title} | {count} | {count - len(failed)} | {len(by_value)} | {len(failed)} |"
        )
        lines = [*_section("failed", failed, FAILED.get(suite.known, {}))]
        lines += _section("by value", by_value, BY_VALUE.get(suite.known, {}))
        if lines:
            parts.append("\n".join([f"\n### {suite.title}\n", *lines]))
    return HEAD + "\n".join([*rows, *parts]) + "\n"


def with_rows(readme: str, table: str) -> str:
    """Give the README with the rows of the table in their block.

    Raises:
        ValueError: it has no such block.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the README has no block between {BEGIN.strip()} and {END.strip()}")
    rows = [line + "\n" for line in table.splitlines() if line.startswith("|")]
    return "".join([before, begin, *rows, end, after])


def _section(word: str, names: list[str], reasons: Mapping[str, str]) -> Iterator[str]:
    grouped: dict[str, list[str]] = {}
    for name in names:
        grouped.setdefault(reasons.get(name, "not explained yet"), []).append(name)
    for reason, members in sorted(grouped.items()):
        listed = ", ".join(f"`{name}`" for name in members)
        yield f"- {word}, since {reason}: {listed}"
