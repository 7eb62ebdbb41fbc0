"""A release is the same whenever it is made, whole or absent, and never overwritten."""

import os
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from entente.build.release import Made, make_release
from entente.build.release_spool import Spool
from entente.core.errors import ReleaseError
from entente.core.releases import SUMS, dates_in, read_release
from entente.core.terms import DCAT, DCTERMS, GRAPH_CURRENT, GRAPH_ENTITIES, RDF, VOID
from tests.releases.conftest import DATE
from tests.releases.dumps import unpacked

ROOT = Path(__file__).resolve().parents[2]
SPDX = "http://spdx.org/rdf/terms#"
THING = "https://w3id.org/entente/id/place/beta"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
LINE = f'<{THING}> <{PREF_LABEL}> "Beta"@en <{GRAPH_ENTITIES}> .\n'.encode()
OTHER = f'<{THING}> <{PREF_LABEL}> "Gamma"@en <{GRAPH_ENTITIES}> .\n'.encode()


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_made_again_from_quads_in_another_order_it_has_the_same_bytes(
    made: Made, dataset_path: Path, tmp_path: Path
) -> None:
    lines = dataset_path.read_bytes().splitlines(keepends=True)
    again = make_release(reversed(lines), to=tmp_path, date=DATE)
    assert contents(again.folder) == contents(made.folder)
    assert again.release == made.release


def test_files_carry_the_day_of_the_release_and_no_other_time(folder: Path) -> None:
    times = {path.stat().st_mtime for path in (folder, *folder.rglob("*"))}
    assert len(times) == 1


def test_sha256sum_confirms_the_checksums(folder: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(contents(folder)) - 1


def test_the_manifest_names_every_file_with_its_size(made: Made) -> None:
    sizes = {name: len(content) for name, content in contents(made.folder).items()}
    named = {file.name: file.bytes for file in read_release(made.folder).files}
    assert sizes.keys() - named.keys() == {"release.json", SUMS}
    assert {name: sizes[name] for name in named} == named


def test_the_catalogue_describes_every_distribution_as_it_is(made: Made) -> None:
    graph = rdflib.Graph().parse(made.folder / "catalogue.ttl")
    release = rdflib.URIRef(made.release.iri)
    dcat, void, spdx = (rdflib.Namespace(name) for name in (DCAT, VOID, SPDX))
    assert (release, rdflib.URIRef(RDF + "type"), dcat.Dataset) in graph
    assert str(graph.value(release, rdflib.URIRef(DCTERMS + "issued"))) == DATE
    held = contents(made.folder)
    described = set()
    for distribution in graph.objects(release, dcat.distribution):
        name = str(distribution).removeprefix(str(release))
        described.add(name)
        assert int(str(graph.value(distribution, dcat.byteSize))) == len(held[name])
        checksum = graph.value(distribution, spdx.checksum)
        digest = str(graph.value(checksum, spdx.checksumValue)).lower()
        assert f"{digest}  {name}" in held[SUMS].decode().splitlines()
    # it cannot tell its own digest, nor those of the files that tell its
    assert held.keys() - described == {"catalogue.ttl", "README.md", "release.json", SUMS}
    assert int(str(graph.value(release, void.triples))) == made.release.counts["quads"]


def test_the_readme_names_every_dump(made: Made) -> None:
    text = (made.folder / "README.md").read_text("utf-8")
    missing = [f.name for f in made.release.files if f"`{f.name}`" not in text]
    assert missing == ["README.md"]


def test_no_word_of_the_release_names_this_machine(
    made: Made, tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = (str(tmp_path_factory.getbasetemp()), str(Path.cwd()))
    texts = b"".join(c for name, c in contents(made.folder).items() if not name.endswith(".gz"))
    assert [place for place in places if place.encode() in texts] == []


def test_the_same_release_made_again_changes_nothing(tmp_path: Path) -> None:
    first = make_release([LINE], to=tmp_path, date=DATE)
    before = first.folder.stat()
    second = make_release([LINE], to=tmp_path, date=DATE)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.folder.stat() == before


def test_another_release_of_the_same_day_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    first = make_release([LINE], to=tmp_path, date=DATE)
    before = contents(first.folder)
    with pytest.raises(ReleaseError, match="there is another release 2026-11-22 already"):
        make_release([OTHER], to=tmp_path, date=DATE)
    assert contents(first.folder) == before


def test_an_altered_release_is_not_taken_for_the_same(tmp_path: Path) -> None:
    first = make_release([LINE], to=tmp_path, date=DATE)
    (first.folder / "README.md").write_text("altered")
    with pytest.raises(ReleaseError, match="another release"):
        make_release([LINE], to=tmp_path, date=DATE)


def test_a_release_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="quad 2 cannot be released"):
        make_release([LINE, b"<a> <b> .\n"], to=tmp_path, date=DATE)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


FULL = """
import resource, sys
from pathlib import Path
from entente.build.release import make_release
from entente.core.errors import ReleaseError
def stop(stage):
    if stage == sys.argv[1]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, -1))
lines = (f'<https://w3id.org/entente/id/place/{n}> <https://schema.org/name> "{n:060}" '
         '<https://w3id.org/entente/graph/entities> .\\n'.encode() for n in range(5000))
try:
    make_release(lines, to=Path(sys.argv[2]), date="2026-11-22", progress=stop)
except ReleaseError as error:
    print(error)
"""


@pytest.mark.parametrize(
    "stage",
    [
        "reading the graph",
        "writing the dumps",
        "writing tables",
        "putting the release in its place",
    ],
)
def test_where_there_is_no_room_nothing_is_left(stage: str, tmp_path: Path) -> None:
    """From a stage on no file may grow."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, stage, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "server")},
    )
    assert done.stdout.startswith("the release cannot be written: "), done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_what_a_killed_release_left_is_cleared_away(tmp_path: Path) -> None:
    left = tmp_path / f".{DATE}.new" / "tables"
    left.mkdir(parents=True)
    (left / "half.csv").write_text("half")
    make_release([LINE], to=tmp_path, date=DATE)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", DATE]


@pytest.mark.parametrize("date", ["2026-02-30", "22.11.2026", "../2026-11-22", "", "latest"])
def test_a_date_that_is_none_is_refused(date: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="it must be a day such as"):
        make_release([LINE], to=tmp_path / "releases", date=date)
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    "line",
    [
        f"<{THING}> <{PREF_LABEL}> <{THING}> .\n",
        f"<{THING}> <{PREF_LABEL}> <{THING}> _:graph .\n",
        f"<{THING}> <{PREF_LABEL}> <<( <{THING}> <{RDF}type> <{THING}> )>> <{GRAPH_CURRENT}> .\n",
    ],
)
def test_what_no_release_holds_is_refused(line: str, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no RDF 1\.1 statement in a named graph"):
        make_release([line.encode()], to=tmp_path, date=DATE)


def test_a_property_that_rdf_xml_cannot_write_is_named(tmp_path: Path) -> None:
    line = f"<{THING}> <https://example.org/1> <{THING}> <{GRAPH_ENTITIES}> .\n"
    with pytest.raises(ReleaseError, match="cannot be written in RDF/XML"):
        make_release([line.encode()], to=tmp_path, date=DATE)


@pytest.mark.parametrize("character", ["\\u0001", "\\u000B", "\\uFFFE", "\\uFFFF"])
def test_a_character_that_xml_does_not_have_is_refused(character: str, tmp_path: Path) -> None:
    line = f'<{THING}> <{PREF_LABEL}> "a{character}" <{GRAPH_ENTITIES}> .\n'
    with pytest.raises(ReleaseError, match="a character that XML does not have"):
        make_release([line.encode()], to=tmp_path, date=DATE)


def test_line_ends_of_all_kinds_come_back_from_every_dump(tmp_path: Path) -> None:
    """An XML parser makes one kind of them all, unless they are written as numbers."""
    text = "a\rb\r\nc\nd\te\u0085<&>\"'"
    quad = ox.Quad(
        ox.NamedNode(THING),
        ox.NamedNode(PREF_LABEL),
        ox.Literal(text, language="en"),
        ox.NamedNode(GRAPH_ENTITIES),
    )
    made = make_release([f"{quad} .\n".encode()], to=tmp_path, date=DATE)
    for name, syntax in (("view.rdf.gz", "xml"), ("view.ttl.gz", "turtle")):
        graph = rdflib.Graph().parse(data=unpacked(made.folder / name), format=syntax)
        assert [str(value) for value in graph.objects()] == [text]


ODD = [
    '"a <https://example.org/> ."',
    '"\\"> <x> .\\n\\r\\t\\\\"@en',
    '"Ünïcode 🚀"@de-at',
    '"^^<x>"^^<http://www.w3.org/2001/XMLSchema#date>',
    "_:b0",
]


@pytest.mark.parametrize("odd", ODD)
def test_any_quad_comes_back_from_the_spool_as_it_was(odd: str, tmp_path: Path) -> None:
    line = f"<{THING}> <{PREF_LABEL}> {odd} <{GRAPH_ENTITIES}> .\n".encode()
    with Spool(tmp_path / "spool") as spool:
        spool.fill([line])
        assert list(spool.lines()) == [line]
        (triple,) = spool.triples([GRAPH_ENTITIES])
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
        assert triple == quad.triple
        assert spool.about(THING, [GRAPH_ENTITIES]) == [triple]
        assert spool.about(THING + "2", [GRAPH_ENTITIES]) == []


def test_releases_are_found_newest_first_and_links_are_none(tmp_path: Path) -> None:
    for date in ("2026-01-01", "2026-11-22"):
        make_release([LINE], to=tmp_path, date=date)
    (tmp_path / "2027-01-01").symlink_to(tmp_path / "2026-01-01")
    (tmp_path / "2028-01-01").mkdir()
    assert dates_in(tmp_path) == ["2026-11-22", "2026-01-01"]
    assert dates_in(tmp_path / "absent") == []
