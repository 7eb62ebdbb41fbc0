"""Canonical Turtle: exact, isomorphic, stable, and refusing to lose a comment."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
)

from entente.logic.canonical import CommentLost, NotWritten, reformat, write_turtle

FILES = sorted(
    path
    for folder in ("ontology", "data")
    for pattern in ("*.ttl", "*.trig")
    for path in (Path(__file__).parents[2] / folder).rglob(pattern)
)


def canonical(text: str, syntax: RdfFormat) -> Dataset:
    dataset = Dataset(parse(text, format=syntax))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def test_a_block_has_type_and_labels_first_and_everything_sorted() -> None:
    text = """
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX e: <https://w3id.org/entente/ontology/>
    BASE <https://w3id.org/entente/>
    <id/b/10> e:z "b", "a" ; a e:C .
    <id/b/9> skos:altLabel "x"@en ; skos:prefLabel "y"@en ;
      e:n 7, 07, 1.50, true ; a e:C ; e:b <id/b/10> .
    """
    expected = """\
@base <https://w3id.org/entente/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<id/b/9>
    a ent:C ;
    skos:prefLabel "y"@en ;
    skos:altLabel "x"@en ;
    ent:b <id/b/10> ;
    ent:n 1.50, 07, 7, true .

<id/b/10>
    a ent:C ;
    ent:z "a", "b" .
"""
    assert reformat(text, RdfFormat.TURTLE) == expected


def test_lists_and_nodes_stand_in_place() -> None:
    text = '@prefix p: <http://p/> .\np:s p:l ( p:a [ p:x ( ) ] "c" ) ; p:n [ p:y p:z ] .'
    written = reformat(text, RdfFormat.TURTLE)
    assert "_:" not in written
    assert canonical(text, RdfFormat.TURTLE) == canonical(written, RdfFormat.TURTLE)


@pytest.mark.parametrize(
    "text",
    [
        "_:a <http://p> _:b . _:b <http://p> _:a .",
        "_:a <http://p> _:a .",
        "_:a <http://p> _:c . _:b <http://p> _:c . _:c <http://q> 1 .",
        "[] <http://p> 1 .",
        "<http://s> <http://p> _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 .",
        "<http://s> <http://p> _:e .",
        '<http://s> <http://p> "a\\nb\\"c\\\\\\t\\r\\u0001", """x"y""" .',
    ],
)
def test_odd_graphs_come_back_as_they_were(text: str) -> None:
    written = reformat(text, RdfFormat.TURTLE)
    assert canonical(text, RdfFormat.TURTLE) == canonical(written, RdfFormat.TURTLE)
    assert reformat(written, RdfFormat.TURTLE) == written


def test_a_comment_is_not_lost_in_silence() -> None:
    with pytest.raises(CommentLost, match="line 2"):
        reformat("<http://s> <http://p> '#no' .\n# yes\n", RdfFormat.TURTLE)


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_the_projects_files_survive_and_are_stable(path: Path) -> None:
    syntax = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    text = path.read_text("utf-8")
    written = reformat(text, syntax)
    assert canonical(text, syntax) == canonical(written, syntax)
    assert reformat(written, syntax) == written


NODES = st.sampled_from(
    [NamedNode("https://w3id.org/entente/id/a b/1".replace(" ", "%20")), NamedNode("urn:x")]
    + [NamedNode(f"https://w3id.org/entente/ontology/{name}") for name in ("a", "a.", "a/b", "-")]
    + [BlankNode(name) for name in "wxyz"]
)
PREDICATES = st.sampled_from(
    [
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#" + n)
        for n in ("type", "first", "rest")
    ]
    + [NamedNode("http://example.org/p")]
)
OBJECTS = st.one_of(
    NODES,
    st.just(NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=5).map(Literal),
    st.sampled_from(["1", "01", "1.0", ".5", "x", "true"]).map(
        lambda t: Literal(t, datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.builds(Triple, NODES, PREDICATES, OBJECTS), max_size=12))
def test_any_graph_comes_back_as_it_was(triples: list[Triple]) -> None:
    written = write_turtle(triples)
    expected = canonical(write_turtle(triples), RdfFormat.TURTLE)
    assert canonical(written, RdfFormat.TURTLE) == expected
    assert len(expected) == len(set(triples))


def test_a_direction_stays() -> None:
    text = '<urn:s>\n    <urn:p> "x"@ar--rtl .\n'
    assert reformat(text, RdfFormat.TURTLE) == text


@pytest.mark.parametrize(
    "text", ["<a:s> <a:p> <<( <a:a> <a:b> <a:c> )>> .", "<a:s> <a:p> <a:o> {| <a:q> 1 |} ."]
)
def test_a_statement_about_a_statement_is_not_dropped_in_silence(text: str) -> None:
    with pytest.raises(NotWritten):
        reformat(text, RdfFormat.TURTLE)
