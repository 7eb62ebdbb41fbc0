"""What one small query does to the engine, and what it gets from us: never more than an error.

Each input stands in the table of hazards; after it the same service answers the next query.
"""

import contextlib
from xml.etree import ElementTree

import pytest
from rdflib import Graph

from entente.core.errors import LimitExceeded, NotAcceptable, QueryError, QueryRefused
from entente.core.media import RESULTS
from entente.query.service import QueryRequest, QueryService
from entente.store.xml_sink import XmlSink
from tests.query.services import POINT, POINT_ANSWER, answer

ONE_TO_TEN = " ".join(str(number) for number in range(10))
MIXED = " ".join(f'{number} "{number}x" "{number}"' for number in range(60))
STAMPS = " ".join(
    f'"2025-01-{day:02d}T00:00:00"^^xsd:dateTime "2025-01-{day:02d}T01:00:00Z"^^xsd:dateTime'
    for day in range(1, 28)
)
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
KNOWS = "<http://example.org/p>"


@pytest.mark.parametrize(
    "query",
    [
        "ASK " + "{" * 20_000 + "}" * 20_000,
        "ASK " + "{" * 20_000,
        "SELECT (" + "STR(" * 2_000 + "1" + ")" * 2_000 + " AS ?x) {}",
        "SELECT (" + "IF(1," * 2_000 + "1" + ",2)" * 2_000 + " AS ?x) {}",
        "ASK { " + "FILTER EXISTS { " * 1_000 + "}" * 1_000 + " }",
        "ASK " + "{ SELECT * { " * 1_000 + "}}" * 1_000,
        "ASK { FILTER(" + "(" * 5_000 + "1" + ")" * 5_000 + ") }",
        "ASK { FILTER(" + "!" * 10_000 + "1) }",
        "ASK { FILTER(" + "+".join(["1"] * 10_000) + ") }",
        "ASK { FILTER(" + "||".join(["?x"] * 10_000) + ") }",
        "ASK { " + " UNION ".join(["{}"] * 10_000) + " }",
        "ASK { " + "BIND(1 AS ?x) " * 5_000 + " }",
        "ASK { " + "GRAPH ?g { " * 3_000 + "}" * 3_000 + " }",
        "ASK { " + "<<( " * 6_000 + ")>>" * 6_000 + " }",
        "ASK { " + "FILTER(1) " * 10_000 + " }",
        "ASK { " + " . ".join(f"?s <urn:p{n}> ?o{n}" for n in range(200)) + " }",
        "ASK { " + " . ".join(f"?s{n} <urn:p> ?s{n + 1}" for n in range(1_000)) + " }",
        "ASK { ?s ?p (" + "1 " * 1_000 + ") }",
        "ASK { ?s ?p " + "[ ?p " * 1_000 + "1" + " ]" * 1_000 + " }",
        "ASK { ?s " + "/".join(["<urn:p>"] * 1_000) + " ?o }",
    ],
    ids=lambda value: value[:20],
)
def test_what_would_exhaust_parser_or_planner_is_refused(
    query: str, shared_service: QueryService
) -> None:
    with pytest.raises(QueryRefused):
        answer(shared_service, query)
    assert answer(shared_service, POINT) == POINT_ANSWER


@pytest.mark.parametrize(
    ("query", "limits"),
    [
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { "
            + " ".join(f"VALUES ?x{number} {{ {ONE_TO_TEN} }}" for number in range(10))
            + " }",
            {"time", "memory"},
            id="ten VALUES of ten",
        ),
        pytest.param(
            "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a",
            {"time", "memory"},
            id="cross product ordered",
        ),
        pytest.param(
            "SELECT ?a (GROUP_CONCAT(STR(?f)) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } "
            "GROUP BY ?a ?d ?g",
            {"time", "memory"},
            id="cross product grouped",
        ),
        pytest.param(
            "SELECT (STRLEN(?x40) AS ?n) { BIND('0123456789' AS ?x0) "
            + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
            + " }",
            {"time", "memory"},
            id="a string doubled forty times",
        ),
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { "
            + " ".join(f"?a{n} ({KNOWS}|!{KNOWS})* ?b{n} ." for n in range(4))
            + " }",
            {"time", "memory"},
            id="paths with both ends open",
        ),
    ],
)
def test_what_runs_for_ever_or_eats_memory_ends_at_a_limit(
    query: str, limits: set[str], shared_service: QueryService
) -> None:
    with pytest.raises(LimitExceeded) as caught:
        answer(shared_service, query, timeout=1.5)
    assert caught.value.limit in limits
    assert answer(shared_service, POINT) == POINT_ANSWER


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?x {{ VALUES ?x {{ {MIXED} }} }} ORDER BY ?x",
        f"SELECT ?x {{ VALUES ?x {{ {MIXED} }} }} ORDER BY DESC(?x)",
        f"{XSD} SELECT ?x {{ VALUES ?x {{ {STAMPS} }} }} ORDER BY ?x",
    ],
    ids=["numbers and strings", "downwards", "time zones"],
)
def test_an_order_that_is_not_total_costs_that_query_only(
    query: str, shared_service: QueryService
) -> None:
    """The engine's sort aborts the process in some cases; in others it answers."""
    try:
        rows = answer(shared_service, query)
    except LimitExceeded as error:
        assert error.limit == "crash"  # noqa: PT017  # the engine decides which of the two it is
    else:
        assert rows.startswith("x\r\n")
    assert answer(shared_service, POINT) == POINT_ANSWER


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (REGEX('" + "a" * 40 + "!', '^(a+)+$') AS ?x) {}",
        "SELECT (REGEX('" + "a" * 40 + "', '" + "(.*a)" * 30 + "b') AS ?x) {}",
        "SELECT (REPLACE('a', '(', 'b') AS ?x) {}",
    ],
    ids=["nested", "greedy", "malformed"],
)
def test_a_hostile_pattern_is_answered_quickly(query: str, shared_service: QueryService) -> None:
    assert answer(shared_service, query).startswith("x\r\n")


@pytest.mark.parametrize("depth", [100, 127])
def test_the_depth_that_is_accepted_is_safe(depth: int, shared_service: QueryService) -> None:
    chain = "||".join(["?x"] * 7)
    text = f"ASK {{ FILTER({f'({chain}||' * (depth - 2)}1{')' * (depth - 2)}) }}"
    assert answer(shared_service, text) == "true"


def test_depth_times_length_within_the_limits_is_survived(shared_service: QueryService) -> None:
    chain = "||".join(["?x"] * 600)
    with contextlib.suppress(QueryError):
        answer(shared_service, f"ASK {{ FILTER({f'({chain}||' * 100}1{')' * 100}) }}", timeout=1.5)
    assert answer(shared_service, POINT) == POINT_ANSWER


NOT_XML = [
    ("SELECT ('a\\u0000b' AS ?x) {}", "xml", "U+0000"),
    ("SELECT ('a\\u0001b' AS ?x) {}", "xml", "U+0001"),
    ("SELECT ('a\\u001Fb' AS ?x) {}", "xml", "U+001F"),
    ("SELECT ('a\\uFFFFb' AS ?x) {}", "xml", "U+FFFF"),
    ("SELECT ('a\\uFFFEb' AS ?x) {}", "xml", "U+FFFE"),
    ("CONSTRUCT { <a:s> <a:p> 'a\\u0000b' } {}", "rdf", "U+0000"),
    ("CONSTRUCT { <a:s> <a:p> 'a\\u000Cb' } {}", "rdf", "U+000C"),
    ("CONSTRUCT { <a:s> <http://a/b/123> 1 } {}", "rdf", "does not end in a name"),
    ("CONSTRUCT { <a:s> <urn:p:> 1 } {}", "rdf", "does not end in a name"),
    ("CONSTRUCT { <a:s> <http://a/b?c=1> 1 } {}", "rdf", "does not end in a name"),
    ("CONSTRUCT { <a:s> a <http://a/1> } {}", "rdf", "does not end in a name"),
]


@pytest.mark.parametrize(("query", "form", "words"), NOT_XML, ids=lambda value: str(value)[:40])
def test_what_no_xml_can_hold_is_refused_in_xml_and_offered_otherwise(
    query: str, form: str, words: str, shared_service: QueryService
) -> None:
    wanted = QueryRequest(query=query, results_format=form, graph_format=form)
    with pytest.raises(NotAcceptable) as caught, shared_service.open_query(wanted) as found:
        found.read()
    assert words in str(caught.value)
    assert "text/csv" in caught.value.offers or "text/turtle" in caught.value.offers
    assert not any("xml" in offer for offer in caught.value.offers)
    assert answer(shared_service, query)


@pytest.mark.parametrize("before", [0, 3, 7, 8, 9, 10])
def test_what_no_xml_can_hold_is_found_wherever_the_bytes_are_parted(before: int) -> None:
    class Kept:
        def write(self, part: bytes) -> int:
            return len(part)

        def flush(self) -> None:
            """Do nothing."""

    for text in (b"abcdefgh\xef\xbf\xbf", b"ab<oxprefix: x"):
        sink = XmlSink(Kept(), RESULTS)
        sink.write(text[:before])
        with pytest.raises(NotAcceptable):
            sink.write(text[before:])


def test_an_answer_that_becomes_no_xml_midway_is_cut_off(shared_service: QueryService) -> None:
    last = "UNION { BIND('a\\u0000' AS ?x) }"
    query = f"SELECT * {{ {{ ?x ?b ?c . ?d ?e ?f }} {last} }}"
    with (
        pytest.raises(NotAcceptable),
        shared_service.open_query(QueryRequest(query=query, results_format="xml")) as found,
    ):
        found.read()


def test_a_carriage_return_is_one_in_xml_too(shared_service: QueryService) -> None:
    rows = QueryRequest(query="SELECT ('a\\r\\nb' AS ?x) {}", results_format="xml")
    with shared_service.open_query(rows) as found:
        literals = [element.text for element in ElementTree.fromstring(found.read()).iter()]
    assert "a\r\nb" in literals
    graph = QueryRequest(query="CONSTRUCT { <a:s> <a:p> 'a\\r\\nb' } {}", graph_format="rdf")
    with shared_service.open_query(graph) as found:
        ((_, _, value),) = Graph().parse(data=found.read(), format="xml")
    assert str(value) == "a\r\nb"
