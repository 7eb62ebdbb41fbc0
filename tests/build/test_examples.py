"""Published queries: each file is an example in the graph, and its text asks what the file asks."""

from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryTriples, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery

from entente.build.examples import ENDPOINT, PREFIXES, describe_examples, read_examples
from entente.build.pipeline import build, check
from entente.core.errors import SourceError
from entente.core.settings import Settings
from entente.core.terms import GRAPH_META, RDFS, SCHEMA, SH
from entente.logic.facts import TYPE, Facts

ROOT: Final = Path(__file__).resolve().parents[2]
FILES: Final = {
    path.stem: path
    for folder in ("questions", "examples")
    for path in sorted((ROOT / "queries" / folder).glob("*.rq"))
}


@pytest.fixture(scope="module")
def store(dataset_path: Path) -> Store:
    found = Store()
    found.bulk_load(path=str(dataset_path), format=RdfFormat.N_QUADS)
    return found


@pytest.fixture(scope="module")
def facts(store: Store) -> Facts:
    return Facts(store.quads_for_pattern(None, None, None, NamedNode(GRAPH_META)))


def node(name: str) -> NamedNode:
    return NamedNode(f"{GRAPH_META}#query-{name}")


def text_of(facts: Facts, name: str) -> str:
    """The one text of a published query."""
    texts = [
        term.value
        for form in ("select", "ask", "construct")
        for term in facts.objects(node(name), NamedNode(SH + form))
    ]
    assert len(texts) == 1
    return texts[0]


def answer(store: Store, text: str) -> list[str]:
    results = store.query(text, use_default_graph_as_union=True)
    if isinstance(results, QueryBoolean):
        return [str(bool(results))]
    if isinstance(results, QueryTriples):
        return sorted(str(triple) for triple in results)
    return [str([row[variable] for variable in results.variables]) for row in results]


def test_every_question_and_example_is_published(facts: Facts) -> None:
    published = facts.instances(NamedNode(SH + "SPARQLExecutable"))
    assert {str(node(name)) for name in FILES} == {str(one) for one in published}


@pytest.mark.parametrize("name", FILES)
def test_a_published_query_says_what_clients_ask_for(facts: Facts, name: str) -> None:
    """What the SIB editor and its loaders read: type, comment, target, keywords, prefixes."""
    one = node(name)
    assert NamedNode(ENDPOINT) == facts.object(one, NamedNode(SCHEMA + "target"))
    assert NamedNode(PREFIXES) == facts.object(one, NamedNode(SH + "prefixes"))
    (comment,) = facts.objects(one, NamedNode(RDFS + "comment"))
    assert isinstance(comment, Literal)
    assert (comment.language, bool(comment.value)) == ("en", True)
    assert facts.objects(one, NamedNode(SCHEMA + "keywords"))
    kinds = {term.value.removeprefix(SH) for term in facts.objects(one, TYPE)}
    assert len(kinds & {"SPARQLSelectExecutable", "SPARQLAskExecutable"}) == 1


@pytest.mark.parametrize("name", FILES)
def test_a_published_text_parses_and_answers_as_its_file(
    facts: Facts, store: Store, name: str
) -> None:
    text = text_of(facts, name)
    prepareQuery(text)
    file = FILES[name].read_text(encoding="utf-8")
    assert answer(store, file) == answer(store, text)


def test_the_prefixes_are_those_that_the_ontology_declares(store: Store) -> None:
    rows = store.query(
        "SELECT ?p { ?ontology <http://www.w3.org/ns/shacl#declare>/"
        "<http://www.w3.org/ns/shacl#prefix> ?p . "
        f"FILTER(?ontology = <{PREFIXES}>) }}",
        use_default_graph_as_union=True,
    )
    assert not isinstance(rows, QueryBoolean | QueryTriples)
    assert {"ent", "id", "claim"} <= {str(row["p"].value) for row in rows}


def test_header_and_form_are_read_from_the_file() -> None:
    query = (
        b"# title: Who\n# question: Who is it?\n# kind: list\n# keywords: a, b\n"
        b"PREFIX x: <https://example.org/> # words, SELECT among them\nASK { ?s x:p ?o }\n"
    )
    (example,) = read_examples({"queries/questions/cq99.rq": query, "queries/rules/r.rq": b"?"})
    assert (example.name, example.title, example.question) == ("cq99", "Who", "Who is it?")
    assert (example.keywords, example.form) == (("list", "a", "b"), "ask")
    assert example.text.startswith("PREFIX x:")
    assert len(list(describe_examples((example,)))) == 1 + 7 + 3


BROKEN = {
    "no form that SHACL names": (b"# title: T\nDESCRIBE <urn:x>", "DESCRIBE"),
    "no query": (b"# title: T\nSELECT * { ?s ?p }", "does not parse"),
    "no text": (b"# title: \xff\nASK {}", "UTF-8"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_query_that_cannot_be_published_is_refused(why: str) -> None:
    content, words = BROKEN[why]
    with pytest.raises(SourceError, match=words):
        read_examples({"queries/examples/x.rq": content})


def test_check_says_of_published_queries_what_build_says(project: Path, settings: Settings) -> None:
    folder = project / "queries" / "examples"
    folder.mkdir(parents=True)
    for place, (content, _) in enumerate(BROKEN.values()):
        (folder / f"{place}.rq").write_bytes(content)
    with pytest.raises(SourceError) as refused:
        build(project, settings)
    assert check(project) == refused.value.findings
    assert [one.file for one in refused.value.findings] == [
        f"queries/examples/{place}.rq" for place in range(len(BROKEN))
    ]
