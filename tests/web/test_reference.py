"""The page of the ontology: every term has its anchor, every diagram shows what the axioms say."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import NamedNode

from entente.core.terms import ENT, GRAPH, OWL, RDFS, SCHEMA, VOC
from entente.logic.facts import Facts
from entente.web.diagrams import DIAGRAMS, LAYERS
from entente.web.drawing import Box, Drawing, Edge, render
from entente.web.reference import MODULES
from tests.ontology.knowledge import terms
from tests.web.site import Site, run_site

SVG: Final = "{http://www.w3.org/2000/svg}"
CLASSES: Final = [(d, box) for d in DIAGRAMS for box in d.boxes if box.kind == "class"]
EDGES: Final = [(d, e) for d in DIAGRAMS if d is not LAYERS for e in d.edges]


@cache
def facts() -> Facts:
    return Facts(terms())


def ours(*kinds: str) -> set[str]:
    """Local names of our terms of some kinds."""
    found = facts().instances(*(NamedNode(OWL + kind) for kind in kinds))
    iris = (term.value for term in found if isinstance(term, NamedNode))
    return {iri.removeprefix(ENT) for iri in iris if iri.startswith(ENT)}


def above(name: str) -> set[str]:
    """A class and all its superclasses."""
    found, ahead = set(), [NamedNode(ENT + name)]
    while ahead:
        node = ahead.pop()
        found.add(node.value)
        parents = facts().objects(node, NamedNode(RDFS + "subClassOf"))
        ahead += [one for one in parents if isinstance(one, NamedNode)]
    return found


def said(name: str, predicate: str) -> set[str]:
    values = facts().objects(NamedNode(ENT + name), NamedNode(predicate))
    return {value.value for value in values if isinstance(value, NamedNode)}


@pytest.fixture(scope="module")
def page(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("real")
    with run_site(folder, quads=dataset_path.read_bytes(), readers=1) as site:
        yield site.ask("/ontology/", headers={"Accept": "text/html"}).text


def anchors(page: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', page)


def test_every_class_and_property_has_one_anchor(page: str) -> None:
    """Gate Q48."""
    found = anchors(page)
    wanted = ours("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    assert wanted - set(found) == set()
    assert sorted({name for name in found if found.count(name) > 1}) == []


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) - set(anchors(page)) == set()


def test_the_page_shows_every_diagram_and_runs_nothing(page: str) -> None:
    assert page.count('<svg class="drawing"') == len(DIAGRAMS)
    assert re.findall("<script[^>]*>", page) == ['<script src="/static/search.js" defer>']
    assert re.findall(r'\s(?:src|style|on[a-z]+)="', page) == [' src="']


def test_a_term_says_what_the_ontology_says(page: str) -> None:
    block = page[page.index('id="locatedIn"') :].partition("</section>")[0]
    for words in ("object property", "transitive", "Current view", "schema:containedInPlace"):
        assert words in block
    assert re.search(r"Used in</dt><dd><details><summary>\d+ quer", block)


def test_every_module_is_introduced(page: str) -> None:
    modules = {
        facts().text(NamedNode(ENT + name), NamedNode(ENT + "module"))
        for name in ours("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    }
    assert modules == set(MODULES)
    assert [key for key in MODULES if f'id="module-{key}"' not in page] == []


def test_a_graph_without_ontology_still_has_the_page(site: Site) -> None:
    assert site.ask("/ontology/", headers={"Accept": "text/html"}).status == 200


def test_the_logo_is_a_picture(site: Site) -> None:
    reply = site.ask("/ontology/logo.svg")
    assert (reply.status, reply.type) == (200, "image/svg+xml")
    assert ET.fromstring(reply.text).tag == f"{SVG}svg"


@pytest.mark.parametrize("drawing", DIAGRAMS, ids=lambda drawing: drawing.key)
def test_a_diagram_is_the_same_each_time_and_fits_its_frame(drawing: Drawing) -> None:
    picture = render(drawing)
    assert picture == render(drawing)
    root = ET.fromstring(str(picture))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for shape in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
        assert (x >= 0, y >= 0, x + w <= width, y + h <= height) == (True,) * 4
    assert len(list(root.iter(f"{SVG}polygon"))) == len(drawing.edges)


@pytest.mark.parametrize(
    ("drawing", "box"), CLASSES, ids=[f"{drawing.key}-{box.name}" for drawing, box in CLASSES]
)
def test_a_box_is_a_class_with_the_properties_it_lists(drawing: Drawing, box: Box) -> None:
    assert box.name in ours("Class"), drawing.key
    for line in box.lines:
        for name in line.split(", "):
            assert said(name, SCHEMA + "domainIncludes") & above(box.name), name


@pytest.mark.parametrize(
    ("drawing", "edge"), EDGES, ids=[f"{d.key}-{e.source}-{e.label}-{e.target}" for d, e in EDGES]
)
def test_an_arrow_is_an_axiom(drawing: Drawing, edge: Edge) -> None:
    target = drawing.box(edge.target)
    if edge.kind == "subclass":
        assert ENT + edge.target in said(edge.source, RDFS + "subClassOf")
        return
    # an arrow without a label is a branch of the one beside it
    labels = {e.label for e in drawing.edges if e.source == edge.source and e.label}
    name = edge.label or "postIn"
    assert name in labels
    assert said(name, SCHEMA + "domainIncludes") & above(edge.source)
    wanted = {VOC + target.name} if target.kind == "scheme" else above(target.name)
    assert said(name, SCHEMA + "rangeIncludes") & wanted


def test_the_layers_are_the_graphs_that_the_build_writes(dataset_path: Path) -> None:
    names = set(re.findall(rf"<({re.escape(GRAPH)}[a-z]+)", dataset_path.read_text("utf-8")))
    drawn = {f"{GRAPH}{box.name.removeprefix('graph:')}" for box in LAYERS.boxes}
    missing = {name for name in names if name not in drawn} - {f"{GRAPH}article", f"{GRAPH}vocab"}
    assert missing == set()


@pytest.mark.parametrize("path", ["/ontology", "/ontology/1.0.0", "/ontology/Factory"])
@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "text/turtle",
        "application/rdf+xml",
        "application/n-triples",
        "application/ld+json",
    ],
)
def test_ontology_version_and_terms_answer_in_each_format(
    site: Site, path: str, media_type: str
) -> None:
    """Gate Q08."""
    reply = site.ask(path, headers={"Accept": media_type})
    assert (reply.status, reply.type) == (200, media_type)
