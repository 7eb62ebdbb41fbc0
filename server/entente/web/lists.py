"""Lists: the home page, and the pages that list what the graph holds.

Owns the choice of what a list shows of each thing. What is counted and listed is asked of the
query library.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request

from entente.core.media import GRAPHS, PAGE
from entente.core.terms import ENT, RDF, SCHEMA, XSD, shorten
from entente.query.asof import Past
from entente.query.labels import read_labels
from entente.query.results import Iri, Literal, Row, Term
from entente.query.service import QueryService
from entente.web.answers import mark, tag_of, unchanged
from entente.web.api_past import turn
from entente.web.rendering import show_day
from entente.web.sparql import examples_of
from entente.web.structured import describe_dataset, describe_list
from entente.web.wholes import read_graphs


@dataclass(frozen=True, slots=True)
class Kind:
    """One list: `columns` are the properties that it shows beside name and kind."""

    path: str
    title: str
    cls: str
    lead: str
    columns: tuple[tuple[str, str], ...]


STATUS: Final = (ENT + "lifecycleStatus", "Status")
PARTIES: Final = (ENT + "participant", "Parties")
KINDS: Final = (
    Kind(
        "/agreements",
        "Agreements",
        ENT + "Agreement",
        "Understandings between parties, whether planned, signed or in force.",
        (STATUS, PARTIES),
    ),
    Kind(
        "/programmes",
        "Programmes",
        ENT + "Initiative",
        "Programmes, projects, partnerships and other common undertakings, at any stage.",
        (STATUS, PARTIES),
    ),
    Kind(
        "/facilities",
        "Facilities",
        ENT + "Facility",
        "Factories and production lines, built or planned.",
        (STATUS, (ENT + "locatedIn", "Place")),
    ),
    Kind(
        "/actors",
        "Actors",
        ENT + "Agent",
        "Persons, organisations, states and groups that act, speak or are affected.",
        (),
    ),
    Kind(
        "/articles",
        "Articles",
        ENT + "Article",
        "The reports that the graph rests on.",
        ((SCHEMA + "datePublished", "Published"), (SCHEMA + "publisher", "Publisher")),
    ),
)
TYPE: Final = RDF + "type"
TITLE: Final = "Entente: evidence graph of Europe–Ukraine defence-industrial cooperation"
TEXT: Final = (
    "Agreements and programmes between Ukraine and its European partners, where production is "
    "planned, for how much money and by when, as claims of news articles with their passages."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One value in a list; `iri` where it is a thing."""

    text: str
    iri: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a list."""

    iri: str
    label: str
    values: Mapping[str, tuple[Shown, ...]]
    claims: int


def lists_blueprint(service: QueryService, past: Past) -> Blueprint:
    """Make the views of home and lists."""
    blueprint = Blueprint("lists", __name__)

    def show(template: str, read: Callable[[QueryService], dict[str, object]]) -> Response:
        dated = turn(service, past, request.args.items(multi=True))
        show_day(dated.day)
        revision = dated.service.revision
        tag = tag_of(revision, "page", request.path, dated.day)
        response = unchanged(tag, revision)
        if response is None:
            body = render_template(template, **read(dated.service))
            response = Response(body, content_type=PAGE.content_type)
            mark(response, tag, revision)
        return dated.mark(response)

    @blueprint.get("/")
    def home() -> Response:
        return show("home.html", read_home)

    @blueprint.get("/graph/")
    @blueprint.get("/graph", endpoint="graph")
    def graphs() -> Response:
        return show("graphs.html", lambda held: {"graphs": read_graphs(held)})

    @blueprint.get("/article/")
    @blueprint.get("/claim/", endpoint="claim")
    def article() -> Response:
        return Response(status=303, headers={"Location": "/articles"})

    @blueprint.get("/id/")
    @blueprint.get("/page/", endpoint="page")
    @blueprint.get("/data/", endpoint="data")
    def thing() -> Response:
        return Response(status=303, headers={"Location": "/"})

    for kind in KINDS:

        @blueprint.get(kind.path, endpoint=kind.path[1:])
        def listing(kind: Kind = kind) -> Response:
            return show(
                "list.html",
                lambda held: read_listing(held, kind),
            )

    return blueprint


def read_listing(service: QueryService, kind: Kind) -> dict[str, object]:
    """Read what the page of a list shows."""
    items = read_items(service, kind)
    listed = describe_list(kind.title, ((item.iri, item.label) for item in items))
    known = read_articles(service) if kind is KINDS[-1] else frozenset()
    unread = {item.iri for item in items if item.iri not in known} if known else frozenset()
    shown = {"kind": kind, "items": items, "unread": unread, "type_property": TYPE}
    return {**shown, "structured": listed}


def read_articles(service: QueryService) -> frozenset[str]:
    """Give the articles that claims were taken from."""
    return frozenset(str(row["it"]) for row in service.rows("pages/read-articles"))


def read_home(service: QueryService) -> dict[str, object]:
    """Read what the home page shows."""
    classes = {kind.cls: kind for kind in KINDS}
    wanted = tuple(Iri(iri) for iri in (*classes, ENT + "Claim"))
    rows = service.rows("pages/counts", **{"class": wanted})
    counts = {str(row["class"]): int(str(row["count"])) for row in rows}
    articles = read_items(service, KINDS[-1])
    downloads = [(f"{request.url_root}dataset.{one.extension}", one.media_type) for one in GRAPHS]
    known = read_articles(service)
    read = [item for item in articles if item.iri in known]
    counts[KINDS[-1].cls] = len(read)
    return {
        "structured": describe_dataset(
            request.url_root, title=TITLE, text=TEXT, downloads=downloads, pages=len(read)
        ),
        "kinds": [(kind, counts.get(kind.cls, 0)) for kind in KINDS],
        "claims": counts.get(ENT + "Claim", 0),
        "examples": examples_of(service),
        "agreements": read_items(service, KINDS[0]),
        "articles": read,
    }


def read_items(service: QueryService, kind: Kind) -> tuple[Item, ...]:
    """Read the things of a list, sorted by name; articles by date."""
    cls = Iri(kind.cls)
    values = _gather(service.rows("pages/list", **{"class": cls}))
    counted = {
        str(row["it"]): int(str(row["claims"]))
        for row in service.rows("pages/claim-counts", **{"class": cls})
    }
    mentioned = {
        term.value
        for properties in values.values()
        for terms in properties.values()
        for term in terms
        if isinstance(term, Iri)
    }
    labels = read_labels(service, {*values, *mentioned})
    items = [
        Item(
            iri,
            labels.get(iri) or shorten(iri),
            {
                name: tuple(sorted((_shown(term, labels) for term in terms), key=_by_text))
                for name, terms in properties.items()
            },
            counted.get(iri, 0),
        )
        for iri, properties in values.items()
    ]
    return tuple(sorted(items, key=_by_date_and_label))


def _gather(rows: list[Row]) -> Mapping[str, Mapping[str, set[Term]]]:
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        found[str(row["it"])][str(row["property"])].add(row["value"])
    return found


def _shown(term: Term, labels: Mapping[str, str]) -> Shown:
    if isinstance(term, Iri):
        return Shown(labels.get(term.value) or shorten(term.value), term.value)
    # A list shows the day; the hour stands on the thing's own page.
    is_moment = isinstance(term, Literal) and term.datatype == XSD + "dateTime"
    return Shown(str(term)[:10] if is_moment else str(term), None)


def _by_text(shown: Shown) -> str:
    return shown.text.lower()


def _by_date_and_label(item: Item) -> tuple[str, str]:
    dates = item.values.get(SCHEMA + "datePublished", ())
    return dates[0].text if dates else "", item.label.lower()
