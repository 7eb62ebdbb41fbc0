"""Writes of every kind, made as structures that a model of plain sets can do as well.

Owns the model (a set of triples for each graph, nothing else) and the strategies. What a write is
worth is said twice: by the text that goes to the server and by what it does to the sets.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from hypothesis import strategies as st

Triple = tuple[str, str, str]
Model = dict[str, frozenset[Triple]]

DEFAULT: Final = ""
GRAPHS: Final = ("urn:g:1", "urn:g:2", "urn:g:3")
NODES: Final = ("<urn:n:1>", "<urn:n:2>", "<http://example.org/a%20b?c=d#e>")
PREDICATES: Final = ("<urn:p:1>", "<urn:p:2>")
# As the store keeps them: a literal that it rewrites would be another model's business.
LITERALS: Final = (
    *('"x"', '""', '"é\\n\\"\\\\"', '"x"@en', '"<b>&amp;"', '"\\U0001F600"', '"} ; DROP ALL #"'),
    *('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"\\t"', '"a\\rb"', '"it\'s"'),
)

triple_sets = st.frozensets(
    st.tuples(
        st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES + LITERALS)
    ),
    max_size=4,
)
graphs = st.sampled_from((DEFAULT, *GRAPHS))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update: its text, and what it does to a model; `None` where it fails."""

    text: str
    do: Callable[[Model], Model | None]

    def __repr__(self) -> str:
        """Show the text when an example fails."""
        return self.text


@dataclass(frozen=True, slots=True)
class Request:
    """One request to write; `do` gives the model after it, `None` where it is refused."""

    method: str
    path: str
    content_type: str
    body: str
    do: Callable[[Model], Model | None]
    headers: Mapping[str, str]

    def __repr__(self) -> str:
        """Show what is sent when an example fails."""
        return f"{self.method} {self.path} {dict(self.headers)}\n{self.body}"


def lines(triples: Iterable[Triple]) -> str:
    """Write triples, which are N-Triples, Turtle and part of an update at once."""
    return "\n".join(f"{' '.join(triple)} ." for triple in sorted(triples))


def quads(graph: str, content: str) -> str:
    """Write some content of a graph as an update has it."""
    return f"{{ GRAPH <{graph}> {{ {content} }} }}" if graph else f"{{ {content} }}"


def name_of(graph: str) -> str:
    """Name a graph as CLEAR, DROP and COPY do."""
    return f"GRAPH <{graph}>" if graph else "DEFAULT"


def changed(model: Model, graph: str, triples: Iterable[Triple]) -> Model:
    """Give the model with another content of one graph."""
    return {**model, graph: frozenset(triples)}


def of(model: Model, graph: str) -> frozenset[Triple]:
    """Give the triples of a graph."""
    return model.get(graph, frozenset())


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    """One operation of an update."""
    kind = draw(st.integers(0, 7))
    graph = draw(graphs)
    if kind <= 1:
        data = draw(triple_sets)
        if kind == 0:
            text = f"INSERT DATA {quads(graph, lines(data))}"
            return Operation(text, lambda model: changed(model, graph, of(model, graph) | data))
        text = f"delete data {quads(graph, lines(data))}"
        return Operation(text, lambda model: changed(model, graph, of(model, graph) - data))
    if kind == 2:
        predicate = draw(st.sampled_from(PREDICATES))
        text = f"DELETE WHERE {quads(graph, f'?s {predicate} ?o')}"
        return Operation(
            text,
            lambda model: changed(model, graph, {t for t in of(model, graph) if t[1] != predicate}),
        )
    if kind == 3:
        return draw(renamings())
    if kind == 4:
        word = draw(st.sampled_from(["CLEAR", "DROP"]))
        what = draw(st.sampled_from(["DEFAULT", "NAMED", "ALL"]))
        return Operation(f"{word} SILENT {what}", lambda model: emptied(model, what))
    if kind == 5:
        word = draw(st.sampled_from(["CLEAR SILENT", "DROP SILENT"]))
        return Operation(f"{word} {name_of(graph)}", lambda model: changed(model, graph, ()))
    if kind == 6:
        return draw(transfers())
    # CREATE of what is there fails, and with it all that the request had done before
    there = draw(st.sampled_from(GRAPHS))
    return Operation(
        f"INSERT DATA {quads(there, '<urn:n:1> <urn:p:1> 1 .')} ; CREATE GRAPH <{there}>",
        lambda _model: None,
    )


def emptied(model: Model, what: str) -> Model:
    """Give the model without its default graph, its named ones, or all."""
    return {
        graph: triples
        for graph, triples in model.items()
        if (graph == DEFAULT and what == "NAMED") or (graph != DEFAULT and what == "DEFAULT")
    }


@st.composite
def renamings(draw: st.DrawFn) -> Operation:
    """A DELETE and INSERT of what WHERE has found: one predicate becomes another one."""
    graph, (old, new) = draw(graphs), draw(st.permutations(PREDICATES))
    pattern, result = f"?s {old} ?o", f"?s {new} ?o"
    if graph and draw(st.booleans()):
        text = f"WITH <{graph}> DELETE {{ {pattern} }} INSERT {{ {result} }} WHERE {{ {pattern} }}"
    else:
        text = f"DELETE {quads(graph, pattern)} INSERT {quads(graph, result)} WHERE "
        text += quads(graph, pattern)

    def rename(model: Model) -> Model:
        found = {t for t in of(model, graph) if t[1] == old}
        renamed = {(s, new, o) for s, _, o in found}
        return changed(model, graph, (of(model, graph) - found) | renamed)

    return Operation(text, rename)


@st.composite
def transfers(draw: st.DrawFn) -> Operation:
    """COPY, MOVE or ADD between two graphs, or one and the same."""
    word = draw(st.sampled_from(["COPY", "MOVE", "ADD"]))
    source, target = draw(graphs), draw(graphs)

    def transfer(model: Model) -> Model:
        if source == target:
            return model
        kept = of(model, target) if word == "ADD" else frozenset()
        if source and source not in model:  # silently nothing, also where the target is not empty
            return model
        done = changed(model, target, kept | of(model, source))
        return changed(done, source, ()) if word == "MOVE" else done

    return Operation(f"{word} SILENT {name_of(source)} TO {name_of(target)}", transfer)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A request of any kind that writes."""
    kind = draw(st.integers(0, 6))
    if kind <= 2:
        return draw(updates())
    graph = draw(graphs)
    data = draw(triple_sets)
    path = "/graphs?" + (urlencode({"graph": graph}) if graph else "default")

    def put(model: Model) -> Model:
        return changed(model, graph, data)

    def post(model: Model) -> Model:
        return changed(model, graph, of(model, graph) | data)

    if kind == 3:
        return Request("PUT", path, "text/turtle", lines(data), put, {})
    if kind == 4:
        return Request("POST", path, "application/n-triples", lines(data), post, {})
    if kind == 5:  # half a document is none
        broken = f"{lines(data)} <urn:n:1> <urn:p:1> "
        return Request("PUT", path, "text/turtle", broken, lambda _model: None, {})
    return Request("PUT", path, "text/turtle", lines(data), lambda _: None, {"If-Match": '"1"'})


@st.composite
def updates(draw: st.DrawFn) -> Request:
    """An update of some operations, all or none of which are done."""
    several = draw(st.lists(operations(), min_size=1, max_size=4))
    tail = draw(st.sampled_from(["", " ;", "\n# the end"]))
    text = " ;\n".join(one.text for one in several) + tail
    headers: dict[str, str] = {}
    path = "/update"
    refused = False
    match draw(st.integers(0, 9)):
        case 0:
            text, refused = text + " }", True
        case 1:
            headers, refused = {"If-Match": '"1"'}, True
        case 2:
            path += "?dry-run"

    def do(model: Model) -> Model | None:
        after: Model | None = model
        for one in several:
            after = one.do(after) if after is not None else None
        if refused or after is None:
            return None
        return model if path != "/update" else after

    return Request("POST", path, "application/sparql-update", text, do, headers)
