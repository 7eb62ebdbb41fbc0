"""The closure that follows its premises: after any changes it is the closure of what is left."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

from entente.logic.closure import materialise
from entente.logic.fast_list import MalformedList
from entente.logic.live_closure import LiveClosure
from entente.logic.live_facts import Change
from tests.logic.generated import DATA, ONTOLOGIES
from tests.logic.reasoning import graph

_STEPS = st.lists(st.sets(st.integers(min_value=0, max_value=40), max_size=4), max_size=5)
_ITSELF_GIVEN = ":A a owl:Class ; rdfs:subClassOf :B . :a a :A ."


def toggled(held: set[Triple], triples: set[Triple]) -> Change:
    """Give the change by which each of the triples comes if it is not held, else goes."""
    return Change(tuple(triples - held), tuple(triples & held))


@settings(
    deadline=None,
    derandomize=True,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(ONTOLOGIES, _STEPS)
@example(_ITSELF_GIVEN, [{1}])
def test_steps_give_what_the_whole_gives(turtle: str, steps: list[set[int]]) -> None:
    triples = list(dict.fromkeys(graph(turtle)))
    held = set(triples)
    live = LiveClosure(held)
    for step in steps:
        change = toggled(held, {triples[place % len(triples)] for place in step})
        held = (held | set(change.came)) - set(change.went)
        before = set(live.inferred)
        try:
            whole = materialise(held)
        except MalformedList:
            with pytest.raises(MalformedList):
                live.change(change)
            return
        said = live.change(change)
        assert live.inferred == set(whole.inferred)
        assert live.inconsistencies == whole.inconsistencies
        assert (set(said.came), set(said.went)) == (live.inferred - before, before - live.inferred)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(ONTOLOGIES, st.lists(DATA, min_size=1, max_size=8), _STEPS)
def test_data_comes_and_goes_under_axioms_that_stay(
    turtle: str, more: list[str], steps: list[set[int]]
) -> None:
    axioms, data = set(graph(turtle)), list(dict.fromkeys(graph("\n".join(more))))
    held = axioms | set(data)
    live = LiveClosure(held)
    for step in steps:
        change = toggled(held, {data[place % len(data)] for place in step} - axioms)
        held = (held | set(change.came)) - set(change.went)
        live.change(change)
        assert live.inferred == set(materialise(held).inferred)


def test_what_follows_in_another_way_too_stays() -> None:
    axioms = graph(":p rdfs:domain :C . :q rdfs:domain :C . :r a owl:TransitiveProperty .")
    one, other = graph(":a :p :b . :a :q :b .")
    chain = graph(":a :r :b . :b :r :a .")
    live = LiveClosure({*axioms, one, other, *chain})
    (typed,) = graph(":a a :C .")
    assert typed in live.inferred
    live.change(Change(went=(one,)))
    assert typed in live.inferred
    live.change(Change(went=(other,)))
    assert typed not in live.inferred
    (itself,) = graph(":a :r :a .")
    assert itself in live.inferred
    live.change(Change(went=(chain[0],)))  # a circle does not hold itself up
    assert itself not in live.inferred
