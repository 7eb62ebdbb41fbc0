"""Pages for people: what they say, and what they never do."""

import re
from html.parser import HTMLParser

import pytest

from entente.core.terms import ART, CLAIM
from tests.web.site import Site

HTML = {"Accept": "text/html"}
PAGES = [
    "/",
    "/agreements",
    "/programmes",
    "/facilities",
    "/actors",
    "/articles",
    "/vocab/",
    "/ontology/",
    "/shapes/",
    "/graph/",
    "/sparql",
    "/problems",
    "/page/facility/brasov-drone-factory",
    "/page/initiative/joint-drone-programme",
    "/page/commitment/romania-money",
    "/page/person/ana-pop",
    "/page/odd/script",
    "/article/2025-01-02-courier-factory",
    "/claim/2025-01-02-courier-001",
    "/ontology/Factory",
    "/vocab/modality/hoped",
    "/graph/current",
    "/no/such/page",
]


class Outline(HTMLParser):
    """Gathers tags and checks that they are closed in order."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its id."""
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Hold the end of a tag to its beginning."""
        assert self.open.pop() == tag


def outline_of(text: str) -> Outline:
    outline = Outline()
    outline.feed(text)
    outline.close()
    assert outline.open == []
    return outline


def words_of(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed_and_run_nothing(site: Site, path: str) -> None:
    reply = site.ask(path, headers=HTML)
    outline = outline_of(reply.text)
    assert reply.text.startswith("<!doctype html>")
    assert '<html lang="en">' in reply.text
    assert {"main", "nav", "h1", "title"} <= set(outline.tags)
    assert outline.tags.count("h1") == 1
    assert not {"style", "iframe", "object"} & set(outline.tags)
    assert set(re.findall("<script[^>]*>", reply.text)) <= {
        '<script type="application/ld+json">',
        '<script src="/static/search.js" defer>',
    }
    assert "style=" not in reply.text
    assert len(outline.ids) == len(set(outline.ids))


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_no_other_host(site: Site, path: str) -> None:
    text = site.ask(path, headers=HTML).text
    loaded = re.findall(r'<link[^>]+rel="(?:stylesheet|icon)"[^>]*>', text)
    assert loaded
    assert not any("//" in link for link in loaded)
    assert set(re.findall(r'src="([^"]*)', text)) <= {"/static/search.js"}


def test_a_thing_shows_its_facts_and_their_claims(site: Site) -> None:
    text = words_of(site.ask("/page/facility/brasov-drone-factory").text)
    for expected in (
        "Drone factory in Brasov",
        "Factory",
        "Fabrica de drone din Brașov",
        "Planned site for drones",
        "Located in Brasov",
        "The factory is to stand in Brasov.",
        "said by Ana Pop",
        "Report on a planned factory , 2025-01-02",
        "expected · body",
        "characters 100–180",
        "Romania inferred",
    ):
        assert expected in text


def test_what_is_only_hoped_is_not_among_the_facts(site: Site) -> None:
    text = words_of(site.ask("/page/facility/brasov-drone-factory").text)
    facts, _, others = text.partition("Said, but not taken as fact")
    assert "One hopes for a factory in Ukraine too." not in facts
    assert "One hopes for a factory in Ukraine too." in others


def test_links_to_our_iris_stay_on_this_host(site: Site) -> None:
    text = site.ask("/page/facility/brasov-drone-factory").text
    assert 'href="/id/place/brasov" title="https://w3id.org/entente/id/place/brasov"' in text
    assert 'href="/article/2025-01-02-courier-factory#char=100,180"' in text
    assert 'href="https://w3id.org/entente' not in text


def test_links_elsewhere_are_links(site: Site) -> None:
    text = site.ask("/page/place/brasov").text
    assert 'href="https://www.wikidata.org/entity/Q82174"' in text


def test_hostile_values_are_text(site: Site) -> None:
    text = site.ask("/page/odd/script").text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert 'href="javascript:' not in text


def test_hostile_values_in_answers_are_text(site: Site) -> None:
    query = 'SELECT ("<img src=x onerror=alert(1)>" AS ?a) (<javascript:alert(1)> AS ?b) {}'
    text = site.query(query, format="html").text
    assert "<img" not in text
    assert 'href="javascript:' not in text


def test_situations_are_shown_with_their_values(site: Site) -> None:
    text = words_of(site.ask("/page/initiative/joint-drone-programme").text)
    assert "Romania's money for the joint programme" in text.replace("&#39;", "'")
    assert "Amount EUR 50 million" in text
    assert "2026-01-01 to 2026-12-31" in text
    assert "Romania sets aside 50 million euros" in text


def test_an_article_lists_its_claims_in_the_order_of_its_text(site: Site) -> None:
    reply = site.ask("/article/2025-01-02-courier-factory", headers=HTML)
    places = [
        reply.text.index(statement)
        for statement in (
            "A drone factory is on the drawing board.",
            "The factory is to stand in Brasov.",
            "Romania sets aside 50 million euros",
        )
    ]
    assert places == sorted(places)
    ids = outline_of(reply.text).ids
    assert {"char=10,60", "char=100,180", "2025-01-02-courier-001"} <= set(ids)


def test_a_person_shows_what_they_said(site: Site) -> None:
    text = words_of(site.ask("/page/person/ana-pop").text)
    assert "The factory is to stand in Brasov." in text


def test_a_claim_is_titled_by_what_it_states(site: Site) -> None:
    text = site.ask("/claim/2025-01-02-courier-001", headers=HTML).text
    assert "<h1>The factory is to stand in Brasov.</h1>" in text
    assert CLAIM in text
    assert ART in text


def test_home_counts_and_lists(site: Site) -> None:
    text = words_of(site.ask("/").text)
    assert "1 Agreements" in text
    assert "4 claims" in text
    assert "Drone agreement planned" in text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/agreements", "Drone agreement Agreement planned Romania , Ukraine"),
        ("/facilities", "Drone factory in Brasov Factory planned Brasov 3"),
        ("/actors", "Ana Pop Person"),
        ("/articles", "Report on a planned factory Article 2025-01-02"),
        ("/vocab/", "Lifecycle Stages from idea to end. planned"),
        ("/ontology/", "Factory ent:Factory class Facility that makes products."),
        ("/shapes/", "Factory shape"),
        ("/graph/", "Current view"),
    ],
)
def test_lists_show_name_kind_and_status(site: Site, path: str, expected: str) -> None:
    assert expected in words_of(site.ask(path, headers=HTML).text)


def test_spellings_keep_their_language(site: Site) -> None:
    assert '<span lang="uk">Україна</span>' in site.ask("/page/country/ukraine").text
