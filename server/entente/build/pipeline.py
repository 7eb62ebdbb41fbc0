"""The build: source files to an artifact, or to findings that say why not.

A failed build leaves the last good artifact as it is. Nothing of the clock or of the machine
enters the artifact, so the same input gives the same bytes. This module imports nothing heavy
itself: the stages come in when there is something to build, because `entente serve` asks here at
every start and must answer within seconds.
"""

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from entente.build.freshness import (
    digest_of_inputs,
    digests_of,
    fresh_manifest,
    read_inputs,
    software_versions,
)
from entente.core.errors import Finding, SourceError
from entente.core.manifest import Manifest, write_artifact
from entente.core.settings import Settings
from entente.core.terms import GRAPH

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from entente.build.assessment import Assessment

Progress = Callable[[str], None]
Engines = Literal["auto", "reference"]


def _silent(stage: str) -> None:
    """Tell nobody."""


def build(
    root: Path,
    settings: Settings,
    *,
    sources: Path | None = None,
    engines: Engines = "auto",
    force: bool = False,
    progress: Progress = _silent,
) -> Manifest:
    """Build the artifact, unless it is there already.

    Args:
        root: folder with `ontology`, `data` and `queries`.
        settings: the artifact's folder is `settings.artifact`.
        sources: folder of the articles' texts, to hold passages to them.
        engines: `reference` builds with owlrl and pySHACL.
        force: build although the artifact is fresh.
        progress: told the name of each stage as it begins.

    Raises:
        SourceError: the sources have errors.
        SettingError: the root or the folder of texts is not what it should be.
    """
    with _alone(settings.state):
        contents = read_inputs(root)
        if sources is None and not force:
            fresh = fresh_manifest(settings.artifact, contents)
            if fresh is not None:
                return fresh
        assessment = _assess(root, contents, sources=sources, engines=engines, progress=progress)
        if assessment.errors:
            raise SourceError(assessment.errors)
        progress("writing the artifact")
        return _publish(assessment, contents, settings.artifact)


def check(
    root: Path,
    *,
    sources: Path | None = None,
    engines: Engines = "auto",
    only: str | None = None,
    progress: Progress = _silent,
) -> tuple[Finding, ...]:
    """Do all that a build does, and write nothing.

    Args:
        root: as the other arguments, see `build`.
        only: look at the files of this folder alone.

    Returns:
        Every finding, errors first.

    Raises:
        SettingError: the root or the folder of texts is not what it should be.
    """
    contents = read_inputs(root)
    if only is not None:
        contents = {name: held for name, held in contents.items() if name.startswith(f"{only}/")}
    assessment = _assess(root, contents, sources=sources, engines=engines, progress=progress)
    return assessment.findings


def seal(root: Path) -> Path:
    """Record that the passages were compared with the articles' texts, after a good check."""
    from entente.build.check_texts import write_seal
    from entente.build.freshness import SEAL
    from entente.build.sources import read_sources

    path = root / SEAL
    path.write_bytes(write_seal(read_sources(read_inputs(root))[0]))
    return path


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Let one build at a time write the artifact."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _assess(
    root: Path,
    contents: Mapping[str, bytes],
    *,
    sources: Path | None,
    engines: Engines,
    progress: Progress,
) -> "Assessment":
    # the stages import the engines: not needed where the artifact is fresh
    from entente.build.assessment import assess

    rules = root / "queries" / "rules"
    return assess(
        contents,
        rules=rules if rules.is_dir() else None,
        texts=sources,
        engines=engines,
        progress=progress,
    )


def _publish(assessment: "Assessment", contents: Mapping[str, bytes], folder: Path) -> Manifest:
    from entente.build.dataset import count_by_graph, dataset_of, to_nquads
    from entente.build.examples import describe_examples
    from entente.logic.canonical import write_turtle
    from entente.logic.description import Origin, describe, ontology_version
    from entente.logic.results import report_triples

    inputs = digests_of(contents)
    versions = software_versions()
    quads = dataset_of(assessment)
    origin = Origin(
        inputs_digest=digest_of_inputs(inputs),
        versions=versions,
        ontology_version=ontology_version(assessment.sources.quads("ontology")),
    )
    quads += describe(quads, origin, further=describe_examples(assessment.examples))
    report = report_triples(assessment.results, base=f"{GRAPH}shacl-report")
    findings = [asdict(finding) for finding in assessment.findings]
    return write_artifact(
        folder,
        contents={
            "dataset": ("dataset.nq", to_nquads(quads)),
            # a write must know them: in the dataset they stand among the others
            "closure-shapes": (
                "closure-shapes.nq",
                to_nquads(list(assessment.sources.quads("closure-shapes"))),
            ),
            "shacl-report": ("shacl-report.ttl", write_turtle(report).encode()),
            "findings": (
                "findings.json",
                json.dumps(findings, ensure_ascii=False, indent=1).encode() + b"\n",
            ),
        },
        inputs=inputs,
        counts=count_by_graph(quads),
        versions=versions,
        facts=_facts(assessment, quads),
    )


def _facts(assessment: "Assessment", quads: "list[Quad]") -> dict[str, str | int]:
    facts: dict[str, str | int] = {"quads": len(set(quads))}
    for severity in ("warning", "info"):
        facts[f"{severity}s"] = sum(f.severity == severity for f in assessment.findings)
    if assessment.closure is not None:
        facts["closure-engine"] = assessment.closure.engine
        if assessment.closure.fallback_reason is not None:
            facts["closure-fallback"] = assessment.closure.fallback_reason
    for stage, validation in zip(("asserted", "closure"), assessment.validations, strict=False):
        facts[f"shacl-engine-{stage}"] = validation.engine
        if validation.fallback_reason is not None:
            facts[f"shacl-fallback-{stage}"] = validation.fallback_reason
    return facts
