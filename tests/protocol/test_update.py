"""Updates over HTTP: every binding, every refusal, preconditions and reports."""

import json
import threading
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore

from entente.core.terms import ENT, GRAPH_ENTITIES, ID, SH
from tests.protocol.writable import FORM, UPDATE, P, S, Writable
from tests.web.site import Site


def insert(name: str, value: object = 1) -> tuple[str, str]:
    graph = f"http://example.org/update/{name}"
    return graph, f"INSERT DATA {{ GRAPH <{graph}> {{ <{S}> <{P}> {value} }} }}"


@pytest.mark.parametrize("path", ["/update", "/update/", "/sparql"])
def test_an_update_as_it_is_and_in_a_form_is_done_at_both_addresses(
    writable: Writable, path: str
) -> None:
    graph, text = insert(f"binding{path}")
    direct = writable.ask("POST", path, text.encode(), Content_Type=UPDATE + "; charset=UTF-8")
    form = urlencode({"update": text.replace("1 }", "2 }")}).encode()
    posted = writable.ask("POST", path, form, Content_Type=FORM)
    assert (direct.status, posted.status) == (200, 200)
    assert writable.objects(graph) == ["1", "2"]


def test_an_accepted_update_tells_the_new_revision(writable: Writable) -> None:
    before = writable.site.service.revision
    reply = writable.update(insert("revision")[1])
    assert reply.fields()["revision"] == before + 1
    assert reply.headers["X-Dataset-Revision"] == str(before + 1)
    assert reply.headers["ETag"] == f'W/"{before + 1}"'
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["Access-Control-Allow-Origin"] is None


def test_what_was_written_is_read_at_once_though_the_answer_was_kept(writable: Writable) -> None:
    graph, text = insert("read")
    assert writable.objects(graph) == []
    writable.update(text)
    assert writable.objects(graph) == ["1"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/plain,*/*;q=0.9", "text/plain"),
        ("*/*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("application/sparql-results+json", None),
    ],
    ids=["YASGUI", "any", "Turtle", "JSON-LD", "nothing of ours"],
)
def test_an_accepted_update_is_answered_in_what_the_client_reads(
    writable: Writable, accept: str, expected: str | None
) -> None:
    reply = writable.update(insert(f"accept/{len(accept)}")[1], Accept=accept)
    assert reply.status == (200 if expected else 204)
    assert (reply.type or None) == expected


def test_a_person_reads_one_line(writable: Writable) -> None:
    reply = writable.update(insert("line")[1], Accept="text/plain")
    assert reply.text.startswith("Revision ")
    assert "1 added, 0 removed" in reply.text


def test_an_update_by_get_is_refused_with_what_is_allowed(writable: Writable) -> None:
    for path in ("/update", "/sparql"):
        reply = writable.ask("GET", f"{path}?update=CLEAR+ALL")
        assert reply.status == 405
        assert "POST" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [b"update=CLEAR+NAMED&update=CLEAR+DEFAULT", b"query=ASK%7B%7D", b"query=ASK%7B%7D&update=x"],
)
def test_anything_but_one_update_is_answered_400(writable: Writable, body: bytes) -> None:
    assert writable.ask("POST", "/update", body, Content_Type=FORM).status == 400


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", UPDATE + "; charset=UTF-16"]
)
def test_another_type_or_charset_is_answered_415(writable: Writable, content_type: str) -> None:
    assert writable.ask("POST", "/update", b"CLEAR ALL", Content_Type=content_type).status == 415


@pytest.mark.parametrize("form", [False, True])
def test_an_update_that_is_none_is_answered_400_with_its_place(
    writable: Writable, *, form: bool
) -> None:
    text = "CLEAR ALL ;\nINSERT DATA { GRAPH <http://example.org/x> { nonsense } }"
    if form:
        body = urlencode({"update": text}).encode()
        reply = writable.ask("POST", "/update", body, Content_Type=FORM)
    else:
        reply = writable.update(text)
    fields = reply.fields()
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert str(fields["detail"]).startswith("unexpected 'nonsense'; expected ")
    assert (fields["line"], fields["column"]) == (2, 46)
    assert str(fields["excerpt"]).splitlines()[1] == " " * 45 + "^"


def test_an_undeclared_prefix_of_an_update_is_named_with_what_to_add(writable: Writable) -> None:
    fields = writable.update("INSERT DATA { <a:s> ent:label 1 }").fields()
    assert "add PREFIX ent: <https://w3id.org/entente/ontology/>" in str(fields["detail"])


def test_the_protocols_dataset_is_what_where_matches(writable: Writable) -> None:
    graph, text = insert("using", 5)
    writable.update(text)
    target = "http://example.org/update/used"
    copy = f"INSERT {{ GRAPH <{target}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    search = "?" + urlencode({"using-graph-uri": graph})
    assert writable.update(copy, search=search).status == 200
    assert writable.objects(target) == ["5"]
    clash = copy.replace(" WHERE", f" USING <{graph}> WHERE")
    assert writable.update(clash, search=search).status == 400


def test_relative_iris_are_resolved_against_the_endpoint(writable: Writable) -> None:
    graph = "http://example.org/update/base"
    writable.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <{S}> <{P}> <test> }} }}")
    assert writable.objects(graph) == [f"{writable.site.url}/test"]


def test_a_dry_run_tells_and_changes_nothing(writable: Writable) -> None:
    graph, text = insert("dry")
    before = writable.site.service.revision
    fields = writable.update(text, search="?dry-run").fields()
    assert fields["published"] is False
    assert fields["added"] == 1
    assert f"<{graph}>" in str(fields["difference"])
    assert writable.objects(graph) == []
    assert writable.site.service.revision == before


def test_the_report_of_a_dry_run_that_breaks_nothing_says_so(writable: Writable) -> None:
    reply = writable.update(insert("conforms")[1], search="?dry-run", Accept="text/turtle")
    assert (reply.status, reply.type) == (200, "text/turtle")
    found = {
        (quad.predicate.value, quad.object.value)
        for quad in ox.parse(reply.body, format=ox.RdfFormat.TURTLE)
        if not isinstance(quad.object, ox.Triple)
    }
    assert (SH + "conforms", "true") in found


def test_a_lost_race_is_answered_412_and_changes_nothing(writable: Writable) -> None:
    graph, text = insert("race")
    tag = writable.update(text).headers["ETag"]
    assert writable.update(insert("race", 2)[1], If_Match=tag).status == 200
    late = writable.update(insert("race", 3)[1], If_Match=tag)
    assert late.status == 412
    assert late.fields()["revision"] == writable.site.service.revision
    assert writable.objects(graph) == ["1", "2"]


def test_the_tag_of_a_query_s_answer_is_good_for_a_write(writable: Writable) -> None:
    tag = writable.site.query("SELECT * { ?s ?p ?o } LIMIT 1").headers["ETag"]
    assert writable.update(insert("query tag".replace(" ", "-"))[1], If_Match=tag).status == 200


def test_a_tag_that_is_not_ours_matches_nothing(writable: Writable) -> None:
    assert writable.update(insert("foreign")[1], If_Match='"abc"').status == 412


def test_of_writers_with_one_tag_exactly_one_wins(writable: Writable) -> None:
    graph, text = insert("writers", 0)
    tag = writable.update(text).headers["ETag"]
    found: list[int] = []

    def write(number: int) -> None:
        found.append(writable.update(insert("writers", number)[1], If_Match=tag).status)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 412, 412, 412, 412, 412]
    assert len(writable.objects(graph)) == 2


BREAKING = f"""
INSERT DATA {{ GRAPH <{GRAPH_ENTITIES}> {{ <{ID}facility/new> a <{ENT}Factory> }} }}
"""


def test_a_write_that_breaks_a_shape_is_answered_409_and_changes_nothing(
    writable: Writable,
) -> None:
    before = writable.site.service.revision
    reply = writable.update(BREAKING)
    assert (reply.status, reply.type) == (409, "application/problem+json")
    fields = json.loads(reply.body)
    assert fields["revision"] == before == writable.site.service.revision
    (result,) = fields["results"]
    assert result["focus"] == ID + "facility/new"
    assert result["path"] == ENT + "lifecycleStatus"
    assert result["severity"] == "error"


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_the_report_comes_in_the_rdf_that_is_asked_for(
    writable: Writable, accept: str, syntax: ox.RdfFormat
) -> None:
    reply = writable.update(BREAKING, Accept=accept)
    assert (reply.status, reply.type) == (409, accept)
    found = {
        (quad.predicate.value, quad.object.value)
        for quad in ox.parse(reply.body, format=syntax)
        if not isinstance(quad.object, ox.Triple)
    }
    assert (SH + "conforms", "false") in found
    assert (SH + "focusNode", ID + "facility/new") in found


@pytest.mark.parametrize("accept", ["text/html", "text/plain"])
def test_a_person_reads_what_is_wrong_where(writable: Writable, accept: str) -> None:
    reply = writable.update(BREAKING, Accept=accept)
    assert (reply.status, reply.type) == (409, accept)
    assert "facility/new" in reply.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_on_another_site_may_not_write(writable: Writable, origin: str) -> None:
    body = urlencode({"update": insert("evil")[1]}).encode()
    for path in ("/update", "/sparql"):
        reply = writable.ask("POST", path, body, Content_Type=FORM, Origin=origin)
        assert reply.status == 403
        assert reply.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize("place", ["cross-site", "same-site"])
def test_a_browser_that_says_it_comes_from_another_site_may_not_write(
    writable: Writable, place: str
) -> None:
    body = urlencode({"update": insert("evil")[1]}).encode()
    reply = writable.ask("POST", "/update", body, Content_Type=FORM, Sec_Fetch_Site=place)
    assert reply.status == 403


def test_a_form_of_our_own_page_may_write(writable: Writable) -> None:
    body = urlencode({"update": insert("own")[1]}).encode()
    headers = {"Origin": writable.site.url, "Sec_Fetch_Site": "same-origin"}
    assert writable.ask("POST", "/update", body, Content_Type=FORM, **headers).status == 200


def test_a_preflight_for_a_write_is_not_granted(writable: Writable) -> None:
    reply = writable.ask("OPTIONS", "/update", scope=None, Origin="https://other.example")
    assert reply.headers["Access-Control-Allow-Origin"] is None
    assert reply.headers["Access-Control-Allow-Methods"] is None


def test_a_read_only_server_takes_no_writes_whatever_is_shown(site: Site) -> None:
    headers = {"Content-Type": UPDATE, "Authorization": "Bearer x"}
    reply = site.ask("/update", method="POST", headers=headers, body=b"CLEAR ALL")
    assert (reply.status, reply.fields()["title"]) == (403, "Read-only")


def test_an_update_longer_than_a_query_may_be_is_taken(writable: Writable) -> None:
    graph = "http://example.org/update/long"
    rows = " ".join(f'<{S}{n}> <{P}> "{"x" * 100}" .' for n in range(9000))
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ {rows} }} }}"
    assert len(text) > 1024 * 1024
    reply = writable.update(text)
    assert reply.status == 200, reply.text
    assert reply.fields()["added"] == 9000


def test_rdflib_writes_and_reads_what_it_wrote(writable: Writable) -> None:
    url, graph = writable.site.url, URIRef("http://example.org/update/rdflib")
    store = SPARQLUpdateStore(
        f"{url}/sparql",
        f"{url}/update",
        headers={"Authorization": f"Bearer {writable.tokens['write']}"},
        autocommit=True,
    )
    context = Graph(store, identifier=graph)
    context.add((URIRef(S), URIRef(P), Literal("ü")))
    assert writable.objects(str(graph)) == ["ü"]
    assert {str(triple[2]) for triple in context.triples((None, None, None))} == {"ü"}


def test_a_predicate_that_is_of_no_namespace_is_written(writable: Writable) -> None:
    """The dataset's description names the vocabularies in use; such an IRI is of none."""
    graph = "http://example.org/update/opaque"
    text = f"INSERT DATA {{ GRAPH <{graph}> {{ <{S}> <urn:x> 1 }} }}"
    assert writable.update(text).status == 200
    assert writable.objects(graph) == ["1"]
