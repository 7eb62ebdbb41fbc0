"""What a client that sends a given Accept header gets."""

import pytest

from entente.core.media import FORMATS, GRAPHS, PAGE, RESULTS, Format, by_name, negotiate


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/tab-separated-values;q=0.9, text/csv;q=0.5", "tsv"),
        ("application/sparql-results+xml", "xml"),
        ("application/sparql-results+json,*/*;q=0.9", "json"),
        ("text/plain,*/*;q=0.9", "json"),
        ("text/*", "csv"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("application/json;q=0.1, application/sparql-results+json;q=0, */*;q=0.5", "xml"),
        ("application/x-sparqlstar-results+json,application/sparql-results+json", "json"),
        ("nonsense, text/csv", "csv"),
        ("text/csv;q=high, text/tab-separated-values", "tsv"),
    ],
)
def test_results_follow_the_accept_header(header: str | None, expected: str) -> None:
    chosen = negotiate(header, RESULTS)
    assert chosen is not None
    assert expected == chosen.name


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("*/*", "ttl"),
        ("application/rdf+xml, application/xml;q=0.7", "rdf"),
        ("application/n-triples,*/*;q=0.9", "nt"),
        ("application/turtle,text/turtle", "ttl"),
        ("application/json", "jsonld"),
        ("application/trig", "trig"),
        ("text/turtle;q=0, */*", "nt"),
        ("application/*", "nt"),
    ],
)
def test_graphs_follow_the_accept_header(header: str, expected: str) -> None:
    chosen = negotiate(header, GRAPHS)
    assert chosen is not None
    assert expected == chosen.name


@pytest.mark.parametrize("header", ["image/png", "text/turtle;q=0", "application/*;q=0"])
def test_an_unacceptable_header_gets_none_of_the_page_offers(header: str) -> None:
    assert negotiate(header, (PAGE,)) is None


def test_a_browser_gets_the_page_and_a_script_gets_turtle() -> None:
    offers = (*GRAPHS, PAGE)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert PAGE is negotiate(browser, offers)
    assert GRAPHS[0] is negotiate("*/*", offers)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json", "json"),
        ("JSON", "json"),
        ("srj", "json"),
        ("text/csv", "csv"),
        ("tsv", "tsv"),
        ("application/sparql-results xml", "xml"),
    ],
)
def test_a_format_parameter_names_a_result_format(name: str, expected: str) -> None:
    found = by_name(name, RESULTS)
    assert found is not None
    assert expected == found.name


@pytest.mark.parametrize(
    ("name", "expected"), [("turtle", "ttl"), ("xml", "rdf"), ("json", "jsonld"), ("nq", "nq")]
)
def test_a_format_parameter_names_a_graph_format(name: str, expected: str) -> None:
    found = by_name(name, GRAPHS)
    assert found is not None
    assert expected == found.name


def test_an_unknown_format_is_none() -> None:
    assert by_name("parquet", FORMATS) is None


@pytest.mark.parametrize("offers", [RESULTS, GRAPHS])
def test_names_and_extensions_are_unique_within_a_kind(offers: tuple[Format, ...]) -> None:
    names = [name for offer in offers for name in {offer.name, offer.extension}]
    assert len(names) == len(set(names))
