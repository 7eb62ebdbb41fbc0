"""Where the engine and the standard differ, the standard holds."""

import pytest

from entente.core.errors import QueryRefused, QuerySyntaxError
from entente.query.guard import inspect
from entente.query.limits import QueryLimits
from entente.query.service import QueryService
from tests.query.services import answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT (COUNT(COUNT(*)) AS ?c) {}", "an aggregate cannot stand in another"),
        ("SELECT (SUM(1 + (2 * max(?x))) AS ?c) {}", "an aggregate cannot stand in another"),
        ("SELECT * { } HAVING(AVG(IF(BOUND(?x), MIN(?x), 1)) > 1)", "an aggregate cannot stand"),
        ("SELECT * { BIND(<<( <<(<a:s> <a:p> 1)>> <a:p> 1 )>> AS ?x) }", "a triple term cannot be"),
        ("SELECT * { BIND(<<( 'x' <a:p> 1 )>> AS ?x) }", "a literal cannot be the subject"),
        ("SELECT * { BIND(<<( 1 <a:p> 1 )>> AS ?x) }", "a literal cannot be the subject"),
        ("SELECT * { BIND(<<(True <a:p> 1)>> AS ?x) }", "a literal cannot be the subject"),
    ],
)
def test_what_is_no_sparql_is_told_so(shared_service: QueryService, text: str, words: str) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        answer(shared_service, text)
    assert caught.value.line == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(*) + SUM(?x) AS ?c) {}",
        "SELECT (SUM(?x + (1)) AS ?c) (MAX(?x) AS ?d) {}",
        "SELECT (COUNT(EXISTS { SELECT (COUNT(*) AS ?n) {} }) AS ?c) {}",
        "SELECT * { BIND(<<( <a:s> <a:p> <<(<a:s> <a:p> 1)>> )>> AS ?x) }",
        "SELECT * { <<( <<(<a:s> <a:p> 1)>> <a:p> 2 )>> <a:q> ?o }",
        "SELECT * { << <<(<a:s> <a:p> 1)>> <a:p> 1 >> <a:p> 2 }",
        "SELECT * { ?s <a:p> (?x <a:b> ?y <a:c>) }",
        "SELECT * { VALUES (?x ?y) { (<a:b> <a:c>) (1 <a:c>) } }",
        "SELECT * { ?s ((<a:b>|<a:c>)/<a:d>) ?o FILTER(?s IN (<a:b>, <a:c>)) }",
        "SELECT * { FILTER(<a:f>(?x, <a:b>) < <a:g>(<a:b>)) }",
        "SELECT (COUNT(DISTINCT <a:b>) AS ?n) { FILTER(?x < 3 && ?y > 2) }",
    ],
)
def test_what_is_sparql_passes(text: str) -> None:
    inspect(text, QueryLimits())


@pytest.mark.parametrize("word", ["TRUE", "True", "tRuE"])
def test_booleans_have_no_case(shared_service: QueryService, word: str) -> None:
    text = f"SELECT ({word} AS ?x) ('{word}' AS ?y) {{ FILTER({word} || !{word}) }}"
    assert answer(shared_service, text) == f"x,y\r\ntrue,{word}\r\n"


@pytest.mark.parametrize(
    "text", ["# TRUE\nASK {}", "ASK { ?TRUE <a:TRUE> 'FALSE' }", "ASK { TRUEx:y <a:b> x:TRUE }"]
)
def test_what_only_looks_like_a_boolean_stays(text: str) -> None:
    assert inspect(text, QueryLimits()) == text


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("t:a.b.c", "http://t/a.b.c"),
        ("t:1.2.3.4", "http://t/1.2.3.4"),
        ("t:a..b...c", "http://t/a..b...c"),
        (r"t:a.b\.c.d", "http://t/a.b.c.d"),
        (r"t:%2E.b\.c.d", "http://t/%2E.b.c.d"),
        ("t:a:b.c.SERVICE", "http://t/a:b.c.SERVICE"),
        ("a.b.c:x.y.z", "http://u/x.y.z"),
    ],
)
def test_a_name_may_have_more_than_one_dot(
    shared_service: QueryService, name: str, iri: str
) -> None:
    """The engine takes the second dot for the end of a triple."""
    text = f"PREFIX t: <http://t/> PREFIX a.b.c: <http://u/> SELECT ?x {{ VALUES ?x {{ {name} }} }}"
    assert answer(shared_service, text) == f"x\r\n{iri}\r\n"


@pytest.mark.parametrize(
    "hidden",
    [
        "t:a.b.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
        "t:a.b.SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o }",
        "t:t:a.b.service <http://127.0.0.1:9/> { ?s ?p ?o }",
        "t:%41.b.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
        "t:a.b.SERVICE?v { ?s ?p ?o }",
        "t:a.b.OPTIONAL { ?s ?p t:a.b.SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_no_keyword_hides_behind_the_dots_of_a_name(
    shared_service: QueryService, hidden: str
) -> None:
    with pytest.raises((QuerySyntaxError, QueryRefused)):
        answer(shared_service, f"PREFIX t: <http://t/> SELECT * {{ ?s ?p {hidden} }}")


@pytest.mark.parametrize("name", ["t:a.b.SERVICEt:x", "t:a.b.SERVICESILENTt:x", "t:a.b.GRAPHt:c"])
def test_a_name_that_holds_a_keyword_is_a_name(shared_service: QueryService, name: str) -> None:
    """A group may stand behind a triple; no server is asked, no graph is named."""
    text = f"PREFIX t: <http://t/> SELECT ?s {{ ?s ?p {name} {{ ?s ?q ?o }} }}"
    assert answer(shared_service, text) == "s\r\n"
