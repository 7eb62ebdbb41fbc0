"""Headers of named queries: what is understood, and what each fault says and where."""

import pytest

from entente.logic.endpoint import Endpoint, read_endpoint
from entente.logic.endpoint_values import Accepted, complaint

GOOD = """\
# title: Factories
# description: Where factories are.
# tags: facilities, places
# param place: where it stands
# type place: iri id:country/ id:place/
# example place: romania
# param stage: how far it is
# type stage: text
# enumerate stage: planned, done
# default stage: planned
# things: factory
# column factory: the factory
# column label: what it is called
# order: -label
# items: factory
# pagination: 20
SELECT ?factory ?label {
  VALUES ?_place { UNDEF } VALUES ?stage { UNDEF } ?factory ?p ?label
}
"""


def read(text: str = GOOD, name: str = "factories") -> Endpoint:
    endpoint, faults = read_endpoint(name, text)
    assert faults == ()
    assert endpoint is not None
    return endpoint


def test_a_header_is_read_whole() -> None:
    endpoint = read()
    place, stage = endpoint.parameters
    assert (endpoint.title, endpoint.tags) == ("Factories", ("facilities", "places"))
    assert place.namespaces == (
        "https://w3id.org/entente/id/country/",
        "https://w3id.org/entente/id/place/",
    )
    assert (stage.default, stage.values, place.example) == (
        "planned",
        ("planned", "done"),
        "romania",
    )
    assert endpoint.columns == {"factory": "the factory", "label": "what it is called"}
    assert (endpoint.order, endpoint.items, endpoint.pagination) == (("-label",), "factory", 20)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("# title: Factories\n", "", 1, "no title"),
        ("# tags:", "# tag:", 3, "does not know 'tag:"),
        ("# tags: facilities, places", "# tags: a\n# tags: b", 4, "tags stands in line 3"),
        ("# type place: iri id:country/ id:place/", "# type place: thing", 5, "no type"),
        ("# type place: iri id:country/ id:place/", "# type place: iri nowhere:x", 5, "'nowhere'"),
        ("# type place: iri id:country/ id:place/", "# type place: iri", 5, "not understood"),
        ("# type stage: text", "# type stages: text", 8, "no parameter stages"),
        ("# param place: where it stands", "# param limit: where", 4, "called 'limit'"),
        ("# default stage: planned", "# default stage: plan", 10, "one of planned, done"),
        ("# column label: what it is called", "# column", 13, "column is not understood"),
        ("# order: -label", "# order: -name", 14, "no column '-name'"),
        ("# items: factory", "# items: label", 15, "'label' is no column of things"),
        ("# pagination: 20", "# pagination: 5000", 16, "pagination is '5000'"),
        ("VALUES ?stage { UNDEF }", "", 7, "no place for stage"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_fault_has_its_line(old: str, new: str, line: int, what: str) -> None:
    assert old in GOOD
    endpoint, faults = read_endpoint("factories", GOOD.replace(old, new))
    assert endpoint is None
    found = {fault.line: fault.what for fault in faults}
    assert what in found.get(line, f"nothing, but {found}")
    assert all(fault.mend for fault in faults)


def test_a_file_must_be_callable_in_an_address() -> None:
    _, faults = read_endpoint("My query", GOOD)
    assert [fault.line for fault in faults] == [1]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (
            "iri",
            ["ukraine", "id:country/ukraine", "https://e.org/x"],
            ["a b", "x:y z", "no:prefix"],
        ),
        ("date", ["2025-07-31"], ["2025", "2025-02-30", "2025-7-31", "20250731"]),
        ("integer", ["0", "-7", "12"], ["01", "1.0", "+1", "١"]),
        ("decimal", ["0", "-7.25", "12"], ["1.", ".5", "1e3"]),
        ("boolean", ["true", "false"], ["1", "True"]),
        ("text", ["ф", "a b"], ["", "a\x00b", "x" * 201]),
    ],
)
def test_a_type_accepts_what_it_says(kind: str, good: list[str], bad: list[str]) -> None:
    accepted = Accepted(kind=kind, namespaces=("https://w3id.org/entente/id/country/",))
    assert [complaint(accepted, text) for text in good] == [None] * len(good)
    assert [text for text in bad if complaint(accepted, text) is None] == []
