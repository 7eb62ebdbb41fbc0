"""What must follow from the real data and what must not (Q27): each axiom earns its place here.

`tests/ontology/test_logic_of_terms.py` holds the axioms one by one on made-up things; this holds
what they say together about the articles.
"""

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, Store

PREFIXES = """
BASE <https://w3id.org/entente/>
PREFIX ent: <https://w3id.org/entente/ontology/>
PREFIX graph: <https://w3id.org/entente/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""

FOLLOWS = {
    "the factory in Brasov is in Romania": "<id/facility/brasov-drone-factory> ent:locatedIn "
    "<id/country/romania>",
    "the meeting in Chernivtsi was in Ukraine": "<id/event/ukraine-romania-moldova-meeting-2025-"
    "08-08> ent:occursIn <id/country/ukraine>",
    "the display in Kyiv was in Ukraine": "<id/event/peklo-display-2024-12-06> ent:occursIn "
    "<id/country/ukraine>",
    "the violation of Romania's airspace is in Romania": "<id/incident/russian-drones-in-romanian-"
    "airspace> ent:occursIn <id/country/romania>",
    "the downing in Poland's air is in Poland": "<id/incident/russian-drones-downed-over-poland> "
    "ent:occursIn <id/country/poland>",
    "who makes interceptor drones makes drones": "<id/initiative/uk-ukraine-interceptor-drones> "
    "ent:producesType <vocab/product-type/drone>",
    "who makes naval drones makes uncrewed systems": "<id/initiative/norway-naval-drone-production>"
    " ent:producesType <vocab/product-type/uncrewed-system>",
    "who makes air-defence systems makes weapons": "<id/initiative/france-ukraine-air-defence-"
    "production> ent:producesType <vocab/product-type/weapon>",
    "the European Union gives what SAFE gives": "<id/commitment/safe-romania> ent:funder "
    "<id/org/european-union>",
    "the European Union funds Romania": "<id/org/european-union> ent:fundsRecipient "
    "<id/country/romania>",
    "Norway funds Ukraine": "<id/country/norway> ent:fundsRecipient <id/country/ukraine>",
    "Norway funds the coalition": "<id/country/norway> ent:fundsRecipient "
    "<id/org/maritime-coalition-for-ukraine>",
    "the United Kingdom funds Ukraine": "<id/country/united-kingdom> ent:fundsRecipient "
    "<id/country/ukraine>",
    "who signed takes part": "<id/agreement/norway-ukraine-drone-agreement> ent:participant "
    "<id/country/norway>",
    "who buys takes part": "<id/agreement/drone-deal> ent:participant <id/country/united-states>",
    "who supports takes part": "<id/initiative/norway-naval-drone-production> ent:participant "
    "<id/country/norway>",
    "the speaker takes part in the interview": "<id/event/toiu-reuters-interview> ent:participant "
    "<id/person/oana-toiu>",
    "the aggressor is a side of the war": "<id/event/russia-ukraine-war> ent:belligerent "
    "<id/country/russia>",
    "a country is an agent": "<id/country/norway> a ent:Agent",
    "a country is a place": "<id/country/norway> a ent:Place",
    "a ministry is an agent of PROV": "<id/org/ukraine-ministry-of-defence> a prov:Agent",
    "a programme is an initiative": "<id/initiative/defence-city> a ent:Initiative",
}

FOLLOWS_NOT = {
    "Umerov is not Shmyhal": "<id/person/rustem-umerov> owl:sameAs <id/person/denys-shmyhal>",
    "Ukraine does not cooperate with itself": "<id/country/ukraine> ent:cooperatesWith "
    "<id/country/ukraine>",
    "the factory is not in Ukraine": "<id/facility/brasov-drone-factory> ent:locatedIn "
    "<id/country/ukraine>",
    "the pilot line is not in Norway": "<id/facility/norway-pilot-production-line> ent:locatedIn "
    "<id/country/norway>",
    "Ukraine's government funds nobody who is named": "<id/org/ukraine-government> "
    "ent:fundsRecipient ?anybody",
    "Russia did not violate Estonia's airspace as a fact": "<id/incident/estonian-airspace-fighter-"
    "jets> ent:perpetrator <id/country/russia>",
    "the programme is not funded under SAFE": "<id/initiative/romania-ukraine-drone-programme> "
    "ent:fundedUnder <id/initiative/safe>",
    "the unnamed initiative is not SAFE": "<id/initiative/eu-defence-initiative> owl:sameAs "
    "<id/initiative/safe>",
    "the Patriot has no origin": "<id/product/patriot> ent:originCountry ?country",
    "Defence City is not operational": "<id/initiative/defence-city> ent:lifecycleStatus "
    "<vocab/lifecycle/operational>",
    "Defence City has no time of operation": "<id/initiative/defence-city> "
    "ent:expectedOperational ?time",
    "nothing of Romania's is signed": "<id/initiative/romania-ukraine-drone-programme> "
    "ent:lifecycleStatus <vocab/lifecycle/signed>",
    "French companies take part in nothing": "?anything ent:participant "
    "<id/group-of-agents/french-companies>",
    "the United States produce nothing with Ukraine": "?initiative a ent:Initiative ; "
    "ent:participant <id/country/united-states>",
    "Spain makes no air-defence systems with Ukraine": "<id/initiative/spain-ukraine-joint-drone-"
    "projects> ent:producesType <vocab/product-type/air-defence-system>",
    "the programme with Norway makes no special kind of drone": "<id/initiative/norway-ukraine-"
    "drone-cooperation> ent:producesType ?kind . ?kind <http://www.w3.org/2004/02/skos/core#broader>"
    " <vocab/product-type/drone>",
    "the two reports of seven billion are not one": "<id/commitment/norway-7bn-2025> owl:sameAs "
    "<id/commitment/norway-7bn-next-year>",
    "Romania is not in Brasov": "<id/country/romania> ent:locatedIn ?place . "
    "FILTER(?place != <id/country/romania>)",
    "likeness is not mutual": "<id/initiative/norway-ukraine-partnership> ent:similarTo ?other",
    "a figure about interceptor drones is none about drones": "<id/figure/uk-ukraine-interceptor-"
    "drones-per-month> ent:productType <vocab/product-type/drone>",
    "no person is a place": "?person a ent:Person , ?kind . "
    "FILTER(?kind IN (ent:Place, ent:Country, ent:Organisation))",
    "no claim is reasoned over": "GRAPH graph:inferred { ?claim ent:subject ?thing }",
}


def holds(dataset: Store, pattern: str) -> bool:
    found = dataset.query(f"{PREFIXES} ASK {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(found, QueryBoolean)
    return bool(found)


@pytest.mark.parametrize("pattern", FOLLOWS.values(), ids=list(FOLLOWS))
def test_it_follows(pattern: str, dataset: Store) -> None:
    assert holds(dataset, pattern)


@pytest.mark.parametrize("pattern", FOLLOWS_NOT.values(), ids=list(FOLLOWS_NOT))
def test_it_does_not_follow(pattern: str, dataset: Store) -> None:
    assert not holds(dataset, pattern)


def test_what_follows_is_kept_apart_from_what_is_said(dataset: Store) -> None:
    """An inference repeats no assertion, so who counts triples counts none twice."""
    pattern = "GRAPH graph:inferred { ?s ?p ?o } GRAPH ?other { ?s ?p ?o }"
    assert not holds(dataset, f"{pattern} FILTER(?other != graph:inferred)")


def test_no_two_things_are_inferred_to_be_one(dataset: Store) -> None:
    found = dataset.query(
        f"{PREFIXES} SELECT ?a ?b {{ ?a owl:sameAs ?b FILTER(?a != ?b) }}",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, QuerySolutions)
    assert [str(row) for row in found] == []
