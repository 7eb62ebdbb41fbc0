"""What must not be flattened: each reading is a question that the built dataset answers.

A careless encoding would say more than the articles do, or something else. The decisions stand in
`graph:curation` and on the claims; `tests/data/readings` lists them article by article.
"""

import pytest
from pyoxigraph import QuerySolutions, Store

from tests.brief import brief
from tests.data.readings import autumn, defence_city, norway, romania, talks
from tests.data.readings.reading import Reading

READINGS = (
    *romania.READINGS,
    *autumn.READINGS,
    *talks.READINGS,
    *defence_city.READINGS,
    *norway.READINGS,
)
PREFIXES = """
BASE <https://w3id.org/entente/>
PREFIX art: <https://w3id.org/entente/article/>
PREFIX ent: <https://w3id.org/entente/ontology/>
PREFIX graph: <https://w3id.org/entente/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def test_there_are_more_than_three_times_thirteen_readings() -> None:
    assert len(READINGS) > 3 * 13
    assert len({reading.title for reading in READINGS}) == len(READINGS)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.title)
def test_a_reading_is_kept(reading: Reading, dataset: Store) -> None:
    found = dataset.query(PREFIXES + reading.pattern, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [" ".join(brief(row[name]) for name in names) for row in found]
    assert sorted(reading.rows) == sorted(rows)
