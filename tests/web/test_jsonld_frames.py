"""JSON-LD by HTTP: forms and frames by parameter and by profile, each with its own tag."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import pytest

from entente.core.terms import BASE
from entente.web.app import create_app
from entente.web.standbys import standbys_in
from tests.web.site import Reply, Site, run_site

FACTORY: Final = "/data/facility/brasov-drone-factory.jsonld"
NAMESPACE: Final = "http://www.w3.org/ns/json-ld#"
FRAMES: Final = ("actor", "agreement", "article", "claim", "facility", "programme", "timeline")


def triples(reply: Reply) -> set[str]:
    """The triples of JSON-LD, read by a parser that fetches nothing."""
    assert reply.status == 200, reply.text
    return {str(triple) for triple in ox.parse(reply.body, format=ox.RdfFormat.JSON_LD)}


def accept(*profiles: str) -> dict[str, str]:
    return {"Accept": f'text/turtle;q=0.5, application/ld+json;profile="{" ".join(profiles)}"'}


@pytest.mark.parametrize(
    "path",
    [
        "/data/facility/brasov-drone-factory",
        "/id/facility/brasov-drone-factory",
        "/article/2025-01-02-courier-factory",
        "/claim/2025-01-02-courier-001",
        "/ontology/locatedIn",
        "/vocab/lifecycle",
        "/graph/current",
    ],
)
@pytest.mark.parametrize("form", ["compacted", "expanded", "flattened"])
def test_every_form_holds_the_triples_of_n_triples(site: Site, path: str, form: str) -> None:
    plain = site.ask(f"{path}.nt").body
    expected = {str(triple) for triple in ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)}
    reply = site.ask(f"{path}.jsonld?form={form}")
    assert triples(reply) == expected
    assert reply.type == "application/ld+json"


def test_the_forms_are_what_their_names_say(site: Site) -> None:
    expanded = json.loads(site.ask(FACTORY + "?form=expanded").body)
    assert isinstance(expanded, list)
    assert all(name == "@id" or name == "@type" or ":" in name for name in expanded[0])
    flat = json.loads(site.ask(FACTORY + "?form=flattened").body)
    assert flat["@graph"][0]["iri"] == "id:facility/brasov-drone-factory"
    assert flat["@graph"][0]["locatedIn"] == ["id:country/romania", "id:place/brasov"]
    assert all("claims" not in node for node in flat["@graph"])


def test_a_whole_graph_is_compacted_where_that_is_asked_for(site: Site) -> None:
    document = json.loads(site.ask("/graph/current.jsonld?form=compacted").body)
    assert "locatedIn" in document["@context"]


def test_a_thing_is_a_tree_with_its_names_and_claims(site: Site) -> None:
    document = json.loads(site.ask(FACTORY).body)
    assert document["prefLabel"] == {"en": "Drone factory in Brasov"}
    claim = document["claims"][0]
    assert claim["statement"]["en"]
    assert claim["evidence"]["charStart"] == 100
    assert claim["modality"]["prefLabel"]["en"] == "expected"


@pytest.mark.parametrize(
    ("path", "frame"),
    [
        ("/data/facility/brasov-drone-factory", "facility"),
        ("/data/country/romania", "actor"),
        ("/article/2025-01-02-courier-factory", "article"),
        ("/claim/2025-01-02-courier-001", "claim"),
        ("/data/facility/brasov-drone-factory", "timeline"),
    ],
)
def test_a_frame_is_chosen_by_parameter_or_by_profile(site: Site, path: str, frame: str) -> None:
    by_name = site.ask(f"{path}.jsonld?frame={frame}")
    by_profile = site.ask(path, headers=accept(f"{BASE}frames/{frame}"))
    by_short_profile = site.ask(path, headers=accept(frame))
    assert triples(by_name) != set()
    assert by_name.body == by_profile.body == by_short_profile.body
    assert by_name.headers["Content-Type"].endswith(f'profile="{NAMESPACE}framed"')
    assert by_profile.headers["Content-Location"] == f"{path}.jsonld?frame={frame}"
    flat = site.ask(f"{path}.jsonld?frame={frame}&form=flattened")
    assert triples(flat) == triples(by_name)


def test_a_form_is_chosen_by_profile_too(site: Site) -> None:
    reply = site.ask(FACTORY, headers=accept("https://example.org/other", NAMESPACE + "flattened"))
    assert reply.body == site.ask(FACTORY + "?form=flattened").body


def test_a_wish_for_a_frame_is_one_for_json_ld_and_survives_the_redirect(site: Site) -> None:
    reply = site.ask("/id/facility/brasov-drone-factory?frame=facility")
    assert reply.status == 303
    assert reply.headers["Location"] == FACTORY + "?frame=facility"


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda site: site.ask(FACTORY + "?frame=none"), 400),
        (lambda site: site.ask(FACTORY + "?frame=facility&frame=actor"), 400),
        (lambda site: site.ask(FACTORY, headers=accept("none")), 406),
        (lambda site: site.ask(FACTORY, headers=accept(BASE + "frames/none")), 406),
        (lambda site: site.ask(FACTORY + "?frame=..%2F..%2Fcontext"), 400),
    ],
)
def test_an_unknown_frame_is_refused_with_the_names_of_all(
    site: Site, ask: Callable[[Site], Reply], status: int
) -> None:
    reply = ask(site)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    problem: dict[str, Any] = json.loads(reply.body)
    assert all(name in problem["detail"] for name in FRAMES)


def test_an_unknown_form_is_refused_with_the_names_of_all(site: Site) -> None:
    reply = site.ask(FACTORY + "?form=framed")
    assert reply.status == 400
    assert "compacted, expanded, flattened" in reply.text


def test_a_frame_that_does_not_fit_is_refused_with_those_that_do(site: Site) -> None:
    reply = site.ask(FACTORY + "?frame=article")
    assert reply.status == 400
    assert "frames that do: facility, timeline" in reply.text


def test_each_variant_has_its_own_tag_and_the_same_bytes_each_time(site: Site) -> None:
    variants = [FACTORY + rest for rest in ("", "?form=flattened", "?frame=facility")]
    replies = [site.ask(path) for path in variants]
    assert len({reply.headers["ETag"] for reply in replies}) == 3
    for path, reply in zip(variants, replies, strict=True):
        assert site.ask(path).body == reply.body
        again = site.ask(path, headers={"If-None-Match": reply.headers["ETag"]})
        assert (again.status, again.body) == (304, b"")
        assert site.ask(path, method="HEAD").headers["ETag"] == reply.headers["ETag"]


def test_a_document_links_to_the_whole_context(site: Site) -> None:
    links = site.ask(FACTORY).headers.get_all("Link") or []
    assert f'</context.jsonld>; rel="{NAMESPACE}context"; type="application/ld+json"' in links
    whole = json.loads(site.ask("/context.jsonld").body)["@context"]
    used = json.loads(site.ask(FACTORY).body)["@context"]
    assert used.items() <= whole.items()


@pytest.mark.parametrize("frame", FRAMES)
def test_each_frame_has_an_address(site: Site, frame: str) -> None:
    reply = site.ask(f"/frames/{frame}.jsonld")
    assert (reply.status, reply.type) == (200, "application/ld+json")
    assert json.loads(reply.body)["@context"] == BASE + "context.jsonld"


def test_no_other_file_is_a_frame(site: Site) -> None:
    assert site.ask("/frames/..%2Fcontext.jsonld").status == 404
    assert site.ask("/frames/none.jsonld").status == 404


def test_who_serves_an_application_finds_the_framer_first_among_what_it_keeps_warm(
    tmp_path: Path,
) -> None:
    with run_site(tmp_path) as own:  # one that keeps no answer to another test
        app = create_app(own.service, own.settings)
        standbys = standbys_in(app)
        assert [standby.running for standby in standbys] == [False, False]
        assert app.test_client().get(f"{FACTORY}?form=flattened").status_code == 200
        assert [standby.running for standby in standbys] == [True, False]
