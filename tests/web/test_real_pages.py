"""Pages of the five articles' graph: what a person must find, and must not find, on them."""

import re

import pytest

from tests.web.site import Site

HTML = {"Accept": "text/html"}


def section(text: str, anchor: str) -> str:
    """Give the words of one section of a page."""
    found = re.search(rf'(?s)<h2 id="{anchor}">.*?</section>', text)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/page/initiative/spain-ukraine-joint-drone-projects", "headline against body"),
        ("/claim/2025-06-05-unn-010", "Umerov and Robles discussed above all joint drone projects"),
        (
            "/page/conflict/unn-headline-air-defence-with-spain",
            "Ukraine and France would jointly make air-defence systems",
        ),
        ("/article/2025-06-05-unn-france-spain-production", "headline against its body"),
    ],
)
def test_a_page_shows_where_reports_disagree(real: Site, path: str, expected: str) -> None:
    """Kind, both readings and their articles, and a link to all disagreements."""
    text = real.ask(path, headers=HTML).text
    words = section(text, "conflicts")
    assert expected in words
    assert "UNN, 5 June 2025" in words
    assert 'href="/api/contradictions"' in text


def test_a_thing_without_disagreement_has_no_such_section(real: Site) -> None:
    assert section(real.ask("/page/place/kyiv", headers=HTML).text, "conflicts") == ""


def test_what_an_article_says_of_itself_is_no_doubtful_claim(real: Site) -> None:
    """The lower bound of the undated article's date is accepted, and stands on record."""
    text = real.ask("/article/undated-norway-drone-line", headers=HTML).text
    assert "cannot be older than 30 November" in section(text, "facts-recorded")
    assert "cannot be older than 30 November" not in section(text, "other")


def test_the_home_page_counts_the_articles_that_were_read(real: Site) -> None:
    text = real.ask("/", headers=HTML).text
    assert re.search(r'href="/articles"><b>5</b>', text)
    listed = real.ask("/articles", headers=HTML).text
    assert listed.count('<span class="chip">not read</span>') == 1


def test_a_version_of_the_ontology_is_shown_as_the_ontology(real: Site) -> None:
    whole, version = (
        real.ask(path, headers=HTML).text for path in ("/ontology/", "/ontology/1.0.0.html")
    )
    assert "On this page" in version
    assert version.count('id="module-') == whole.count('id="module-') > 10


@pytest.mark.parametrize(
    "path", ["/page/country/norway", "/ontology/locatedIn", "/shapes/Claim-modality", "/graph/"]
)
def test_nothing_is_shown_in_brackets_or_by_its_vocabulary(real: Site, path: str) -> None:
    """People read names: no `<http://…>`, no `(SKOS)` after what a property is called."""
    main = real.ask(path, headers=HTML).text.partition('<main id="content">')[2]
    assert "&lt;http" not in main
    terms = re.findall(r"(?s)<dt>(.*?)</dt>", main)
    assert [term for term in terms if "(SKOS)" in term or "(DCMI)" in term] == []
