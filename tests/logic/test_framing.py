"""Every form and frame of a document holds the same triples, and nothing is fetched to read it."""

import json
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest
import rdflib

from entente.core.errors import QueryRefused
from entente.core.terms import BASE, CLAIM, ENT, GRAPH_CURRENT, GRAPH_INFERRED, ID, RDF, SKOS, XSD
from entente.logic.compaction import Confused
from entente.logic.fact_notes import Notes
from entente.logic.framing import CONTEXT, Framing
from entente.logic.pyld_engine import Reference
from entente.query.framer import read_framing
from entente.query.library import QueryLibrary
from entente.query.results import Iri, Row, read_rows
from entente.query.support import gather_support, notes_of

ROOT: Final = Path(__file__).resolve().parents[2]
FRAMING: Final = read_framing(ROOT / "ontology")
PYLD: Final = Framing(FRAMING.context, FRAMING.frames, reference=True)
LIBRARY: Final = QueryLibrary(ROOT / "queries")
FORMS: Final = ("compacted", "expanded", "flattened")
FRAMES: Final = sorted(FRAMING.frames)
LONG: Final = bool(os.environ.get("ENTENTE_LONG"))
"""Whether all kinds of things are held to PyLD, which takes a minute."""
CONFUSED: Final = ox.NamedNode("id:looks-like-a-short-name")
FACTORY: Final = ID + "facility/brasov-drone-factory"

Triples = frozenset[str]

# rdflib warns of a class of its own, which its JSON-LD parser uses.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a document was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def store(dataset_path: Path) -> ox.Store:
    """Give the real dataset, its union as default graph."""
    store = ox.Store()
    quads = list(ox.parse(path=str(dataset_path), format=ox.RdfFormat.N_QUADS))
    store.extend(quads)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def ask(store: ox.Store, name: str, iri: str) -> list[ox.Triple]:
    found = store.query(LIBRARY.get(name).with_values({"it": Iri(iri)}))
    assert isinstance(found, ox.QueryTriples)
    return list(found)


def notes(store: ox.Store, things: list[str]) -> Notes:
    """Give what supports the facts of things."""

    def rows(name: str, batch: tuple[Iri, ...]) -> list[Row]:
        found = store.query(LIBRARY.get(name).with_values({"it": batch}))
        assert isinstance(found, ox.QuerySolutions)
        return read_rows(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    return notes_of(gather_support(things, rows))


def written(triples: list[ox.Triple]) -> bytes:
    body = ox.serialize(triples, format=ox.RdfFormat.JSON_LD)
    assert body is not None
    return body


def texts(triples: list[ox.Triple]) -> Triples:
    return frozenset(str(triple) for triple in triples)


def read(body: bytes) -> Triples:
    """Read a document with two parsers that must agree; give its triples."""
    quads = list(ox.parse(body, format=ox.RdfFormat.JSON_LD))
    assert {quad.graph_name for quad in quads} <= {ox.DefaultGraph()}
    first = texts([ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads])
    lines = rdflib.Graph().parse(data=body, format="json-ld").serialize(format="nt")
    second = [
        ox.Triple(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    ]
    if not any("_:" in text for text in first):
        assert first == texts(second)
    assert len(first) == len(set(second))
    return first


def sample(store: ox.Store, kind: str, most: int) -> list[str]:
    """Choose things of a kind, as far from each other as their number allows."""
    query = f"SELECT DISTINCT ?it {{ ?it a <{ENT}{kind}> }} ORDER BY ?it"
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    iris = [str(row["it"].value) for row in found]
    return iris[:: max(1, len(iris) // most)]


def kinds(store: ox.Store) -> Iterator[str]:
    found = store.query(
        f"SELECT DISTINCT ?kind {{ ?it a ?kind FILTER STRSTARTS(STR(?kind), '{ENT}') }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        yield str(row["kind"].value).removeprefix(ENT)


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_thing_keeps_its_triples_in_every_form(store: ox.Store, form: str) -> None:
    """One or two of each class, terms and concepts among them; an article has thousands."""
    things = {iri for kind in kinds(store) for iri in sample(store, kind, 2)[:2]}
    things |= {ENT + "locatedIn", ENT + "Factory", BASE + "vocab/modality", BASE + "ontology"}
    assert len(things) > 60
    for iri in sorted(things):
        triples = ask(store, "pages/document", iri)
        body = FRAMING.give(
            written(triples), root=iri, form=form, notes=lambda things: notes(store, things)
        )
        assert texts(triples) == read(body), iri


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_says_what_the_graph_says_and_loses_no_value_of_what_it_shows(
    store: ox.Store, name: str
) -> None:
    frame = FRAMING.frames[name]
    things = sample(store, str(frame.get("type", "Initiative")), 3)
    things = things[-1:] if name == "article" else things[:4]
    assert things != []
    shown = _properties(frame)
    for iri in things:
        triples = ask(store, "frames/surroundings", iri)
        forms = {
            read(FRAMING.give(written(triples), root=iri, form=form, frame=name)) for form in FORMS
        }
        assert len(forms) == 1
        (found,) = forms
        assert found <= texts(triples)
        own = [
            triple
            for triple in triples
            if (str(triple.subject) == f"<{iri}>" and triple.predicate.value in shown[False])
            or (
                isinstance(triple.object, ox.NamedNode)
                and triple.object.value == iri
                and triple.predicate.value in shown[True]
            )
        ]
        assert texts(own) - found == set(), iri


def _properties(frame: Any) -> dict[bool, set[str]]:
    """Give the properties that a frame shows of its thing: forward, and reverse."""
    shown: dict[bool, set[str]] = {False: set(), True: set()}
    for term in frame:
        if term in ("type", "iri") or term.startswith("@"):
            continue
        entry = FRAMING.context.get(term, term)
        reverse = isinstance(entry, dict) and "@reverse" in entry
        name = entry.get("@reverse", entry.get("@id")) if isinstance(entry, dict) else entry
        prefix, _, local = str(name).partition(":")
        shown[reverse].add(FRAMING.context[prefix]["@id"] + local)
    return shown


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_uses_terms_of_the_one_context(name: str) -> None:
    frame = FRAMING.frames[name]
    assert frame["@context"] == BASE + "context.jsonld"
    waiting, unknown = [frame], set[str]()
    while waiting:
        for term, value in waiting.pop().items():
            prefix = term.partition(":")[0]
            if not term.startswith("@") and prefix not in FRAMING.context:
                unknown.add(term)
            waiting += [value] if isinstance(value, dict) else []
    assert unknown == set()


def test_a_claim_stands_in_its_thing_with_statement_article_passage_and_modality(
    store: ox.Store,
) -> None:
    body = FRAMING.give(
        written(ask(store, "frames/surroundings", FACTORY)),
        root=FACTORY,
        form="compacted",
        frame="facility",
    )
    document = json.loads(body)
    assert document["prefLabel"]["en"].startswith("Drone factory")
    for claim in document["claims"]:
        assert claim["statement"]["en"]
        assert claim["modality"]["prefLabel"]["en"]
        assert claim["reportedIn"]["prefLabel"]["en"]
        assert claim["evidence"]["charStart"] < claim["evidence"]["charEnd"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("frame", [None, "facility"])
def test_equal_triples_in_any_order_give_equal_bytes(
    store: ox.Store, form: str, frame: str | None
) -> None:
    triples = ask(store, "frames/surroundings", FACTORY)
    first = FRAMING.give(written(triples), root=FACTORY, form=form, frame=frame)
    random.Random(7).shuffle(triples)
    assert first == FRAMING.give(written(triples), root=FACTORY, form=form, frame=frame)


def test_a_document_carries_the_terms_that_it_uses_and_no_others(store: ox.Store) -> None:
    triples = ask(store, "pages/document", FACTORY)
    document = json.loads(FRAMING.give(written(triples), root=FACTORY, form="compacted"))
    context = document["@context"]
    assert {"@version", "claims", "prefLabel", "locatedIn"} <= set(context)
    assert all(FRAMING.context[name] == entry for name, entry in context.items())
    assert len(context) < len(FRAMING.context) / 4


def test_a_frame_that_does_not_fit_is_refused_and_those_that_do_are_named(store: ox.Store) -> None:
    triples = written(ask(store, "frames/surroundings", FACTORY))
    with pytest.raises(QueryRefused, match=r"frames that do: facility, timeline"):
        FRAMING.give(triples, root=FACTORY, form="compacted", frame="article")


def test_a_context_of_others_is_never_fetched() -> None:
    foreign = {"@context": "https://example.org/context.jsonld", "prefLabel": {}}
    with pytest.raises(Confused):
        Reference(FRAMING.context, CONTEXT).frame([{"@id": FACTORY}], FACTORY, foreign)


def alike(body: bytes) -> Any:
    """Read a document in which the order of values does not count."""

    def sorted_within(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: sorted_within(one) for key, one in value.items()}
        if isinstance(value, list):
            return sorted(map(sorted_within, value), key=lambda one: json.dumps(one))
        return value

    return sorted_within(json.loads(body))


@pytest.mark.parametrize("form", FORMS)
def test_our_own_code_shortens_as_pyld_does(store: ox.Store, form: str) -> None:
    chosen = sorted(kinds(store))[:: 1 if LONG else 6]
    things = {iri for kind in chosen for iri in sample(store, kind, 1)[:1]}
    things |= {ID + "country/france", ENT + "locatedIn", BASE + "vocab/modality"}
    for iri in sorted(things):
        document = written(ask(store, "pages/document", iri))
        expected = PYLD.give(document, root=iri, form=form)
        assert FRAMING.give(document, root=iri, form=form) == expected, iri


@pytest.mark.parametrize("form", FORMS if LONG else FORMS[:1])
@pytest.mark.parametrize("name", FRAMES)
def test_our_own_code_frames_as_pyld_does(store: ox.Store, name: str, form: str) -> None:
    frame = FRAMING.frames[name]
    things = sample(store, str(frame.get("type", "Initiative")), 4)
    for iri in things[-1:] if name == "article" else things[: 5 if LONG else 1]:
        document = written(ask(store, "frames/surroundings", iri))
        expected = PYLD.give(document, root=iri, form=form, frame=name)
        found = FRAMING.give(document, root=iri, form=form, frame=name)
        assert alike(found) == alike(expected), iri


def test_a_frame_that_our_own_code_does_not_cover_is_left_to_pyld(store: ox.Store) -> None:
    document = written(ask(store, "frames/surroundings", FACTORY))
    once = {"odd": {**FRAMING.frames["facility"], "@embed": "@once"}}
    framing = Framing(FRAMING.context, once)
    expected = Framing(FRAMING.context, once, reference=True)
    for form in FORMS:
        found = framing.give(document, root=FACTORY, form=form, frame="odd")
        assert alike(found) == alike(expected.give(document, root=FACTORY, form=form, frame="odd"))


def test_a_context_that_our_own_code_does_not_cover_is_left_to_pyld(store: ox.Store) -> None:
    context = {**FRAMING.context, "label": {"@id": "rdfs:label", "@language": "en"}}
    document = written(ask(store, "pages/document", ENT + "locatedIn"))
    body = Framing(context, {}).give(document, root=ENT + "locatedIn", form="compacted")
    assert json.loads(body)["label"] == "located in"


@pytest.mark.parametrize("form", ["compacted", "flattened"])
@pytest.mark.parametrize("frame", [None, "facility"])
def test_every_fact_of_the_view_and_every_inference_tells_its_sources(
    store: ox.Store, form: str, frame: str | None
) -> None:
    name = "pages/document" if frame is None else "frames/surroundings"
    triples = ask(store, name, FACTORY)
    body = FRAMING.give(
        written(triples),
        root=FACTORY,
        form=form,
        frame=frame,
        notes=lambda things: notes(store, things),
    )
    told = {
        (node["iri"], term, str(one["value"])): one
        for node in nodes_in(json.loads(body))
        for term, facts in node.get("facts", {}).items()
        for one in facts
    }
    factory = "id:facility/brasov-drone-factory"
    in_brasov = told[factory, "locatedIn", "id:place/brasov"]
    assert in_brasov == {"value": "id:place/brasov", "sources": 1, "claimCount": 1}
    in_romania = told[factory, "locatedIn", "id:country/romania"]
    assert (in_romania["sources"], in_romania["inferred"]) == (0, True)
    assert in_romania["explain"] == (
        "/api/explain?subject=id:facility/brasov-drone-factory&predicate=ent:locatedIn"
        "&object=id:country/romania"
    )
    shown = {str(ox.Triple(q.subject, q.predicate, q.object)) for q in parsed(body)}
    expected = [
        quad
        for graph in (GRAPH_CURRENT, GRAPH_INFERRED)
        for quad in store.quads_for_pattern(ox.NamedNode(FACTORY), None, None, ox.NamedNode(graph))
        if str(quad.triple) in shown
    ]
    assert len(expected) > 3
    assert len([key for key in told if key[0] == factory]) == len(expected)


def parsed(body: bytes) -> Iterator[ox.Quad]:
    yield from ox.parse(body, format=ox.RdfFormat.JSON_LD)


def nodes_in(value: Any) -> Iterator[dict[str, Any]]:
    """Give the node objects of a compacted document."""
    if isinstance(value, dict):
        if "iri" in value:
            yield value
        for key, one in value.items():
            if key not in ("@context", "facts"):
                yield from nodes_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from nodes_in(one)


def literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


ODD: Final[dict[str, tuple[str, ox.NamedNode | ox.Literal]]] = {
    "a whole number that JSON cannot hold": (
        ENT + "charEnd",
        literal("123456789012345678901", "integer"),
    ),
    "a word for a number": (ENT + "value", ox.Literal("many")),
    "a number with a zero in front": (ENT + "object", literal("01", "integer")),
    "no number at all": (ENT + "charEnd", literal("x", "integer")),
    "a decimal": (ENT + "value", literal("1.5", "decimal")),
    "a text for an IRI": (ENT + "locatedIn", ox.Literal("id:place/brasov")),
    "an IRI for a text": (ENT + "statement", ox.NamedNode("http://example.org/")),
    "a text like a term": (ENT + "object", ox.Literal("Factory")),
    "a label without language": (SKOS + "prefLabel", ox.Literal("x")),
    "a label of itself": (SKOS + "prefLabel", ox.NamedNode(FACTORY)),
    "a predicate that is no term": (ENT + "predicate", ox.NamedNode("urn:x")),
    "an IRI like a short name": (ENT + "locatedIn", CONFUSED),
    "a class like a short name": (RDF + "type", CONFUSED),
    "a type that is a text": (RDF + "type", ox.Literal("Factory")),
    "an IRI like a keyword": (ENT + "object", ox.NamedNode("urn:@type")),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_odd_values_are_kept_as_they_are(odd: str, form: str) -> None:
    predicate, value = ODD[odd]
    triples = [ox.Triple(ox.NamedNode(FACTORY), ox.NamedNode(predicate), value)]
    body = FRAMING.give(written(triples), root=FACTORY, form=form)
    assert body == PYLD.give(written(triples), root=FACTORY, form=form)
    assert texts(triples) == {
        str(ox.Triple(quad.subject, quad.predicate, quad.object)) for quad in parsed(body)
    }


def test_nodes_that_refer_to_each_other_stand_once() -> None:
    """A circle of claims, one about two things, and a node that nothing reaches."""
    claims = [ox.NamedNode(f"{CLAIM}{number}") for number in range(3)]
    conflicts, subject = ox.NamedNode(ENT + "conflictsWith"), ox.NamedNode(ENT + "subject")
    factory, other = ox.NamedNode(FACTORY), ox.NamedNode(ID + "other")
    triples = [
        *(ox.Triple(one, conflicts, claims[(place + 1) % 3]) for place, one in enumerate(claims)),
        *(ox.Triple(one, subject, factory) for one in claims),
        ox.Triple(claims[0], subject, other),
        ox.Triple(ox.NamedNode(ID + "island"), conflicts, other),
    ]
    body = FRAMING.give(written(triples), root=FACTORY, form="compacted")
    document = json.loads(body)
    assert [claim["iri"] for claim in document["claims"]] == ["claim:0", "claim:1", "claim:2"]
    assert [node["iri"] for node in document["@included"]] == ["id:island"]
    assert texts(triples) == read(body)


def test_a_long_chain_is_cut_into_trees_that_any_reader_can_take() -> None:
    follows = ox.NamedNode(ENT + "follows")
    chain = [ox.NamedNode(FACTORY), *(ox.NamedNode(f"{ID}n{number}") for number in range(500))]
    triples = [ox.Triple(one, follows, chain[place + 1]) for place, one in enumerate(chain[:-1])]
    body = FRAMING.give(written(triples), root=FACTORY, form="compacted")
    assert texts(triples) == read(body)
    deepest = max(len(line) - len(line.lstrip()) for line in body.decode().splitlines())
    assert deepest < 20


def test_nothing_is_an_empty_document() -> None:
    assert read(FRAMING.give(b"[]", root=FACTORY, form="compacted")) == set()
