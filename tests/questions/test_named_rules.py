"""The rules of the query library: what holds, what was known on a day, what disagrees, what agrees.

Each is run as the library gives it, with its parameters, over the built dataset. The rule of as-of
is held to `entente.logic.view`, which shares no code with it.
"""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples, Store
from rdflib.query import ResultRow

from entente.build.freshness import read_inputs
from entente.build.sources import read_sources
from entente.core.terms import GRAPH_SHAPES, XSD
from entente.logic.view import current_view
from entente.query.library import QueryLibrary, Value
from entente.query.results import Iri
from entente.query.results import Literal as Given
from tests.brief import brief

ROOT = Path(__file__).parents[2]
BASE = "https://w3id.org/entente/"
LIBRARY = QueryLibrary(ROOT / "queries")
RULES = (
    "as-of/facts",
    "contradictions/headline-against-body",
    "contradictions/modality",
    "contradictions/period",
    "contradictions/status",
    "contradictions/value",
    "cooperation/countries",
    "corroboration/independent-outlets",
    "current-view/facts",
)

Fact = tuple[str, str, str]


def rows_of(store: Store, name: str, **values: Value) -> list[str]:
    """Run a rule; one line a row."""
    found = store.query(LIBRARY.get(name).with_values(values), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [" ".join(brief(row[name]) for name in names) for row in found]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_what_it_finds(name: str) -> None:
    rule = LIBRARY.get(name)
    assert rule.title != name
    assert rule.description.endswith(".")


@cache
def known_on(day: date | None) -> set[tuple[str, str, str, str]]:
    """Give the view of a day, each triple with each claim that supports it."""
    sources, _ = read_sources(read_inputs(ROOT))
    shapes = NamedNode(GRAPH_SHAPES)
    view = current_view((q for q in sources.quads() if q.graph_name != shapes), as_of=day)
    return {
        (str(triple.subject), str(triple.predicate), str(triple.object), claim)
        for triple, claims in view.support.items()
        for claim in claims
    }


@pytest.mark.parametrize(
    "day",
    [
        None,
        date(2025, 6, 4),
        date(2025, 6, 5),
        date(2025, 6, 27),
        date(2025, 7, 18),
        date(2025, 9, 30),
        date(2025, 10, 1),
        date(2025, 11, 29),
        date(2025, 11, 30),
        date(2026, 11, 22),
    ],
)
def test_what_was_known_on_a_day_is_the_view_of_that_day(oxigraph: Store, day: date | None) -> None:
    values = {} if day is None else {"asOf": Given(day.isoformat(), XSD + "date")}
    found = oxigraph.query(
        LIBRARY.get("as-of/facts").with_values(values), use_default_graph_as_union=True
    )
    assert isinstance(found, QuerySolutions)
    rows = {
        (
            str(row["subject"]),
            str(row["predicate"]),
            str(row["object"]),
            row["claim"].value,
        )
        for row in found
    }
    assert known_on(day) == rows


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-06-27", ["person/rustem-umerov"]),
        ("2025-07-18", ["person/rustem-umerov"]),
        ("2025-10-01", ["person/denys-shmyhal"]),
    ],
)
def test_a_change_of_office_is_known_from_the_day_of_its_report(
    oxigraph: Store, day: str, expected: list[str]
) -> None:
    """On 18 July it is known that Umerov has left, not who came: the last named holder stays."""
    rows = rows_of(oxigraph, "as-of/facts", asOf=Given(day, XSD + "date"))
    start = "post/defence-minister-of-ukraine currentHolder "
    assert expected == sorted({row.split()[2] for row in rows if row.startswith(start)})


def test_what_holds_now_is_the_view(oxigraph: Store) -> None:
    rows = rows_of(oxigraph, "current-view/facts")
    assert len({fact[:3] for fact in known_on(None)}) == len(rows)


def test_what_holds_of_one_thing_names_its_reports(oxigraph: Store) -> None:
    thing = Iri(BASE + "id/initiative/uk-ukraine-interceptor-drones")
    undated = "1 1 2025-11-30 2025-11-30"
    assert rows_of(oxigraph, "current-view/facts", thing=thing) == [
        f"initiative/uk-ukraine-interceptor-drones {fact} {undated}"
        for fact in (
            "lifecycleStatus lifecycle/under-negotiation",
            "participant country/ukraine",
            "participant country/united-kingdom",
            "producesType product-type/interceptor-drone",
            "programmeType programme-type/joint-production",
        )
    ]


EXPECTED = {
    path.stem.replace("-", "/", 1): path.read_text("utf-8").splitlines()
    for path in sorted((Path(__file__).parent / "expected").glob("*.txt"))
}


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items(), ids=list(EXPECTED))
def test_a_rule_finds_what_the_articles_hold(
    oxigraph: Store, name: str, expected: list[str]
) -> None:
    assert expected == rows_of(oxigraph, name)


def test_an_article_that_cites_an_outlet_does_not_bear_it_out(oxigraph: Store) -> None:
    """The undated article cites the Kyiv Independent, so the two are one witness."""
    rows = rows_of(oxigraph, "corroboration/independent-outlets")
    shmyhal = "post/defence-minister-of-ukraine currentHolder person/denys-shmyhal"
    assert [row for row in rows if row.startswith(shmyhal)] == []


def test_every_recorded_corroboration_of_a_fact_is_found_by_the_rule(oxigraph: Store) -> None:
    recorded = oxigraph.query(
        """
        PREFIX ent: <https://w3id.org/entente/ontology/>
        SELECT DISTINCT ?thing ?relation ?value WHERE {
          ?second ent:corroborates/ent:subject ?thing ;
            ent:predicate ?relation ; ent:object ?value .
        }""",
        use_default_graph_as_union=True,
    )
    assert isinstance(recorded, QuerySolutions)
    found = {
        tuple(row.split()[:3]) for row in rows_of(oxigraph, "corroboration/independent-outlets")
    }
    assert {tuple(brief(term) for term in row) for row in recorded} <= found


def test_countries_cooperate_with_others_and_never_with_themselves(oxigraph: Store) -> None:
    found = oxigraph.query(
        LIBRARY.get("cooperation/countries").text, use_default_graph_as_union=True
    )
    assert isinstance(found, QueryTriples)
    pairs = {(brief(triple.subject), brief(triple.object)) for triple in found}
    others = (
        "denmark",
        "france",
        "norway",
        "romania",
        "spain",
        "united-kingdom",
        "united-states",
    )
    one_way = {("country/ukraine", f"country/{other}") for other in others}
    assert one_way | {(b, a) for a, b in one_way} == pairs


@pytest.mark.parametrize("name", list(EXPECTED))
def test_rdflib_finds_the_same(name: str, rdflib_union: rdflib.Graph) -> None:
    answer = rdflib_union.query(LIBRARY.get(name).text)
    rows = []
    for solution in answer:
        assert isinstance(solution, ResultRow)
        terms = [None if term is None else Literal(str(term)) for term in solution]
        rows.append(" ".join(brief(term) for term in terms))
    assert sorted(EXPECTED[name]) == sorted(rows)
