"""Tokens: what each scope may do, and what an answer says where one lacks."""

import pytest

from entente.core.terms import GRAPH_ONTOLOGY, GRAPH_SHAPES
from entente.core.tokens import Tokens
from tests.protocol.writable import TURTLE, UPDATE, Writable
from tests.web.site import Reply

NOTHING = b"DELETE DATA { GRAPH <http://example.org/none> { <a:a> <a:b> <a:c> } }"


def update(writable: Writable, scope: str | None) -> tuple[int, str | None]:
    reply = writable.ask("POST", "/update", NOTHING, scope=scope, Content_Type=UPDATE)
    return reply.status, reply.headers["WWW-Authenticate"]


def test_without_a_token_the_answer_says_how_to_show_one(writable: Writable) -> None:
    assert update(writable, None) == (401, 'Bearer realm="entente"')


def test_a_token_to_read_does_not_write(writable: Writable) -> None:
    status, challenge = update(writable, "read")
    assert status == 403
    assert challenge is not None
    assert 'error="insufficient_scope", scope="write"' in challenge


@pytest.mark.parametrize("scope", ["write", "admin"])
def test_a_token_to_write_or_administer_writes(writable: Writable, scope: str) -> None:
    assert update(writable, scope) == (200, None)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer nonsense", "Basic dTpw", "nonsense", "Bearer a b", "", "Bearer é"]
)
@pytest.mark.parametrize("path", ["/update", "/sparql?query=ASK%7B%7D"])
def test_what_is_no_token_in_force_is_answered_401(
    writable: Writable, header: str, path: str
) -> None:
    """Also for a query, which needs none: who shows a token wants to know that it is void."""
    reply = writable.site.ask(
        path,
        method="POST" if path == "/update" else "GET",
        headers={"Authorization": header, "Content-Type": UPDATE},
        body=NOTHING if path == "/update" else None,
    )
    assert reply.status == 401
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


def test_a_token_is_out_of_force_as_soon_as_it_is_revoked(writable: Writable) -> None:
    tokens = Tokens(writable.site.settings.tokens)
    secret = tokens.new("guest", "write")
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": UPDATE}
    before = writable.site.ask("/update", method="POST", headers=headers, body=NOTHING)
    tokens.revoke("guest")
    after = writable.site.ask("/update", method="POST", headers=headers, body=NOTHING)
    assert (before.status, after.status) == (200, 401)


def test_no_answer_holds_a_token(writable: Writable) -> None:
    secret = writable.tokens["read"]
    reply = writable.ask("POST", "/update", NOTHING, scope="read", Content_Type=UPDATE)
    assert secret not in reply.text
    assert secret not in str(reply.headers)


def test_a_body_that_may_be_long_needs_a_token(writable: Writable) -> None:
    body = b"#" * (writable.site.settings.body_bytes + 10)
    reply = writable.ask("POST", "/update", body, scope=None, Content_Type=UPDATE)
    assert reply.status == 413


def test_where_the_file_of_tokens_is_damaged_only_who_shows_none_is_served(
    writable: Writable,
) -> None:
    file = writable.site.settings.tokens
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    try:
        reply = writable.ask("POST", "/update", NOTHING, Content_Type=UPDATE)
        open_to_all = writable.ask("GET", "/sparql?query=ASK%7B%7D", scope=None)
    finally:
        file.write_bytes(whole)
    assert (reply.status, open_to_all.status) == (503, 200)
    assert "token" in str(reply.fields()["detail"])


@pytest.mark.parametrize("graph", [GRAPH_SHAPES, GRAPH_ONTOLOGY])
@pytest.mark.parametrize("way", ["update", "post", "rdf-patch"])
def test_what_writes_are_judged_by_is_changed_with_the_scope_admin(
    writable: Writable, graph: str, way: str
) -> None:
    triple = f"<http://example.org/{way}> <http://example.org/p> <http://example.org/{way}>"
    path, body, content_type = {
        "update": ("/update", f"INSERT DATA {{ GRAPH <{graph}> {{ {triple} }} }}", UPDATE),
        "post": (f"/graphs?graph={graph}", f"{triple} .", TURTLE),
        "rdf-patch": ("/graphs", f"A {triple} <{graph}> .", "application/rdf-patch"),
    }[way]
    method = "PATCH" if way == "rdf-patch" else "POST"

    def write(scope: str, *, dry_run: bool = False) -> Reply:
        found = "&dry-run" if "?" in path else "?dry-run"
        address = path + found if dry_run else path
        return writable.ask(method, address, body.encode(), scope=scope, Content_Type=content_type)

    def objects() -> set[str]:
        return set(writable.objects(graph))

    before = objects()
    refused = write("write")
    assert refused.status == 403, refused.text
    assert str(refused.fields()["type"]).endswith("#scope")
    assert "admin" in str(refused.fields()["detail"])
    assert write("write", dry_run=True).status == 200
    assert writable.ask("DELETE", f"/graphs?graph={graph}").status in (403, 404)
    assert objects() == before
    assert write("admin").status in (200, 201, 204)
    assert objects() == {*before, f"http://example.org/{way}"}
    undo = f"DELETE DATA {{ GRAPH <{graph}> {{ {triple} }} }}"
    assert writable.update(undo).status == 403
    assert (
        writable.ask("POST", "/update", undo.encode(), scope="admin", Content_Type=UPDATE).status
        == 200
    )
