import pytest

from entente.core.terms import BASE
from entente.web.addresses import Addresses, split_suffix

OURS = Addresses(BASE)


@pytest.mark.parametrize(
    ("path", "stem", "name"),
    [
        ("id/place/brasov.ttl", "id/place/brasov", "ttl"),
        ("id/place/brasov.html", "id/place/brasov", "html"),
        ("id/place/st.gallen", "id/place/st.gallen", None),
        ("ontology/1.0.0", "ontology/1.0.0", None),
        ("id/.ttl", "id/.ttl", None),
        (".ttl", ".ttl", None),
        ("id/x.csv", "id/x.csv", None),
    ],
)
def test_only_known_suffixes_are_taken_off(path: str, stem: str, name: str | None) -> None:
    address = split_suffix(path)
    assert (address.path, address.format.name if address.format else None) == (stem, name)


@pytest.mark.parametrize(
    "path", ["a b", "a<b", 'a"b', "a{b", "a\\b", "a^b", "a`b", "a\x00", "\ufffd"]
)
def test_characters_that_no_iri_has_name_nothing(path: str) -> None:
    assert OURS.iri_of(path) is None


def test_letters_beyond_ascii_go_both_ways() -> None:
    iri = OURS.iri_of("id/place/brașov")
    assert iri == BASE + "id/place/brașov"
    assert OURS.path_of(iri) == "/id/place/bra%C8%99ov"


def test_a_fragment_stays_a_fragment() -> None:
    assert OURS.path_of(BASE + "article/x#char=1,2") == "/article/x#char=1,2"


@pytest.mark.parametrize(
    ("iri", "link"),
    [
        ("https://example.org/x", "https://example.org/x"),
        ("HTTP://example.org/x", "HTTP://example.org/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("urn:x:y", None),
        ("mailto:a@example.org", None),
    ],
)
def test_only_http_is_linked(iri: str, link: str | None) -> None:
    assert OURS.link_of(iri) == link
