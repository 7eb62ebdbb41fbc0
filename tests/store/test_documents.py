"""Documents are parsed when they are flat; what looks like a bracket in a string is none."""

import pyoxigraph as ox
import pytest

from entente.core.errors import MalformedDocument
from entente.store.documents import DEEPEST, read_document

SUBJECT = "<http://example.org/s> <http://example.org/p> "
MANY = "[" * (2 * DEEPEST)


def values(text: str, format_name: str = "ttl") -> list[str]:
    quads = read_document(text.encode(), format_name, base_iri="http://example.org/")
    return [quad.object.value for quad in quads if isinstance(quad.object, ox.Literal)]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (f'"{MANY}"', MANY),
        (f"'{MANY}'", MANY),
        (f'"""{MANY}"""', MANY),
        (f"'''{MANY}'''", MANY),
        (f"'''it's {MANY}'''", f"it's {MANY}"),
        (f'"""a ""{MANY}"""', f'a ""{MANY}'),
        (f'"""a \\""" {MANY}"""', f'a """ {MANY}'),
        (f'"""{MANY}\\\\"""', MANY + "\\"),
        (f'"{MANY}\\"{MANY}"', f'{MANY}"{MANY}'),
        ('""', ""),
    ],
    ids=lambda text: text.replace(MANY, "MANY"),
)
def test_brackets_in_a_string_count_for_nothing(literal: str, value: str) -> None:
    assert values(f"{SUBJECT} {literal} . # {MANY}") == [value]


@pytest.mark.parametrize(
    "before", ["'''it's''' , ", '"a" , ', '"""a ""b""" , ', "'' , ", "''''''@en--ltr , "]
)
def test_nesting_after_a_string_counts(before: str) -> None:
    deep = f"{SUBJECT} {before} {'[ <http://example.org/p> ' * 200} 1 {']' * 200} ."
    with pytest.raises(MalformedDocument, match=f"nested more than {DEEPEST} deep"):
        values(deep)


@pytest.mark.parametrize(
    "text", [f'{SUBJECT} """a {MANY}', f"{SUBJECT} '''a\\''' ", f'{SUBJECT} "a']
)
def test_a_string_that_is_not_closed_does_not_parse(text: str) -> None:
    with pytest.raises(MalformedDocument, match="does not parse"):
        values(text)


def test_brackets_in_strings_of_json_count_for_nothing() -> None:
    text = f'{{"@id": "http://example.org/s", "http://example.org/p": "{MANY}\\"{MANY}"}}'
    assert values(text, "jsonld") == [f'{MANY}"{MANY}']
