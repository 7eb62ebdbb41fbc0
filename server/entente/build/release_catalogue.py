"""Catalogue: a release described for machines (DCAT, VoID) and for people.

Owns the words of the README and the triples of `catalogue.ttl`: the release is a version of the
dataset, each file a distribution with size and digest. The clock is the release's date alone.
https://www.w3.org/TR/vocab-dcat-3/ https://www.w3.org/TR/void/ https://spdx.org/rdf/terms/
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.build.release_dumps import PARTS, Part
from entente.build.release_spool import Spool
from entente.core.releases import GZIP, RELEASES, Release, ReleaseFile
from entente.core.terms import BASE, DCAT, DCTERMS, GRAPH_ONTOLOGY, PREFIXES, RDF, VOID, XSD
from entente.logic.canonical import write_turtle
from entente.logic.description import DATASET, LICENCE

SPDX: Final = "http://spdx.org/rdf/terms#"
IANA: Final = "https://www.iana.org/assignments/media-types/"
TITLE: Final = (
    "Entente, release {date}: evidence graph of Europe–Ukraine defence-industrial cooperation"
)


def catalogue(release: Release, spool: Spool) -> bytes:
    """Describe a release in Turtle; `release.files` are the distributions."""
    triples = [*_dataset(release, spool)]
    for file in release.files:
        triples += _distribution(release, file)
    return write_turtle(triples, prefixes={**PREFIXES, "spdx": SPDX}).encode()


def _dataset(release: Release, spool: Spool) -> Iterator[Triple]:
    for kind in (DCAT + "Dataset", VOID + "Dataset"):
        yield _say(release.iri, RDF + "type", kind)
    title = Literal(TITLE.format(date=release.date), language="en")
    yield _say(release.iri, DCTERMS + "title", title)
    day = Literal(release.date, datatype=NamedNode(XSD + "date"))
    yield _say(release.iri, DCTERMS + "issued", day)
    yield _say(release.iri, DCTERMS + "license", LICENCE)
    yield _say(release.iri, DCAT + "version", Literal(release.date))
    yield _say(release.iri, DCAT + "isVersionOf", DATASET)
    publisher = spool.value(f"{BASE}ontology", f"{DCTERMS}publisher", [GRAPH_ONTOLOGY])
    if publisher is not None:
        yield _say(release.iri, DCTERMS + "publisher", publisher)
    if release.previous is not None:
        previous = f"{RELEASES}{release.previous}/"
        yield _say(release.iri, DCAT + "previousVersion", previous)
    counts = spool.graphs()
    yield _say(release.iri, VOID + "triples", _number(sum(counts.values())))
    for part in PARTS:
        held = [count for name, count in counts.items() if part.holds(name)]
        if held:
            subset = f"{release.iri}#{part.name}"
            yield _say(release.iri, VOID + "subset", subset)
            yield from _subset(subset, part, sum(held), release)
    for file in release.files:
        if file.name in ("entente.nq.gz", "entente.trig.gz", "entente.jsonld.gz"):
            yield _say(release.iri, VOID + "dataDump", release.iri + file.name)


def _subset(iri: str, part: Part, triples: int, release: Release) -> Iterator[Triple]:
    yield _say(iri, RDF + "type", VOID + "Dataset")
    yield _say(iri, DCTERMS + "title", Literal(part.title, language="en"))
    yield _say(iri, VOID + "triples", _number(triples))
    for file in release.files:
        if file.name in (f"{part.name}.ttl.gz", f"{part.name}.rdf.gz"):
            yield _say(iri, VOID + "dataDump", release.iri + file.name)


def _distribution(release: Release, file: ReleaseFile) -> Iterator[Triple]:
    iri = release.iri + file.name
    checksum = f"{iri}#checksum"
    yield _say(release.iri, DCAT + "distribution", iri)
    yield _say(iri, RDF + "type", DCAT + "Distribution")
    yield _say(iri, DCTERMS + "title", Literal(file.title, language="en"))
    yield _say(iri, DCTERMS + "license", LICENCE)
    yield _say(iri, DCAT + "downloadURL", iri)
    yield _say(iri, DCAT + "mediaType", IANA + file.media_type.partition(";")[0])
    if file.compressed:
        yield _say(iri, DCAT + "compressFormat", IANA + GZIP)
    size = Literal(str(file.bytes), datatype=NamedNode(XSD + "nonNegativeInteger"))
    yield _say(iri, DCAT + "byteSize", size)
    yield _say(iri, SPDX + "checksum", checksum)
    yield _say(checksum, RDF + "type", SPDX + "Checksum")
    yield _say(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    digest = Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary"))
    yield _say(checksum, SPDX + "checksumValue", digest)


def _say(subject: str, predicate: str, value: str | Literal) -> Triple:
    object_ = NamedNode(value) if isinstance(value, str) else value
    return Triple(NamedNode(subject), NamedNode(predicate), object_)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))


_README: Final = """\
# Entente, release {date}

What news articles report on defence-industrial cooperation between European states and Ukraine:
{claims} claims of {articles} articles, each with the passage that says so, {things} things and
situations, and the view that the accepted claims support now. {quads} quads in all.

A claim is not a fact. It says who said what, where, and with which modality; only claims that are
accepted, not negated, and stated, planned, expected or negotiated enter the view, and a plan
carries its stage. The articles' own sentences are not here: a passage is a range of characters and
a digest.

## Which file

| you want | take |
| --- | --- |
| everything, for an RDF store | `entente.nq.gz`, `entente.trig.gz` or `entente.jsonld.gz` |
| what holds now, as one graph | `view.ttl.gz`, `view.rdf.gz` |
| who says so | `claims.ttl.gz`; each claim reifying what it says (RDF 1.2): `annotated.ttl.gz` |
| each claim on its own, citable | `nanopubs.trig.gz`: its IRI ends in the digest of its content |
| which of them is which claim | `nanopubs.csv` |
| tables | `tables/*.csv`, described in `datapackage.json` (Frictionless), `csv-metadata.json` |
| terms and rules | `ontology.ttl.gz`, `shapes.ttl.gz` |
| what changed | `CHANGES.md`, and from the second release on `changes.rdfp.gz` (RDF patch) |
| this release for machines | `catalogue.ttl` (DCAT, VoID), `release.json` |

`sha256sum -c SHA256SUMS` checks the files. What ends in `.gz` is compressed with gzip.

## Tables

The table of a thing is the kind in its IRI: `id/facility/…` is in `facility.csv`. A column is a
property; `…Label` beside it is for people. Several values stand in one cell, parted as the
description of the column says, and IRIs among them once more in `links.csv`. `mentions.csv` says
which claim mentions what. Read with `csv-metadata.json`, the tables (and `rest.nt`, where it is
there) give back the triples of things, current view, claims, curation and concepts.

## Licence

[CC BY 4.0]({licence}). The articles themselves are not here and are not ours to license.

## Files

| file | bytes | what it holds |
| --- | ---: | --- |
{files}
"""


def readme(date: str, counts: Mapping[str, int], files: Iterable[ReleaseFile]) -> bytes:
    """Write what a person should know of a release."""
    rows = (f"| `{f.name}` | {f.bytes} | {f.title} |" for f in sorted(files, key=lambda f: f.name))
    return _README.format(
        date=date,
        licence=LICENCE,
        files="\n".join(rows),
        **{name: counts[name] for name in ("claims", "articles", "things", "quads")},
    ).encode()
