import json

import pytest

from entente.core.terms import RDF, XSD
from entente.query.results import Blank, Iri, Literal, Quoted, read_boolean, read_rows


def results(**bindings: object) -> bytes:
    return json.dumps({"head": {}, "results": {"bindings": [bindings]}}).encode()


def test_terms_keep_datatype_language_and_blank_nodes() -> None:
    content = results(
        iri={"type": "uri", "value": "urn:x"},
        plain={"type": "literal", "value": "x"},
        number={"type": "literal", "value": "1", "datatype": XSD + "integer"},
        word={"type": "literal", "value": "x", "xml:lang": "en"},
        blank={"type": "bnode", "value": "b0"},
    )
    assert read_rows(content) == [
        {
            "iri": Iri("urn:x"),
            "plain": Literal("x", XSD + "string"),
            "number": Literal("1", XSD + "integer"),
            "word": Literal("x", RDF + "langString", "en"),
            "blank": Blank("b0"),
        }
    ]


def test_a_quoted_triple_is_a_term() -> None:
    node = {"type": "uri", "value": "urn:x"}
    content = results(
        triple={
            "type": "triple",
            "value": {"subject": node, "predicate": node, "object": node},
        }
    )
    assert read_rows(content) == [{"triple": Quoted(Iri("urn:x"), Iri("urn:x"), Iri("urn:x"))}]


def test_an_unbound_variable_is_absent() -> None:
    assert read_rows(results()) == [{}]


def test_a_boolean_is_read() -> None:
    assert read_boolean(b'{"head":{},"boolean":true}') is True


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"boolean": 1}', b'{"results": []}'])
def test_what_is_no_answer_is_told(content: bytes) -> None:
    with pytest.raises(ValueError, match="SPARQL"):
        read_rows(content)
    with pytest.raises(ValueError, match="SPARQL"):
        read_boolean(content)
