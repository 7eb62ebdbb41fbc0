"""Assessment: sources judged, and what follows from them, as far as they are good.

Owns the order of the stages: syntax; exact checks, shapes and hygiene rules on what is asserted;
then the view, the closure, its contradictions and the shapes on the closure; beside them the
queries that are published with the data. A stage does not run on what an earlier one found wrong:
its findings would mostly be echoes, and one mistake is one line. Imports the whole of logic; who
only needs to know whether there is something to do asks `entente.build.freshness` first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import NamedNode, Quad, Triple

from entente.build.check_articles import check_articles
from entente.build.check_endpoints import check_endpoints
from entente.build.check_literals import check_forms
from entente.build.check_queries import check_queries
from entente.build.check_repeats import check_repeats
from entente.build.check_shapes import shape_problems
from entente.build.check_terms import check_terms
from entente.build.check_texts import check_seal, check_texts, read_texts
from entente.build.examples import Example, read_examples
from entente.build.freshness import SEAL
from entente.build.problems import Problem, findings_of
from entente.build.sources import Sources, read_sources
from entente.core.errors import Finding, SourceError
from entente.core.terms import GRAPH_SHAPES, SH, shorten
from entente.logic.closure import Closure, materialise
from entente.logic.closure_clash import Inconsistency
from entente.logic.results import Result
from entente.logic.validation import Validation, validate
from entente.logic.view import View, current_view

Progress = Callable[[str], None]
Engines = Literal["auto", "reference"]

_SHAPES_GRAPH: Final = NamedNode(GRAPH_SHAPES)
_TARGETS: Final = tuple(
    NamedNode(SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)


@dataclass(frozen=True)
class Assessment:
    """What was found; `view`, `closure` and the others as far as the stages were reached."""

    sources: Sources
    findings: tuple[Finding, ...]
    view: View | None = None
    closure: Closure | None = None
    validations: tuple[Validation, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def results(self) -> tuple[Result, ...]:
        """SHACL results of both runs."""
        return tuple(result for one in self.validations for result in one.results)


def assess(
    contents: Mapping[str, bytes],
    *,
    rules: Path | None,
    texts: Path | None = None,
    engines: Engines = "auto",
    progress: Progress,
) -> Assessment:
    """Judge source files and derive what follows from them.

    Args:
        contents: POSIX path relative to the project's root, and the file's bytes.
        rules: folder of the reasoner's rules; the project's own where `None`.
        texts: folder of the articles' texts, to hold passages to them.
        engines: `reference` takes pySHACL and owlrl, slower, for a second opinion.
        progress: told the name of each stage as it begins.
    """
    progress("reading the sources")
    sources, findings = read_sources(contents)
    examples: tuple[Example, ...] = ()
    try:
        examples = read_examples(contents)
    except SourceError as error:
        findings += error.findings
    if findings:
        return Assessment(sources, tuple(findings))
    progress("checking terms and articles")
    problems = list(_exact_checks(sources, contents, texts))
    if _are_wrong(problems):
        return Assessment(sources, _findings(problems, sources))
    progress("checking shapes on what is asserted")
    asserted = [quad for quad in sources.quads() if quad.graph_name != _SHAPES_GRAPH]
    shacl: Literal["auto", "pyshacl"] = "auto" if engines == "auto" else "pyshacl"
    if engines == "reference":
        problems += shape_problems(_results_on_shapes(sources))
    before = validate(asserted, sources.quads("shapes"), engine=shacl)
    problems += shape_problems(before.results)
    if not _are_wrong(problems):
        progress("checking hygiene rules")
        problems += check_queries(sources)
    if _are_wrong(problems):
        return Assessment(sources, _findings(problems, sources), validations=(before,))
    progress("deriving the current view")
    view = current_view(asserted)
    problems += _ties(view)
    problems += _said_twice(view, asserted)
    progress("drawing the closure")
    closure = materialise(
        (*_reasoned(sources), *view.support),
        engine="auto" if engines == "auto" else "owlrl",
        rules=rules,
    )
    problems += (_contradiction(one, view, sources) for one in closure.inconsistencies)
    progress("checking shapes on the closure")
    after = validate(
        (*asserted, *view.support, *closure.inferred), _closure_shapes(sources), engine=shacl
    )
    problems += (_towards_claim(problem, view) for problem in shape_problems(after.results))
    found = _findings(problems, sources)
    return Assessment(sources, found, view, closure, (before, after), examples)


def _exact_checks(
    sources: Sources, contents: Mapping[str, bytes], texts: Path | None
) -> Iterator[Problem]:
    yield from check_terms(sources)
    yield from check_forms(sources)
    yield from check_articles(sources)
    if texts is not None:
        yield from check_texts(sources, read_texts(texts))
    else:
        yield from check_seal(sources, contents.get(SEAL))
    yield from check_repeats(sources)
    yield from check_endpoints(contents)


def _are_wrong(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _results_on_shapes(sources: Sources) -> Iterator[Result]:
    """Hold the shapes of both stages to the SHACL of SHACL."""
    from entente.logic.pyshacl_engine import validate_shapes

    yield from validate_shapes(sources.quads("shapes"))
    yield from validate_shapes(sources.quads("closure-shapes"))


def _findings(problems: Iterable[Problem], sources: Sources) -> tuple[Finding, ...]:
    order = {"error": 0, "warning": 1, "info": 2}
    found = findings_of(problems, sources)
    return tuple(
        sorted(found, key=lambda f: (order[f.severity], f.file or "", f.line or 0, f.what))
    )


def _reasoned(sources: Sources) -> Iterator[Quad]:
    """Give what is reasoned over: claims stay out, alignments say nothing to a reasoner."""
    for file in sources.files:
        aligned = file.path.startswith("ontology/alignments/")
        if file.role in ("ontology", "vocab", "entities", "background") and not aligned:
            yield from file.quads


def _closure_shapes(sources: Sources) -> Iterator[Quad]:
    """Give the closure's shapes, and those they refer to without the latter's own targets."""
    yield from sources.quads("closure-shapes")
    yield from (quad for quad in sources.quads("shapes") if quad.predicate not in _TARGETS)


def _ties(view: View) -> Iterator[Problem]:
    for tie in view.ties:
        values = ", ".join(shorten(v[1:-1]) if v.startswith("<") else v for v in tie.values)
        yield Problem(
            what=f"{shorten(tie.subject)} {shorten(tie.predicate)} has {len(tie.values)} values "
            f"on one day: {values} ({', '.join(map(shorten, tie.claims))})",
            mend="all stand in the view; supersede or dispute a claim if only one holds",
            rule="view-tie",
            severity="warning",
            subject=tie.claims[0],
        )


def _said_twice(view: View, asserted: Iterable[Quad]) -> Iterator[Problem]:
    """Find triples of the view that a source asserts as well: both graphs would count."""
    for quad in asserted:
        claims = view.support.get(quad.triple)
        if claims is not None and isinstance(quad.subject, NamedNode):
            yield Problem(
                what=f"{shorten(quad.subject.value)} {shorten(quad.predicate.value)} is asserted "
                f"here and claimed by {', '.join(map(shorten, claims))}",
                mend="leave it to the claims: queries over all graphs count it twice",
                rule="repeated-triple",
                severity="warning",
                subject=quad.subject.value,
                predicate=quad.predicate.value,
                object=None if isinstance(quad.object, Triple) else quad.object.value,
            )


def _towards_claim(problem: Problem, view: View) -> Problem:
    """Point to the claim where the triple at fault is in the view because of it."""
    for triple, claims in view.support.items():
        if (
            isinstance(triple.subject, NamedNode)
            and triple.subject.value == problem.subject
            and triple.predicate.value == problem.predicate
            and not isinstance(triple.object, Triple)
            and problem.object in (None, triple.object.value)
        ):
            return replace(problem, subject=claims[0], predicate=None, object=None)
    return problem


def _contradiction(one: Inconsistency, view: View, sources: Sources) -> Problem:
    subject = predicate = None
    for s, p, o in one.premises:
        if isinstance(s, NamedNode) and isinstance(p, NamedNode):
            claims = view.support.get(Triple(s, p, o), ())
            subject, predicate = (claims[0], None) if claims else (s.value, p.value)
            if sources.place(subject, predicate)[1] is not None:
                break
    return Problem(
        what=f"contradiction: {one.message}",
        mend="correct one of the statements that cannot hold together",
        rule=f"owl {one.rule}",
        subject=subject,
        predicate=predicate,
    )
