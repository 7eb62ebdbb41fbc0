"""Writes: what a client asks to be changed, and what became of it.

Owns the values that cross between web, service and writer process. A write is one revision or
nothing. Knows no RDF library: terms are text, graphs are IRIs.
SPARQL 1.1 Update, Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).
"""

from dataclasses import dataclass
from typing import Final, Literal

WriteKind = Literal["update", "put", "post", "delete", "patch", "rdf-patch"]

DEFAULT: Final = "DEFAULT"
"""The default graph, where a graph is named; no IRI is spelt so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """RDF that a client sent: the bytes as they came, and a name of `entente.core.media.GRAPHS`."""

    content: bytes
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRequest:
    """One write, as a client asked it.

    Attributes:
        kind: `update` is SPARQL Update on the dataset; `put`, `post` and `delete` are the Graph
            Store Protocol's; `patch` is a SPARQL Update on `graph` alone, which is the default
            graph of its text; `rdf-patch` is lines of `A s p o g .` and `D s p o g .`.
        text: of an update or a patch.
        documents: of `put` and `post`; more than one where a form had several files.
        graph: an IRI, `DEFAULT`, or `None` for the whole dataset.
        using_graphs, using_named_graphs: the protocol's dataset for WHERE.
        base_iri: what relative IRIs are resolved against.
        if_match: revisions of which the current one must be one; `None` where any will do.
        dry_run: judge and report, publish nothing.
        governs: may change the graphs that writes are judged by, shapes and ontology; anybody may
            try that without publishing.
        who: name of the token that was shown.
        why: the client's words for the change log.
        timeout: seconds, which can only shorten the server's own limit.
        number: by which it is found among those at work and in the log; made where it is empty.
    """

    kind: WriteKind
    text: str = ""
    documents: tuple[Document, ...] = ()
    graph: str | None = None
    using_graphs: tuple[str, ...] = ()
    using_named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None
    if_match: frozenset[int] | None = None
    dry_run: bool = False
    governs: bool = True
    who: str = ""
    why: str | None = None
    timeout: float | None = None
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeResult:
    """One result of the judgement; `value` is in N-Triples notation, `path` an IRI or empty.

    `severity` is `error`, `warning` or `info`; a contradiction that the reasoner found has the
    shape `owl:<rule>` and no path.
    """

    focus: str
    path: str
    value: str | None
    severity: str
    message: str
    shape: str
    component: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The judgement of a write.

    Attributes:
        results: all that is new by this write, errors first.
        turtle: the same as a SHACL validation report in Turtle, for `sh:conforms` and so on.
        ntriples: the same report as N-Triples, to be given in any other syntax.
    """

    results: tuple[ShapeResult, ...] = ()
    turtle: str = ""
    ntriples: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """A literal that the store keeps otherwise than it was sent; both in N-Triples notation."""

    sent: str
    kept: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOutcome:
    """What became of a write that was not refused.

    Attributes:
        revision: the one that was published; the current one where nothing was.
        published: false for a dry run, and where the write changed nothing.
        added, removed: quads of asserted graphs.
        created: the graph that was named did not exist before.
        difference: RDF patch of the asserted quads, cut at a limit.
        truncated: whether `difference` was cut.
        report: warnings and infos that are new by this write.
        rewritten: how many literals are kept otherwise than they were sent.
        rewritings: these literals; the first of them where there are many.
        seconds: the writer's own time.
    """

    revision: int
    published: bool
    added: int
    removed: int
    created: bool = False
    difference: str = ""
    truncated: bool = False
    report: Report = Report()
    rewritten: int = 0
    rewritings: tuple[Rewriting, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log, as people read it."""

    revision: int
    time: str
    who: str
    why: str | None
    kind: str
    added: int
    removed: int
    graphs: tuple[str, ...]
