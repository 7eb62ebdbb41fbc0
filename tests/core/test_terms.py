"""Short names of IRIs, both ways."""

import pytest

from entente.core.terms import ENT, PREFIXES, expand, is_absolute, shorten


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (ENT + "Factory", "ent:Factory"),
        ("https://w3id.org/entente/id/place/brasov", "id:place/brasov"),
        ("http://example.org/x", "<http://example.org/x>"),
        (ENT, "<https://w3id.org/entente/ontology/>"),
    ],
)
def test_an_iri_is_shortened_by_the_prefix_that_fits(iri: str, expected: str) -> None:
    assert expected == shorten(iri)


@pytest.mark.parametrize("prefix", sorted(PREFIXES))
def test_a_short_name_expands_to_what_it_was(prefix: str) -> None:
    iri = PREFIXES[prefix] + "x"
    assert iri == expand(shorten(iri))


@pytest.mark.parametrize("name", ["http://example.org/x", "urn:x:y", "<a:b>"])
def test_an_absolute_iri_stays_itself(name: str) -> None:
    assert name.strip("<>") == expand(name)


def test_an_unknown_prefix_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="prefix 'nope' is not known; known are adms"):
        expand("nope:x")


def test_a_bare_word_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        expand("word")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://example.org/x", True),
        ("urn:x:ä", True),
        ("a:", True),
        ("/relative", False),
        ("1a:b", False),
        ("http://example.org/a b", False),
        ("http://example.org/>{", False),
        ("http://example.org/\\u003E", False),
        ("http://example.org/x\n", False),
    ],
)
def test_what_may_stand_between_angle_brackets_is_an_absolute_iri(
    text: str, *, expected: bool
) -> None:
    assert is_absolute(text) is expected
