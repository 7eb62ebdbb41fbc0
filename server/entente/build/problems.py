"""Problems: what a check found, said of a triple; and their way to findings, said of a line.

Repetitions of one message within a file are counted, not listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from entente.build.sources import Sources
from entente.core.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a triple (or a file where no triple is named)."""

    what: str
    mend: str
    rule: str
    severity: str = "error"
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    file: str | None = None
    line: int | None = None


def findings_of(problems: Iterable[Problem], sources: Sources) -> list[Finding]:
    """Give problems as findings with file and line.

    Args:
        problems: the same message for one file is kept once.
        sources: where subjects are looked up.
    """
    counted: dict[Finding, int] = {}
    first: dict[tuple[str | None, str, str | None], Finding] = {}
    for problem in problems:
        finding = _located(problem, sources)
        kept = first.setdefault((finding.file, finding.what, finding.rule), finding)
        counted[kept] = counted.get(kept, 0) + 1
    return [_with_count(finding, count) for finding, count in counted.items()]


def _located(problem: Problem, sources: Sources) -> Finding:
    file, line = problem.file, problem.line
    if file is None or line is None:
        found, at = sources.place(
            problem.subject, problem.predicate, problem.object, within=problem.file
        )
        file, line = file or found, line if line is not None else at
    return Finding(problem.what, problem.mend, file, line, problem.severity, problem.rule)


def _with_count(finding: Finding, count: int) -> Finding:
    if count == 1:
        return finding
    return replace(finding, what=f"{finding.what} (and {count - 1} more in this file)")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that the misspelt one most likely means."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else None
