import os
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.core.errors import QueryError, QuerySyntaxError
from entente.core.terms import ENT
from entente.query.grammar import find_stop
from entente.query.guard import inspect
from entente.query.limits import QueryLimits
from entente.query.service import QueryService
from entente.query.strict import Deviation
from entente.query.syntax import LONGEST
from entente.query.tokens import Scanner
from entente.query.writing import WriteService
from tests.query.services import answer
from tests.query.writers import update as write_update
from tests.query.writers import writing

ROOT = Path(__file__).parents[2]
SUITES = Path(os.environ.get("ENTENTE_SUITES", ROOT.parent / "shared" / "suites"))


@pytest.mark.parametrize(
    ("query", "line", "column", "words"),
    [
        ("SELECT * { ?s ?p }", 1, 18, "unexpected '}'; expected .*variable"),
        ("SELECT *\nWHERE {\n  ?s ?p ?o .\n  FILTER(?o = )\n}", 4, 15, r"unexpected '\)'"),
        ("SELEC * {}", 1, 1, "did you mean SELECT"),
        ("SELECT * { ?s ?p ?o FITER(?s) }", 1, 21, "did you mean FILTER"),
        ("SELECT * { ?s ?p ?o } grop by ?s", 1, 23, "did you mean GROUP"),
        ("SELECT * { FILTER(strlenn(?o) > 3) }", 1, 19, "did you mean STRLEN"),
        ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, "unexpected ','"),
        ("SELECT ?s WHERE ?s ?p ?o }", 1, 17, "expected '{'"),
        ("SELECT * { ?s ?p ?o } LIMIT ten", 1, 29, "expected number"),
        ("SELECT", 1, 7, "ends too early"),
        ("SELECT * { ?s ?p ?o", 1, 20, "never closed"),
        ("  # nothing\n", 1, 1, "the query is empty"),
        ("SELECT * { ?s ?p <a> }", 1, 18, "relative and there is no BASE"),
        ("SELECT * { ?s ent:x ?o }", 1, 15, f"add PREFIX ent: <{ENT}>"),
        ("PREFIX foo: <http://e/> ASK { ?s fooo:x ?o }", 1, 34, "did you mean foo:"),
        ("SELECT * { 'é' ?p }", 1, 19, "unexpected '}'"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_was_expected(
    query: str, line: int, column: int, words: str, shared_service: QueryService
) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        answer(shared_service, query)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c }", "neither grouped by nor aggregated"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "two columns the same name"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?s) }", "breaks another rule"),
    ],
)
def test_a_mistake_beyond_the_grammar_is_told(
    query: str, words: str, shared_service: QueryService
) -> None:
    with pytest.raises(QuerySyntaxError, match=words):
        answer(shared_service, query)


def test_a_mistake_in_the_deepest_nesting_is_found(shared_service: QueryService) -> None:
    with pytest.raises(QuerySyntaxError, match="unexpected '1'") as caught:
        answer(shared_service, "ASK { FILTER(" + "(" * 120 + "1 1" + ")" * 120 + ") }")
    assert caught.value.column == 136


@pytest.mark.parametrize(
    ("update", "line", "column", "words"),
    [
        ("INSRT DATA { <a:s> <a:p> 1 }", 1, 1, "did you mean INSERT"),
        ("INSERT DATA { <a:s> <a:p> }", 1, 27, "unexpected '}'; expected .*IRI"),
        ("INSERT DATA { GRAPH <a:g> { nonsense } }", 1, 29, "unexpected 'nonsense'"),
        ("INSERT DATA <a:s>", 1, 13, "expected '{'"),
        ("DROP GRAPHS <a:g>", 1, 6, "did you mean GRAPH"),
        ("CLEAR", 1, 6, "ends too early; expected ALL, DEFAULT, GRAPH"),
        ("COPY <a:g> INTO <a:h>", 1, 12, "did you mean TO"),
        ("CREATE GRAPH <a:g> ;\nDELET WHERE { ?s ?p ?o }", 2, 1, "did you mean DELETE"),
        ("DELETE { ?s ?p ?o } WERE { ?s ?p ?o }", 1, 21, "did you mean WHERE"),
        ("WITH <a:g> INSERT { ?s ?p 1 } { ?s ?p ?o }", 1, 31, "expected USING, WHERE"),
        ("INSERT DATA { <a:s> ent:x 1 }", 1, 21, f"add PREFIX ent: <{ENT}>"),
        ("PREFIX x: <a:> CLEAR ALL ; DROP GRAPH y:g", 1, 39, "prefix 'y:' is not declared"),
        ("SELECT * { ?s ?p ?o }", 1, 1, "this is a query"),
        ("CLEAR ALL CLEAR ALL", 1, 11, "unexpected 'CLEAR'; expected ';'"),
        ("INSERT DATA { <a:s> <a:p> ?o }", 1, 27, "INSERT DATA takes no variables"),
        ("DELETE DATA { <a:s> ?p 1 }", 1, 21, "DELETE DATA takes no variables"),
        ("DELETE { [] <a:p> ?o } WHERE { ?s <a:p> ?o }", 1, 10, "takes no blank nodes"),
        ("DELETE DATA { _:b <a:p> 1 }", 1, 15, "takes no blank nodes"),
        ("DELETE WHERE { _:b <a:p> ?o }", 1, 16, "takes no blank nodes"),
        ("INSERT DATA { <a:s> <p> 1 }", 1, 21, "relative and there is no BASE"),
        ("INSERT DATA { <a:s> <a:p> 'x }", 1, 27, "string"),
        ("INSERT DATA { <a:s> <a:p> 1", 1, 28, "never closed"),
        ("# nothing\nCLEAR GRAPH", 2, 12, "ends too early"),
    ],
)
def test_a_mistake_in_an_update_is_told_as_well(
    update: str, line: int, column: int, words: str, shared_writes: WriteService
) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        write_update(shared_writes, update)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_blank_nodes_that_match_are_no_mistake(shared_writes: WriteService) -> None:
    """Only templates that delete take none; what is matched may be blank."""
    write_update(shared_writes, "DELETE { ?s <a:p> ?o } INSERT { _:n <a:p> 1 } WHERE { ?s ?p [] }")


def test_a_long_update_is_told_in_the_engines_words(shared_writes: WriteService) -> None:
    lines = " ".join(f"<a:s> <a:p> {number} ." for number in range(LONGEST // 16))
    with pytest.raises(QuerySyntaxError) as caught:
        write_update(shared_writes, f"INSERT DATA {{ {lines} <a:s> <a:p> }}")
    assert caught.value.line == 1


@pytest.fixture(scope="module")
def shared_writes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WriteService]:
    with writing(tmp_path_factory.mktemp("writes"), []) as writes:
        yield writes


def w3c_updates() -> list[Path]:
    return sorted((SUITES / "w3c" / "sparql").rglob("*.ru"))


@pytest.mark.skipif(not SUITES.is_dir(), reason="the conformance suites are not here")
def test_the_grammar_of_updates_takes_every_update_of_the_w3c_that_the_engine_takes() -> None:
    refused, taken = [], 0
    for path in w3c_updates():
        update = path.read_text("utf-8", errors="surrogateescape")
        try:
            ox.Store().update(update, base_iri="http://example.org/")
        except SyntaxError:
            continue
        except (RuntimeError, OSError):
            pass
        taken += 1
        if (stop := find_stop(list(Scanner(update).tokens()), update=True)) is not None:
            refused.append((path.name, str(stop)))
    assert refused == []
    assert taken > 100


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 18446744073709551616", "up to 18446744073709551615", 29),
        ("SELECT * { ?s ?p ?o } OFFSET 99999999999999999999999999999999999", "OFFSET takes", 30),
        ('SELECT ("a"@en--xxx AS ?y) {}', "'xxx' must be ltr or rtl", 12),
        ('SELECT ("a"@toolonglanguage AS ?x) {}', "is no language tag", 12),
        ("SELECT ?x\u202e { }", r"U\+202E, which no name may have", 10),
        ("SELECT * { ?s ?p ?o\u00d7 }", r"U\+00D7, which no name may have", 20),
    ],
)
def test_what_looks_like_a_token_and_is_none_is_told_at_its_place(
    shared_service: QueryService, text: str, words: str, column: int
) -> None:
    with pytest.raises(QuerySyntaxError, match=words) as caught:
        answer(shared_service, text)
    assert caught.value.column == column


def w3c_queries() -> list[Path]:
    return sorted((SUITES / "w3c" / "sparql").rglob("*.rq"))


@pytest.mark.skipif(not SUITES.is_dir(), reason="the conformance suites are not here")
def test_no_query_of_the_w3c_that_the_engine_reads_is_refused_but_for_service() -> None:
    """950 queries: guard and grammar are stricter than the engine where the standard is."""
    store = ox.Store()
    refused, no_sparql = [], []
    for path in w3c_queries():
        query = path.read_text("utf-8", errors="surrogateescape")
        try:
            store.query(query, base_iri="http://example.org/")
        except SyntaxError:
            continue
        except RuntimeError:
            pass
        try:
            inspect(query, QueryLimits())
        except Deviation:
            no_sparql.append(path.name)
            continue
        except QueryError as error:
            if "SERVICE is not done" not in str(error):
                refused.append((path.name, str(error)))
            continue
        if (stop := find_stop(list(Scanner(query).tokens()))) is not None:
            refused.append((path.name, str(stop)))
    assert no_sparql == [
        "nested-aggregate-functions.rq",
        "tripleterm-subject-03.rq",
        "tripleterm-subject-06.rq",
    ]
    assert [name for name, _ in refused] == ["syn-bad-26.rq"]  # `<?a&&?b>`, an IRI in SPARQL
