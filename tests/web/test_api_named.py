"""Named queries over the real graph: each file of `queries/api` is an endpoint that answers."""

import csv
import io
import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from pyld import jsonld
from werkzeug.http import parse_options_header

from entente.core.errors import SourceError
from entente.core.terms import ENT, ID, expand
from tests.web.site import Reply, Site, run_site

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "queries" / "api").glob("*.rq"))
LISTS = [
    name for name in NAMES if "\n# items:" in (ROOT / "queries" / "api" / f"{name}.rq").read_text()
]
ASKED = {"statements-by-person": "?speaker=rustem-umerov"}
TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "jsonld": "application/ld+json",
    "html": "text/html",
    "srj": "application/sparql-results+json",
}


@pytest.fixture(scope="module")
def graph(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over the real graph, with time for days of the past on a busy machine."""
    folder = tmp_path_factory.mktemp("named")
    with run_site(folder, quads=dataset_path.read_bytes(), query_seconds=60.0) as running:
        yield running


def get(site: Site, path: str, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.ask(f"/api/{path}", headers=named)


def read(reply: Reply) -> dict[str, Any]:
    assert reply.status == 200, reply.text
    return reply.fields()


def iris(reply: Reply) -> list[str]:
    return [item["iri"] for item in read(reply)["items"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_named_query_finds_something_in_the_articles(graph: Site, name: str) -> None:
    fields = read(get(graph, name + ASKED.get(name, "")))
    held = fields["items"] if name in LISTS else fields["rows"]
    assert 0 < len(held) <= fields["page"]["limit"]
    assert fields["page"]["total"] >= len(held)


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_every_named_query_answers_in_every_format(graph: Site, name: str, suffix: str) -> None:
    by_suffix = get(graph, f"{name}.{suffix}{ASKED.get(name, '')}")
    assert (by_suffix.status, by_suffix.type) == (200, TYPES[suffix])
    by_accept = get(graph, name + ASKED.get(name, ""), Accept=TYPES[suffix])
    assert by_accept.body == by_suffix.body or suffix in ("html", "jsonld", "json")
    assert by_accept.type == TYPES[suffix]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_in_json_ld_is_triples_of_the_graph(
    graph: Site, dataset_path: Path, name: str
) -> None:
    """JSON names the context, JSON-LD carries it: both say what the graph says of each item."""
    known = set(default_graph(dataset_path))
    carried = triples(get(graph, f"{name}.jsonld?limit=1000").text)
    assert carried - known == set()
    short = (one["iri"] for one in read(get(graph, name))["items"])
    listed = {f"<{expand(iri)}>" for iri in short}
    told = {one for one in known if one[0] in listed}
    assert told - carried == set()
    named = triples(get(graph, f"{name}?limit=1000").text)
    assert named == carried


def default_graph(dataset_path: Path) -> Iterator[tuple[str, str, str]]:
    for quad in ox.parse(path=dataset_path, format=ox.RdfFormat.N_QUADS):
        if not isinstance(quad.object, ox.BlankNode):
            yield str(quad.subject), str(quad.predicate), canonical(quad.object)


def canonical(term: object) -> str:
    return str(term).removesuffix("^^<http://www.w3.org/2001/XMLSchema#string>")


def triples(text: str) -> set[tuple[str, str, str]]:
    lines = jsonld.to_rdf(
        json.loads(text), {"format": "application/n-quads", "documentLoader": fetch}
    )
    assert "_:" not in lines
    return {
        (str(one.subject), str(one.predicate), canonical(one.object))
        for one in ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS)
    }


def fetch(address: str, _: object) -> dict[str, Any]:
    """Get a context from the server that the document names."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return {"documentUrl": address, "contextUrl": None, "document": json.load(answer)}


def test_every_member_of_an_item_is_a_list_or_a_map_of_languages(graph: Site) -> None:
    items = read(get(graph, "commitments"))["items"]
    assert items != []
    for item in items:
        kinds = {name: type(value) for name, value in item.items() if name not in ("iri", "facts")}
        assert set(kinds.values()) <= {list, dict}
        assert {name for name, kind in kinds.items() if kind is dict} <= {
            "prefLabel",
            "purposeText",
        }
    (amount,) = next(item["amount"] for item in items if "amount" in item)
    assert set(amount) >= {"iri", "type", "value", "currency"}


def test_each_fact_of_an_item_tells_its_sources(graph: Site) -> None:
    (item,) = read(get(graph, "agreements?status=signed"))["items"]
    assert item["facts"]["lifecycleStatus"] == [
        {"value": "voc:lifecycle/signed", "sources": 1, "claimCount": 1}
    ]
    inferred = item["facts"]["participant"][0]
    assert (inferred["sources"], inferred["inferred"]) == (0, True)


@pytest.mark.parametrize(
    "party", ["norway", "id:country/norway", f"{ID}country/norway", f"<{ID}country/norway>"]
)
def test_a_thing_is_named_short_by_prefix_or_in_full(graph: Site, party: str) -> None:
    reply = get(graph, f"agreements?party={party.replace('<', '%3C').replace('>', '%3E')}")
    assert iris(reply) == ["id:agreement/norway-ukraine-drone-agreement"]
    assert read(reply)["page"]["parameters"] == {"party": [f"{ID}country/norway"]}


def test_a_repeated_parameter_takes_any_of_its_values(graph: Site) -> None:
    one = set(iris(get(graph, "programmes?party=france")))
    other = set(iris(get(graph, "programmes?party=spain")))
    assert one
    assert other - one
    assert set(iris(get(graph, "programmes?party=france&party=spain"))) == one | other


@pytest.mark.parametrize("name", ["actors", "events", "claims-by-article", "status-history"])
def test_pages_follow_one_another_without_gap_or_repetition(graph: Site, name: str) -> None:
    member = "items" if name in LISTS else "rows"
    whole = read(get(graph, f"{name}?limit=1000"))
    found, address = [], f"/api/{name}?limit=7"
    while address:
        reply = graph.ask(address)
        found += read(reply)[member]
        links = [parse_options_header(link) for link in reply.headers.get_all("Link") or []]
        following = [link[1:-1] for link, options in links if options.get("rel") == "next"]
        address = ""
        for link in following:
            parts = urlsplit(link)
            address = f"{parts.path}?{parts.query}"
    assert found == whole[member]
    assert len(found) == whole["page"]["total"]


def test_a_page_of_nothing_tells_the_total(graph: Site) -> None:
    fields = read(get(graph, "actors?limit=0"))
    assert (fields["items"], fields["page"]["limit"]) == ([], 0)
    assert fields["page"]["total"] > 50


def test_rows_are_sorted_as_asked(graph: Site) -> None:
    def labels(search: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(get(graph, f"actors.csv?limit=1000{search}").text))
        return [row["label"] for row in rows]

    up = labels("&sort=label")
    assert up == sorted(up, key=str.casefold)
    assert sorted(labels("&sort=-label"), key=str.casefold) == up
    assert labels("&sort=-label")[0] == up[-1]


def test_numbers_are_sorted_by_value(graph: Site) -> None:
    rows = read(get(graph, "claims-by-article?sort=-claims"))["rows"]
    counts = [row["claims"]["value"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert max(counts) > 9


def test_cells_keep_their_types(graph: Site) -> None:
    row = read(get(graph, "claims-by-article"))["rows"][0]
    assert row["claims"]["type"].endswith("#integer")
    assert isinstance(row["claims"]["value"], int)
    assert isinstance(row["counts"]["value"], bool)
    assert row["published"]["type"].endswith("#date")
    money = read(get(graph, "money-by-programme?funder=norway&currency=NOK"))["rows"][0]
    assert money["low"] == {
        "value": "6700000000",
        "type": "http://www.w3.org/2001/XMLSchema#decimal",
    }


def test_fields_choose_columns_and_members(graph: Site) -> None:
    (item, *_) = read(get(graph, "agreements?fields=lifecycleStatus"))["items"]
    assert set(item) == {"iri", "type", "lifecycleStatus", "facts"}
    assert set(item["facts"]) == {"lifecycleStatus"}
    assert get(graph, "agreements.csv?fields=label,status").text.startswith("label,status\r\n")


def test_columns_that_are_asked_for_are_shown_in_every_format(graph: Site) -> None:
    search = "party=norway&fields=label,status"
    for path in ("agreements", "agreements.jsonld"):
        (item,) = read(get(graph, f"{path}?{search}"))["items"]
        assert set(item) == {"iri", "type", "label", "status"}
        assert item["label"] == ["Ukraine-Norway drone agreement"]
        assert item["status"] == ["voc:lifecycle/signed"]
    (row,) = csv.DictReader(io.StringIO(get(graph, f"agreements.csv?{search}").text))
    assert list(row) == ["label", "status"]
    assert row["label"] == "Ukraine-Norway drone agreement"
    assert row["status"].endswith("/lifecycle/signed")
    page = get(graph, f"agreements.html?{search}").text
    table = page[page.index("<table") : page.index("</table>")]
    assert "Ukraine-Norway drone agreement" in table
    assert "/lifecycle/signed" in table
    labelled = read(get(graph, f"agreements?{search}&labels=en"))
    assert labelled["labels"]["voc:lifecycle/signed"] == "signed"


@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_a_list_stands_in_its_items_and_adds_no_triple(
    graph: Site, dataset_path: Path, name: str
) -> None:
    table = get(graph, f"{name}.csv?limit=1000").text
    rows = list(csv.DictReader(io.StringIO(table)))
    told = {key for one in read(get(graph, f"{name}?limit=1000"))["items"] for key in one}
    terms = sorted(one for one in told - {"iri", "type", "facts"} if ":" not in one)
    both = ",".join({**dict.fromkeys(rows[0]), **dict.fromkeys(terms)})
    for chosen in (",".join(rows[0]), both):
        items = read(get(graph, f"{name}?limit=1000&fields={chosen}"))["items"]
        for item, row in zip(items, rows, strict=True):
            assert {column for column, text in row.items() if text} - set(item) == set()
    without = triples(get(graph, f"{name}.jsonld?limit=1000&fields={','.join(terms)}").text)
    assert triples(get(graph, f"{name}.jsonld?limit=1000&fields={both}").text) == without
    assert triples(get(graph, f"{name}?limit=1000&fields={both}").text) == without
    assert without <= set(default_graph(dataset_path))


def test_a_term_that_an_item_tells_comes_before_the_column_of_its_name(graph: Site) -> None:
    (item, *_) = read(get(graph, "commitments?funder=norway&fields=amount,currency"))["items"]
    assert isinstance(item["amount"][0], dict)
    assert item["currency"] == ["NOK"] or item["currency"] == ["USD"]
    assert item["@context"] == {"@propagate": False, "currency": None}


def test_labels_add_columns(graph: Site) -> None:
    header, first, *_ = get(graph, "facilities-by-country.csv?labels=en").text.split("\r\n")
    assert header.startswith("country,countryLabel,facility,facilityLabel,status,statusLabel")
    assert ",Denmark," in first
    labels = read(get(graph, "agreements?labels=en"))["labels"]
    assert labels["id:country/norway"] == "Norway"


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("agreements?party=ukrane", "near are ukraine"),
        ("agreements?party=a%20b", "accepted is a name (id:country/…"),
        ("agreements?after=July", "a day such as 2025-07-31"),
        ("agreements?after=2025-07-01&after=2025-07-02", "given 2 times"),
        ("agreements?sort=size", "accepted are agreement, label"),
        ("agreements?fields=lifecyclestatus", "near is lifecycleStatus"),
        ("agreements?labels=%21", "a language tag"),
        ("agreements?limit=-1", "whole number up to 1000"),
        ("agreements?asOf=yesterday", "a day such as"),
        ("planned-and-done?stage=finished", "one of planned, under-way, done, stopped"),
        ("statements-by-person", "speaker is missing"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_accepted(
    graph: Site, search: str, words: str
) -> None:
    reply = get(graph, search)
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert words in str(reply.fields()["detail"])


def test_an_unknown_parameter_is_ignored_and_told(graph: Site) -> None:
    reply = get(graph, "agreements?stauts=signed&_=1")
    assert read(reply)["page"]["ignored"] == ["_", "stauts"]
    assert reply.headers["X-Ignored-Parameters"] == "_, stauts"
    assert "stauts" in get(graph, "agreements.html?stauts=signed").text
    strict = get(graph, "agreements?stauts=signed", Prefer="handling=strict")
    assert strict.status == 400
    assert "near is status" in str(strict.fields()["detail"])


def test_a_day_of_the_past_knows_less(graph: Site) -> None:
    reply = get(graph, "agreements?asOf=2025-07-31")
    assert iris(reply) == ["id:agreement/technology-export-agreement"]
    assert read(reply)["page"]["asOf"] == "2025-07-31"
    assert reply.headers["Memento-Datetime"] == "Thu, 31 Jul 2025 23:59:59 GMT"
    page = get(graph, "agreements.html?asOf=2025-07-31").text
    assert '<p class="past" role="note">As reported by' in page
    assert 'href="/id/agreement/technology-export-agreement?asOf=2025-07-31"' in page


@pytest.mark.parametrize("name", ["agreements", "timeline.csv", "timeline.html", "actors.jsonld"])
def test_an_answer_is_not_sent_twice(graph: Site, name: str) -> None:
    first = get(graph, name)
    assert get(graph, name, If_None_Match=first.headers["ETag"]).status == 304
    assert get(graph, f"{name}?limit=3").headers["ETag"] != first.headers["ETag"]
    head = graph.ask(f"/api/{name}", method="HEAD")
    assert (head.status, head.body, head.type) == (200, b"", first.type)


def test_sums_of_money_are_those_of_the_totals(graph: Site) -> None:
    """The query in SPARQL and the arithmetic in Python agree on every range."""
    rows = read(get(graph, "money-by-programme"))["rows"]
    mine = {(row["funder"]["iri"], row["currency"]["value"]): row for row in rows}
    totals = read(get(graph, "totals"))["totals"]
    assert len(totals) >= len(mine) > 2
    for total in totals:
        row = mine.get((total["funder"], total["currency"]))
        if float(total["high"]) == 0:
            continue
        assert row is not None
        assert [row[end]["value"] for end in ("low", "high")] == [total["low"], total["high"]]
    norway = mine[f"{ID}country/norway", "USD"]
    assert (norway["low"]["value"], norway["high"]["value"]) == ("7660000000", "14660000000")


def test_the_page_has_a_form_of_the_parameters(graph: Site) -> None:
    page = get(graph, "agreements.html?party=ukraine&after=2025-01-01").text
    assert '<select id="p-party" name="party">' in page
    assert '<option value="ukraine" selected>' in page
    assert 'name="after" type="date" value="2025-01-01"' in page
    assert f'title="{ID}agreement/drone-deal"' in page


def test_a_form_begins_without_what_it_requires(graph: Site) -> None:
    page = get(graph, "statements-by-person.html")
    assert page.status == 200
    assert '<select id="p-speaker" name="speaker" required>' in page.text
    assert "<table>" not in page.text
    assert ".csv" not in page.text


def test_the_page_escapes_what_was_asked(graph: Site) -> None:
    page = get(graph, "actors.html?text=%3Cscript%3E%22x&%3Cb%3E=1").text
    assert '<script>"x' not in page
    assert "<b>" not in page
    assert "&lt;script&gt;&#34;x" in page


def test_a_filter_by_a_wider_product_keeps_the_narrower_ones_only(graph: Site) -> None:
    rows = read(get(graph, "who-produces-what-where?product=drone"))["rows"]
    products = {row["product"]["iri"].rpartition("/")[2] for row in rows}
    assert {"drone", "naval-drone"} <= products
    assert products.isdisjoint({"missile", "artillery", "weapon"})


def test_a_filter_by_place_keeps_what_lies_in_it_only(graph: Site) -> None:
    rows = read(get(graph, "who-produces-what-where?place=romania"))["rows"]
    assert {row["place"]["iri"] for row in rows} == {f"{ID}place/brasov", f"{ID}country/romania"}


def test_an_unknown_suffix_is_not_found(graph: Site) -> None:
    assert get(graph, "agreements.xlsx").status == 404


NEW = """\
# title: Countries by name
# description: Countries whose name begins so.
# param start: how the name begins
# type start: text
# column name: the name
SELECT DISTINCT ?name {
  VALUES ?start { UNDEF }
  ?it a <ENTCountry> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name .
  FILTER(!BOUND(?start) || STRSTARTS(STR(?name), ?start))
}
""".replace("ENT", ENT)


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "queries", tmp_path / "queries"))


def test_adding_a_file_adds_an_endpoint(tmp_path: Path, queries: Path) -> None:
    (queries / "api" / "countries-by-name.rq").write_text(NEW)
    with run_site(tmp_path / "state", queries=queries) as site:
        rows = read(get(site, "countries-by-name?start=Rom"))["rows"]
        assert rows == [{"name": {"value": "Romania", "language": "en"}}]
        paths = json.loads(site.ask("/api/openapi.json").body)["paths"]
        (own, *_) = paths["/api/countries-by-name"]["get"]["parameters"]
        assert (own["name"], own["description"]) == ("start", "how the name begins")
        assert "/api/countries-by-name.html" in site.ask("/api").text


def test_a_malformed_header_is_refused_at_the_start(tmp_path: Path, queries: Path) -> None:
    (queries / "api" / "bad.rq").write_text(NEW.replace("# type", "# typ"))
    words = r"queries/api/bad\.rq:4: error: .* know 'typ start"
    with pytest.raises(SourceError, match=words), run_site(tmp_path / "state", queries=queries):
        pass
