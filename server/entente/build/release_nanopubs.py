"""Nanopublications: each claim as one, named by the digest of its content.

Owns what stands in which of the four graphs. The assertion holds what the claim says, with its
modality, and what it describes; the direct triple stands there only where the claim is accepted and
not negated and its modality enters the view, so that nobody who reads assertions alone takes a hope
for a fact. The provenance holds where, when and by whom it was said; the publication info the
record. Nothing depends on the release: an unchanged claim keeps its name, which is why no day of
making stands in it. https://nanopub.net/guidelines/working_draft/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from entente.build.release_draft import Draft
from entente.build.release_dumps import CLAIM, DESCRIBES, OBJECT, PREDICATE, SUBJECT, enters_view
from entente.build.release_spool import Spool
from entente.core.media import GRAPHS, by_name
from entente.core.releases import NAMES, NANOPUB, NANOPUBS
from entente.core.terms import (
    BASE,
    DCTERMS,
    ENT,
    GRAPH_ARTICLE,
    GRAPH_CURATION,
    GRAPH_ENTITIES,
    GRAPH_ONTOLOGY,
    PREFIXES,
    PROV,
    RDFS,
    VOC,
)
from entente.logic.description import LICENCE
from entente.logic.facts import TYPE
from entente.logic.trusty import UNKNOWN, artifact_code

CSV: Final = "text/csv; charset=utf-8"
NP: Final = "http://www.nanopub.org/nschema#"
NPX: Final = "http://purl.org/nanopub/x/"

_ACCEPTED: Final = VOC + "curation-status/accepted"
_STATUS: Final = NamedNode(ENT + "curationStatus")
_SAID: Final = frozenset(
    {TYPE, SUBJECT, PREDICATE, OBJECT, DESCRIBES}
    | {NamedNode(ENT + name) for name in ("about", "statement", "modality", "negated", "ambiguous")}
)
_PROVENANCE: Final = frozenset(
    NamedNode(ENT + name)
    for name in (
        "articlePart",
        "attributionBasis",
        "confidence",
        "evidence",
        "originalSource",
        "reportedIn",
        "reportedOn",
        "saidBy",
        "saidIn",
        "saidOn",
    )
)


@dataclass(frozen=True, slots=True)
class _Content:
    """The triples of a nanopublication that do not name it."""

    claim: NamedNode
    assertion: tuple[Triple, ...]
    provenance: tuple[Triple, ...]
    record: tuple[Triple, ...]
    creator: str | None


def write_nanopubs(spool: Spool, draft: Draft) -> int:
    """Write all nanopublications, and a list of their names; give how many there are."""
    count = 0

    def counted(names: IO[bytes]) -> Iterator[Quad]:
        nonlocal count
        for iri, claim, quads in nanopubs(spool):
            count += 1
            names.write(f"{iri},{claim}\r\n".encode())
            yield from quads

    trig = by_name("trig", GRAPHS)
    assert trig is not None
    title = "Claims as nanopublications, as TriG"
    prefixes = {**PREFIXES, "np": NP, "npx": NPX}
    with (
        draft.open(NAMES, title="Which nanopublication is which claim", media_type=CSV) as names,
        draft.open(NANOPUBS, title=title, media_type=trig.content_type) as file,
    ):
        names.write(b"nanopub,claim\r\n")
        serialize(counted(names), file, format=RdfFormat.TRIG, prefixes=prefixes)
    return count


def nanopubs(spool: Spool) -> Iterator[tuple[str, str, list[Quad]]]:
    """Give each claim's nanopublication: its IRI, the claim's IRI and its quads."""
    creator = spool.value(f"{BASE}ontology", f"{DCTERMS}creator", [GRAPH_ONTOLOGY])
    enters: dict[str, bool] = {}
    for graph in [name for name in spool.graphs() if name.startswith(GRAPH_ARTICLE)]:
        for subject, held in spool.subjects([graph]):
            is_claim = any(one.predicate == TYPE and one.object == CLAIM for one in held)
            if not is_claim or not isinstance(subject, NamedNode):
                continue
            content = _content(subject, held, graph, spool, enters, creator)
            iri = NANOPUB + artifact_code(_quads(content, NANOPUB + UNKNOWN))
            yield iri, subject.value, list(_quads(content, iri))


def _content(
    claim: NamedNode,
    held: list[Triple],
    graph: str,
    spool: Spool,
    enters: dict[str, bool],
    creator: str | None,
) -> _Content:
    values = {one.predicate.value.removeprefix(ENT): one.object for one in held}
    overruled = [
        one for one in spool.about(claim.value, [GRAPH_CURATION]) if one.predicate == _STATUS
    ]
    status = overruled[0].object if overruled else values.get("curationStatus")
    said = [one for one in held if one.predicate in _SAID]
    subject, predicate = values.get("subject"), values.get("predicate")
    if (
        status == NamedNode(_ACCEPTED)
        and not _is_true(values.get("negated"))
        and enters_view(values.get("modality"), spool, enters)
        and isinstance(subject, NamedNode)
        and isinstance(predicate, NamedNode)
        and "object" in values
    ):
        said.append(Triple(subject, predicate, values["object"]))
    for one in held:
        if one.predicate == DESCRIBES and isinstance(one.object, NamedNode):
            said += spool.about(one.object.value, [GRAPH_ENTITIES])
    provenance = [one for one in held if one.predicate in _PROVENANCE]
    for one in held:
        if one.predicate.value == f"{ENT}evidence" and isinstance(one.object, NamedNode):
            provenance += spool.about(one.object.value, [graph])
    record = [one for one in held if one.predicate not in _SAID | _PROVENANCE]
    return _Content(claim, tuple(said), tuple(provenance), (*record, *overruled), creator)


def _quads(content: _Content, iri: str) -> Iterator[Quad]:
    """Give the quads of a nanopublication that is called `iri`."""
    name = NamedNode(iri)
    head, assertion, provenance, info = (
        NamedNode(f"{iri}#{part}") for part in ("Head", "assertion", "provenance", "pubinfo")
    )

    def say(subject: NamedNode, predicate: str, value: str | NamedNode | Literal) -> Triple:
        object_ = NamedNode(value) if isinstance(value, str) else value
        return Triple(subject, NamedNode(predicate), object_)

    yield Quad(name, TYPE, NamedNode(f"{NP}Nanopublication"), head)
    yield Quad(name, NamedNode(f"{NP}hasAssertion"), assertion, head)
    yield Quad(name, NamedNode(f"{NP}hasProvenance"), provenance, head)
    yield Quad(name, NamedNode(f"{NP}hasPublicationInfo"), info, head)
    from_passages = {
        f"{ENT}evidence": f"{PROV}wasDerivedFrom",
        f"{ENT}reportedIn": f"{PROV}hadPrimarySource",
        f"{ENT}saidBy": f"{PROV}wasAttributedTo",
    }
    sources = [
        say(assertion, from_passages[one.predicate.value], one.object)
        for one in content.provenance
        if one.predicate.value in from_passages and isinstance(one.object, NamedNode)
    ]
    record = [
        say(name, f"{DCTERMS}license", LICENCE),
        say(name, f"{DCTERMS}source", content.claim),
        say(name, f"{NPX}hasNanopubType", CLAIM),
        say(name, f"{RDFS}label", Literal(content.claim.value.rpartition("/")[2])),
    ]
    if content.creator is not None:
        record.append(say(name, f"{DCTERMS}creator", content.creator))
    for graph, triples in (
        (assertion, content.assertion),
        (provenance, (*sources, *content.provenance)),
        (info, (*record, *content.record)),
    ):
        for one in sorted(set(triples), key=str):
            yield Quad(one.subject, one.predicate, one.object, graph)


def _is_true(term: object) -> bool:
    return isinstance(term, Literal) and term.value == "true"
