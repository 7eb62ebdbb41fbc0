"""Checks of digests: passages are what the articles' texts say at their ranges.

The texts are nobody's to publish, so they are not in the project. Whoever holds them compares
(`entente check --sources DIR`) and may seal the result in `data/verified.txt`; without the texts, a
passage that is not as it was sealed is found all the same. A seal holds no digest of a text by
itself, only of range and digests together.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode

from entente.build.check_articles import (
    CHAR_COUNT,
    CHAR_END,
    CHAR_START,
    PASSAGE_DIGEST,
    TEXT_DIGEST,
)
from entente.build.problems import Problem
from entente.build.sources import SourceFile, Sources
from entente.core.errors import SettingError
from entente.core.manifest import sha256_of
from entente.core.terms import ART, shorten
from entente.logic.facts import Facts


def read_texts(folder: Path) -> dict[str, str]:
    """Read the articles' texts: SHA-256 of a file's bytes to its text, no newline translated.

    Raises:
        SettingError: the folder is missing or holds no text.
    """
    contents = [path.read_bytes() for path in sorted(folder.glob("*.txt"))]
    if not contents:
        raise SettingError(f"no article text (*.txt) in {folder}")
    return {sha256_of(content): content.decode(errors="replace") for content in contents}


def check_texts(sources: Sources, texts: Mapping[str, str]) -> Iterator[Problem]:
    """Hold every passage to the text that its article's digest names."""
    for file in sources.files:
        if file.role != "article":
            continue
        facts, article = Facts(file.quads), NamedNode(ART + file.name)
        digest = facts.text(article, TEXT_DIGEST)
        text = texts.get(digest or "")
        if text is None:
            yield Problem(
                what=f"no text has the digest of {shorten(article.value)}",
                mend="compare ent:textSha256 with `sha256sum` of the article's text",
                rule="digest",
                subject=article.value,
                predicate=TEXT_DIGEST.value,
                file=file.path,
            )
            continue
        if facts.text(article, CHAR_COUNT) != str(len(text)):
            yield Problem(
                what=f"wrong number of characters of {shorten(article.value)}",
                mend=f"the text has {len(text)}",
                rule="digest",
                subject=article.value,
                predicate=CHAR_COUNT.value,
                file=file.path,
            )
        yield from _passages(file, facts, text)


def _passages(file: SourceFile, facts: Facts, text: str) -> Iterator[Problem]:
    for iri in passages_of(file):
        start = facts.text(NamedNode(iri), CHAR_START) or ""
        end = facts.text(NamedNode(iri), CHAR_END) or ""
        if not (start.isdigit() and end.isdigit()):
            continue  # the passage's form is another check's
        digest = sha256_of(text[int(start) : int(end)].encode())
        if facts.text(NamedNode(iri), PASSAGE_DIGEST) != digest:
            yield Problem(
                what=f"wrong digest: {shorten(iri)} is not what the text says there",
                mend=f"mend the range, or write {digest} if the range is right",
                rule="digest",
                subject=iri,
                predicate=PASSAGE_DIGEST.value,
                file=file.path,
            )


def passages_of(file: SourceFile) -> list[str]:
    """Give the IRIs of a file's passages in order of their names."""
    return sorted(iri for iri in file.subjects if "#char=" in iri)


def _seals(sources: Sources) -> dict[str, str]:
    """Map each passage to a short digest of all that was compared with the text."""
    seals = {}
    for file in sources.files:
        if file.role == "article":
            facts = Facts(file.quads)
            text_digest = facts.text(NamedNode(ART + file.name), TEXT_DIGEST)
            for iri in passages_of(file):
                content = f"{iri} {text_digest} {facts.text(NamedNode(iri), PASSAGE_DIGEST)}"
                seals[iri.removeprefix(ART)] = hashlib.sha256(content.encode()).hexdigest()[:16]
    return seals


def write_seal(sources: Sources) -> bytes:
    """Give the content of the seal for passages that were compared with the texts just now."""
    lines = [f"{name} {seal}\n" for name, seal in sorted(_seals(sources).items())]
    return "".join(lines).encode()


def check_seal(sources: Sources, seal: bytes | None) -> Iterator[Problem]:
    """Find passages that are not as they were when somebody compared them with the texts."""
    if seal is None:
        return
    sealed = dict(line.rpartition(" ")[::2] for line in seal.decode().splitlines())
    for name, expected in _seals(sources).items():
        if sealed.get(name) == expected:
            continue
        altered = name in sealed
        yield Problem(
            what=f"wrong digest: {shorten(ART + name)} is not as it was compared with the text"
            if altered
            else f"{shorten(ART + name)} was never compared with the text",
            mend="restore range and digest, or compare again: "
            "`entente check --sources FOLDER --seal` with the article's text at hand"
            if altered
            else "compare and seal it: `entente check --sources FOLDER --seal`",
            rule="digest",
            subject=ART + name,
            predicate=PASSAGE_DIGEST.value,
        )
