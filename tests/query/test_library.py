from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.core.errors import NotFound, QueryRefused
from entente.core.terms import XSD
from entente.query.library import QueryLibrary, read_query, serialise
from entente.query.results import Blank, Iri, Literal, Quoted, Term
from entente.query.service import QueryService
from tests.query.services import running
from tests.store.artifacts import numbered

ECHO = """\
# title: Echo
# description: Gives back what it is given.
# param it: anything
SELECT ?it { VALUES ?it { UNDEF } }
"""
TWO = """\
# param this: one
# param that: another
SELECT ?this ?_that { VALUES ?this { UNDEF } VALUES ?_that { UNDEF } }
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryService]:
    folder = tmp_path_factory.mktemp("library")
    (folder / "queries").mkdir()
    (folder / "queries" / "echo.rq").write_text(ECHO)
    (folder / "queries" / "any.rq").write_text("ASK { ?s ?p ?o }")
    (folder / "queries" / "two.rq").write_text(TWO)
    with running(folder, numbered(3), queries=folder / "queries") as service:
        yield service


HOSTILE: list[Term] = [
    Literal('x" } ; DROP ALL ; #'),
    Literal("x' } UNION { ?s ?p ?o } #"),
    Literal("\\"),
    Literal('\\" } #'),
    Literal('""" } #'),
    Literal("line\nline\r\ttab \b\f"),
    Literal("?it } VALUES ?it { UNDEF } \\1 \\g<0>"),
    Literal("SERVICE <http://127.0.0.1:1/> { }"),
    Literal("\u0000 \u0001 \ufffe 😀"),
    Literal("Straße", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString", "de"),
    Literal("-1.5", XSD + "decimal"),
    Iri("http://example.org/a_(b)'c'#d;e=f&g=%20"),
    Iri("urn:x#y"),
    Iri("mailto:a@example.org"),
]


@pytest.mark.parametrize("term", HOSTILE, ids=lambda term: str(term)[:20])
def test_a_hostile_value_comes_back_as_it_went_in(term: Term, service: QueryService) -> None:
    assert service.rows("echo", it=term) == [{"it": term}]


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_string_comes_back_as_it_went_in(text: str, service: QueryService) -> None:
    assert service.rows("echo", it=Literal(text)) == [{"it": Literal(text)}]


def test_several_values_give_several_rows(service: QueryService) -> None:
    terms = tuple(term for term in HOSTILE if isinstance(term, Iri))
    assert [row["it"] for row in service.rows("echo", it=terms)] == list(terms)


def test_no_values_give_no_rows(service: QueryService) -> None:
    assert service.rows("echo", it=()) == []


def test_a_parameter_that_is_not_given_is_unbound(service: QueryService) -> None:
    assert service.rows("echo") == [{}]


def test_an_ask_gives_a_boolean(service: QueryService) -> None:
    assert service.holds("any") is True


@pytest.mark.parametrize(
    "term",
    [
        Iri("http://example.org/> } ; DROP ALL #"),
        Iri("http://example.org/a b"),
        Iri("http://example.org/\\u003e"),
        Iri('http://example.org/"'),
        Iri("relative"),
        Iri(""),
        Literal("x", language="en } #"),
        Literal("1", datatype="urn:x> } #"),
        Blank("b0"),
        Quoted(Blank("b0"), Iri("urn:p"), Literal("x")),
    ],
    ids=repr,
)
def test_what_cannot_be_written_is_refused(term: Term) -> None:
    with pytest.raises(QueryRefused):
        serialise(term)


def test_a_parameter_that_is_not_in_the_file_is_refused(service: QueryService) -> None:
    with pytest.raises(QueryRefused, match="no parameter 'that'; it has it"):
        service.rows("echo", that=Iri("urn:x"))


def test_a_query_that_is_not_there_is_not_found(service: QueryService) -> None:
    with pytest.raises(NotFound, match=r"no query is called '\.\./echo'"):
        service.rows("../echo")


def test_a_header_is_read() -> None:
    query = read_query("echo", ECHO)
    assert (query.title, query.description) == ("Echo", "Gives back what it is given.")
    assert dict(query.parameters) == {"it": "anything"}


def test_a_parameter_without_a_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="parameter it needs VALUES"):
        read_query("broken", "# param it: anything\nSELECT * { ?it ?p ?o }")


def test_every_query_of_the_project_is_read() -> None:
    library = QueryLibrary(Path(__file__).parents[2] / "queries")
    assert "pages/facts" in library.names
    assert all(library.get(name).title for name in library.names)


def test_a_value_that_looks_like_the_place_of_another_is_a_value(service: QueryService) -> None:
    """Values go in at once, so none is looked for in another."""
    first = Literal("VALUES ?that { UNDEF } VALUES ?_that { UNDEF }")
    that = Literal('" } UNION { ?s ?p ?o } #')
    assert service.rows("two", this=first, that=that) == [{"this": first, "_that": that}]
