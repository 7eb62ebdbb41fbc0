"""The API about evidence over the real graph: a real server, real readers, a real explainer."""

import json
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from entente.core.terms import ART, CLAIM, ENT, GRAPH_INFERRED, ID, PROV, VOC
from tests.web.site import Reply, Site

FACTORY = {"subject": "id:facility/brasov-drone-factory", "predicate": "ent:locatedIn"}
IN_ROMANIA = {**FACTORY, "object": "id:country/romania"}
IN_DENMARK = {**FACTORY, "object": "id:country/denmark"}


def get(site: Site, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Reply:
    search = f"?{urlencode(fields)}" if fields else ""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.ask(f"/api/{path}{search}", headers=named)


def read(reply: Reply) -> dict[str, object]:
    assert reply.status == 200, reply.text
    assert reply.type == "application/json"
    return reply.fields()


def test_an_inferred_fact_is_explained_down_to_a_claim_and_its_article(graph: Site) -> None:
    told = read(get(graph, "explain", IN_ROMANIA))
    assert (told["holds"], told["status"]) == (True, "inferred")
    text = json.dumps(told)
    assert '"rule": "prp-trp"' in text
    assert CLAIM + "2025-07-18-newsaz-049" in text
    assert ART + "2025-07-18-newsaz-romania-drone-programme" in text


def test_inferred_triples_are_explained_over_http(graph: Site, dataset_path: Path) -> None:
    """All of them with ENTENTE_LONG; `make bench` says how long an answer takes."""
    quads = ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS)
    inferred = [q for q in quads if q.graph_name == ox.NamedNode(GRAPH_INFERRED)]
    unproved = []
    for quad in inferred[:: 1 if os.environ.get("ENTENTE_LONG") else 20]:
        assert isinstance(quad.subject, ox.NamedNode)
        object_ = quad.object.value if isinstance(quad.object, ox.NamedNode) else str(quad.object)
        fields = {"subject": quad.subject.value, "predicate": quad.predicate.value}
        told = read(get(graph, "explain", {**fields, "object": object_}))
        if (told["status"], told["statement"]["inferred"]) != ("inferred", True):  # type: ignore[index]  # an object
            unproved.append(str(quad))
    assert unproved == []


def test_what_does_not_hold_names_the_premise_that_lacks(graph: Site) -> None:
    told = read(get(graph, "explain", IN_DENMARK))
    assert (told["holds"], told["status"]) == (False, "absent")
    missing = told["missing"]
    assert isinstance(missing, list)
    lacks = {gap["lacks"]["text"] for gap in missing}
    assert "Brasov located in Denmark" in lacks


def test_a_hope_is_shown_with_the_reason_why_it_does_not_count(graph: Site) -> None:
    page = read(get(graph, "claims", {"modality": "voc:modality/hoped", "limit": "500"}))
    claims = page["claims"]
    assert isinstance(claims, list)
    triples = [claim for claim in claims if "object" in claim and isinstance(claim["object"], str)]
    told = [
        read(get(graph, "explain", {k: claim[k] for k in ("subject", "predicate", "object")}))
        for claim in triples[:5]
    ]
    absent = [one for one in told if not one["holds"]]
    assert absent != []
    assert "what is hoped does not enter the view" in json.dumps(absent)


def test_a_browser_gets_the_proof_as_a_page(graph: Site) -> None:
    page = get(graph, "explain", IN_ROMANIA, Accept="text/html,*/*;q=0.8")
    assert (page.status, page.type) == (200, "text/html")
    assert "a transitive property passes on" in page.text
    assert "/claim/2025-07-18-newsaz-049" in page.text
    lacking = get(graph, "explain", IN_DENMARK, Accept="text/html")
    assert "It does not hold" in lacking.text


def test_a_proof_is_given_in_prov(graph: Site) -> None:
    reply = get(graph, "explain", IN_ROMANIA, Accept="text/turtle")
    assert (reply.status, reply.type) == (200, "text/turtle")
    triples = list(ox.parse(input=reply.body, format=ox.RdfFormat.TURTLE))
    derived = {t.object for t in triples if t.predicate == ox.NamedNode(PROV + "wasDerivedFrom")}
    assert ox.NamedNode(CLAIM + "2025-07-18-newsaz-049") in derived


def test_there_is_no_prov_of_what_does_not_hold(graph: Site) -> None:
    reply = get(graph, "explain", {**IN_DENMARK, "format": "ttl"})
    assert (reply.status, reply.type) == (404, "application/problem+json")


def test_the_impact_of_a_claim_is_told(graph: Site) -> None:
    told = read(get(graph, "explain", {"claim": "claim:2025-07-18-newsaz-049"}))
    assert "Drone factory in Brasov located in Romania" in json.dumps(told["inferred"])
    page = get(graph, "explain", {"claim": "claim:2025-07-18-newsaz-049"}, Accept="text/html")
    assert "No longer follows" in page.text


def test_the_page_of_a_thing_links_each_inferred_fact_to_its_proof(graph: Site) -> None:
    page = graph.ask("/page/facility/brasov-drone-factory", headers={"Accept": "text/html"}).text
    start = page.index("/api/explain?")
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    assert read(graph.ask(address))["holds"] is True


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("explain", {"subject": "id:x"}, 400),
        ("explain", {**IN_ROMANIA, "subject": "nonsense"}, 400),
        ("explain", {**IN_ROMANIA, "object": '"open'}, 400),
        ("explain", {**IN_ROMANIA, "asOf": "yesterday"}, 400),
        ("explain", {**IN_ROMANIA, "format": "xml"}, 406),
        ("explain", {"claim": "claim:no-such"}, 404),
        ("claims", {"limit": "-1"}, 400),
        ("claims", {"limit": "501"}, 400),
        ("claims", {"subject": "no prefix"}, 400),
        ("totals", {"format": "ttl"}, 406),
    ],
)
def test_what_is_wrong_with_a_request_is_said(
    graph: Site, path: str, fields: dict[str, str], status: int
) -> None:
    reply = get(graph, path, fields)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["claims", "contradictions", "corroborations", "totals"])
def test_an_answer_has_a_tag_that_spares_it_the_next_time(graph: Site, path: str) -> None:
    first = get(graph, path)
    again = get(graph, path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert first.headers["X-Dataset-Revision"] == "1"


def test_pages_of_claims_together_are_all_claims_in_order(graph: Site) -> None:
    found: list[str] = []
    total, offset = 1, 0
    while offset < total:
        fields = {"limit": "300", "offset": str(offset), "status": "voc:curation-status/accepted"}
        page = read(get(graph, "claims", fields))
        claims, total = page["claims"], int(str(page["total"]))
        assert isinstance(claims, list)
        found += [claim["id"] for claim in claims]
        offset += 300
    assert found == sorted(set(found))
    assert len(found) == total


def test_claims_are_found_by_what_they_say(graph: Site) -> None:
    fields = {**FACTORY, "object": "id:place/brasov", "before": "2025-07-18"}
    claims = read(get(graph, "claims", fields))["claims"]
    assert isinstance(claims, list)
    assert CLAIM + "2025-07-18-newsaz-049" in [claim["id"] for claim in claims]
    assert read(get(graph, "claims", {**fields, "before": "2025-07-17"}))["total"] == 0


def test_norwegian_money_is_a_range_because_it_may_be_one_sum_or_two(graph: Site) -> None:
    fields = {"funder": "id:country/norway", "currency": "USD"}
    (total,) = totals(graph, fields)
    assert (total["low"], total["high"]) == ("7660000000", "14660000000")
    assert total["certain"] is False


def test_before_the_second_report_norwegian_money_was_one_sum(graph: Site) -> None:
    fields = {"funder": "id:country/norway", "currency": "USD", "asOf": "2025-07-31"}
    (total,) = totals(graph, fields)
    assert (total["low"], total["high"]) == ("7000000000", "7000000000")


def totals(site: Site, fields: dict[str, str]) -> list[dict[str, object]]:
    found = read(get(site, "totals", fields))["totals"]
    assert isinstance(found, list)
    return found


def test_money_that_comes_every_month_is_not_added(graph: Site) -> None:
    (total,) = totals(graph, {"funder": "id:org/ukraine-government"})
    assert (total["high"], total["groups"]) == ("0", [])
    assert "repeats" in json.dumps(total["leftOut"])


def test_a_contradiction_has_the_reading_of_each_claim_and_the_curators_note(
    graph: Site,
) -> None:
    fields = read(get(graph, "contradictions", {"claim": "claim:undated-norway-072"}))
    found = fields["contradictions"]
    assert isinstance(found, list)
    (one,) = [each for each in found if each["id"] == ID + "conflict/norway-7-billion"]
    assert [claim["id"] for claim in one["readings"]] == [
        CLAIM + "2025-06-05-unn-093",
        CLAIM + "undated-norway-072",
    ]
    assert len(one["articles"]) == 2
    assert one["notes"] != []
    assert one["kinds"] == [VOC + "conflict-type/possibly-same-different-period"]
    ranges = fields["totals"]
    assert isinstance(ranges, list)
    assert ID + "country/norway" in [total["funder"] for total in ranges]


def test_a_contradiction_shows_when_its_second_claim_was_reported(graph: Site) -> None:
    def known(day: str) -> set[str]:
        found = read(get(graph, "contradictions", {"asOf": day}))["contradictions"]
        assert isinstance(found, list)
        return {one["id"] for one in found}

    conflict = ID + "conflict/norway-7-billion"
    assert conflict not in known("2025-11-29")
    assert conflict in known("2025-11-30")


def test_a_contradiction_is_the_same_from_both_sides(graph: Site) -> None:
    """The link between two claims is written once; who asks from the other end sees it too."""
    one, other = "claim:2025-06-05-unn-005", "claim:2025-06-05-unn-034"
    found = [
        read(get(graph, "contradictions", {"claim": claim}))["contradictions"]
        for claim in (one, other)
    ]
    assert found[0] == found[1]
    page = read(get(graph, "claims", {"article": ART + "2025-06-05-unn-france-spain-production"}))
    more = read(get(graph, "claims", {"limit": "500"}))
    for claims in (page["claims"], more["claims"]):
        assert isinstance(claims, list)
        linked = {(claim["id"], each) for claim in claims for each in claim["conflictsWith"]}
        known = {claim["id"] for claim in claims}
        assert linked != set()
        assert {pair[::-1] for pair in linked if pair[1] in known} <= linked


def test_every_claim_of_a_fact_counts_its_sources(graph: Site) -> None:
    page = read(get(graph, "claims", {"limit": "500"}))
    claims = page["claims"]
    assert isinstance(claims, list)
    counts = {
        (claim["supportsFact"], claim["sources"] > 0) for claim in claims if "object" in claim
    }
    assert {(True, True), (False, False)} <= counts
    assert {claim["sources"] for claim in claims if "sources" in claim} >= {0, 1, 2}
    assert [claim for claim in claims if "describes" in claim and claim["sources"] < 1] == []
    assert all(claim["claimCount"] >= claim["sources"] for claim in claims if "sources" in claim)


def test_sources_of_a_day_are_those_of_the_reports_by_then(graph: Site) -> None:
    fact = {
        "subject": "id:post/defence-minister-of-norway",
        "predicate": "ent:currentHolder",
        "object": "id:person/tore-sandvik",
    }
    for day, sources in (("2025-06-30", 1), ("2025-12-31", 2)):
        claims = read(get(graph, "claims", {**fact, "asOf": day}))["claims"]
        assert isinstance(claims, list)
        assert {claim["sources"] for claim in claims} == {sources}
        why = read(get(graph, "explain", {**fact, "asOf": day}))
        assert isinstance(why["statement"], dict)
        assert why["statement"]["sources"] == sources


def test_a_proof_tells_the_sources_of_each_step_and_links_what_follows(graph: Site) -> None:
    told = read(get(graph, "explain", IN_ROMANIA))
    proof = told["proof"]
    assert isinstance(proof, dict)
    assert (proof["sources"], proof["claimCount"], proof["inferred"]) == (0, 0, True)
    again = graph.ask(proof["explain"])
    assert again.fields()["proof"] == proof
    reported = [step for step in proof["premises"] if step["sources"]]
    assert ID + "place/brasov" in [step["object"]["value"] for step in reported]


PAGES = {
    "contradictions": ("Norway", "7 660 000 000 to 14 660 000 000", "or the same as"),
    "corroborations": ("independent", "not independent", "a source without a name"),
    "totals": ("7 660 000 000 to 14 660 000 000", "Nothing that can be added"),
    "claims": ("claims fit", "independent source", 'rel="next"'),
}


@pytest.mark.parametrize("path", PAGES)
def test_evidence_has_pages_for_people(graph: Site, path: str) -> None:
    page = get(graph, path, Accept="text/html,*/*;q=0.8")
    assert (page.status, page.type) == (200, "text/html")
    text = page.text.replace("\u202f", " ")
    assert [words for words in PAGES[path] if words not in text] == []
    past = get(graph, path, {"asOf": "2025-07-31"}, Accept="text/html")
    assert '<time datetime="2025-07-31">' in past.text


def test_corroboration_tells_independent_outlets_from_one_outlet_twice(graph: Site) -> None:
    """The same facts as `queries/corroboration/independent-outlets.rq` finds on its own."""
    found = read(get(graph, "corroborations"))["corroborations"]
    assert isinstance(found, list)
    independent = {
        tuple(str(one["claims"][0].get(name)) for name in ("subject", "predicate", "object"))
        for one in found
        if one["independent"] and not one["recorded"]
    }
    recorded = {
        tuple(str(one["claims"][0].get(name)) for name in ("subject", "predicate", "object"))
        for one in found
        if one["independent"] and one["recorded"]
    }
    rows = graph.service.rows("corroboration/independent-outlets")
    facts = {tuple(str(row[name]) for name in ("thing", "relation", "value")) for row in rows}
    assert facts != set()
    assert independent <= facts <= independent | recorded
    for one in found:
        assert one["claims"][0]["article"] != one["claims"][1]["article"]
    assert {True, False} == {one["independent"] for one in found}


def test_a_day_of_the_past_is_a_memento(graph: Site) -> None:
    reply = get(graph, "explain", {**IN_ROMANIA, "asOf": "2025-06-30"})
    assert read(reply)["holds"] is False
    assert reply.headers["Memento-Datetime"] == "Mon, 30 Jun 2025 23:59:59 GMT"
    assert "immutable" in reply.headers["Cache-Control"]
    for day in ("2999-12-31", None):
        later = get(graph, "explain", {**IN_ROMANIA, **({"asOf": day} if day else {})})
        assert "immutable" not in (later.headers["Cache-Control"] or "")
    assert 'rel="original timegate"' in ", ".join(reply.headers.get_all("Link") or [])
    assert read(get(graph, "explain", {**IN_ROMANIA, "asOf": "2025-07-18"}))["holds"] is True


def test_accept_datetime_turns_an_original_to_its_memento(graph: Site) -> None:
    wish = "Mon, 30 Jun 2025 12:00:00 GMT"
    reply = get(graph, "explain", IN_ROMANIA, Accept_Datetime=wish)
    assert read(reply)["holds"] is False
    assert "Accept-Datetime" in reply.headers["Vary"]
    location = reply.headers["Content-Location"]
    assert location.endswith("asOf=2025-06-30")
    again = graph.ask(location.removeprefix(graph.url))
    assert again.fields() == reply.fields()
    wrong = get(graph, "explain", IN_ROMANIA, Accept_Datetime="some day")
    assert wrong.status == 400


def test_the_explainer_may_die_and_the_next_question_is_answered(graph: Site) -> None:
    read(get(graph, "explain", IN_ROMANIA))
    explainers = [
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and is_explainer_of(path, os.getpid())
    ]
    assert explainers != []
    for process in explainers:
        os.kill(process, signal.SIGKILL)
    time.sleep(0.3)
    assert read(get(graph, "explain", IN_ROMANIA))["holds"] is True


def is_explainer_of(process: Path, parent: int) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        status = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return b"entente.query.explainer" in words and int(status[1]) == parent


def test_terms_of_the_ontology_are_explained_too(graph: Site) -> None:
    fields = {"subject": "ent:Factory", "predicate": "rdfs:subClassOf", "object": "ent:Place"}
    told = read(get(graph, "explain", fields))
    if told["holds"]:
        assert told["status"] in ("inferred", "asserted")
    assert ENT + "Factory" in json.dumps(told)
