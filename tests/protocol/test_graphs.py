"""The Graph Store Protocol: graphs named by address or parameter, read and written as a whole."""

from urllib.parse import quote

import pyoxigraph as ox
import pytest

from entente.core.terms import GRAPH
from tests.protocol.writable import TURTLE, UPDATE, P, S, Writable
from tests.web.site import Site

ENTITIES = GRAPH + "entities"
TRIPLE = f"<{S}> <{P}> 1 .".encode()
SYNTAXES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


def named(name: str) -> str:
    return f"http://example.org/gsp/{name}"


@pytest.mark.parametrize("path", [f"/graphs?graph={ENTITIES}", "/graphs/entities"])
@pytest.mark.parametrize("accept", SYNTAXES)
def test_a_graph_is_read_by_parameter_and_by_path(site: Site, path: str, accept: str) -> None:
    reply = site.ask(path, headers={"Accept": accept})
    assert (reply.status, reply.type) == (200, accept)
    found = {str(quad.triple) for quad in ox.parse(reply.body, format=SYNTAXES[accept])}
    count = site.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{ENTITIES}> {{ ?s ?p ?o }} }}")
    assert [str(len(found))] == count.terms("n")


def test_the_default_graph_is_the_union(site: Site) -> None:
    reply = site.ask("/graphs?default", headers={"Accept": "application/n-triples"})
    count = site.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert [str(len(reply.text.splitlines()))] == count.terms("n")


def test_head_has_the_type_and_the_tag_of_the_graph_and_no_body(site: Site) -> None:
    got = site.ask("/graphs/entities", headers={"Accept": "text/turtle"})
    reply = site.ask("/graphs/entities", method="HEAD", headers={"Accept": "text/turtle"})
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert reply.headers["ETag"] == got.headers["ETag"]


def test_a_known_graph_is_not_sent_again(site: Site) -> None:
    tag = site.ask("/graphs/entities").headers["ETag"]
    assert site.ask("/graphs/entities", headers={"If-None-Match": tag}).status == 304


@pytest.mark.parametrize("path", ["/graphs/entities?new", "/graphs?default&new", "/dataset.nq?new"])
def test_head_does_not_say_that_the_body_is_empty(site: Site, path: str) -> None:
    """A wrong length is worse than none (RFC 9110 8.6)."""
    reply = site.ask(path, method="HEAD")
    assert (reply.status, reply.headers["Content-Length"]) == (200, None)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_graph_that_is_not_there_is_404(site: Site, method: str) -> None:
    assert site.ask("/graphs?graph=http://example.org/none", method=method).status == 404


@pytest.mark.parametrize(
    "search", ["", "?graph=relative", "?graph=", "?default&graph=http://a/", "?graph=a:b&graph=c:d"]
)
def test_anything_but_one_graph_is_answered_400(site: Site, search: str) -> None:
    assert site.ask(f"/graphs{search}").status == 400


def test_an_accept_that_no_rdf_meets_is_answered_406(site: Site) -> None:
    assert site.ask("/graphs/entities", headers={"Accept": "image/png"}).status == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_read_only_server_writes_no_graph(site: Site, method: str) -> None:
    reply = site.ask(
        "/graphs/x", method=method, body=TRIPLE, headers={"Content-Type": "text/turtle"}
    )
    assert reply.status == 403
    assert reply.headers["Access-Control-Allow-Origin"] is None


def test_put_makes_a_graph_and_then_replaces_it(writable: Writable) -> None:
    graph = named("put")
    made = writable.graph("PUT", graph, TRIPLE)
    assert made.status == 201
    assert writable.site.ask(made.headers["Location"]).status == 200
    replaced = writable.graph("PUT", graph, TRIPLE.replace(b"1", b"2"))
    assert (replaced.status, replaced.body, replaced.headers["Content-Type"]) == (204, b"", None)
    assert writable.objects(graph) == ["2"]


def test_post_adds_to_a_graph(writable: Writable) -> None:
    graph = named("post")
    assert writable.graph("POST", graph, TRIPLE).status == 201
    assert writable.graph("POST", graph, TRIPLE.replace(b"1", b"2")).status == 204
    assert writable.objects(graph) == ["1", "2"]


def test_post_to_the_store_makes_a_graph_with_a_name_of_its_own(writable: Writable) -> None:
    made = writable.ask("POST", "/graphs", TRIPLE, Content_Type=TURTLE)
    assert made.status == 201
    location = made.headers["Location"]
    assert location.startswith(f"{writable.site.url}/graphs/posted/")
    assert writable.site.ask(location.removeprefix(writable.site.url)).status == 200
    assert writable.graph("GET", location).status == 200


def test_a_form_of_files_is_one_write(writable: Writable) -> None:
    graph = named("form")
    body = (
        "--x\r\nContent-Disposition: form-data; name=a; filename=a.ttl\r\n"
        f"Content-Type: text/turtle; charset=utf-8\r\n\r\n<{S}> <{P}> 1 .\r\n"
        "--x\r\nContent-Disposition: form-data; name=b; filename=b.nt\r\n"
        f"Content-Type: application/octet-stream\r\n\r\n<{S}> <{P}> <a:b> .\r\n--x--\r\n"
    ).encode()
    before = writable.site.service.revision
    reply = writable.graph("POST", graph, body, Content_Type="multipart/form-data; boundary=x")
    assert reply.status == 201, reply.text
    assert writable.site.service.revision == before + 1
    assert writable.objects(graph) == ["a:b", "1"]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_graph_is_written_in_every_syntax(writable: Writable, syntax: str) -> None:
    graph = named(syntax)
    quad = ox.Quad(ox.NamedNode(S), ox.NamedNode(P), ox.Literal("ü"))
    body = ox.serialize([quad], format=SYNTAXES[syntax])
    reply = writable.graph("PUT", graph, body, Content_Type=syntax)
    assert reply.status == 201, reply.text
    assert writable.objects(graph) == ["ü"]


def test_relative_iris_are_resolved_against_the_graph(writable: Writable) -> None:
    graph = named("base/graph")
    writable.graph("PUT", graph, f"<{S}> <{P}> <other> .".encode())
    assert writable.objects(graph) == [named("base/other")]


def test_relative_iris_of_the_default_graph_are_resolved_against_the_address(
    writable: Writable,
) -> None:
    """The default graph is not written here, but its document is understood."""
    reply = writable.ask(
        "PUT", "/graphs?default", f"<{S}> <{P}> <other> .".encode(), Content_Type=TURTLE
    )
    assert (reply.status, reply.fields()["title"]) == (403, "Read-only")


def test_a_part_of_a_graph_is_not_put(writable: Writable) -> None:
    """It would take the place of the whole (RFC 9110 14.5)."""
    graph = named("part")
    writable.graph("PUT", graph, TRIPLE)
    reply = writable.graph("PUT", graph, TRIPLE.replace(b"1", b"2"), Content_Range="bytes 0-9/100")
    assert reply.status == 400
    assert writable.objects(graph) == ["1"]


def test_delete_takes_a_graph_away_once(writable: Writable) -> None:
    graph = named("delete")
    writable.graph("PUT", graph, TRIPLE)
    assert writable.graph("DELETE", graph).status == 204
    assert writable.graph("GET", graph).status == 404
    assert writable.graph("DELETE", graph).status == 404


def test_a_patch_is_an_update_of_one_graph(writable: Writable) -> None:
    graph = named("patch")
    writable.graph("PUT", graph, TRIPLE)
    text = f"DELETE DATA {{ <{S}> <{P}> 1 }} ; INSERT DATA {{ <{S}> <{P}> 2 }}".encode()
    assert writable.graph("PATCH", graph, text, Content_Type=UPDATE).status == 204
    assert writable.objects(graph) == ["2"]
    assert writable.graph("PATCH", graph, text, Content_Type=TURTLE).status == 415


def test_a_graph_of_ours_is_named_by_its_path(writable: Writable) -> None:
    for number, path in enumerate(("/graphs/mine/one", "/graph/mine/one"), start=1):
        body = TRIPLE.replace(b"1", str(number).encode())
        assert writable.ask("PUT", path, body, Content_Type=TURTLE).status in (201, 204)
        assert writable.objects(GRAPH + "mine/one") == [str(number)]


def test_percent_signs_are_decoded_once(writable: Writable) -> None:
    once, twice = named("%31"), named("%2531")
    for number, path in enumerate((once, twice)):
        body = TRIPLE.replace(b"1", str(number + 1).encode())
        reply = writable.ask("PUT", f"/graphs?graph={path}", body, Content_Type=TURTLE)
        assert reply.status == 201
    assert writable.objects(named("1")) == ["1"]
    assert writable.objects(named("%31")) == ["2"]
    assert writable.ask("GET", f"/graphs?graph={quote(named('1'), safe='')}").status == 200


def test_a_document_in_another_charset_is_answered_415(writable: Writable) -> None:
    latin = "text/turtle; charset=latin-1"
    assert writable.graph("PUT", named("charset"), TRIPLE, Content_Type=latin).status == 415


@pytest.mark.parametrize("content_type", [None, "text/plain", "text/html"])
def test_a_document_of_another_type_is_answered_415(
    writable: Writable, content_type: str | None
) -> None:
    headers = {"Content_Type": content_type} if content_type else {}
    reply = writable.ask("PUT", f"/graphs?graph={named('type')}", TRIPLE, **headers)
    assert reply.status == 415
    assert "text/turtle" in str(reply.fields()["offers"])


def test_a_document_that_is_no_rdf_is_answered_400_with_its_place(writable: Writable) -> None:
    reply = writable.graph("PUT", named("broken"), b"<a:b> <c:d>\n nonsense .")
    assert (reply.status, reply.fields()["title"]) == (400, "Not RDF")
    assert reply.fields()["line"] == 2
    assert str(reply.fields()["excerpt"]).startswith(" nonsense .\n")


def test_what_is_generated_is_not_written(writable: Writable) -> None:
    assert writable.graph("PUT", GRAPH + "inferred", TRIPLE).status == 403


def test_if_none_match_star_only_makes(writable: Writable) -> None:
    graph = named("only-make")
    assert writable.graph("PUT", graph, TRIPLE, If_None_Match="*").status == 201
    assert writable.graph("PUT", graph, TRIPLE, If_None_Match="*").status == 412


def test_a_graph_that_is_put_empty_is_read_and_made_once(writable: Writable) -> None:
    graph = named("empty")
    assert writable.graph("PUT", graph, b"", If_None_Match="*").status == 201
    read = writable.graph("GET", graph, Accept="application/n-triples")
    assert (read.status, read.body) == (200, b"")
    assert writable.graph("HEAD", graph).status == 200
    assert writable.graph("PUT", graph, b"", If_None_Match="*").status == 412


def test_if_none_match_takes_tags_too(writable: Writable) -> None:
    graph = named("none-match")
    writable.graph("PUT", graph, TRIPLE)
    tag = writable.graph("GET", graph).headers["ETag"]
    assert writable.graph("PUT", graph, b"", If_None_Match=f'"0", {tag}').status == 412
    assert writable.graph("PUT", graph, b"", If_None_Match='"0"').status == 204


def test_if_none_match_star_does_not_lift_if_match(writable: Writable) -> None:
    graph = named("both")
    late = writable.graph("PUT", graph, TRIPLE, If_None_Match="*", If_Match='"0"')
    assert late.status == 412
    assert writable.graph("GET", graph).status == 404


def test_if_match_star_only_changes(writable: Writable) -> None:
    graph = named("only-change")
    assert writable.graph("PUT", graph, TRIPLE, If_Match="*").status == 412
    writable.graph("PUT", graph, TRIPLE)
    assert writable.graph("PUT", graph, b"", If_Match="*").status == 204


def test_the_tag_of_a_graph_guards_against_lost_changes(writable: Writable) -> None:
    graph = named("guarded")
    writable.graph("PUT", graph, TRIPLE)
    tag = writable.graph("GET", graph).headers["ETag"]
    assert writable.graph("PUT", graph, b"", If_Match=tag).status == 204
    assert writable.graph("PUT", graph, TRIPLE, If_Match=tag).status == 412


def test_a_dry_run_of_a_put_tells_and_changes_nothing(writable: Writable) -> None:
    graph = named("dry")
    path = f"/graphs?graph={graph}&dry-run"
    reply = writable.ask("PUT", path, TRIPLE, Content_Type=TURTLE)
    assert (reply.status, reply.fields()["added"]) == (200, 1)
    assert writable.graph("GET", graph).status == 404


def test_options_tell_what_may_be_done(writable: Writable) -> None:
    reply = writable.ask("OPTIONS", "/graphs", scope=None)
    allowed = {method.strip() for method in reply.headers["Allow"].split(",")}
    assert {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"} <= allowed
    assert reply.headers["Accept-Patch"] == UPDATE
    assert "text/turtle" in reply.headers["Accept-Post"]
    granted = reply.headers["Access-Control-Allow-Methods"].split(", ")
    assert not {"PUT", "DELETE", "PATCH"} & set(granted)
