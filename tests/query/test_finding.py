"""What is called so is found: by any spelling, in order of how well it fits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.core.errors import QueryRefused
from entente.core.terms import BASE
from entente.query.finding import EXACT, FUZZY, LONGEST, POOL, PREFIX, WORDS, Sought
from entente.query.name_file import NameFile
from entente.query.search import Page, search
from entente.store.snapshot import OWN_LAYOUT
from tests.query.named import indexed, many

BRASOV = "id/place/brasov"
FACTORY = "id/facility/brasov-drone-factory"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameFile]:
    with indexed(tmp_path_factory.mktemp("names")) as file:
        yield file


def found(names: NameFile, text: str, limit: int = 20, **wanted: object) -> Page:
    return search(names, Sought(text=text, **wanted), limit=limit)  # type: ignore[arg-type]


def locals_of(page: Page) -> list[str]:
    return [result.iri.removeprefix(BASE) for result in page.results]


@pytest.mark.parametrize(
    ("text", "match", "first"),
    [
        ("Brasov", EXACT, BRASOV),
        ("BRAȘOV", EXACT, BRASOV),
        ("brașov", EXACT, BRASOV),
        ("kronstadt", EXACT, BRASOV),
        ("Київ", EXACT, "id/place/kyiv"),
        ("UA", EXACT, "id/country/ukraine"),
        ("dron werks", EXACT, "id/facility/drone-works"),
        ("Rustem Umierov", EXACT, "id/person/rustem"),
        ("planned", EXACT, "vocab/lifecycle/planned"),
        ("Drone wo", PREFIX, "id/facility/drone-works"),
        ("kron", PREFIX, BRASOV),
        ("brasov factory", WORDS, FACTORY),
        ("in fact dro", WORDS, FACTORY),
        ("umerov", WORDS, "id/person/rustem"),
        ("brasow", FUZZY, BRASOV),
        ("barsov", FUZZY, BRASOV),
        ("kyvi", FUZZY, "id/place/kyiv"),
        ("krnstdt", FUZZY, None),
        ("kronstat", FUZZY, BRASOV),
        ("rustm umerof", FUZZY, "id/person/rustem"),
        ("drne factry", FUZZY, FACTORY),
        ("UAE", FUZZY, None),
        (BASE + BRASOV, EXACT, BRASOV),
        ("id:place/brasov", EXACT, BRASOV),
    ],
)
def test_the_best_result(names: NameFile, text: str, match: str, first: str | None) -> None:
    page = found(names, text)
    if first is None:
        assert page.results == ()
    else:
        assert (locals_of(page)[0], page.results[0].match) == (first, match)


def test_a_label_goes_before_another_spelling_of_something_better_connected(
    names: NameFile,
) -> None:
    assert locals_of(found(names, "kyiv")) == ["id/place/kyiv", "id/country/ukraine"]


def test_among_equals_the_better_connected_goes_first(tmp_path: Path) -> None:
    with indexed(tmp_path, many(["Drone two", "Drone one", "Drone three"])) as names:
        assert locals_of(found(names, "drone")) == ["id/n0", "id/n1", "id/n2"]


@pytest.mark.parametrize("text", ["", "  ", "---", "'\"*()^:", "AND", "NEAR(a b)", 'x" OR "y'])
def test_signs_are_no_syntax(names: NameFile, text: str) -> None:
    assert found(names, text).total == 0


def test_a_mistyped_word_may_be_the_beginning_of_another(tmp_path: Path) -> None:
    with indexed(tmp_path, many(["Drone factory", "Drones"])) as names:
        assert [r.label for r in found(names, "drones factory").results] == ["Drone factory"]


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=30))
def test_any_text_is_looked_up(names: NameFile, text: str) -> None:
    assert found(names, text, lenient=True).total <= POOL


def test_claims_are_found_only_when_they_are_asked_for(names: NameFile) -> None:
    assert "claim/c1" not in locals_of(found(names, "drone"))
    assert locals_of(found(names, "drone brasov", kinds=("claim",))) == ["claim/c1"]
    assert set(locals_of(found(names, "brasov", kinds=("claim", "thing")))) == {
        BRASOV,
        FACTORY,
        "claim/c1",
    }


def test_metadata_and_shapes_are_left_out(names: NameFile) -> None:
    assert not [iri for iri in locals_of(found(names, "drone")) if "graph/" in iri or "sha" in iri]


def test_types_may_be_inferred(names: NameFile) -> None:
    place = found(names, "brasov", types=(BASE + "ontology/Place",))
    assert locals_of(place) == [BRASOV]
    assert [type_.label for type_ in place.results[0].types] == ["City"]
    assert found(names, "brasov", types=("http://example.org/None",)).total == 0


def test_kinds_are_told_apart(names: NameFile) -> None:
    assert locals_of(found(names, "factory", kinds=("term",))) == ["ontology/Factory"]
    assert locals_of(found(names, "report", kinds=("article",))) == ["article/a1"]


def test_a_language_restricts_spellings_and_chooses_labels(names: NameFile) -> None:
    assert found(names, "kronstadt", language="ro").total == 0
    page = found(names, "kyiv", language="uk")
    assert [result.label for result in page.results] == ["Київ"]


def test_ranges_tell_what_fits_in_the_spelling_as_it_is_written(names: NameFile) -> None:
    (result,) = [r for r in found(names, "umi", limit=5).results if r.matched != r.label]
    start, end = result.ranges[0]
    assert (result.matched, result.matched[start:end]) == ("Рустем Умєров", "Умє")
    (result,) = found(names, "brasow drone").results
    assert [result.matched[start:end] for start, end in result.ranges] == ["Drone", "Brasov"]


def test_a_long_text_is_refused(names: NameFile) -> None:
    with pytest.raises(QueryRefused, match=str(LONGEST)):
        found(names, "x" * (LONGEST + 1))


def test_pages_are_parts_of_one_order(names: NameFile) -> None:
    whole = found(names, "d")
    parts = [
        search(names, Sought(text="d"), limit=1, offset=offset).results[0]
        for offset in range(whole.total)
    ]
    assert tuple(parts) == whole.results


def test_more_than_the_pool_is_not_counted(tmp_path: Path) -> None:
    lines = " ".join(f'id:n{i} skos:prefLabel "Drone {i}"@en .' for i in range(POOL + 10))
    with indexed(tmp_path, f"graph:entities {{ {lines} }}") as names:
        page = found(names, "drone", limit=5)
        assert (page.total, page.complete) == (POOL, False)
        assert found(names, "drone 25").complete


def test_what_was_withdrawn_is_not_found_and_what_was_merged_gives_its_names(
    tmp_path: Path,
) -> None:
    trig = """
    graph:entities { id:nato skos:prefLabel "NATO"@en . id:org skos:prefLabel "NAT Org"@en . }
    graph:curation {
        id:alliance skos:prefLabel "North Atlantic Alliance"@en ; dcterms:isReplacedBy id:org .
        id:org dcterms:isReplacedBy id:nato .
        id:ghost skos:prefLabel "Ghost alliance"@en ; prov:wasInvalidatedBy id:review .
        claim:c2 ent:curationStatus <https://w3id.org/entente/vocab/curation-status/accepted> .
    }
    <https://w3id.org/entente/graph/article/a> {
        claim:c1 ent:statement "An alliance met."@en ;
            ent:curationStatus <https://w3id.org/entente/vocab/curation-status/retracted> .
        claim:c2 ent:statement "An alliance met again."@en ;
            ent:curationStatus <https://w3id.org/entente/vocab/curation-status/retracted> .
    }"""
    with indexed(tmp_path, trig) as names:
        (result,) = found(names, "alliance").results
        assert (result.label, result.matched) == ("NATO", "North Atlantic Alliance")
        assert locals_of(found(names, "alliance", kinds=("claim",))) == ["claim/c2"]


def test_a_default_graph_of_its_own_is_indexed(tmp_path: Path) -> None:
    trig = '<http://example.org/a> rdfs:label "Alpha" . <http://example.org/a> a skos:Concept .'
    with indexed(tmp_path, trig, layout=OWN_LAYOUT) as names:
        (result,) = found(names, "alpha").results
        assert (result.kind, result.weight) == ("concept", 2)
