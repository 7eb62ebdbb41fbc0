"""SERVICE over HTTP: one server of ours asks another, or says clearly why it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.core.terms import ENT, ID
from tests.query.remotes import Told, other_server
from tests.web.site import Site, run_site

FACTORY = f"{ID}facility/brasov-drone-factory"
PLACES = f"<{FACTORY}> <{ENT}locatedIn> ?p"
LOCAL = f"SELECT ?p {{ {PLACES} }} ORDER BY ?p"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    """A server, and one that may ask it."""
    with (
        run_site(tmp_path_factory.mktemp("asked")) as asked,
        run_site(
            tmp_path_factory.mktemp("asking"),
            service=f"{asked.url}/sparql",
            service_private=1,
        ) as asking,
    ):
        yield asked, asking


def test_one_server_asks_another_and_gets_the_same_rows(pair: tuple[Site, Site]) -> None:
    asked, asking = pair
    text = f"SELECT ?p {{ SERVICE <{asked.url}/sparql> {{ {PLACES} }} }} ORDER BY ?p"
    reply = asking.query(text)
    assert reply.status == 200
    assert reply.terms("p") == asking.query(LOCAL).terms("p") != []
    assert reply.headers["ETag"] is None, "the other server may answer otherwise the next time"
    assert 'entente_services_total{outcome="answered"} 1' in asking.ask("/metrics").text


def test_rows_of_both_servers_are_joined(pair: tuple[Site, Site]) -> None:
    asked, asking = pair
    text = (
        f"SELECT DISTINCT ?label {{ SERVICE <{asked.url}/sparql> {{ {PLACES} }} "
        "?p <http://www.w3.org/2000/01/rdf-schema#label>"
        "|<http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    )
    there = asking.query(text)
    here = asking.query(text.replace(f"SERVICE <{asked.url}/sparql>", ""))
    assert sorted(there.terms("label")) == sorted(here.terms("label")) != []


def test_the_description_tells_of_service_where_it_is_done(pair: tuple[Site, Site]) -> None:
    asked, asking = pair
    texts = [one.ask("/sparql", headers={"Accept": "text/turtle"}).text for one in (asked, asking)]
    assert ["BasicFederatedQuery" in text for text in texts] == [False, True]


def test_an_address_that_is_not_allowed_is_400_with_those_that_are(
    pair: tuple[Site, Site],
) -> None:
    asked, asking = pair
    reply = asking.query("SELECT * { SERVICE <https://other.example/> { ?s ?p ?o } }")
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert f"it may ask <{asked.url}/sparql>" in str(reply.fields()["detail"])
    assert (reply.fields()["line"], reply.fields()["column"]) == (1, 12)


def test_a_server_without_the_setting_asks_nobody(pair: tuple[Site, Site]) -> None:
    asked, _ = pair
    reply = asked.query(f"SELECT * {{ SERVICE <{asked.url}/sparql> {{ ?s ?p ?o }} }}")
    assert reply.status == 400
    assert "asks no other server" in str(reply.fields()["detail"])


def test_what_the_other_server_refuses_is_502(pair: tuple[Site, Site]) -> None:
    asked, asking = pair
    text = f"SELECT * {{ SERVICE <{asked.url}/sparql/nowhere> {{ ?s ?p ?o }} }}"
    reply = asking.query(text)
    assert reply.status == 502
    assert str(reply.fields()["type"]).endswith("#remote")
    assert "it answered with status 404" in str(reply.fields()["detail"])
    assert asking.query(text.replace("SERVICE", "SERVICE SILENT")).status == 200


def test_a_redirect_to_where_nobody_may_ask_is_502(tmp_path: Path) -> None:
    told = Told(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    with (
        other_server(lambda _: told) as other,
        run_site(tmp_path, service=other.address, service_private=1) as site,
    ):
        reply = site.query(f"SELECT * {{ SERVICE <{other.address}> {{ ?s ?p ?o }} }}")
    assert reply.status == 502
    assert "which SERVICE may not ask" in str(reply.fields()["detail"])


def test_a_private_address_is_502_even_where_it_is_allowed(
    pair: tuple[Site, Site], tmp_path: Path
) -> None:
    asked, _ = pair
    with run_site(tmp_path, service=f"{asked.url}/sparql") as site:
        reply = site.query(f"SELECT * {{ SERVICE <{asked.url}/sparql> {{ ?s ?p ?o }} }}")
    assert reply.status == 502
    assert "is not on the public internet" in str(reply.fields()["detail"])


def test_a_server_that_answers_too_late_is_504(pair: tuple[Site, Site], tmp_path: Path) -> None:
    asked, _ = pair
    address = f"{asked.url}/sparql"
    with run_site(tmp_path, service=address, service_private=1, service_seconds=0.3) as site:
        endless = "{ SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } }"
        reply = site.query(f"SELECT * {{ SERVICE <{address}> {endless} }}")
    assert reply.status == 504
    assert str(reply.fields()["type"]).endswith("#remote-late")
    assert "it took longer than 0.3 s" in str(reply.fields()["detail"])
