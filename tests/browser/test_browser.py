"""A real browser opens the pages: what a person sees, without scripts."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.web.site import FACTORIES, Site

CHROMIUM = shutil.which("chromium")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


def run_browser(folder: Path, *arguments: str) -> str:
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, *OPTIONS, f"--user-data-dir={folder}", *arguments],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def text_of(folder: Path, url: str) -> str:
    document = run_browser(folder, "--dump-dom", url)
    body = re.sub(r"(?s)<head>.*?</head>", "", document)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@needs_chromium
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "Who agreed what with whom"),
        ("/id/facility/brasov-drone-factory", "The factory is to stand in Brasov."),
        ("/article/2025-01-02-courier-factory#char=100,180", "100–180"),
        ("/sparql", "SPARQL endpoint"),
        ("/sparql?" + urlencode({"query": FACTORIES}), "id:place/brasov"),
        ("/sparql?query=SELECT", "Not SPARQL"),
        ("/no/such/page", "Not found"),
        ("/?asOf=2025-07-31", "As reported by 31 July 2025"),
        ("/page/facility/brasov-drone-factory?asOf=2025-07-31", "See it as of today"),
        ("/ontology/1.0.0.html", "On this page"),
    ],
)
def test_a_browser_shows(site: Site, tmp_path: Path, path: str, expected: str) -> None:
    assert expected.lower() in text_of(tmp_path, site.url + path).lower()


@needs_chromium
def test_the_style_is_loaded_under_the_policy(site: Site, tmp_path: Path) -> None:
    """A picture of a styled page is not a white one: the ground of the page has a colour."""
    picture = tmp_path / "page.png"
    run_browser(tmp_path / "profile", f"--screenshot={picture}", site.url + "/")
    assert picture.stat().st_size > 15_000
