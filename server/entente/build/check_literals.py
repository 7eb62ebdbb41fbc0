"""Checks of terms' form: literals that survive the store unchanged, no blank node in data.

The store rewrites many literals (`"1.0"^^xsd:decimal` becomes `"1"`), so a dump would differ from
its source; data uses few datatypes, in the form that the store keeps. Lists and anonymous nodes
belong to ontology and shapes alone.
"""

import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from entente.build.problems import Problem
from entente.build.sources import DATA, SourceFile, Sources
from entente.core.terms import PREFIXES, RDF, XSD, shorten
from entente.logic.tokens import tokens

_ALLOWED: Final = ("string", "boolean", "integer", "decimal", "date", "dateTime", "anyURI")
DATATYPES: Final = frozenset([XSD + name for name in _ALLOWED] + [RDF + "langString"])
# Not well-formed in XML 1.0, so neither in SPARQL XML results nor in RDF/XML.
_CONTROLS: Final = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)))
_CAPITALS: Final = re.compile(r"[\"']@[a-zA-Z0-9-]*[A-Z]")


def check_forms(sources: Sources) -> Iterator[Problem]:
    """Find literals that the store would rewrite, misplaced blank nodes and odd prefixes."""
    literals = {q.object for q in sources.quads() if isinstance(q.object, Literal)}
    kept = _as_stored(literals)
    for file in sources.files:
        for prefix, iri in file.prefixes.items():
            if PREFIXES.get(prefix, iri) != iri:
                yield Problem(
                    what=f"prefix {prefix}: is <{iri}> here",
                    mend=f"in this project it is <{PREFIXES[prefix]}>",
                    rule="prefix",
                    file=file.path,
                    line=file.text[: file.text.find(f"{prefix}:")].count("\n") + 1,
                )
        yield from _language_tags(file)
        for quad in file.quads:
            if isinstance(quad.object, Literal):
                yield from _literal(quad, quad.object, kept[quad.object], path=file.path)
            if file.role in (*DATA, "vocab"):
                yield from _blank(quad, path=file.path)
            if isinstance(quad.object, Triple):
                yield Problem(
                    what="a triple term (RDF 1.2) stands in the data",
                    mend="sources are RDF 1.1; a claim's IRI stands for its triple",
                    rule="rdf-1.1",
                    subject=_iri(quad),
                    predicate=quad.predicate.value,
                    file=file.path,
                )


def _language_tags(file: SourceFile) -> Iterator[Problem]:
    """Find tags with capitals in the text, since the parser hands them on in lower case."""
    if _CAPITALS.search(file.text) is None:
        return
    for token in tokens(file.text):
        if token.kind == "language" and token.text != token.text.lower():
            yield Problem(
                what=f"the language tag {token.text} has capitals",
                mend=f"write {token.text.lower()}",
                rule="literal",
                file=file.path,
                line=token.line,
            )


def _as_stored(literals: set[Literal]) -> dict[Literal, Literal]:
    """Ask the store itself what it makes of each literal."""
    store, predicate = Store(), NamedNode("urn:value")
    numbered = dict(enumerate(sorted(literals, key=str)))
    store.extend(
        Quad(NamedNode(f"urn:{number}"), predicate, literal, DefaultGraph())
        for number, literal in numbered.items()
    )
    found = {
        int(quad.subject.value.removeprefix("urn:")): quad.object
        for quad in store
        if isinstance(quad.subject, NamedNode)
    }
    return {
        literal: stored
        for number, literal in numbered.items()
        if isinstance(stored := found[number], Literal)
    }


def _literal(quad: Quad, literal: Literal, stored: Literal, *, path: str) -> Iterator[Problem]:
    datatype = literal.datatype.value
    if datatype not in DATATYPES:
        what = f"datatype {shorten(datatype)} of {literal.value!r} is not used here"
        mend = f"use xsd:{', '.join(_ALLOWED)} or a language tag"
    elif stored != literal:
        what = f"{_written(literal)} would not survive the store"
        mend = f"write {_written(stored)}"
    elif _CONTROLS.intersection(literal.value):
        what = f"{literal.value!r} holds a control character, which XML cannot carry"
        mend = "remove it"
    else:
        return
    yield Problem(
        what=what,
        mend=mend,
        rule="literal",
        subject=_iri(quad),
        predicate=quad.predicate.value,
        object=literal.value,
        file=path,
    )


def _written(literal: Literal) -> str:
    if literal.language is not None:
        return f'"{literal.value}"@{literal.language}'
    return f'"{literal.value}"^^{shorten(literal.datatype.value)}'


def _blank(quad: Quad, *, path: str) -> Iterator[Problem]:
    if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
        yield Problem(
            what="a blank node stands in the data",
            mend="give the node an IRI (data/README.md tells how IRIs are made)",
            rule="blank-node",
            subject=_iri(quad),
            predicate=quad.predicate.value,
            file=path,
        )


def _iri(quad: Quad) -> str | None:
    return quad.subject.value if isinstance(quad.subject, NamedNode) else None
