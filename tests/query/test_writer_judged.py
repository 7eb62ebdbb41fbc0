"""Writes to a small governed graph: shapes come and go, and each revision is judged by its own."""

from pathlib import Path

import pytest

from entente.core.errors import ReadOnly, WriteRefused
from entente.query.writing import WriteService
from tests.query.writers import ask, update, writing

GRAPH = "https://w3id.org/entente/graph/"
PREFIXES = f"""
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX graph: <{GRAPH}>
PREFIX e: <http://e/>
"""
NAMED = "e:Named a sh:NodeShape ; sh:targetClass e:Thing ; sh:property e:Name . "
NAME = "e:Name a sh:PropertyShape ; sh:path e:name ; sh:minCount 1 ."
SAME = "e:Same a sh:PropertyShape ; sh:targetNode e:one ; sh:path e:name ; sh:equals e:label ."


def insert(triples: str, graph: str = "entities") -> str:
    return f"{PREFIXES} INSERT DATA {{ GRAPH graph:{graph} {{ {triples} }} }}"


def delete(triples: str, graph: str = "entities") -> str:
    return insert(triples, graph).replace("INSERT", "DELETE")


def inferred(writes: WriteService) -> str:
    return ask(writes, f"SELECT ?s ?o {{ GRAPH <{GRAPH}inferred> {{ ?s a ?o }} }}")


def test_shapes_that_come_hold_from_then_on_whatever_engine_knows_them(tmp_path: Path) -> None:
    with writing(tmp_path, []) as writes:
        assert update(writes, insert("e:one a e:Thing .")).published
        with pytest.raises(WriteRefused, match="minCount"):
            update(writes, insert(NAMED + NAME, "shapes"))
        assert update(writes, insert('e:one e:name "one" .')).published
        assert update(writes, insert(NAMED + NAME, "shapes")).published
        with pytest.raises(WriteRefused, match="minCount"):
            update(writes, insert("e:two a e:Thing ."))
        with pytest.raises(WriteRefused, match="minCount"):
            update(writes, delete('e:one e:name "one" .'))
        with pytest.raises(WriteRefused):
            update(writes, insert(SAME, "shapes"))  # which the reference engine alone knows
        label = 'e:one e:label "one" .'
        update(writes, insert(label))
        assert not update(writes, insert(SAME, "shapes"), dry_run=True).published
        update(writes, delete(label))  # nothing asks for it yet
        update(writes, insert(label))
        assert update(writes, insert(SAME, "shapes")).published
        with pytest.raises(WriteRefused):
            update(writes, delete(label))
        assert update(writes, delete(SAME, "shapes")).published
        assert update(writes, delete(label)).published


def test_what_follows_comes_and_goes_with_the_axiom(tmp_path: Path) -> None:
    axiom = "e:A rdfs:subClassOf e:B . e:B a owl:Class ."
    with writing(tmp_path, []) as writes:
        update(writes, insert(axiom, "ontology") + ";" + insert("e:x a e:A .")[len(PREFIXES) :])
        assert inferred(writes) == "http://e/x,http://e/B"
        update(writes, insert("e:y a e:A ."))
        assert inferred(writes).count("http://e/B") == 2
        with pytest.raises(ReadOnly):
            update(writes, insert("e:z a e:B .", "inferred"))
        update(writes, delete("e:x a e:A ."))
        assert inferred(writes) == "http://e/y,http://e/B"
        update(writes, f"{PREFIXES} DROP GRAPH graph:ontology")  # nothing governs any more
        assert inferred(writes) == ""
        assert update(writes, insert("e:z a e:B .", "inferred")).published
        update(writes, insert("e:other a e:C ."))
        assert inferred(writes) == "http://e/z,http://e/B"
