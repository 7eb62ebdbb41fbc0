"""Literals that the store keeps otherwise than they were sent: whoever wrote them is told."""

import pytest

from entente.core.terms import XSD
from entente.query.inserted import inserted_literals
from tests.protocol.writable import UPDATE, P, S, Writable

INTEGER = f'"1"^^<{XSD}integer>'
SENT = {
    "01": (f'"01"^^<{XSD}integer>', INTEGER),
    "+1": (f'"+1"^^<{XSD}integer>', INTEGER),
    "1.0": (f'"1.0"^^<{XSD}decimal>', f'"1"^^<{XSD}decimal>'),
    f'"1"^^<{XSD}int>': (f'"1"^^<{XSD}int>', INTEGER),
    f'"1E400"^^<{XSD}double>': (f'"1E400"^^<{XSD}double>', f'"INF"^^<{XSD}double>'),
    f'"P1Y12M"^^<{XSD}duration>': (f'"P1Y12M"^^<{XSD}duration>', f'"P2Y"^^<{XSD}duration>'),
}
KEPT = '1, -1.5, true, "01", "colour"@en-GB, "2025-07-18"^^xsd:date'


def named(name: str) -> str:
    return f"http://example.org/rewritten/{name}"


def rewritings(fields: dict[str, object]) -> list[tuple[str, str]]:
    found = fields["rewritings"]
    assert isinstance(found, list)
    assert fields["rewritten"] == len(found)
    return [(one["sent"], one["kept"]) for one in found]


@pytest.mark.parametrize("spelt", SENT)
@pytest.mark.parametrize(
    "form",
    [
        "INSERT DATA {{ GRAPH <{graph}> {{ <{s}> <{p}> {spelt} }} }}",
        "INSERT {{ GRAPH <{graph}> {{ ?s <{p}> {spelt} }} }} WHERE {{ VALUES ?s {{ <{s}> }} }}",
        "INSERT DATA {{ }} ; WITH <{graph}> DELETE {{ ?s ?p 02 }} "
        "INSERT {{ <{s}> <{p}> {spelt} }} WHERE {{ }}",
    ],
    ids=["data", "template", "second operation"],
)
def test_an_update_tells_what_is_kept_otherwise(writable: Writable, form: str, spelt: str) -> None:
    text = form.format(graph=named("update"), s=S, p=P, spelt=spelt)
    reply = writable.update(text, search="?dry-run")
    assert rewritings(reply.fields()) == [SENT[spelt]]
    assert reply.headers["X-Rewritten-Literals"] == "1"


def test_what_is_kept_as_it_was_sent_is_not_told(writable: Writable) -> None:
    text = f"PREFIX xsd: <{XSD}> INSERT DATA {{ GRAPH <{named('kept')}> {{ <{S}> <{P}> {KEPT} }} }}"
    reply = writable.update(text)
    assert (reply.fields()["added"], rewritings(reply.fields())) == (6, [])
    assert reply.headers["X-Rewritten-Literals"] is None


def test_literals_that_are_looked_for_were_not_sent(writable: Writable) -> None:
    text = f"DELETE {{ ?s ?p 01 }} USING <{named('x')}> WHERE {{ ?s ?p 01.0 FILTER(?p != 02) }}"
    reply = writable.update(
        text.replace("?s ?p 01 }", f"GRAPH <{named('x')}> {{ ?s ?p 01 }} }}", 1)
    )
    assert rewritings(reply.fields()) == []


def test_prefix_base_language_and_name_are_those_of_the_operation() -> None:
    text = (
        "BASE <http://a/> PREFIX : <x#> INSERT DATA { <s> :p '1'^^:int , 'a'@en , 5 ; :q -2.0 } ;"
        "PREFIX : <y#> DELETE DATA { <s> :p 03 } ; "
        'INSERT DATA { GRAPH :g { <s> :p """4"""^^:int } }'
    )
    first, second = inserted_literals(text)
    assert first.endswith(" '1'^^:int, 'a'@en, 5, -2.0 .")
    assert "PREFIX : <x#>" in first
    assert second.endswith(' """4"""^^:int .')
    assert second.index("<x#>") < second.index("<y#>")


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_graph_that_is_written_tells_it_too(writable: Writable, method: str) -> None:
    graph = named(method)
    body = f"<{S}> <{P}> {', '.join(SENT)}, 7, <<( <{S}> <{P}> 08 )>> .".encode()
    made = writable.graph(method, graph, body)
    assert made.status == 201
    assert made.headers["Location"] is not None
    told = sorted([*SENT.values(), (f'"08"^^<{XSD}integer>', f'"8"^^<{XSD}integer>')])
    assert rewritings(made.fields()) == told
    again = writable.graph(method, graph, body, Accept="text/plain")
    assert (again.status, again.headers["X-Rewritten-Literals"]) == (200, "7")
    assert f'"01"^^<{XSD}integer> is kept as {INTEGER}' in again.text.splitlines()
    silent = writable.graph(method, graph, body, Accept="image/png")
    assert (silent.status, silent.headers["X-Rewritten-Literals"]) == (204, "7")


def test_patches_tell_it(writable: Writable) -> None:
    graph = named("patched")
    writable.graph("PUT", graph, f"<{S}> <{P}> 1 .".encode())
    reply = writable.graph(
        "PATCH", graph, f"INSERT DATA {{ <{S}> <{P}> 02 }}".encode(), Content_Type=UPDATE
    )
    assert (reply.status, len(rewritings(reply.fields()))) == (200, 1)
    lines = "".join(
        f'{sign} <{S}> <{P}> "0{number}"^^<{XSD}integer> <{graph}> .\n'
        for sign, number in (("D", 1), ("A", 3))
    )
    patched = writable.ask("PATCH", "/graphs", lines.encode(), Content_Type="application/rdf-patch")
    assert rewritings(patched.fields()) == [(f'"03"^^<{XSD}integer>', f'"3"^^<{XSD}integer>')]
    assert writable.objects(graph) == ["2", "3"]
