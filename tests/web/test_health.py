"""Small addresses: supervisors, browsers, crawlers."""

import json
from pathlib import Path

import pytest

from entente.core.settings import read_settings
from entente.query.service import QueryService
from entente.store.snapshots import Snapshots
from entente.web.app import create_app
from tests.web.site import Site

ROOT = Path(__file__).resolve().parents[2]


def test_a_server_with_readers_lives_and_is_ready(site: Site) -> None:
    assert site.ask("/healthz").status == 200
    reply = site.ask("/readyz")
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-store")


def test_a_server_without_graph_lives_and_is_not_ready(tmp_path: Path) -> None:
    settings = read_settings({"state": tmp_path}, environment={})
    service = QueryService(settings, Snapshots(settings.store))
    client = create_app(service, settings).test_client()
    assert client.get("/healthz").status_code == 200
    reply = client.get("/readyz")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
    for path in ("/", "/sparql?query=ASK%7B%7D", "/id/place/brasov"):
        found = client.get(path, headers={"Accept": "text/html"})
        assert found.status_code == 503
        assert str(tmp_path) not in found.text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/favicon.ico", "image/svg+xml"),
        ("/favicon.svg", "image/svg+xml"),
        ("/robots.txt", "text/plain"),
        ("/static/entente.css", "text/css"),
    ],
)
def test_small_files_are_served(site: Site, path: str, expected: str) -> None:
    reply = site.ask(path)
    assert (reply.status, reply.type) == (200, expected)
    assert site.ask(path, method="HEAD").status == 200


def test_the_context_is_served(site: Site) -> None:
    if not (ROOT / "ontology" / "context.jsonld").exists():
        pytest.skip("the ontology has no JSON-LD context yet")
    reply = site.ask("/context.jsonld")
    assert (reply.status, reply.type) == (200, "application/ld+json")
    assert "@context" in json.loads(reply.body)


def test_a_defect_is_answered_500_without_its_stack(tmp_path: Path) -> None:
    settings = read_settings({"state": tmp_path}, environment={})
    service = QueryService(settings, Snapshots(settings.store))
    app = create_app(service, settings)

    @app.get("/defect")
    def defect() -> str:
        raise ZeroDivisionError("secret")

    reply = app.test_client().get("/defect")
    assert (reply.status_code, reply.mimetype) == (500, "application/problem+json")
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text
