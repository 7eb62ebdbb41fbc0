"""Changes: what a release knows that the one before did not, in plain words and as RDF patch.

Owns the kinds of change. A fact is a triple of the current view, or a situation that a claim
describes. It is corrected where the claims that carried it were withdrawn or superseded, and no
longer held where later reports say otherwise. The patch is exact for all graphs; blank nodes have
the names that they have in `entente.nq`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.build.release_draft import Draft
from entente.build.release_dumps import CLAIM, DESCRIBES, OBJECT, PREDICATE, SUBJECT, enters_view
from entente.build.release_spool import Spool
from entente.core.releases import RELEASES
from entente.core.terms import (
    ART,
    DCTERMS,
    ENT,
    GRAPH_ARTICLE,
    GRAPH_CURATION,
    GRAPH_CURRENT,
    PROV,
    VOC,
    XSD,
    shorten,
)
from entente.logic.facts import TYPE

PATCH: Final = "application/rdf-patch"
MARKDOWN: Final = "text/markdown; charset=utf-8"

_ACCEPTED: Final = VOC + "curation-status/accepted"
_MODALITY: Final = NamedNode(ENT + "modality")
_CONFLICT: Final = NamedNode(ENT + "ClaimConflict")
_BOOLEAN: Final = NamedNode(XSD + "boolean")
_Key = tuple[str, str]


@dataclass(slots=True)
class Changes:
    """Lines of each kind, sorted; each says one fact and which claims say so."""

    articles: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)

    @property
    def sections(self) -> tuple[tuple[str, str, list[str]], ...]:
        """Give heading, explanation and lines of each kind."""
        return (
            ("New articles", "Reports that were not in the graph before.", self.articles),
            ("Newly known", "What claims say that nothing said before.", self.known),
            ("Corrected", "The claims were withdrawn or superseded.", self.corrected),
            ("No longer held", "Later reports say otherwise.", self.dropped),
            ("Newly contradicted", "Claims that cannot simply hold together.", self.contradicted),
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """What one claim says: a triple, or situations; and whether it still counts."""

    name: str
    triple: Triple | None
    situations: tuple[NamedNode, ...]
    counts: bool


def write_changes(
    now: Spool, before: Spool | None, draft: Draft, *, names: tuple[str, str]
) -> None:
    """Write the changelog, and the patch where there is a release before.

    Args:
        now: this release's quads.
        before: those of the release before.
        draft: where they are written.
        names: dates of the release before and of this one.
    """
    title = "What changed since the release before, in words"
    if before is None:
        text = f"# What changed: release {names[1]}\n\nThis is the first release.\n"
        draft.write("CHANGES.md", text.encode(), title=title, media_type=MARKDOWN)
        return
    text = told(compare(now, before), names=names, graphs=(before.graphs(), now.graphs()))
    draft.write("CHANGES.md", text.encode(), title=title, media_type=MARKDOWN)
    title = f"What changed since the release of {names[0]}, as RDF patch"
    with draft.open("changes.rdfp.gz", title=title, media_type=PATCH) as file:
        file.write(f"H id <{RELEASES}{names[1]}/> .\nH prev <{RELEASES}{names[0]}/> .\n".encode())
        file.write(b"TX .\n")
        added, removed = now.differences(before)
        file.writelines(b"D " + line for line in removed)
        file.writelines(b"A " + line for line in added)
        file.write(b"TC .\n")


def compare(now: Spool, before: Spool) -> Changes:
    """Say what one revision knows that another did not."""
    new = set(now.triples([GRAPH_CURRENT]))
    old = set(before.triples([GRAPH_CURRENT]))
    came, went = new - old, old - new
    saying, said = _claims(now), _claims(before)
    # the claims of a fact that went, as they stand now: does any of them still count?
    standing = {one.name: one.counts for one in saying}
    carriers: dict[Triple, list[str]] = {}
    for one in (*said, *saying):
        if one.triple in came | went and one.counts and one.triple is not None:
            carriers.setdefault(one.triple, []).append(one.name)
    values: dict[_Key, list[Triple]] = {}
    for triple in sorted(came, key=str):
        values.setdefault(_key(triple), []).append(triple)
    found = Changes()
    for triple in sorted(went, key=str):
        instead = values.pop(_key(triple), [])
        mended = not any(standing.get(name, False) for name in carriers.get(triple, ()))
        lines = found.corrected if mended else found.dropped
        lines.append(_replaced(triple, instead, before, now, carriers))
    for triples in values.values():
        found.known += (f"{_words(one, now)}{_cite(carriers.get(one, ()))}" for one in triples)
    earlier = {node for one in said if one.counts for node in one.situations}
    for one in saying:
        for node in one.situations:
            if one.counts and node not in earlier:
                found.known.append(f"{_name(node, now)}{_cite([one.name])}")
    found.contradicted = [
        _name(node, now) for node in _instances(now, _CONFLICT) - _instances(before, _CONFLICT)
    ]
    found.corrected += _withdrawn(now, before)
    found.articles = [_name(NamedNode(iri), now) for iri in _articles(now) - _articles(before)]
    for _, _, lines in found.sections:
        lines[:] = sorted(set(lines))
    return found


def told(
    changes: Changes, *, names: tuple[str, str], graphs: tuple[dict[str, int], dict[str, int]]
) -> str:
    """Write the changelog as Markdown."""
    lines = [f"# What changed: release {names[1]}", "", f"Since the release of {names[0]}:"]
    lines += [f"- {title}: {len(found)}" for title, _, found in changes.sections]
    for title, words, found in changes.sections:
        if found:
            lines += ["", f"## {title}", "", words, "", *(f"- {line}" for line in found)]
    before, now = graphs
    altered = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    if altered:
        lines += ["", "## Triples", "", "| graph | before | now |", "| --- | ---: | ---: |"]
        lines += [
            f"| {shorten(name)} | {before.get(name, 0)} | {now.get(name, 0)} |" for name in altered
        ]
    return "\n".join(lines) + "\n"


def _claims(spool: Spool) -> list[_Said]:
    """Read what the claims of a revision say."""
    graphs = [name for name in spool.graphs() if name.startswith(GRAPH_ARTICLE)]
    superseded: set[str] = set()
    enters: dict[str, bool] = {}
    found: list[_Said] = []
    for subject, held in spool.subjects([*graphs, GRAPH_CURATION]):
        values = {one.predicate: one.object for one in held}
        if values.get(TYPE) != CLAIM or not isinstance(subject, NamedNode):
            continue
        modality = values.get(_MODALITY)
        counts = _status(held) and not _is_negated(held) and enters_view(modality, spool, enters)
        if counts:
            superseded |= {o.value for o in _objects(held, f"{ENT}supersedes")}
        triple = None
        first, second, third = (values.get(name) for name in (SUBJECT, PREDICATE, OBJECT))
        if isinstance(first, NamedNode) and isinstance(second, NamedNode) and third is not None:
            triple = Triple(first, second, third)
        situations = tuple(_objects(held, DESCRIBES.value))
        found.append(_Said(subject.value, triple, situations, counts))
    return [replace(one, counts=one.counts and one.name not in superseded) for one in found]


def _objects(held: Iterable[Triple], predicate: str) -> Iterator[NamedNode]:
    for one in held:
        if one.predicate.value == predicate and isinstance(one.object, NamedNode):
            yield one.object


def _status(held: list[Triple]) -> bool:
    """Tell whether a claim is accepted: where curation says otherwise beside its article, not."""
    found = {one.value for one in _objects(held, f"{ENT}curationStatus")}
    return found == {_ACCEPTED}


def _is_negated(held: list[Triple]) -> bool:
    return any(
        one.predicate.value == f"{ENT}negated" and one.object == Literal("true", datatype=_BOOLEAN)
        for one in held
    )


def _instances(spool: Spool, cls: NamedNode) -> set[NamedNode]:
    return {
        one.subject
        for one in spool.triples([GRAPH_CURATION])
        if one.predicate == TYPE and one.object == cls and isinstance(one.subject, NamedNode)
    }


def _withdrawn(now: Spool, before: Spool) -> Iterator[str]:
    """Say what was withdrawn or joined with another, as curators recorded it."""
    held = set(before.triples([GRAPH_CURATION]))
    for one in now.triples([GRAPH_CURATION]):
        if one in held or not isinstance(one.subject, NamedNode):
            continue
        name = before.label(one.subject.value) or _name(one.subject, now)
        if one.predicate.value == f"{PROV}wasInvalidatedBy":
            why = isinstance(one.object, NamedNode) and now.value(
                one.object.value, f"{DCTERMS}description", [GRAPH_CURATION]
            )
            yield f"{name}: withdrawn{f' ({why})' if why else ''}"
        elif one.predicate.value == f"{DCTERMS}isReplacedBy":
            yield f"{name}: now one with {_name(one.object, now)}"


def _articles(spool: Spool) -> set[str]:
    names = (name for name in spool.graphs() if name.startswith(GRAPH_ARTICLE))
    return {ART + name.removeprefix(GRAPH_ARTICLE) for name in names}


def _key(triple: Triple) -> _Key:
    return str(triple.subject), triple.predicate.value


def _replaced(
    gone: Triple,
    instead: list[Triple],
    before: Spool,
    now: Spool,
    carriers: dict[Triple, list[str]],
) -> str:
    cited = [name for one in (gone, *instead) for name in carriers.get(one, ())]
    was = _words(gone, before)
    if not instead:
        return f"{was}: not any more{_cite(cited)}"
    values = ", ".join(_name(one.object, now) for one in instead)
    return f"{was}; now {values}{_cite(cited)}"


def _words(triple: Triple, spool: Spool) -> str:
    return " · ".join(
        _name(term, spool) for term in (triple.subject, triple.predicate, triple.object)
    )


def _name(term: object, spool: Spool) -> str:
    text = "an unnamed node"
    if isinstance(term, NamedNode):
        text = spool.label(term.value) or shorten(term.value).strip("<>")
    elif isinstance(term, Literal):
        text = term.value
    return " ".join(text.split()).replace("<", "\\<")  # one line, and no HTML in Markdown


def _cite(claims: Iterable[str]) -> str:
    names = sorted({name.rpartition("/")[2] for name in claims})
    return f" ({', '.join(names)})" if names else ""
