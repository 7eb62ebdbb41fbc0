"""What changed is told in words that a reader of the articles would use, and exactly as a patch."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from entente.build.pipeline import build
from entente.build.release import Made, make_release
from entente.core.errors import ReleaseError
from entente.core.manifest import read_manifest
from entente.core.settings import read_settings
from entente.core.terms import (
    CLAIM,
    ENT,
    GRAPH_ARTICLE,
    GRAPH_CURATION,
    GRAPH_CURRENT,
    GRAPH_INFERRED,
    GRAPH_META,
    GRAPH_ONTOLOGY,
    GRAPH_SHAPES,
    VOC,
)
from entente.logic.derivation import GENERATED
from entente.logic.view import current_view
from entente.store.patches import read_patch
from tests.build.project import ARTICLE, claim, triple, write_project
from tests.releases.dumps import unpacked

OLD, NEW = "2026-10-01", "2026-11-22"
LOCATED = triple("<id/facility/workshop>", "ent:locatedIn", "<id/place/delta>")
STATUS = triple("<id/facility/workshop>", "ent:lifecycleStatus", "<vocab/lifecycle/planned>")
UNTOLD = {ox.NamedNode(name) for name in (GRAPH_SHAPES, GRAPH_META, GRAPH_INFERRED)}
ONTOLOGY = ox.NamedNode(GRAPH_ONTOLOGY)
POLICY = ox.NamedNode(ENT + "viewPolicy")
RETRACTED = "<vocab/curation-status/retracted>"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


def article(project: Path) -> Path:
    return project / "data/articles/2025" / f"{ARTICLE}.trig"


def add_claim(project: Path, body: str, *, number: int = 9, more: str = "", day: str = "") -> None:
    text = claim(number, body).removesuffix(" .\n") + (
        f" ;\n        {more} .\n" if more else " .\n"
    )
    if day:
        text = text.replace('ent:reportedOn "2025-01-02"', f'ent:reportedOn "{day}"')
    path = article(project)
    path.write_text(path.read_text("utf-8").rstrip().removesuffix("}") + text + "}\n", "utf-8")


def release(project: Path, date: str, to: Path) -> Made:
    """Build the project and release it."""
    settings = read_settings({"state": to / "state"}, environment={})
    build(project, settings)
    manifest = read_manifest(settings.artifact)
    with (settings.artifact / manifest.files["dataset"]).open("rb") as lines:
        return make_release(lines, to=to / "releases", date=date)


def changes(made: Made) -> str:
    return (made.folder / "CHANGES.md").read_text("utf-8")


def section(text: str, title: str) -> list[str]:
    """Give the lines of one kind of change."""
    _, _, rest = text.partition(f"## {title}\n")
    return [line[2:] for line in rest.partition("\n## ")[0].splitlines() if line.startswith("- ")]


def test_the_first_release_says_that_it_is_the_first(project: Path, tmp_path: Path) -> None:
    made = release(project, OLD, tmp_path)
    assert made.release.previous is None
    assert "This is the first release." in changes(made)
    assert not (made.folder / "changes.rdfp.gz").exists()


def test_a_new_claim_makes_something_newly_known(project: Path, tmp_path: Path) -> None:
    release(project, OLD, tmp_path)
    add_claim(project, LOCATED)
    made = release(project, NEW, tmp_path)
    assert made.release.previous == OLD
    assert section(changes(made), "Newly known") == [
        "Workshop · ent:locatedIn · Delta (2025-01-02-outlet-009)"
    ]
    assert section(changes(made), "Corrected") == []


def test_a_later_report_ends_what_held(project: Path, tmp_path: Path) -> None:
    release(project, OLD, tmp_path)
    add_claim(project, STATUS, day="2025-03-04")
    made = release(project, NEW, tmp_path)
    assert section(changes(made), "No longer held") == [
        "Workshop · ent:lifecycleStatus · voc:lifecycle/established; now voc:lifecycle/planned "
        "(2025-01-02-outlet-002, 2025-01-02-outlet-009)"
    ]
    assert section(changes(made), "Newly known") == []


def test_a_superseding_claim_corrects(project: Path, tmp_path: Path) -> None:
    release(project, OLD, tmp_path)
    add_claim(project, STATUS, more="ent:supersedes claim:2025-01-02-outlet-002")
    made = release(project, NEW, tmp_path)
    assert section(changes(made), "Corrected") == [
        "Workshop · ent:lifecycleStatus · voc:lifecycle/established; now voc:lifecycle/planned "
        "(2025-01-02-outlet-002, 2025-01-02-outlet-009)"
    ]


def test_a_retracted_claim_takes_its_fact_along(project: Path, tmp_path: Path) -> None:
    release(project, OLD, tmp_path)
    path = article(project)
    text = path.read_text("utf-8")
    before, marker, after = text.partition("claim:2025-01-02-outlet-001")
    after = after.replace("<vocab/curation-status/accepted>", RETRACTED, 1)
    path.write_text(before + marker + after, "utf-8")
    made = release(project, NEW, tmp_path)
    assert section(changes(made), "Corrected") == [
        "Workshop · ent:locatedIn · Beta: not any more (2025-01-02-outlet-001)"
    ]


def test_nothing_new_is_told_as_such(project: Path, tmp_path: Path) -> None:
    release(project, OLD, tmp_path)
    made = release(project, NEW, tmp_path)
    text = changes(made)
    for title in ("New articles", "Newly known", "Corrected", "No longer held"):
        assert f"- {title}: 0\n" in text
    assert unpacked(made.folder / "changes.rdfp.gz").splitlines()[2:] == [b"TX .", b"TC ."]


def curated(*extra: str) -> list[bytes]:
    """Give quads of two claims, and what curators say of them."""
    graph = f"{GRAPH_ARTICLE}2025-01-02-outlet"
    name = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    lines = [f"<{CLAIM}{n}> <{name}> <{ENT}Claim> <{graph}> ." for n in (1, 2)]
    lines += [
        f"<{CLAIM}{n}> <{ENT}curationStatus> <{VOC}curation-status/accepted> <{graph}> ."
        for n in (1, 2)
    ]
    return [f"{line}\n".encode() for line in (*lines, *extra)]


def test_new_disagreements_and_withdrawals_are_told(tmp_path: Path) -> None:
    thing, act = "https://w3id.org/entente/id/org/gone", "https://w3id.org/entente/id/activity/a"
    conflict = "https://w3id.org/entente/id/conflict/one"
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    named = f'<{thing}> <{label}> "Old name"@en <https://w3id.org/entente/graph/entities> .'
    make_release(curated(named), to=tmp_path, date=OLD)
    said = (
        f"<{conflict}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ENT}ClaimConflict>",
        f'<{conflict}> <{label}> "Who builds the factory"@en',
        f"<{thing}> <http://www.w3.org/ns/prov#wasInvalidatedBy> <{act}>",
        f'<{act}> <http://purl.org/dc/terms/description> "counted twice"@en',
    )
    made = make_release(
        curated(*(f"{one} <{GRAPH_CURATION}> ." for one in said)), to=tmp_path, date=NEW
    )
    assert section(changes(made), "Newly contradicted") == ["Who builds the factory"]
    assert section(changes(made), "Corrected") == ["Old name: withdrawn (counted twice)"]


def test_a_name_can_neither_break_a_line_nor_bring_html(tmp_path: Path) -> None:
    conflict = "https://w3id.org/entente/id/conflict/one"
    said = (
        f"<{conflict}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ENT}ClaimConflict>",
        f'<{conflict}> <http://www.w3.org/2004/02/skos/core#prefLabel> "a\\n- b <b>c</b>"@en',
    )
    make_release(curated(), to=tmp_path, date=OLD)
    lines = curated(*(f"{one} <{GRAPH_CURATION}> ." for one in said))
    made = make_release(lines, to=tmp_path, date=NEW)
    assert section(changes(made), "Newly contradicted") == ["a - b \\<b>c\\</b>"]


def test_the_patch_turns_the_earlier_dataset_into_this_one(project: Path, tmp_path: Path) -> None:
    first = release(project, OLD, tmp_path)
    add_claim(project, STATUS, day="2025-03-04")
    second = release(project, NEW, tmp_path)
    patch = read_patch(unpacked(second.folder / "changes.rdfp.gz"))
    before, after = (
        set(ox.parse(unpacked(made.folder / "entente.nq.gz"), format=ox.RdfFormat.N_QUADS))
        for made in (first, second)
    )
    assert patch.removed <= before
    assert patch.added
    assert not patch.added & before
    assert (before - patch.removed) | patch.added == after


def test_the_release_to_compare_with_can_be_named(tmp_path: Path) -> None:
    first = make_release(curated(), to=tmp_path / "a", date=OLD)
    second = make_release(curated(), to=tmp_path / "b", date=NEW, since=first.folder)
    assert second.release.previous == OLD


def test_an_altered_release_is_nothing_to_compare_with(tmp_path: Path) -> None:
    first = make_release(curated(), to=tmp_path, date=OLD)
    other = make_release(curated()[2:], to=tmp_path / "other", date=OLD)
    (first.folder / "entente.nq.gz").write_bytes((other.folder / "entente.nq.gz").read_bytes())
    with pytest.raises(ReleaseError, match="was altered"):
        make_release(curated(), to=tmp_path, date=NEW)


def test_a_folder_that_is_no_release_is_nothing_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no release"):
        make_release(curated(), to=tmp_path, date=NEW, since=tmp_path)


def test_what_the_newest_article_tells_is_told_fact_by_fact(
    dataset_path: Path, tmp_path: Path
) -> None:
    """The release before has the view that the other four articles support.

    Shapes, metadata and mappings play no part and are left out, which halves the time.
    """
    quads = [
        quad
        for quad in ox.parse(path=str(dataset_path), format=ox.RdfFormat.N_QUADS)
        if quad.graph_name not in UNTOLD
        and (quad.graph_name != ONTOLOGY or quad.predicate == POLICY)
    ]
    newest = ox.NamedNode(f"{GRAPH_ARTICLE}undated-norway-drone-line")
    current = ox.NamedNode(GRAPH_CURRENT)
    asserted = [one for one in quads if one.graph_name not in (newest, *GENERATED)]
    view = [
        ox.Quad(one.subject, one.predicate, one.object, current)
        for one in current_view(asserted).support
    ]
    make_release([f"{one} .\n".encode() for one in (*asserted, *view)], to=tmp_path, date=OLD)
    made = make_release([f"{one} .\n".encode() for one in quads], to=tmp_path, date=NEW)
    came = {one for one in quads if one.graph_name == current} - set(view)
    assert len(came) > 20
    assert len(section(changes(made), "New articles")) == 1
    known = section(changes(made), "Newly known")
    held = section(changes(made), "No longer held")
    facts = [line for line in (*known, *held) if " · " in line]
    assert len(facts) == len(came)
    assert [line for line in facts if "undated-norway-" not in line] == []
    assert section(changes(made), "Corrected") == []
