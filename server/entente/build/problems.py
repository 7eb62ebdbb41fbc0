"""Problems: what a check found, said of a triple; and their way to findings, said of a line.

Owns how several checks that stumble over one mistake become one line: the first that speaks of a
subject's predicate wins, and a shape that fails only because the node it points to is wrong itself
is left out. Repetitions of one message within a file are counted, not listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from entente.build.sources import Sources
from entente.core.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a triple (or a file where no triple is named).

    `covers` lists predicates of the subject that later checks need not speak of: a misspelt
    property is not reported again as the absence of the one that was meant.
    """

    what: str
    mend: str
    rule: str
    severity: str = "error"
    subject: str | None = None
    predicate: str | None = None
    object: str | None = None
    file: str | None = None
    line: int | None = None
    covers: tuple[str, ...] = ()


def findings_of(problems: Iterable[Problem], sources: Sources) -> list[Finding]:
    """Give problems as findings with file and line, one for each mistake.

    Args:
        problems: those of exact checks first, those of general ones (shapes) last.
        sources: where subjects are looked up.
    """
    spoken: set[tuple[str, str | None]] = set()
    guilty: set[str] = set()
    counted: dict[Finding, int] = {}
    first: dict[tuple[str | None, str, str | None], Finding] = {}
    for problem in problems:
        subject = problem.subject
        if subject is not None and _is_echo(problem, spoken=spoken, guilty=guilty):
            continue
        if subject is not None and problem.severity == "error":
            guilty.add(subject)
            spoken.update((subject, name) for name in (problem.predicate, *problem.covers))
        finding = _located(problem, sources)
        key = (finding.file, finding.what, finding.rule)
        kept = first.setdefault(key, finding)
        counted[kept] = counted.get(kept, 0) + 1
    return [_with_count(finding, count) for finding, count in counted.items()]


def _is_echo(problem: Problem, *, spoken: set[tuple[str, str | None]], guilty: set[str]) -> bool:
    if problem.rule.startswith(("shape ", "ontology/checks/")):
        if problem.object is not None and problem.object in guilty:
            return True
        if problem.predicate is None and problem.subject in guilty:
            return True
        return (problem.subject, problem.predicate) in spoken
    return False


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
