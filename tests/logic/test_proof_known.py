"""What was known on a day, against a graph that is built of the articles up to that day alone."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.build.freshness import read_inputs
from entente.build.sources import read_sources
from entente.core.terms import CLAIM, ENT, GRAPH_ARTICLE, GRAPH_CURRENT, GRAPH_INFERRED, ID
from entente.logic.closure import materialise
from entente.logic.derivation import reasoned
from entente.logic.explanation import Evidence
from entente.logic.known import asserted_in, known_on, reported_days
from entente.logic.view import current_view

N = ox.NamedNode
# The days of CQ25 to CQ29, and those before, between and after all reports.
QUESTION_DAYS = ("2025-06-27", "2025-06-30", "2025-07-18", "2025-07-31", "2025-10-01")
DAYS = ("2025-06-04", "2025-06-05", *QUESTION_DAYS, "2025-12-31")
QUESTIONS = ("cq25", "cq26", "cq27", "cq28", "cq29")


@cache
def sources(root: Path) -> tuple[ox.Quad, ...]:
    found, problems = read_sources(read_inputs(root))
    assert problems == []
    return tuple(found.quads())


@cache
def built_of(root: Path, day: str) -> tuple[ox.Quad, ...]:
    """Build from the files without those of later articles: all else is as it is today."""
    inputs = read_inputs(root)
    days = reported_days(sources(root))
    later = {
        f"{graph.removeprefix(GRAPH_ARTICLE)}.trig"
        for graph, reported in days.items()
        if reported > date.fromisoformat(day)
    }
    kept = {name: text for name, text in inputs.items() if name.rpartition("/")[2] not in later}
    assert len(inputs) - len(kept) == len(later)
    found, problems = read_sources(kept)
    assert problems == []
    quads = list(found.quads())
    view = current_view(quads).support
    inferred = materialise((*reasoned(quads), *view), engine="fast").inferred
    return (*quads, *placed(view, GRAPH_CURRENT), *placed(inferred, GRAPH_INFERRED))


@cache
def derived_of(root: Path, day: str) -> tuple[ox.Quad, ...]:
    evidence = Evidence(sources(root), as_of=date.fromisoformat(day))
    view = evidence.view.support
    inferred = materialise((*evidence.reasoned, *view), engine="fast").inferred
    generated = (*placed(view, GRAPH_CURRENT), *placed(inferred, GRAPH_INFERRED))
    return (*evidence.quads, *generated)


def placed(triples: Iterable[ox.Triple], graph: str) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object, N(graph)) for t in triples]


def triples_of(quads: Iterable[ox.Quad], graph: str) -> set[ox.Triple]:
    return {quad.triple for quad in quads if quad.graph_name == N(graph)}


def subjects_of(quads: Iterable[ox.Quad]) -> set[object]:
    return {quad.subject for quad in quads}


@pytest.mark.parametrize("day", DAYS)
def test_the_view_of_a_day_is_that_of_the_articles_up_to_then(root: Path, day: str) -> None:
    expected = triples_of(built_of(root, day), GRAPH_CURRENT)
    assert triples_of(derived_of(root, day), GRAPH_CURRENT) == expected


@pytest.mark.parametrize("day", DAYS)
def test_what_followed_on_a_day_is_what_follows_of_the_articles_up_to_then(
    root: Path, day: str
) -> None:
    """A curator of the earlier articles alone would not have written what only later ones name."""
    built, derived = built_of(root, day), derived_of(root, day)
    unknown = unheard_of(built, derived)
    left = [q for q in built if q.subject not in unknown and q.object not in unknown]
    view = triples_of(built, GRAPH_CURRENT)
    expected = materialise((*reasoned(left), *view), engine="fast").inferred
    assert triples_of(derived, GRAPH_INFERRED) == set(expected)


def unheard_of(built: Iterable[ox.Quad], derived: Iterable[ox.Quad]) -> set[object]:
    return subjects_of(built) - subjects_of(derived)


@pytest.mark.parametrize("day", DAYS)
def test_nothing_that_an_article_of_the_day_names_is_left_out(root: Path, day: str) -> None:
    built = built_of(root, day)
    unknown = unheard_of(built, derived_of(root, day))
    named = {
        term
        for quad in built
        if str(quad.graph_name).startswith(f"<{GRAPH_ARTICLE}")
        for term in (quad.subject, quad.object)
    }
    assert named & unknown == set()


@pytest.mark.parametrize("day", DAYS)
def test_no_situation_is_there_before_a_claim_describes_it(root: Path, day: str) -> None:
    describes = N(ENT + "describes")
    ever = {quad.object for quad in sources(root) if quad.predicate == describes}
    by_then = {quad.object for quad in built_of(root, day) if quad.predicate == describes}
    assert (ever - by_then) & subjects_of(derived_of(root, day)) == set()


@pytest.mark.parametrize("day", QUESTION_DAYS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_as_of_a_day_as_by_the_articles_up_to_then(
    root: Path, name: str, day: str
) -> None:
    query = (root / "queries" / "questions" / f"{name}.rq").read_text("utf-8")
    assert answers(derived_of(root, day), query) == answers(built_of(root, day), query)


def answers(quads: Iterable[ox.Quad], query: str) -> list[str]:
    store = ox.Store()
    store.bulk_extend(ox.Quad(*quad.triple) for quad in quads)
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [str(row) for row in found]


def test_who_held_the_post_depends_on_the_day(root: Path) -> None:
    def holders(day: str) -> set[object]:
        return {
            triple.object
            for triple in triples_of(derived_of(root, day), GRAPH_CURRENT)
            if triple.subject == N(ID + "post/defence-minister-of-ukraine")
            and triple.predicate == N(ENT + "currentHolder")
        }

    assert holders("2025-06-27") == {N(ID + "person/rustem-umerov")}
    assert holders("2025-10-01") == {N(ID + "person/denys-shmyhal")}


def test_what_only_later_articles_speak_of_was_unknown(root: Path) -> None:
    known = subjects_of(derived_of(root, "2025-06-30"))
    assert N(ID + "facility/brasov-drone-factory") not in known
    assert N(ID + "commitment/norway-7bn-next-year") not in known
    assert N(ID + "commitment/norway-7bn-2025") in known


def test_after_the_last_report_all_is_known(root: Path) -> None:
    asserted = asserted_in(sources(root))
    assert set(known_on(asserted, date(2030, 1, 1))) == set(asserted)


def test_before_the_first_report_no_claim_was_known(root: Path) -> None:
    known = known_on(asserted_in(sources(root)), date(2025, 6, 4))
    assert [quad for quad in known if str(quad.subject).startswith(f"<{CLAIM}")] == []


def test_a_disagreement_begins_with_its_second_claim(root: Path) -> None:
    conflict = N(ID + "conflict/norway-7-billion")
    asserted = asserted_in(sources(root))
    assert conflict not in subjects_of(known_on(asserted, date(2025, 11, 29)))
    assert conflict in subjects_of(known_on(asserted, date(2025, 11, 30)))
