"""Releases over HTTP: what the manifest names, whole and in parts, and nothing else."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.build.release import make_release
from entente.logic.trusty import artifact_code
from tests.web.site import DATASET, Reply, Site, run_site

OLDER, NEWER = "2025-12-31", "2026-11-22"
NAME = f"/releases/{NEWER}/entente.nq.gz"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two releases, and beside them what must never be served."""
    folder = tmp_path_factory.mktemp("shelf")
    quads = ox.parse(path=DATASET, format=ox.RdfFormat.TRIG)
    lines = [f"{quad} .\n".encode() for quad in quads if isinstance(quad.graph_name, ox.NamedNode)]
    make_release(lines[:-1], to=folder, date=OLDER)
    make_release(lines, to=folder, date=NEWER)
    (folder / "secret.txt").write_text("secret")
    (folder / NEWER / "unnamed.txt").write_text("secret")
    (folder / "2026-01-01").mkdir()
    (folder / "2026-02-02").symlink_to(folder / NEWER)
    return folder


@pytest.fixture(scope="module")
def site(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve them."""
    with run_site(tmp_path_factory.mktemp("state"), releases=str(shelf)) as running:
        yield running


def listing(site: Site, path: str = f"/releases/{NEWER}/") -> dict[str, object]:
    return site.ask(path).fields()


def test_the_index_lists_releases_newest_first(site: Site) -> None:
    reply = site.ask("/releases/")
    fields = reply.fields()
    assert (reply.status, reply.type) == (200, "application/json")
    assert fields["latest"] == NEWER
    assert isinstance(fields["releases"], list)
    assert [one["date"] for one in fields["releases"]] == [NEWER, OLDER]
    assert [one["previous"] for one in fields["releases"]] == [OLDER, None]


@pytest.mark.parametrize("path", ["/releases/", f"/releases/{NEWER}/"])
def test_a_browser_gets_a_page(site: Site, path: str) -> None:
    reply = site.ask(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (reply.status, reply.type) == (200, "text/html")
    assert NEWER in reply.text
    again = site.ask(path, headers={"Accept": "text/html", "If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        (f"/releases/{NEWER}/", "text/turtle"),
        (f"/releases/{NEWER}/", "application/rdf+xml;q=0.5,text/turtle;q=0.9,*/*;q=0.1"),
        (f"/releases/{NEWER}/?format=ttl", "*/*"),
    ],
)
def test_a_client_of_linked_data_gets_the_description_of_a_release(
    site: Site, path: str, accept: str
) -> None:
    reply = site.ask(path, headers={"Accept": accept})
    assert (reply.status, reply.type) == (200, "text/turtle")
    assert reply.headers["Content-Location"] == f"/releases/{NEWER}/catalogue.ttl"
    assert "immutable" not in reply.headers["Cache-Control"]
    assert reply.body == site.ask(f"/releases/{NEWER}/catalogue.ttl").body


def test_what_is_neither_page_nor_json_is_406(site: Site) -> None:
    assert site.ask("/releases/", headers={"Accept": "image/png"}).status == 406


def test_every_file_that_is_listed_comes_as_it_is_listed(site: Site) -> None:
    files = listing(site)["files"]
    assert isinstance(files, list)
    assert len(files) > 20
    for file in files:
        reply = site.ask(file["address"])
        assert (reply.status, len(reply.body)) == (200, file["bytes"])
        assert hashlib.sha256(reply.body).hexdigest() == file["sha256"]
        expected = "application/gzip" if file["compressed"] else file["mediaType"]
        assert reply.headers["Content-Type"] == expected
        assert reply.headers["Content-Encoding"] is None
        assert reply.headers["ETag"] == f'"{file["sha256"]}"'
        assert reply.headers["Last-Modified"] == "Sun, 22 Nov 2026 00:00:00 GMT"
        assert "immutable" in reply.headers["Cache-Control"]


def test_the_checksums_name_every_file_that_is_listed_but_themselves(site: Site) -> None:
    files = listing(site)["files"]
    assert isinstance(files, list)
    text = site.ask(f"/releases/{NEWER}/SHA256SUMS").text
    summed = {line[66:]: line[:64] for line in text.splitlines()}
    assert summed == {one["name"]: one["sha256"] for one in files if one["name"] != "SHA256SUMS"}


def test_what_is_for_keeping_says_under_which_name(site: Site) -> None:
    kept, shown = site.ask(NAME), site.ask(f"/releases/{NEWER}/README.md")
    assert kept.headers["Content-Disposition"] == "attachment; filename=entente.nq.gz"
    assert shown.headers["Content-Disposition"] == "inline; filename=README.md"


def ranged(site: Site, value: str, **headers: str) -> Reply:
    more = {name.replace("_", "-"): text for name, text in headers.items()}
    return site.ask(NAME, headers={"Range": value, **more})


@pytest.mark.parametrize(
    ("value", "start", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=10-", 10, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999", 5, None),
    ],
)
def test_a_part_comes_as_206(site: Site, value: str, start: int, stop: int | None) -> None:
    whole = site.ask(NAME).body
    part = ranged(site, value)
    assert (part.status, part.body) == (206, whole[start:stop])
    first = start % len(whole)
    assert (
        part.headers["Content-Range"] == f"bytes {first}-{first + len(part.body) - 1}/{len(whole)}"
    )
    assert part.headers["Accept-Ranges"] == "bytes"
    assert "Content-Range" in part.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("value", ["bytes=0-1,4-5", "lines=1-2", "bytes=b-a", "bytes=", "bytes=-"])
def test_a_range_that_is_not_understood_is_ignored(site: Site, value: str) -> None:
    reply = ranged(site, value)
    assert (reply.status, reply.body) == (200, site.ask(NAME).body)


def test_a_range_behind_the_end_is_416_with_the_size(site: Site) -> None:
    reply = ranged(site, "bytes=99999999-")
    assert (reply.status, reply.type) == (416, "application/problem+json")
    assert reply.headers["Content-Range"] == f"bytes */{len(site.ask(NAME).body)}"


def test_a_part_of_another_file_is_all_of_this_one(site: Site) -> None:
    """If-Range holds a part to the version that the client began with."""
    tag = site.ask(NAME).headers["ETag"]
    assert ranged(site, "bytes=0-9", If_Range=tag).status == 206
    assert ranged(site, "bytes=0-9", If_Range='"other"').status == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"If-None-Match": "TAG"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "Sun, 22 Nov 2026 00:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT"}, 200),
        ({"If-Match": "TAG"}, 200),
        ({"If-Match": '"other"'}, 412),
    ],
    ids=str,
)
def test_preconditions_hold(site: Site, header: dict[str, str], status: int) -> None:
    tag = site.ask(NAME).headers["ETag"]
    sent = {name: value.replace("TAG", tag) for name, value in header.items()}
    assert site.ask(NAME, headers=sent).status == status


def test_head_says_the_same_without_a_body(site: Site) -> None:
    head, get = site.ask(NAME, method="HEAD"), site.ask(NAME)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("name", ["", "entente.nq.gz", "tables/claim.csv"])
def test_latest_leads_to_the_newest(site: Site, name: str) -> None:
    reply = site.ask(f"/releases/latest/{name}")
    assert (reply.status, reply.headers["Location"]) == (302, f"/releases/{NEWER}/{name}")


@pytest.mark.parametrize(
    "path",
    [
        "/releases/latest/nothing",
        f"/releases/{NEWER}/../secret.txt",
        f"/releases/{NEWER}/%2e%2e/secret.txt",
        f"/releases/{NEWER}/..%2fsecret.txt",
        f"/releases/{NEWER}/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        f"/releases/{NEWER}//etc/passwd",
        f"/releases/{NEWER}/README.md%00",
        f"/releases/{NEWER}/%00",
        f"/releases/{NEWER}/tables/../README.md",
        f"/releases/{NEWER}/./README.md",
        f"/releases/{NEWER}/readme.md",
        f"/releases/{NEWER}/unnamed.txt",
        f"/releases/{NEWER}/tables",
        f"/releases/{NEWER}/tables/",
        "/releases/%2e%2e/",
        "/releases/../releases/",
        "/releases/secret.txt",
        "/releases/.lock",
        "/releases/2026-01-01/",
        "/releases/2026-02-02/",
        "/releases/2026-02-02/README.md",
        "/releases/1999-01-01/",
        "/releases/%ff/",
    ],
)
def test_nothing_else_has_an_address(site: Site, path: str) -> None:
    reply = site.ask(path)
    assert reply.status == 404
    assert reply.type == "application/problem+json"
    assert str(site.settings.state) not in reply.text


@pytest.mark.parametrize("how", ["link", "folder", "longer", "gone", "pipe"])
def test_a_file_that_is_not_what_the_release_says_is_not_served(
    site: Site, shelf: Path, how: str, tmp_path: Path
) -> None:
    path = shelf / OLDER / "README.md"
    content = path.read_bytes()
    path.unlink()
    try:
        match how:
            case "link":
                other = tmp_path / "other"
                other.write_bytes(content)
                path.symlink_to(other)
            case "folder":
                path.mkdir()
            case "longer":
                path.write_bytes(content + b"!")
            case "pipe":
                os.mkfifo(path)
        assert site.ask(f"/releases/{OLDER}/README.md").status == 404
    finally:
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
        path.write_bytes(content)
    assert site.ask(f"/releases/{OLDER}/README.md").status == 200


def test_a_manifest_that_names_a_file_outside_gives_no_way_out(site: Site, shelf: Path) -> None:
    manifest = shelf / OLDER / "release.json"
    content = manifest.read_bytes()
    fields = json.loads(content)
    outside = {**fields["files"][0], "name": "../secret.txt", "bytes": 6}
    try:
        manifest.write_text(json.dumps({**fields, "files": [*fields["files"], outside]}))
        for spelling in ("../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt"):
            assert site.ask(f"/releases/{OLDER}/{spelling}").status == 404
    finally:
        manifest.write_bytes(content)


def test_a_broken_manifest_is_404_and_the_others_go_on(site: Site, shelf: Path) -> None:
    manifest = shelf / OLDER / "release.json"
    content = manifest.read_bytes()
    try:
        manifest.write_bytes(b"{")
        assert site.ask(f"/releases/{OLDER}/").status == 404
        assert site.ask("/releases/").fields()["latest"] == NEWER
    finally:
        manifest.write_bytes(content)


def test_a_release_that_comes_and_goes_is_seen_at_once(site: Site, shelf: Path) -> None:
    place, aside = shelf / OLDER, shelf / "aside"
    place.rename(aside)
    try:
        assert site.ask(f"/releases/{OLDER}/").status == 404
        assert len(json.loads(site.ask("/releases/").body)["releases"]) == 1
    finally:
        aside.rename(place)
    assert site.ask(f"/releases/{OLDER}/").status == 200


def test_without_releases_the_index_is_empty_and_the_service_names_none(tmp_path: Path) -> None:
    with run_site(tmp_path / "state") as site:
        described = site.ask("/sparql", headers={"Accept": "text/turtle"})
        assert described.status == 200
        assert "hasCurrentVersion" not in described.text
        assert site.ask("/releases/").fields() == {"latest": None, "releases": []}
        assert site.ask("/releases/latest/").status == 404


def test_the_description_of_the_service_names_the_newest_release(
    site: Site,
) -> None:
    text = site.ask("/sparql", headers={"Accept": "application/n-triples"}).text
    newest = f"<https://w3id.org/entente/releases/{NEWER}/>"
    version = "<http://www.w3.org/ns/dcat#hasCurrentVersion>"
    assert f"<https://w3id.org/entente/graph/meta#dataset> {version} {newest} .\n" in text
    dump = f"<https://w3id.org/entente/releases/{NEWER}/entente.nq.gz>"
    assert f"{newest} <http://www.w3.org/ns/dcat#distribution> {dump} .\n" in text
    assert OLDER not in text


@pytest.mark.parametrize("path", ["/releases/", NAME])
def test_nobody_writes_there(site: Site, path: str) -> None:
    reply = site.ask(path, method="PUT", body=b"x")
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]


@pytest.fixture(scope="module")
def nanopub(site: Site) -> str:
    """Give the path of a nanopublication."""
    line = site.ask(f"/releases/{NEWER}/nanopubs.csv").text.splitlines()[1]
    return line.partition(",")[0].removeprefix("https://w3id.org/entente")


@pytest.mark.parametrize("suffix", ["", ".trig"])
def test_a_nanopublication_answers_under_its_trusty_name(
    site: Site, nanopub: str, suffix: str
) -> None:
    reply = site.ask(nanopub + suffix)
    assert (reply.status, reply.type) == (200, "application/trig")
    assert "immutable" in reply.headers["Cache-Control"]
    quads = list(ox.parse(reply.body, format=ox.RdfFormat.TRIG))
    name = nanopub.rpartition("/")[2]
    assert {str(quad.graph_name).partition("#")[2] for quad in quads} == {
        "Head>",
        "assertion>",
        "provenance>",
        "pubinfo>",
    }
    assert artifact_code(quads, placeholder=name) == name
    kept = site.ask(nanopub, headers={"If-None-Match": reply.headers["ETag"]})
    assert (kept.status, kept.body) == (304, b"")


def test_a_browser_that_asks_for_a_nanopublication_gets_the_claim(site: Site, nanopub: str) -> None:
    reply = site.ask(nanopub, headers={"Accept": "text/html,*/*;q=0.8"})
    assert reply.status == 303
    assert reply.headers["Location"].startswith("/claim/")
    assert site.ask(reply.headers["Location"]).status == 200


@pytest.mark.parametrize(
    "name", ["RA" + "x" * 43, "RA", "", "x", "RA" + "x" * 44, "..%2f..%2fetc", "RA" + "." * 43]
)
def test_any_other_name_is_of_no_nanopublication(site: Site, name: str) -> None:
    assert site.ask(f"/nanopub/{name}").status == 404


def test_a_nanopublication_is_trig(site: Site, nanopub: str) -> None:
    assert site.ask(nanopub, headers={"Accept": "image/png"}).status == 406
