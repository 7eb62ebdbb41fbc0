"""What one small request to write does to an engine, and what it gets from us over HTTP.

Each row of the list of hazards that concerns writes: a clear refusal or a bounded failure, nothing
changed, nothing outside reached, and the next write done. The rows for queries stand in
`tests/query/test_hazards.py`; `tests/hazards.md` lists all with their tests.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from entente.core.tokens import Tokens
from tests.canary import Canary
from tests.protocol.suites.writable import Writable, run_writable
from tests.web.site import Reply

UPDATE = "application/sparql-update"
SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HEAD = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:">'
TRIPLE = "<urn:s> <urn:p> "
TEN = " ".join(str(number) for number in range(10))
MIXED = " ".join(f'{number} "{number}x" "{number}"' for number in range(60))
DOUBLED = "BIND('0123456789' AS ?x0) " + " ".join(
    f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)
)
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A plain store whose writes may take four seconds and half a gibibyte."""
    folder = tmp_path_factory.mktemp("hazards")
    with run_writable(folder, write_seconds=4.0, write_memory=512) as running:
        running.put([])
        yield running


def put(store: Writable, media_type: str, body: str, graph: str = "urn:g") -> Reply:
    path = f"/graphs?{urlencode({'graph': graph})}"
    return store.send("PUT", path, {"Content-Type": media_type}, body.encode())


def update(store: Writable, text: str) -> Reply:
    return store.send("POST", "/update", {"Content-Type": UPDATE}, text.encode())


def require_nothing_happened(store: Writable, revision: int) -> None:
    """Nothing has changed, and the next write is done."""
    assert store.site.service.revision == revision
    assert update(store, f"INSERT DATA {{ <urn:alive> <urn:since> {revision} }}").status == 200


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle", TRIPLE + "<<( " * 100_000),
        ("text/turtle", TRIPLE + "[ <urn:p> " * 100_000),
        ("text/turtle", TRIPLE + "( " * 1_000_000),
        ("text/turtle", TRIPLE + "( " * 5_000 + ") " * 5_000 + "."),
        ("application/trig", "<urn:g> { " + TRIPLE + "<<( " * 100_000),
        ("application/n-triples", TRIPLE + "<<( <urn:s> <urn:p> " * 100_000),
        ("application/n-quads", TRIPLE + "<<( <urn:s> <urn:p> " * 100_000),
        ("application/n-triples", TRIPLE + "<<(" * 100_000),
        ("application/ld+json", '{"urn:p":' * 10_000 + "1" + "}" * 10_000),
        ("application/ld+json", '{"urn:p":{"@list":[' * 10_000 + "1" + "]}}" * 10_000),
        ("application/ld+json", "[" * 65_000 + "]" * 65_000),
        ("application/rdf+xml", HEAD + "<e:a><e:b>" * 50_000 + "</e:b></e:a>" * 50_000),
        ("application/rdf+xml", f"<!DOCTYPE r [{LAUGHS}]>{HEAD}<e:a>&l9;</e:a></rdf:RDF>"),
        ("application/rdf+xml", f"<?xml version='1.0' encoding='UTF-7'?>{HEAD}</rdf:RDF>"),
    ],
    ids=lambda value: value[:30],
)
def test_a_document_that_would_exhaust_a_parser_is_refused(
    store: Writable, media_type: str, body: str
) -> None:
    before = store.site.service.revision
    reply = put(store, media_type, body)
    assert (reply.status, reply.type) == (400, "application/problem+json"), reply.text
    assert str(reply.fields()["type"]).endswith("#document")
    require_nothing_happened(store, before)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/ld+json", '{{"@context": "{url}", "name": "x"}}'),
        ("application/ld+json", '{{"@context": ["{url}", {{}}], "name": "x"}}'),
        ("application/ld+json", '{{"@context": {{"@import": "{url}"}}, "name": "x"}}'),
        (
            "application/ld+json",
            '{{"@context": {{"a": {{"@id": "urn:a", "@context": "{url}"}}}}, "a": {{"b": 1}}}}',
        ),
        (
            "application/rdf+xml",
            '<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>' + HEAD + "&x;</rdf:RDF>",
        ),
        ("application/rdf+xml", '<!DOCTYPE r SYSTEM "{url}">' + HEAD + "</rdf:RDF>"),
        (
            "application/rdf+xml",
            '<!DOCTYPE r [<!ENTITY % x SYSTEM "{url}"> %x;]>' + HEAD + "</rdf:RDF>",
        ),
    ],
    ids=lambda value: value[:60],
)
@pytest.mark.parametrize("scheme", ["http", "file", "path"])
def test_a_document_fetches_and_opens_nothing(
    store: Writable,
    canary: Canary,
    tmp_path: Path,
    media_type: str,
    body: str,
    scheme: str,
) -> None:
    secret = tmp_path / "secret.jsonld"
    secret.write_text('{"@context": {"name": "urn:a line that nobody may read"}}')
    url = {
        "http": f"http://127.0.0.1:{canary.port}/x",
        "file": secret.as_uri(),
        "path": str(secret),
    }
    before = store.site.service.revision
    reply = put(store, media_type, body.format(url=url[scheme]))
    assert reply.status == 400, reply.text
    assert "nobody may read" not in reply.text
    assert not canary.was_reached()
    assert store.site.service.revision == before


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { " + TRIPLE + "<<( " * 6_000 + ")>>" * 6_000 + " }",
        "DELETE WHERE { " + " . ".join(f"?s <urn:p{n}> ?o{n}" for n in range(200)) + " }",
        "INSERT { <urn:s> <urn:p> 1 } WHERE " + "{" * 20_000 + "}" * 20_000,
        "INSERT { <urn:s> <urn:p> 1 } WHERE { FILTER(" + "!" * 10_000 + "1) }",
        "INSERT { <urn:s> <urn:p> 1 } WHERE { ?s " + "/".join(["<urn:p>"] * 1_000) + " ?o }",
        "INSERT { <urn:s> <urn:p> 1 } WHERE { " + " UNION ".join(["{}"] * 10_000) + " }",
        "LOAD <http://169.254.169.254/latest/meta-data/>",
        "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
        "INSERT { ?s ?p ?o } WHERE { sErViCe<http://127.0.0.1:9/>{ ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { SERVICE # comment\n <http://127.1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { VALUES ?v { <http://0x7f000001/> } SERVICE ?v { ?s ?p ?o } }",
    ],
    ids=lambda value: value[:40],
)
def test_an_update_that_no_engine_should_be_asked_is_refused(store: Writable, text: str) -> None:
    before = store.site.service.revision
    reply = update(store, text)
    assert (reply.status, reply.type) == (400, "application/problem+json"), reply.text
    assert str(reply.fields()["type"]).endswith("#refused")
    require_nothing_happened(store, before)


@pytest.mark.parametrize(
    "where",
    [
        " ".join(f"VALUES ?x{number} {{ {TEN} }}" for number in range(10)),
        DOUBLED + " FILTER(STRLEN(?x40) > 0)",
        'BIND(REPLACE("'
        + "a" * 5_000
        + '", "a", "'
        + "b" * 5_000
        + '") AS ?y) '
        + 'BIND(REPLACE(?y, "b", "'
        + "c" * 500
        + '") AS ?z) FILTER(STRLEN(?z) > 0)',
    ],
    ids=["ten VALUES of ten", "a doubled string", "a REPLACE that blows up"],
)
def test_an_update_that_runs_for_ever_or_eats_memory_ends_at_a_limit(
    store: Writable, where: str
) -> None:
    before = store.site.service.revision
    reply = update(store, f"INSERT {{ ?s <urn:p> ?o }} WHERE {{ {where} }}")
    if reply.status == 200:  # a machine may be fast enough; ?s is never bound
        assert reply.fields()["added"] == 0
        return
    assert reply.status == 503, reply.text
    assert reply.headers["Retry-After"]
    assert "nothing has changed" in str(reply.fields()["detail"])
    require_nothing_happened(store, before)


def test_an_order_that_is_not_total_costs_that_update_only(store: Writable) -> None:
    """The engine's sort aborts the process in some cases; in others the update is done."""
    inner = f"SELECT ?x {{ VALUES ?x {{ {MIXED} }} }} ORDER BY ?x LIMIT 0"
    before = store.site.service.revision
    reply = update(store, f"INSERT {{ <urn:s> <urn:p> ?x }} WHERE {{ {{ {inner} }} }}")
    assert reply.status in (200, 503), reply.text
    require_nothing_happened(store, before)


@pytest.mark.parametrize(
    "graph",
    ["urn:x> { } } ; DROP ALL #", 'urn:"x', "urn:x y", "urn:{x}", "urn:x\n", "relative", "urn:\\x"],
)
def test_the_name_of_a_graph_cannot_leave_its_place(store: Writable, graph: str) -> None:
    before = store.site.service.revision
    assert put(store, "text/turtle", TRIPLE + "1 .", graph).status == 400
    path = f"/graphs?{urlencode({'graph': graph})}"
    assert store.site.ask(path).status == 400
    form = urlencode({"update": "DELETE WHERE { ?s ?p ?o }", "using-graph-uri": graph}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert store.send("POST", "/update", headers, form).status == 400
    require_nothing_happened(store, before)


@pytest.mark.parametrize("character", ["\\u0000", "\\u0001", "\\uFFFF"])
def test_what_no_xml_can_hold_is_stored_and_told_where_xml_is_asked_for(
    store: Writable, character: str
) -> None:
    assert put(store, "text/turtle", f'{TRIPLE}"a{character}b" .').status in (201, 204)
    address = "/graphs?graph=urn:g"
    for accept in ("text/turtle", "application/n-triples", "application/ld+json"):
        assert store.site.ask(address, headers={"Accept": accept}).status == 200
    refused = store.site.ask(address, headers={"Accept": "application/rdf+xml"})
    assert refused.status == 406
    assert "which no XML can hold" in str(refused.fields()["detail"])
    query = "SELECT * { GRAPH <urn:g> { ?s ?p ?o } }"
    assert store.site.query(query, accept="application/sparql-results+json").status == 200
    assert store.site.query(query, accept="application/sparql-results+xml").status == 406
    assert update(store, "DROP ALL").status == 200


def test_a_blank_node_has_no_name_that_another_write_could_use(store: Writable) -> None:
    """The engine's BNODE("b") is the stored node of that label: labels are made anew."""
    assert put(store, "text/turtle", "_:b <urn:secret> 1 .").status == 201
    found = 'SELECT ?o { GRAPH <urn:g> { ?s <urn:secret> ?o } FILTER(?s = BNODE("b")) }'
    assert store.site.query(found).terms("o") == []
    assert update(store, "DROP ALL").status == 200


def test_a_pattern_of_a_shape_that_never_ends_costs_that_write_only(tmp_path: Path) -> None:
    """Python's patterns backtrack; who administers may write such a shape, others meet it."""
    with run_writable(tmp_path, default_graph="union", write_seconds=3.0) as store:
        graph = "https://w3id.org/entente/graph/"
        shape = (
            f"INSERT DATA {{ GRAPH <{graph}shapes> {{ <urn:shape> a <{SH}NodeShape> ; "
            f"<{SH}targetClass> <urn:Class> ; <{SH}property> <urn:shape:p> . "
            f'<urn:shape:p> <{SH}path> <urn:p> ; <{SH}pattern> "^(a+)+$" }} '
            f"GRAPH <{graph}ontology> {{ <urn:Class> a <http://www.w3.org/2002/07/owl#Class> }} }}"
        )
        secret = Tokens(store.site.settings.tokens).new("judge", "admin")
        assert update(replace(store, secret=secret), shape).status == 200
        before = store.site.service.revision
        thing = f"<urn:x> a <urn:Class> ; <urn:p> '{'a' * 40}!'"
        reply = update(store, f"INSERT DATA {{ GRAPH <{graph}entities> {{ {thing} }} }}")
        assert (reply.status, store.site.service.revision) == (503, before), reply.text
        assert "longer than it may" in str(reply.fields()["detail"])
        good = "INSERT DATA { GRAPH <urn:g> { <urn:x> <urn:q> 1 } }"
        assert update(store, good).status == 200
