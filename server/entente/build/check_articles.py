"""Checks of article files: names, graphs, claims and passages agree with each other.

A file `data/articles/<yyyy>/<id>.trig` holds exactly the graph of the article `<id>`: the article,
its passages (named by their range) and its claims (named after the article, then a number). What
shapes can say better is left to them; what later stages rely on is held here.
"""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from entente.build.problems import Problem
from entente.build.sources import SourceFile, Sources
from entente.core.terms import ART, CLAIM, ENT, GRAPH_ARTICLE, VOC, shorten
from entente.logic.facts import Facts

EVIDENCE: Final = NamedNode(ENT + "evidence")
REPORTED_IN: Final = NamedNode(ENT + "reportedIn")
CHAR_START: Final = NamedNode(ENT + "charStart")
CHAR_END: Final = NamedNode(ENT + "charEnd")
CHAR_COUNT: Final = NamedNode(ENT + "charCount")
PASSAGE_DIGEST: Final = NamedNode(ENT + "passageSha256")
TEXT_DIGEST: Final = NamedNode(ENT + "textSha256")
_CLAIM: Final = NamedNode(ENT + "Claim")
_PASSAGE: Final = NamedNode(ENT + "Passage")

# Concepts that the view and the checks read: their scheme is fixed.
_SCHEMES: Final = (
    (NamedNode(ENT + "modality"), "modality"),
    (NamedNode(ENT + "articlePart"), "article-part"),
    (NamedNode(ENT + "curationStatus"), "curation-status"),
)
_RANGE: Final = re.compile(r"#char=(0|[1-9][0-9]*),([1-9][0-9]*)")
_NUMBER: Final = re.compile(r"[0-9]{3,}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def check_articles(sources: Sources) -> Iterator[Problem]:
    """Find article files whose names, graphs, claims or passages do not fit together."""
    owners: dict[str, str] = {}
    for file in sources.files:
        if file.role == "article":
            yield from _graph(file)
            yield from _blocks(file, owners)
            facts = Facts(file.quads)
            for claim in facts.instances(_CLAIM):
                if isinstance(claim, NamedNode):
                    yield from _claim(claim, facts, file)
            for passage in facts.instances(_PASSAGE):
                if isinstance(passage, NamedNode):
                    yield from _passage(passage, facts, file)
        elif file.role in ("curation", "background"):
            yield from _single_graph(file, file.graph)


def _graph(file: SourceFile) -> Iterator[Problem]:
    yield from _single_graph(file, GRAPH_ARTICLE + file.name)
    folder, year = file.path.split("/")[-2], file.name.split("-")[0]
    if folder != year:
        yield Problem(
            what=f"the article {file.name} lies in the folder {folder!r}",
            mend=f"move it to data/articles/{year}/",
            rule="article-file",
            file=file.path,
        )
    if ART + file.name not in file.subjects:
        yield Problem(
            what=f"the file does not describe {shorten(ART + file.name)}",
            mend="an article file is called after its article",
            rule="article-file",
            file=file.path,
            line=1,
        )


def _single_graph(file: SourceFile, expected: str) -> Iterator[Problem]:
    """The file holds one named graph, the expected one, and nothing beside it."""
    for graph in sorted({quad.graph_name for quad in file.quads}, key=str):
        if graph == NamedNode(expected):
            continue
        stray = next(quad for quad in file.quads if quad.graph_name == graph)
        name = shorten(graph.value) if isinstance(graph, NamedNode) else "no named graph"
        yield Problem(
            what=f"triples stand in {name}",
            mend=f"this file holds one graph, {shorten(expected)}",
            rule="graph-name",
            subject=stray.subject.value if isinstance(stray.subject, NamedNode) else None,
            file=file.path,
        )


def _blocks(file: SourceFile, owners: dict[str, str]) -> Iterator[Problem]:
    for subject in sorted(file.subjects):
        if subject.startswith(CLAIM):
            stem, _, number = subject.removeprefix(CLAIM).rpartition("-")
            fits = f"{file.name}-".startswith(f"{stem}-") and bool(_NUMBER.fullmatch(number))
            what = f"{shorten(subject)} is not named after the article {file.name}"
            mend = "call claims after the article's date and outlet, then a number of three digits"
        elif subject.startswith(ART) and "#" in subject:
            fits = subject.startswith(f"{ART}{file.name}#")
            what = f"{shorten(subject)} is a passage of another article"
            mend = f"passages here begin with {shorten(ART + file.name)}#char="
        else:
            fits = subject.startswith(ART)
            what = f"{shorten(subject)} is described in an article's graph"
            mend = "things and situations belong into data/entities"
        if not fits:
            yield Problem(
                what=what, mend=mend, rule="article-file", subject=subject, file=file.path
            )
        if subject.startswith((CLAIM, ART)) and (
            owners.setdefault(subject, file.path) != file.path
        ):
            yield Problem(
                what=f"{shorten(subject)} is described in {owners[subject]} too",
                mend="describe it once; a new claim takes a new number",
                rule="duplicate",
                subject=subject,
                file=file.path,
            )


def _claim(claim: NamedNode, facts: Facts, file: SourceFile) -> Iterator[Problem]:
    def problem(what: str, mend: str, predicate: NamedNode, value: str | None = None) -> Problem:
        return Problem(
            what=f"{shorten(claim.value)} {what}",
            mend=mend,
            rule="claim",
            subject=claim.value,
            predicate=predicate.value,
            object=value,
            file=file.path,
        )

    article = ART + file.name
    if not facts.objects(claim, EVIDENCE):
        yield problem(
            "is a claim without passage",
            "add ent:evidence <article/…#char=start,end> (`entente cite` finds the range)",
            EVIDENCE,
        )
    for passage in facts.objects(claim, EVIDENCE):
        if not passage.value.startswith(f"{article}#"):
            yield problem(
                f"has its evidence in {shorten(passage.value)}",
                "point to a passage of the article that reports it",
                EVIDENCE,
                passage.value,
            )
    for reported in facts.objects(claim, REPORTED_IN):
        if reported.value != article:
            yield problem(
                f"is reported in {shorten(reported.value)}",
                f"in this file it must be {shorten(article)}",
                REPORTED_IN,
                reported.value,
            )
    for predicate, scheme in _SCHEMES:
        for concept in facts.objects(claim, predicate):
            if not concept.value.startswith(f"{VOC}{scheme}/"):
                yield problem(
                    f"has {shorten(predicate.value)} {shorten(concept.value)}",
                    f"take a concept of voc:{scheme}/",
                    predicate,
                    concept.value,
                )


def _passage(passage: NamedNode, facts: Facts, file: SourceFile) -> Iterator[Problem]:
    def problem(what: str, mend: str, predicate: NamedNode | None = None) -> Problem:
        return Problem(
            what=f"{shorten(passage.value)} {what}",
            mend=mend,
            rule="passage",
            subject=passage.value,
            predicate=predicate.value if predicate else None,
            file=file.path,
        )

    article = NamedNode(ART + file.name)
    match = _RANGE.fullmatch(passage.value.removeprefix(article.value))
    if match is None:
        yield problem("does not name a range", "end the IRI with #char=start,end")
        return
    for predicate, number in ((CHAR_START, match[1]), (CHAR_END, match[2])):
        stated = [value.value for value in facts.objects(passage, predicate)]
        if stated != [number]:
            yield problem(
                f"has {shorten(predicate.value)} {', '.join(stated) or 'missing'}",
                f"its IRI says {number}",
                predicate,
            )
    start, end = int(match[1]), int(match[2])
    if start >= end:
        yield problem("ends before it starts", "the range is start (inclusive), end (exclusive)")
    count = facts.text(article, CHAR_COUNT)
    if count is not None and count.isdigit() and end > int(count):
        yield problem(
            f"ends beyond the article, which has {count} characters",
            "count Unicode code points of the text as it is (`entente cite` finds the range)",
            CHAR_END,
        )
    digest = facts.text(passage, PASSAGE_DIGEST) or ""
    if not _DIGEST.fullmatch(digest):
        yield problem(
            "has no SHA-256 of 64 lower-case hexadecimal digits",
            "`entente cite` gives the digest of a passage",
            PASSAGE_DIGEST,
        )
