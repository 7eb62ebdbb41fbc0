import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.core.errors import QueryError, QueryRefused, QuerySyntaxError
from entente.query.guard import inspect
from entente.query.limits import QueryLimits

LIMITS = QueryLimits()


def star(count: int) -> str:
    return " . ".join(f"?s <urn:p{number}> ?o{number}" for number in range(count))


ESCAPED = "_~.-!$&'()*+,;=/?#@%"
"""What a local name may have behind a backslash (PN_LOCAL_ESC)."""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ASK " + "{" * 20_000, "nested more than 128 deep"),
        ("ASK { FILTER(" + "(" * 200 + "1" + ")" * 200 + ") }", "nested more than 128"),
        ("SELECT (" + "STR(" * 200 + "1" + ")" * 200 + " AS ?x) {}", "nested more than 128"),
        ("ASK { ?s ?p " + "[ ?p " * 200 + "1" + "]" * 200 + " }", "nested more than 128"),
        ("ASK { " + "<< " * 200 + "}", "nested more than 128"),
        ("ASK { FILTER(" + "!" * 200 + "true) }", "signs in a row"),
        ("ASK { FILTER(1 = " + "-" * 200 + "1) }", "signs in a row"),
        ("ASK { FILTER(" + "||".join(["?x"] * 1500) + ") }", "more than 1000 operators"),
        ("ASK { FILTER(" + "+".join(["1"] * 1500) + ") }", "more than 1000 operators"),
        ("ASK { " + " UNION ".join(["{}"] * 1500) + " }", "more than 1000 operators"),
        ("ASK { " + " ".join(["FILTER(1)"] * 1500) + " }", "more than 1000 operators"),
        ("ASK { " + " ".join(["BIND(1 AS ?x)"] * 1500) + " }", "more than 1000 operators"),
        ("ASK { ?s " + "|".join(["<urn:p>"] * 1500) + " ?o }", "more than 1000 operators"),
        (f"ASK {{ {star(101)} }}", "more than 100 triple patterns"),
        ("ASK { ?s " + " ; ".join(["<urn:p> ?o"] * 101) + " }", "more than 100 triple"),
        ("ASK { ?s ?p " + ",".join(["?o"] * 101) + " }", "more than 100 triple"),
        ("ASK { ?s ?p ( " + "1 " * 51 + ") }", "more than 100 triple"),
        ("ASK { ?s " + "/".join(["<urn:p>"] * 102) + " ?o }", "more than 100 triple"),
        ("ASK { ?s (" + "/".join(["<urn:p>"] * 102) + ") ?o }", "more than 100 triple"),
        ("ASK { " + " ".join(["{ ?s ?p ?o }"] * 101) + " }", "more than 100 triple"),
        ("ASK { " + " ".join(["OPTIONAL { ?s ?p ?o }"] * 101) + " }", "more than 100 triple"),
        ("ASK { " + " ".join(["GRAPH ?g { ?s ?p ?o }"] * 101) + " }", "more than 100 triple"),
        ("ASK { " + "[ ?p ?o ] . " * 101 + " }", "more than 100 triple"),
        ("#" * 300_000, "has 300000 bytes; at most 262144"),
        ("#" + "é" * 140_000, "has 280001 bytes"),
        ("ASK { ?s ?p '\ud800' }", "surrogate"),
        ("PREFIX ex: <http://e/> INSERT DATA { ex:a ex:b 1 }", "INSERT is an update"),
        ("LOAD <file:///etc/passwd>", "LOAD is an update"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE is an update"),
    ],
    ids=lambda value: value[:28],
)
def test_what_no_engine_should_be_asked_is_refused(query: str, words: str) -> None:
    with pytest.raises(QueryRefused, match=words):
        inspect(query, LIMITS)


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ {star(100)} }}",
        "ASK " + "{" * 128 + "}" * 128,
        "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 900) + " }",
        "ASK { " + " ".join(["MINUS { ?s ?p ?o }"] * 99) + " }",
        "SELECT * { VALUES ?x { " + "<urn:x> " * 10_000 + "} }",
        "SELECT * { VALUES (?x ?y) { " + "(<urn:x#1> <#y>) " * 5_000 + "} }",
        "SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(["1"] * 5_000) + ")) }",
        "CONSTRUCT { " + "?s ?p ?o . " * 500 + "} WHERE { ?s ?p ?o }",
        "SELECT * { ?s ?p 'SERVICE <http://x/> {}' } # SERVICE <http://x/> {}",
        "SELECT * { ?s <http://x/SERVICE> ?service }",
        "PREFIX s: <http://schema.org/> SELECT * { ?x a s:Service OPTIONAL { ?x s:service ?y } }",
        "PREFIX service: <http://x/> SELECT * { ?x service:of ?y . GRAPH service:g { ?x ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?s < ?o && ?o > 1) }",
        "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>1) }",
        "SELECT * { ?s ?p ?o FILTER(?o<5) FILTER(?o<=-5) FILTER(?o=<urn:x#y>) }",
        'SELECT * { ?s ?p (1 <http://e.org/a_(b)#c> \'\'\'it\'s\'\'\' """a "q" """) }',
        "SELECT * { ?s ?p \"\\u00e9\\U0001F600\\n\"@en-gb, 1.5e3, .5, -2, true, 'x'^^<urn:t> }",
        "SELECT * { << ?s ?p ?o >> ?q ?r . ?a ?b <<( ?s ?p ?o )>> . ?s ?p ?o {| ?q ?r |} }",
        "SELECT*{?s ?p ?o.FILTER EXISTS{?s ?q[]}MINUS{?s a[]}}LIMIT 1",
        "PREFIX é: <http://x/> SELECT ?ü { ?ü é:a.b é:\\(c\\)%20 , é: }",
        "PREFIX x: <http://x/> ASK { x:" + "".join(rf"\{c}" for c in ESCAPED) + " ?p ?o }",
    ],
    ids=lambda value: value[:28],
)
def test_what_people_ask_is_let_through(query: str) -> None:
    inspect(query, LIMITS)


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(QueryRefused) as caught:
        inspect("SELECT *\nWHERE {\n  SERVICE <http://x/> { ?s ?p ?o } }", LIMITS)
    assert (caught.value.line, caught.value.column) == (3, 3)


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * { ?s ?p 'x }", 1, 18, "not closed"),
        ('SELECT * {\n ?s ?p "\\q" }', 2, 8, "escape"),
        ("SELECT * { ?s ?p ?o ) }", 1, 21, "unexpected '\\)'"),
        ("SELECT * { ?s ?p ?o", 1, 20, "never closed"),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "nothing is open"),
        ("SELECT * { ?s \\u0041 ?o }", 1, 15, "unexpected character"),
        ("SELECT * { ?s ?p \u00a0 }", 1, 18, "unexpected character"),
    ],
)
def test_what_has_no_tokens_is_a_syntax_error_with_its_place(
    query: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        inspect(query, LIMITS)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "junk",
    [
        "a.b-" * 30_000,
        "a." * 60_000,
        "_:a." * 30_000,
        "<" * 120_000,
        "<a" * 60_000,
        "'" * 119_999,
        '"""' + "a" * 120_000,
        "'" + "\\n" * 60_000,
        ":a%41" * 24_000,
        "1e" * 60_000,
        "@a-" * 40_000,
        "#\n" * 60_000,
        ". ; , " * 20_000,
        "ASK{" + "a " * 60_000,
    ],
    ids=lambda value: repr(value[:12]),
)
def test_long_junk_is_read_in_linear_time(junk: str) -> None:
    """A quadratic reading of 120 kB takes far longer; the bound is generous on purpose."""
    started = time.monotonic()
    with pytest.raises(QueryError):
        inspect(junk + "\x00", LIMITS)
    assert time.monotonic() - started < 20


PIECES = st.sampled_from(
    [
        *"{}()[]<>.,;*+-/|^!=?~@:%\\'\"#\n\r\t \x00é",
        *("<<", ">>", "<<(", ")>>", "'''", '"""', "{|", "|}", "&&", "||", "^^", "\\u0041"),
        *("SELECT", "ASK", "WHERE", "FILTER", "UNION", "VALUES", "SERVICE", "GRAPH", "a", "FROM"),
        *("?s", "ex:a", "<http://x/>", "'s'", "1.5", "_:b", "@en", "SERVICEex:a"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join)))
def test_whatever_is_written_the_guard_lets_it_through_or_refuses_it(text: str) -> None:
    try:
        inspect(text, LIMITS)
    except QueryError as error:
        assert str(error)  # noqa: PT017  # only errors of this kind may come out
