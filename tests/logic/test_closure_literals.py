"""Lexical forms and value spaces: what is surely wrong, and nothing else."""

import pytest
from pyoxigraph import Literal, NamedNode

from entente.core.terms import RDF, RDFS, XSD
from entente.logic.closure_literals import are_different, is_well_formed, is_within, types_of


def _literal(text: str, name: str) -> Literal:
    if name.startswith("@"):
        return Literal(text, language=name[1:])
    return Literal(text, datatype=NamedNode(name if ":" in name else XSD + name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *[("0", "integer"), ("-01", "integer"), ("+5", "long"), ("255", "unsignedByte")],
        *[("1.", "decimal"), (".5", "decimal"), ("-0", "nonNegativeInteger")],
        *[("0", "double"), ("-INF", "double"), ("NaN", "float"), ("1e9", "float")],
        *[("2024-02-29", "date"), ("-0044-03-15", "date"), ("2025-01-01Z", "date")],
        *[("12025-01-01", "date"), ("2025-01-01T24:00:00", "dateTime"), ("23:59:59.5", "time")],
        *[("true", "boolean"), ("0", "boolean"), ("", "string"), ("a\nb", "string")],
        *[("", "anyURI"), ("a b", "anyURI"), ("en-GB", "language"), ("ſchön", "NCName")],
        *[("", "hexBinary"), ("0aFF", "hexBinary"), ("YQ==", "base64Binary"), ("a b", "token")],
    ],
)
def test_a_valid_text_is_well_formed(text: str, name: str) -> None:
    assert is_well_formed(_literal(text, name)) is True
    assert types_of(_literal(text, name))[0] == NamedNode(XSD + name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *[
            ("", "integer"),
            ("1.0", "integer"),
            (" 1", "integer"),
            ("١", "integer"),
            ("1e3", "decimal"),
        ],
        *[("256", "unsignedByte"), ("-1", "nonNegativeInteger"), ("0", "positiveInteger")],
        *[("2025-02-29", "date"), ("2025-13-01", "date"), ("25-01-01", "date")],
        *[("2025-01-01", "dateTime"), ("2025-01-01T25:00:00", "dateTime"), ("24:00:01", "time")],
        *[("2025-01-01T00:00:00", "dateTimeStamp"), ("TRUE", "boolean"), ("abc", "hexBinary")],
        *[
            (" a", "token"),
            ("a  b", "token"),
            ("1a", "NCName"),
            ("a:b", "NCName"),
            ("e_n", "language"),
        ],
    ],
)
def test_an_invalid_text_is_not(text: str, name: str) -> None:
    assert is_well_formed(_literal(text, name)) is False
    assert types_of(_literal(text, name)) == ()


@pytest.mark.parametrize("name", ["gYear", "duration", RDF + "XMLLiteral", "urn:x:own", "@en"])
def test_of_an_unknown_datatype_nothing_is_said(name: str) -> None:
    literal = _literal("anything", name)
    assert is_well_formed(literal) is None
    assert types_of(literal) == ()
    assert is_within(literal, NamedNode("urn:x:own")) is None


def test_a_literal_is_of_every_datatype_that_its_own_derives_from() -> None:
    expected = ["short", "int", "long", "integer", "decimal"]
    found = types_of(_literal("1", "short"))
    assert [datatype.value.removeprefix(XSD) for datatype in found] == expected


@pytest.mark.parametrize(
    ("text", "own", "datatype", "expected"),
    [
        ("5", "integer", "decimal", True),
        ("5", "integer", "unsignedByte", True),
        ("5.0", "decimal", "integer", True),
        ("5.5", "decimal", "integer", False),
        ("-5", "integer", "nonNegativeInteger", False),
        ("5", "integer", "string", False),
        ("5", "string", "integer", False),
        ("a", "@en", "string", False),
        ("a", "@en", RDF + "langString", True),
        ("a", "@en", RDFS + "Literal", True),
        ("a  b", "string", "token", False),
        ("2025-01-01", "date", "dateTime", False),
        ("2025-01-01T00:00:00Z", "dateTime", "dateTimeStamp", True),
        ("x", "integer", "integer", None),
        ("a", "string", "urn:x:own", None),
    ],
)
def test_a_value_is_within_a_datatype_or_surely_not_or_unknown(
    text: str, own: str, datatype: str, *, expected: bool | None
) -> None:
    wanted = NamedNode(datatype if ":" in datatype else XSD + datatype)
    assert is_within(_literal(text, own), wanted) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("1", "integer"), ("01", "int"), False),
        (("1", "integer"), ("1.0", "decimal"), False),
        (("1", "integer"), ("2", "integer"), True),
        (("1", "integer"), ("1", "string"), True),
        (("true", "boolean"), ("1", "boolean"), False),
        (("a", "string"), ("a", "token"), False),
        (("a", "@en"), ("a", "@de"), True),
        (("a", "@en"), ("a", "string"), True),
        (("2025-01-01T00:00:00Z", "dateTime"), ("2025-01-01T01:00:00+01:00", "dateTime"), False),
        (("2025-01-01", "date"), ("2025-01-01T00:00:00", "dateTime"), True),
        (("a", "gYear"), ("b", "gYear"), False),
    ],
)
def test_two_literals_are_different_only_where_that_is_sure(
    one: tuple[str, str], other: tuple[str, str], *, expected: bool
) -> None:
    assert are_different(_literal(*one), _literal(*other)) is expected
    assert are_different(_literal(*other), _literal(*one)) is expected
