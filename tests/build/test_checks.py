"""Each mistake gives exactly one line, which names file and line and says how to mend it."""

from pathlib import Path

import pytest

from entente.build.pipeline import build, check, seal
from entente.core.errors import SourceError
from entente.core.manifest import read_manifest
from entente.core.settings import Settings
from tests.build.project import ARTICLE, CLOSURE_SHAPES, TEXT, edit, passage

ARTICLE_FILE = f"data/articles/2025/{ARTICLE}.trig"

# name, file, text, its replacement, lines after the place of the text, words of the finding
MISTAKES = [
    (
        "malformed Turtle",
        "data/entities/all.ttl",
        "a ent:Person ;",
        "a ent:Person ]",
        0,
        "malformed",
    ),
    (
        "malformed TriG",
        ARTICLE_FILE,
        "2 ;\n        ent:charStart 0 ;",
        "2 ;\n ent:charStart 0 .. ;",
        1,
        "malformed TriG",
    ),
    (
        "a claim without passage",
        ARTICLE_FILE,
        f"        ent:evidence <article/{ARTICLE}#char=34,64> ;\n",
        "",
        -6,
        "claim without passage",
    ),
    (
        "an unknown modality",
        ARTICLE_FILE,
        "modality/hoped>",
        "modality/hopd>",
        0,
        "did you mean voc:modality/hoped?",
    ),
    (
        "a modality of another scheme",
        ARTICLE_FILE,
        "modality/hoped>",
        "lifecycle/planned>",
        0,
        "take a concept of voc:modality/",
    ),
    (
        "an undeclared property",
        "data/entities/all.ttl",
        "    ent:locatedIn <id/place/delta>",
        "    ent:locatdIn <id/place/delta>",
        0,
        "did you mean ent:locatedIn?",
    ),
    (
        "a misspelt required property",
        ARTICLE_FILE,
        'ent:statement "Claim 2',
        'ent:statment "Claim 2',
        0,
        "did you mean ent:statement?",
    ),
    (
        "an undeclared property in a claim",
        ARTICLE_FILE,
        "ent:predicate ent:lifecycleStatus",
        "ent:predicate ent:lifecycleState",
        0,
        "undeclared property ent:lifecycleState",
    ),
    (
        "an undeclared class",
        "data/entities/all.ttl",
        "a ent:Factory",
        "a ent:Factori",
        0,
        "did you mean ent:Factory?",
    ),
    (
        "an undeclared class of a shape",
        "ontology/shapes/closure/places.ttl",
        "sh:targetClass ent:Place",
        "sh:targetClass ent:Plaice",
        0,
        "undeclared class ent:Plaice",
    ),
    (
        "a thing that nothing describes",
        ARTICLE_FILE,
        "ent:object <id/place/beta>",
        "ent:object <id/place/betta>",
        0,
        "did you mean id:place/beta?",
    ),
    (
        "a range that is not the IRI's",
        ARTICLE_FILE,
        "ent:charStart 34",
        "ent:charStart 33",
        0,
        "its IRI says 34",
    ),
    (
        "a range beyond the text",
        ARTICLE_FILE,
        f"ent:charCount {len(TEXT)}",
        "ent:charCount 40",
        11,
        "ends beyond the article",
    ),
    (
        "a claim of another article",
        ARTICLE_FILE,
        "claim:2025-01-02-outlet-002",
        "claim:2025-01-03-outlet-002",
        0,
        "is not named after the article",
    ),
    (
        "a graph of another name",
        ARTICLE_FILE,
        f"<graph/article/{ARTICLE}>",
        "<graph/article/other>",
        1,
        "this file holds one graph",
    ),
    (
        "a blank node",
        "data/entities/all.ttl",
        "ent:locatedIn <id/place/delta>",
        "ent:relatedTo []",
        0,
        "a blank node stands in the data",
    ),
    (
        "a literal that the store rewrites",
        ARTICLE_FILE,
        "        ent:charCount ",
        "        ent:charCount 0",
        0,
        "would not survive the store",
    ),
    (
        "a datatype that is not used",
        "data/entities/all.ttl",
        '"Gamma"@en',
        '"Gamma"^^<http://www.w3.org/2001/XMLSchema#token>',
        0,
        "is not used here",
    ),
    (
        "an upper-case language tag",
        "data/entities/all.ttl",
        '"Gamma"@en',
        '"Gamma"@en-GB',
        0,
        "write @en-gb",
    ),
    (
        "two labels in a language",
        "data/entities/all.ttl",
        '"Gamma"@en',
        '"Gamma"@en , "Gama"@en',
        0,
        "keep one skos:prefLabel",
    ),
    (
        "a thing among claims",
        ARTICLE_FILE,
        "claim:2025-01-02-outlet-003\n        a ent:Claim ;",
        "<id/place/gamma> a ent:Place .\n claim:2025-01-02-outlet-003\n        a ent:Claim ;",
        0,
        "belong into data/entities",
    ),
    (
        "a shape that fails",
        ARTICLE_FILE,
        '        ent:statement "Claim 2 of the little article."@en ;\n',
        "",
        -3,
        "add ent:statement",
    ),
    (
        "a rule that fails",
        "data/entities/all.ttl",
        '"Gamma"@en',
        '"forbidden"@en',
        -2,
        "carries a forbidden name",
    ),
    (
        "a rule that is no query",
        "ontology/checks/names.rq",
        "SELECT ?subject",
        "SELEC ?subject",
        0,
        "malformed SPARQL",
    ),
    (
        "a shape on the closure that fails",
        "ontology/shapes/closure/places.ttl",
        "(place|facility)",
        "(place)",
        None,
        "rename it",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "shift", "words"),
    [mistake[1:] for mistake in MISTAKES],
    ids=[mistake[0] for mistake in MISTAKES],
)
def test_a_mistake_is_one_line_with_file_and_line(
    project: Path, file: str, old: str, new: str, shift: int | None, words: str
) -> None:
    line = edit(project / file, old, new)
    findings = [str(finding) for finding in check(project)]
    assert len(findings) == 1, findings
    assert words in findings[0]
    assert " — " in findings[0] or "shape" in findings[0]
    if shift is not None:
        assert findings[0].startswith(f"{file}:{line + shift}: error: ")


def test_a_prefix_of_another_namespace_is_named_at_its_line(project: Path) -> None:
    old, new = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2008/05/skos#"
    line = edit(project / "data/entities/all.ttl", f"<{old}>", f"<{new}>")
    findings = [str(finding) for finding in check(project) if finding.rule == "prefix"]
    assert [
        f"data/entities/all.ttl:{line}: error: prefix skos: is <{new}> here — "
        f"in this project it is <{old}> [prefix]"
    ] == findings


def test_the_small_project_is_without_findings(project: Path) -> None:
    assert check(project, sources=project.parent / "texts") == ()


def test_a_wrong_digest_is_found_with_the_texts(project: Path) -> None:
    good = passage(0, 32)
    digest = good.split('"')[1]
    line = edit(project / ARTICLE_FILE, digest, digest[::-1])
    assert check(project) == ()
    (finding,) = check(project, sources=project.parent / "texts")
    assert finding.what.startswith("wrong digest")
    assert (ARTICLE_FILE, line) == (finding.file, finding.line)
    assert digest in finding.mend


def test_a_wrong_range_is_found_with_the_texts(project: Path) -> None:
    path = project / ARTICLE_FILE
    path.write_text(
        path.read_text().replace("#char=0,32", "#char=0,31").replace("charEnd 32", "charEnd 31")
    )
    (finding,) = check(project, sources=project.parent / "texts")
    assert finding.what.startswith("wrong digest")


def test_a_text_that_is_not_the_articles_is_found(project: Path) -> None:
    (project.parent / "texts" / "workshop.txt").write_bytes(TEXT.replace("\r", "").encode())
    (finding,) = check(project, sources=project.parent / "texts")
    assert finding.what.startswith("no text has the digest")


def test_a_contradiction_is_told_at_the_claim_that_causes_it(project: Path) -> None:
    edit(
        project / ARTICLE_FILE,
        "<id/facility/workshop> ; ent:predicate ent:locatedIn ; ent:object <id/place/beta>",
        "<id/person/gamma> ; ent:predicate ent:locatedIn ; ent:object <id/place/beta>",
    )
    edit(
        project / "ontology/entente.ttl",
        "ent:relatedTo a owl:ObjectProperty .",
        "ent:relatedTo a owl:ObjectProperty . ent:locatedIn rdfs:domain ent:Place .",
    )
    findings = [finding for finding in check(project) if (finding.rule or "").startswith("owl ")]
    assert [finding.rule for finding in findings] == ["owl cax-dw"]
    assert findings[0].file == "data/entities/all.ttl"


def test_a_tie_of_a_latest_wins_property_is_a_warning(project: Path) -> None:
    text = (project / ARTICLE_FILE).read_text()
    second = text[
        text.index("    claim:2025-01-02-outlet-002") : text.index(
            "    claim:2025-01-02-outlet-003"
        )
    ]
    fourth = second.replace("outlet-002", "outlet-004").replace(
        "lifecycle/established", "lifecycle/planned"
    )
    (project / ARTICLE_FILE).write_text(text.replace(second, second + fourth))
    (finding,) = check(project)
    assert (finding.severity, finding.rule) == ("warning", "view-tie")
    assert "claim:2025-01-02-outlet-002, claim:2025-01-02-outlet-004" in finding.what


def test_what_a_claim_says_and_a_source_asserts_is_a_warning(project: Path) -> None:
    line = edit(
        project / "data/entities/all.ttl",
        'skos:prefLabel "Workshop"@en',
        'skos:prefLabel "Workshop"@en ; ent:locatedIn <id/place/beta>',
    )
    (finding,) = check(project)
    assert (finding.severity, finding.rule, finding.line) == ("warning", "repeated-triple", line)
    assert "claim:2025-01-02-outlet-001" in finding.what


def test_a_failed_build_leaves_the_last_artifact(project: Path, settings: Settings) -> None:
    good = build(project, settings)
    edit(project / "data/entities/all.ttl", "a ent:Person ;", "a ent:Persn ;")
    with pytest.raises(SourceError, match="undeclared class ent:Persn"):
        build(project, settings)
    assert good == read_manifest(settings.artifact)


def test_the_same_mistake_on_many_lines_is_one_line_with_a_count(project: Path) -> None:
    path = project / ARTICLE_FILE
    path.write_text(path.read_text().replace("ent:articlePart", "ent:articlPart"))
    (finding,) = check(project)
    assert finding.what == "undeclared property ent:articlPart (and 2 more in this file)"


def test_a_file_that_no_graph_takes_is_a_finding(project: Path) -> None:
    (project / "data" / "stray.ttl").write_text("")
    assert [str(finding).partition(" — ")[0] for finding in check(project)] == [
        "data/stray.ttl: error: no graph takes this file"
    ]


def test_text_that_is_not_utf8_is_a_finding_at_its_line(project: Path) -> None:
    (project / "data/entities/all.ttl").write_bytes(b"\n\n# \xff\n")
    (finding,) = check(project)
    assert (finding.file, finding.line) == ("data/entities/all.ttl", 3)


def test_a_sealed_passage_is_watched_without_the_texts(project: Path) -> None:
    seal(project)
    assert check(project) == ()
    digest = passage(0, 32).split('"')[1]
    line = edit(project / ARTICLE_FILE, digest, digest[::-1])
    (finding,) = check(project)
    assert finding.what.startswith("wrong digest")
    assert (ARTICLE_FILE, line) == (finding.file, finding.line)


def test_a_passage_that_was_never_compared_is_found(project: Path) -> None:
    seal(project)
    edit(
        project / ARTICLE_FILE,
        "    claim:2025-01-02-outlet-001",
        passage(0, 5) + "    claim:2025-01-02-outlet-001",
    )
    (finding,) = check(project)
    assert "was never compared with the text" in finding.what


def test_the_ontology_can_be_checked_alone(project: Path) -> None:
    edit(project / "data/entities/all.ttl", "a ent:Person ;", "a ent:Persn ;")
    assert check(project, only="ontology") == ()


def test_both_engines_check_alike(project: Path) -> None:
    (project / "ontology/shapes/closure/places.ttl").write_text(
        CLOSURE_SHAPES.replace("(place|facility)", "(place)")
    )
    assert check(project) == check(project, engines="reference")
