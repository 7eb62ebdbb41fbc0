"""An attempt: a write request made true in the working copy, not yet judged.

Owns what each kind of write means for the quads (SPARQL Update, Graph Store Protocol, RDF patch).
Literals are compared as the store keeps them, so writing again what is there changes nothing.
"""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from entente.core.errors import MalformedDocument, NotFound, QueryRefused, ReadOnly
from entente.core.writes import DEFAULT, WriteRequest
from entente.store.documents import into_graph, read_document
from entente.store.embedded import syntax_error
from entente.store.patches import Difference, read_patch
from entente.store.spelling import Spelling
from entente.store.working import WorkingCopy

Graph = ox.NamedNode | ox.DefaultGraph


def attempt(
    working: WorkingCopy,
    request: WriteRequest,
    operations: Sequence[str],
    *,
    generated: frozenset[ox.NamedNode],
    spelling: Spelling,
) -> Difference:
    """Change the working copy as a request says.

    Args:
        working: is left as it was where this raises.
        request: what is wanted.
        operations: those of an update's or a patch's text, one by one.
        generated: graphs that nobody writes by hand; whole-dataset writes leave them.
        spelling: notes what of documents and patches is kept otherwise than it was sent.

    Returns:
        What has changed.

    Raises:
        QueryError, WriteError, NotFound: nothing has changed.
    """
    match request.kind:
        case "update":
            if len(operations) > 1:  # refuse the whole before its first operation is run
                for operation in operations:
                    require_syntax(operation, request.base_iri)
            return working.update(operations, base_iri=request.base_iri)
        case "patch":
            return _patch_graph(working, request, operations)
        case "rdf-patch":
            content = request.text.encode()
            return working.apply(
                _as_stored(_of_graph(read_patch(content), request.graph), spelling)
            )
        case "delete":
            return _delete(working, request, generated)
        case _:
            return _put_or_post(working, request, generated, spelling)


def _put_or_post(
    working: WorkingCopy,
    request: WriteRequest,
    generated: frozenset[ox.NamedNode],
    spelling: Spelling,
) -> Difference:
    quads: list[ox.Quad] = []
    for document in request.documents:
        parsed = read_document(document.content, document.format, base_iri=request.base_iri)
        if request.graph is not None:
            parsed = list(into_graph(parsed, _graph(request.graph)))
        quads += parsed
    stored = spelling.stored(quads)
    created = frozenset[ox.NamedNode]()
    if request.graph not in (None, DEFAULT):
        created = frozenset({ox.NamedNode(str(request.graph))})
    if request.kind == "post":
        return working.apply(Difference(stored, frozenset(), created))
    if request.graph is not None:
        old = _held(working, request.graph)
        return working.apply(Difference(stored, old - stored, created))
    kept = {quad.graph_name for quad in stored}
    old = frozenset(quad for quad in working.quads if quad.graph_name not in generated)
    dropped = frozenset(g for g in working.graphs if g not in generated and g not in kept)
    return working.apply(Difference(stored, old - stored, dropped=dropped))


def _delete(
    working: WorkingCopy, request: WriteRequest, generated: frozenset[ox.NamedNode]
) -> Difference:
    if request.graph is None:
        old = frozenset(quad for quad in working.quads if quad.graph_name not in generated)
        dropped = frozenset(g for g in working.graphs if g not in generated)
        return working.apply(Difference(frozenset(), old, dropped=dropped))
    old = _held(working, request.graph)
    if request.graph == DEFAULT:
        return working.apply(Difference(frozenset(), old))
    _require_graph(working, request.graph)
    return working.apply(
        Difference(frozenset(), old, dropped=frozenset({ox.NamedNode(request.graph)}))
    )


def _patch_graph(
    working: WorkingCopy, request: WriteRequest, operations: Sequence[str]
) -> Difference:
    """Run an update on a store that holds nothing but the graph, as its default graph."""
    if request.graph is None:
        raise QueryRefused("a patch is of one graph: name it, or send an update")
    old = _held(working, request.graph)
    if request.graph != DEFAULT:
        _require_graph(working, request.graph)
    alone = ox.Store()
    alone.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in old)
    try:
        for operation in operations:
            alone.update(operation, base_iri=request.base_iri)
    except SyntaxError as error:
        raise syntax_error(str(error)) from error
    except (RuntimeError, ValueError) as error:
        raise QueryRefused(str(error)) from error
    if list(alone.named_graphs()):
        raise QueryRefused("a patch speaks of its own graph alone; send an update for others")
    graph = _graph(request.graph)
    new = frozenset(ox.Quad(q.subject, q.predicate, q.object, graph) for q in alone)
    return working.apply(Difference(new - old, old - new))


def require_syntax(operation: str, base_iri: str | None) -> None:
    """Try an update on nothing, to see whether it is SPARQL.

    Raises:
        QuerySyntaxError: it is not.
    """
    try:
        ox.Store().update(operation, base_iri=base_iri)
    except SyntaxError as error:
        raise syntax_error(str(error)) from error
    except (RuntimeError, ValueError, OSError):
        return  # what it fails of on an empty store may hold on ours


def _held(working: WorkingCopy, name: str) -> frozenset[ox.Quad]:
    graph = _graph(name)
    if isinstance(graph, ox.DefaultGraph) and working.union:
        raise ReadOnly("the default graph is the union of all graphs and is not written: name one")
    return working.graph(graph)


def _require_graph(working: WorkingCopy, name: str) -> None:
    if ox.NamedNode(name) not in working.graphs:
        raise NotFound(f"there is no graph <{name}>")


def _graph(name: str) -> Graph:
    if name == DEFAULT:
        return ox.DefaultGraph()
    try:
        return ox.NamedNode(name)
    except ValueError as error:
        raise MalformedDocument(f"{name!r} is no IRI of a graph") from error


def _of_graph(patch: Difference, name: str | None) -> Difference:
    """Hold a patch to the graph it was sent to; quads without a graph are of that one."""
    if name is None:
        return patch
    graph = _graph(name)

    def of_it(quads: Iterable[ox.Quad]) -> frozenset[ox.Quad]:
        found = set()
        for quad in quads:
            if quad.graph_name not in (graph, ox.DefaultGraph()):
                raise MalformedDocument(f"the patch is of another graph: {quad.graph_name}")
            found.add(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
        return frozenset(found)

    return Difference(of_it(patch.added), of_it(patch.removed))


def _as_stored(difference: Difference, spelling: Spelling) -> Difference:
    return Difference(
        spelling.stored(difference.added),
        Spelling().stored(difference.removed),  # what goes is not kept in any spelling
        difference.created,
        difference.dropped,
    )
