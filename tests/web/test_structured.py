"""schema.org in pages: a block of JSON-LD that any reader takes without fetching anything."""

import json
import re
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

from entente.core.terms import BASE, ENT, ID, RDF, SCHEMA
from tests.web.site import Site

HTML = {"Accept": "text/html"}


class Blocks(HTMLParser):
    """Gathers the blocks of data of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a block begins."""
        self._inside = tag == "script" and ("type", "application/ld+json") in attrs
        if self._inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note where a block ends."""
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        """Keep the text of a block."""
        if self._inside:
            self.found[-1] += data


def block_of(site: Site, path: str) -> str:
    reply = site.ask(path, headers=HTML)
    assert reply.status == 200
    blocks = Blocks()
    blocks.feed(reply.text)
    (block,) = blocks.found
    return block


def types_of(block: str, iri: str) -> set[str]:
    triples = ox.parse(block.encode(), format=ox.RdfFormat.JSON_LD)
    return {
        str(one.object).strip("<>").removeprefix(SCHEMA)
        for one in triples
        if one.predicate.value == RDF + "type" and str(one.subject) == f"<{iri}>"
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id/org/nato", "Organization"),
        ("id/org/romania-ministry-of-defence", "GovernmentOrganization"),
        ("id/person/denys-shmyhal", "Person"),
        ("id/country/norway", "Country"),
        ("id/place/brasov", "City"),
        ("id/facility/brasov-drone-factory", "Place"),
        ("id/law/defence-city-law", "Legislation"),
        ("id/initiative/safe", "Project"),
        ("id/product/peklo", "Product"),
        ("id/agreement/mega-deal", "Thing"),
        ("article/2025-06-27-unn-defence-city", "NewsArticle"),
        ("claim/2025-06-27-unn-061", "Claim"),
        ("vocab/modality/stated", "DefinedTerm"),
        ("vocab/modality", "DefinedTermSet"),
        ("ontology/Factory", "DefinedTerm"),
    ],
)
def test_a_page_says_what_its_thing_is(real: Site, path: str, expected: str) -> None:
    """The parser fetches nothing: the context stands in the block."""
    page = f"/page/{path[3:]}" if path.startswith("id/") else f"/{path}"
    assert types_of(block_of(real, page), BASE + path) == {expected}


def test_a_claim_names_its_article_and_speaker_and_no_rating(real: Site) -> None:
    found = json.loads(block_of(real, "/claim/2025-06-05-unn-010"))
    assert found["appearance"]["@id"].startswith(BASE + "article/")
    assert found["author"]["name"] == "Rustem Umerov"
    assert found["datePublished"] == "2025-06-05"
    assert "reviewRating" not in found


def test_an_article_is_dated_and_has_its_address(real: Site) -> None:
    found = json.loads(block_of(real, "/article/2025-06-27-unn-defence-city"))
    assert found["datePublished"] == "2025-06-27"
    assert found["url"].startswith("https://unn.ua/")
    assert found["publisher"]["@id"] == ID + "org/unn"


def test_a_thing_names_the_articles_that_speak_of_it(real: Site) -> None:
    found = json.loads(block_of(real, "/page/facility/brasov-drone-factory"))
    assert [one["@type"] for one in found["subjectOf"]] == ["NewsArticle"]
    assert found["additionalType"][0].startswith(ENT)


def test_the_home_page_describes_the_dataset_and_its_downloads(real: Site) -> None:
    block = block_of(real, "/")
    dataset = json.loads(block)["about"]
    assert types_of(block, dataset["@id"]) == {"Dataset"}
    assert "5 news articles" in dataset["measurementTechnique"]
    for download in dataset["distribution"]:
        path = download["contentUrl"].removeprefix(real.url)
        reply = real.ask(path, method="HEAD")
        assert (reply.status, reply.type) == (200, download["encodingFormat"])


def test_a_list_names_its_members(real: Site) -> None:
    found = json.loads(block_of(real, "/agreements"))["mainEntity"]
    assert found["numberOfItems"] == len(found["itemListElement"]) == 4


def test_no_value_ends_the_block(real: Site) -> None:
    text = real.ask("/page/country/ukraine", headers=HTML).text
    block = re.findall(r"(?s)<script[^>]*>(.*?)</script>", text)[0]
    assert "<" not in block
