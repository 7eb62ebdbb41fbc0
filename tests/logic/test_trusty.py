"""Trusty names are those of the specification, and depend on the content alone."""

import base64
import hashlib

import pyoxigraph as ox
import pytest

from entente.logic.trusty import UNKNOWN, artifact_code

NAME = "http://example.org/r." + UNKNOWN
GRAPH = ox.NamedNode(f"{NAME}#g")
A, B, P = (ox.NamedNode(f"http://example.org/{name}") for name in "abp")
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")


def code_of(text: str) -> str:
    """Give the code of what the specification says is digested."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest(), altchars=b"-_")
    return "RA" + digest.decode().rstrip("=")


def test_what_is_digested_is_sorted_and_written_as_the_specification_says() -> None:
    """IRIs before literals, these by text; a blank for the name itself; `^` or `@` before."""
    quads = [
        ox.Quad(B, P, A, GRAPH),
        ox.Quad(A, P, ox.Literal("z"), GRAPH),
        ox.Quad(A, P, ox.Literal("a\\b\nc", language="en-gb"), GRAPH),
        ox.Quad(A, P, ox.Literal("7", datatype=INTEGER), GRAPH),
        ox.Quad(A, P, ox.NamedNode(NAME), GRAPH),
    ]
    expected = "".join(
        f"http://example.org/r. #g\nhttp://example.org/{subject}\nhttp://example.org/p\n{value}\n"
        for subject, value in (
            ("a", "http://example.org/r. "),
            ("a", "^http://www.w3.org/2001/XMLSchema#integer 7"),
            ("a", "@en-gb a\\\\b\\nc"),
            ("a", "^http://www.w3.org/2001/XMLSchema#string z"),
            ("b", "http://example.org/a"),
        )
    )
    assert artifact_code(quads) == code_of(expected)


def test_order_and_repetition_do_not_matter() -> None:
    quads = [ox.Quad(A, P, B, GRAPH), ox.Quad(B, P, A, GRAPH)]
    assert artifact_code([*reversed(quads), quads[0]]) == artifact_code(quads)


def test_the_code_stays_when_it_takes_its_own_place() -> None:
    code = artifact_code([ox.Quad(A, P, ox.NamedNode(NAME), GRAPH)])
    named = ox.NamedNode(f"http://example.org/r.{code}")
    again = ox.Quad(A, P, named, ox.NamedNode(f"{named.value}#g"))
    assert artifact_code([again], placeholder=code) == code


@pytest.mark.parametrize("other", [A, ox.Literal("b"), ox.Literal("b", language="en")], ids=str)
def test_any_other_content_has_another_code(other: ox.NamedNode | ox.Literal) -> None:
    assert artifact_code([ox.Quad(A, P, other, GRAPH)]) != artifact_code([ox.Quad(A, P, B, GRAPH)])


def test_a_blank_node_has_no_trusty_name() -> None:
    with pytest.raises(ValueError, match="only IRIs and literals"):
        artifact_code([ox.Quad(A, P, ox.BlankNode("x"), GRAPH)])
