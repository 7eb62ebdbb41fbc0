"""Named queries are checked with all else: a wrong one is a finding with file, line and mending."""

from pathlib import Path

import pytest

from entente.build.pipeline import check

GOOD = """\
# title: Things
# description: All things.
# things: it
# column it: the thing
SELECT ?it { ?it ?property ?value }
"""


def findings(project: Path, text: str) -> list[tuple[str | None, int | None, str]]:
    folder = project / "queries" / "api"
    folder.mkdir(parents=True)
    (folder / "things.rq").write_text(text, encoding="utf-8")
    found = [one for one in check(project) if one.rule == "endpoint"]
    assert all(one.severity == "error" and one.mend for one in found)
    return [(one.file, one.line, one.what) for one in found]


def test_a_good_named_query_gives_no_finding(project: Path) -> None:
    assert findings(project, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("# column it: the thing", "# colum it: the thing", 4, "does not know"),
        ("SELECT ?it {", "SELECT ?it {{", 6, "malformed SPARQL"),
        ("SELECT ?it {", "ASK {", 1, "is a SELECT"),
        ("SELECT ?it {", "SELECT ?it ?value {", 1, "does not describe ?value"),
        ("# column it: the thing", "# column it: a\n# column that: b", 5, "not select ?that"),
    ],
    ids=["header", "syntax", "form", "undescribed", "unselected"],
)
def test_a_wrong_one_is_found(project: Path, old: str, new: str, line: int, what: str) -> None:
    found = findings(project, GOOD.replace(old, new))
    assert [(file, at) for file, at, _ in found if file] != []
    assert ("queries/api/things.rq", line) in [(file, at) for file, at, _ in found]
    assert any(what in words for _, _, words in found)
