"""The W3C's protocols as operations: queries, updates and whole graphs.

Owns their part of the OpenAPI document; their routes are in `entente.web.sparql`, `updates` and
`graph_store`. The method QUERY, which `/sparql` takes too, has no place in OpenAPI 3.1.
https://www.w3.org/TR/sparql11-protocol/
"""

from collections.abc import Mapping
from typing import Final

from entente.core.media import GRAPHS, PAGE, RESULTS
from entente.web.fields import FORM
from entente.web.graph_protocol import RDF_PATCH, TYPES
from entente.web.operations import (
    COUNT,
    TEXT,
    Method,
    Operation,
    Parameter,
    Schema,
    listed,
    members,
    ref,
)
from entente.web.protocol import QUERY, UPDATE

TAG: Final = "SPARQL"
IRI: Final[Schema] = {"type": "string", "format": "iri"}
QUERY_TEXT: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "description": "SPARQL 1.1 or 1.2.",
}
RDF_BODY: Final[Schema] = {"type": "string"}
GRAPH_FORMATS: Final = tuple(offer.name for offer in GRAPHS)
FORMATS: Final = (*dict.fromkeys(offer.name for offer in (*RESULTS, *GRAPHS, PAGE)),)
REMOTE: Final = ("syntax", "refused", "answer-too-long", "remote", "remote-late")
SECONDS: Final = Parameter(
    name="timeout",
    description="Seconds that the answer may take; it can only shorten the server's own limit.",
    schema={"type": "number", "minimum": 1},
)
DATASET: Final = (
    Parameter(
        name="default-graph-uri",
        description="Graphs that are the default graph together.",
        schema=IRI,
        many=True,
    ),
    Parameter(
        name="named-graph-uri",
        description="Graphs that GRAPH reaches.",
        schema=IRI,
        many=True,
    ),
)
FOUND: Final[Mapping[str, Schema]] = {
    RESULTS[0].media_type: ref("SparqlAnswer"),
    **{offer.media_type: {} for offer in (*RESULTS[1:], *GRAPHS, PAGE)},
}
OPTIONS: Final = (
    Parameter(
        name="dry-run",
        description="Judge the change and say what it would do; nothing is written.",
        schema={"type": "boolean"},
    ),
    Parameter(
        name="why",
        description="Words for the log of changes.",
        schema={"type": "string", "maxLength": 1000},
    ),
    SECONDS,
    Parameter(
        name="If-Match",
        description="Entity tag of the revision that the change is meant for; 412 for another.",
        place="header",
    ),
)
GRAPH: Final = (
    Parameter(
        name="graph",
        description="IRI of the graph; either this or `default`.",
        schema=IRI,
        example="https://w3id.org/entente/graph/meta",
    ),
    Parameter(name="default", description="The default graph; needs no value."),
)
NAME: Final = Parameter(
    name="name",
    description="The graph's IRI below https://w3id.org/entente/graph/.",
    schema={"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9/._-]*$"},
    place="path",
    required=True,
    example="meta",
)
WRITES: Final = (
    *("document", "read-only", "cross-site", "write-refused", "too-late", "lost-race", "storage"),
)
OUTCOME: Final[Mapping[str, Schema]] = {
    "application/json": ref("WriteOutcome"),
    "text/plain": TEXT,
    **{offer.media_type: {} for offer in GRAPHS},
}
RDF: Final[Mapping[str, Schema]] = dict.fromkeys(sorted(TYPES), RDF_BODY)
DONE: Final = {204: "Done; the revision is in ETag and X-Dataset-Revision."}

SPARQL: Final = (
    Operation(
        path="/sparql",
        summary="Ask a query",
        description="Without a query: the service description, or the editor for people.",
        tag=TAG,
        parameters=(
            Parameter(
                name="query",
                description="The query.",
                schema=QUERY_TEXT,
                example="SELECT ?f { ?f a <https://w3id.org/entente/ontology/Factory> }",
            ),
            *DATASET,
            SECONDS,
        ),
        formats=FORMATS,
        answers=FOUND,
        dated=True,
        problems=REMOTE,
    ),
    Operation(
        path="/sparql",
        method="post",
        summary="Ask a query that is too long for an address, or update",
        description="A form, or the query itself; with a token also an update.",
        tag=TAG,
        parameters=(*DATASET, SECONDS),
        formats=FORMATS,
        body={
            QUERY: QUERY_TEXT,
            FORM: {
                "type": "object",
                "properties": {"query": QUERY_TEXT, "update": TEXT},
                "additionalProperties": TEXT,
            },
            UPDATE: TEXT,
        },
        answers={**FOUND, **OUTCOME},
        others=DONE,
        dated=True,
        problems=(*REMOTE, "token", "scope", *WRITES),
    ),
    Operation(
        path="/update",
        method="post",
        summary="Update the graph",
        tag=TAG,
        parameters=(
            Parameter(
                name="using-graph-uri",
                description="Graphs that WHERE reads as the default graph.",
                schema=IRI,
                many=True,
            ),
            Parameter(
                name="using-named-graph-uri",
                description="Graphs that GRAPH reaches in WHERE.",
                schema=IRI,
                many=True,
            ),
            *OPTIONS,
        ),
        body={
            UPDATE: TEXT,
            FORM: {
                "type": "object",
                "properties": {"update": TEXT},
                "required": ["update"],
                "additionalProperties": TEXT,
            },
        },
        answers=OUTCOME,
        others=DONE,
        problems=(*REMOTE, *WRITES),
        scope="write",
        cached=False,
    ),
)


def _store(path: str, own: tuple[Parameter, ...]) -> tuple[Operation, ...]:
    """Give the operations of one way to name a graph."""
    minted = "" if "{" in path else " Without a name it is a new graph, whose address is Location."
    many: dict[str, Schema] = {
        "multipart/form-data": {
            "type": "object",
            "additionalProperties": {"type": "string", "contentMediaType": "text/turtle"},
        }
    }
    written = {
        **DONE,
        201: "The graph was not there before; Location is its address.",
        200: "Literals are kept otherwise than sent: which; with dry-run, what it would do.",
    }
    patches = {UPDATE: TEXT, **({} if "{" in path else {RDF_PATCH: TEXT})}
    return (
        Operation(
            path=path,
            summary="Read a whole graph",
            tag=TAG,
            parameters=own,
            formats=GRAPH_FORMATS,
            answers={offer.media_type: {} for offer in GRAPHS},
            dated=True,
            problems=("not-found", "answer-too-long"),
        ),
        *(
            Operation(
                path=path,
                method=method,
                summary=summary,
                tag=TAG,
                parameters=(*own, *OPTIONS),
                body={**RDF, **many},
                answers={},
                status=204,
                described=DONE[204],
                others={status: words for status, words in written.items() if status != 204},
                problems=(*WRITES, "not-found"),
                scope="write",
                cached=False,
            )
            for method, summary in _uploads(minted)
        ),
        Operation(
            path=path,
            method="patch",
            summary="Change a graph by an update" + ("" if "{" in path else " or an RDF patch"),
            tag=TAG,
            parameters=(*own, *OPTIONS),
            body=patches,
            answers={},
            status=204,
            described=DONE[204],
            others={status: words for status, words in written.items() if status != 204},
            problems=(*WRITES, "syntax", "refused", "not-found"),
            scope="write",
            cached=False,
        ),
        Operation(
            path=path,
            method="delete",
            summary="Remove a graph",
            tag=TAG,
            parameters=(*own, *OPTIONS),
            answers={},
            status=204,
            described=DONE[204],
            others={200: written[200]},
            problems=(*WRITES, "not-found"),
            scope="write",
            cached=False,
        ),
    )


def _uploads(minted: str) -> tuple[tuple[Method, str], ...]:
    return ("put", "Replace a graph"), ("post", f"Add to a graph.{minted}")


OPERATIONS: Final = (*SPARQL, *_store("/graphs", GRAPH), *_store("/graphs/{name}", (NAME,)))
SCHEMAS: Final[Mapping[str, Schema]] = {
    "SparqlAnswer": {
        "anyOf": [
            ref("SparqlResults"),
            members({"head": {"type": "object"}, "boolean": {"type": "boolean"}}),
        ]
    },
    "WriteOutcome": {
        "type": "object",
        "required": ["revision", "published", "added", "removed", "results"],
        "properties": {
            "revision": {"type": "integer"},
            "published": {"type": "boolean"},
            "added": {"type": "integer"},
            "removed": {"type": "integer"},
            "results": listed({"type": "object"}),
            "rewritten": {
                **COUNT,
                "description": "Literals that are kept otherwise than they were sent.",
            },
            "rewritings": listed(members({"sent": TEXT, "kept": TEXT})),
        },
    },
}
