"""Each claim is one nanopublication, well-formed, truly named, and holds all that it says."""

import base64
import hashlib
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from entente.core.terms import CLAIM, ENT, GRAPH, PROV, RDF, VOC
from tests.releases.dumps import unpacked

NP = rdflib.Namespace("http://www.nanopub.org/nschema#")
GRAPHS = ("Head", "assertion", "provenance", "pubinfo")
TYPE = ox.NamedNode(RDF + "type")

# rdflib warns of a class of its own, which its TriG parser uses.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

Nanopub = dict[str, set[ox.Triple]]


@pytest.fixture(scope="module")
def nanopubs(folder: Path) -> dict[str, Nanopub]:
    """Give the four graphs of each nanopublication, by its IRI."""
    found: dict[str, Nanopub] = defaultdict(lambda: defaultdict(set))
    for quad in ox.parse(unpacked(folder / "nanopubs.trig.gz"), format=ox.RdfFormat.TRIG):
        assert isinstance(quad.graph_name, ox.NamedNode)
        name, _, part = quad.graph_name.value.partition("#")
        found[name][part].add(quad.triple)
    return found


def claim_of(nanopub: Nanopub) -> ox.NamedNode:
    (claim,) = (
        one.subject
        for one in nanopub["assertion"]
        if one.predicate == TYPE and one.object == ox.NamedNode(ENT + "Claim")
    )
    assert isinstance(claim, ox.NamedNode)
    return claim


def test_there_is_one_for_each_claim(nanopubs: dict[str, Nanopub], quads: list[ox.Quad]) -> None:
    claims = {
        q.subject for q in quads if q.predicate == TYPE and q.object == ox.NamedNode(ENT + "Claim")
    }
    assert len(claims) > 600
    assert len(nanopubs) == len(claims)
    assert {claim_of(one) for one in nanopubs.values()} == claims


def test_each_is_well_formed(nanopubs: dict[str, Nanopub]) -> None:
    """The head names three graphs; provenance is about the assertion, publication info about it."""
    for name, nanopub in nanopubs.items():
        assert set(nanopub) == set(GRAPHS)
        me, assertion = ox.NamedNode(name), ox.NamedNode(f"{name}#assertion")
        assert nanopub["Head"] == {
            ox.Triple(me, TYPE, ox.NamedNode(NP.Nanopublication)),
            ox.Triple(me, ox.NamedNode(NP.hasAssertion), assertion),
            ox.Triple(me, ox.NamedNode(NP.hasProvenance), ox.NamedNode(f"{name}#provenance")),
            ox.Triple(me, ox.NamedNode(NP.hasPublicationInfo), ox.NamedNode(f"{name}#pubinfo")),
        }
        derived = ox.NamedNode(PROV + "wasDerivedFrom")
        assert any(t.subject == assertion and t.predicate == derived for t in nanopub["provenance"])
        assert any(t.subject == me for t in nanopub["pubinfo"])


def test_all_of_them_hold_the_same_claims(
    nanopubs: dict[str, Nanopub], quads: list[ox.Quad]
) -> None:
    """What is about claims and passages is what the articles' graphs say about them."""
    held = {
        one
        for nanopub in nanopubs.values()
        for part in GRAPHS[1:]
        for one in nanopub[part]
        if _is_claim_or_passage(one)
    }
    expected = {
        quad.triple
        for quad in quads
        if str(quad.graph_name).startswith(f"<{GRAPH}article/") and _is_claim_or_passage(quad)
    }
    cited = {one.object for one in expected if one.predicate == ox.NamedNode(ENT + "evidence")}
    assert held == {one for one in expected if _is_claim(one) or one.subject in cited}


def _is_claim(one: ox.Triple | ox.Quad) -> bool:
    return isinstance(one.subject, ox.NamedNode) and one.subject.value.startswith(CLAIM)


def _is_claim_or_passage(one: ox.Triple | ox.Quad) -> bool:
    if not isinstance(one.subject, ox.NamedNode) or "/nanopub/" in one.subject.value:
        return False
    return _is_claim(one) or "#char=" in one.subject.value


def test_a_hope_or_a_denial_asserts_no_direct_triple(
    nanopubs: dict[str, Nanopub], quads: list[ox.Quad]
) -> None:
    """Only what may enter the view stands in the assertion as if it were so."""
    enters = {
        q.subject
        for q in quads
        if q.predicate == ox.NamedNode(ENT + "entersView") and q.object.value == "true"  # type: ignore[union-attr]  # a literal
    }
    kept, direct = 0, 0
    for nanopub in nanopubs.values():
        claim = claim_of(nanopub)
        values = {
            t.predicate.value.removeprefix(ENT): t.object
            for t in nanopub["assertion"]
            if t.subject == claim
        }
        values |= {
            t.predicate.value.removeprefix(ENT): t.object
            for t in nanopub["pubinfo"]
            if t.subject == claim
        }
        counts = (
            values["modality"] in enters
            and "negated" not in values
            and values["curationStatus"] == ox.NamedNode(VOC + "curation-status/accepted")
        )
        if "object" in values:
            said = ox.Triple(values["subject"], values["predicate"], values["object"])  # type: ignore[arg-type]  # IRIs
            assert (said in nanopub["assertion"]) == counts
            kept += not counts
            direct += counts
    assert kept > 10
    assert direct > 400


@pytest.mark.usefixtures("exact_literals")
def test_each_name_is_the_digest_of_its_content(nanopubs: dict[str, Nanopub], folder: Path) -> None:
    """Recomputed from rdflib's terms, as the specification of trusty URIs says.

    Every fifth by default; `ENTENTE_LONG=1` takes all.
    """
    step = 1 if os.environ.get("ENTENTE_LONG") else 5
    chosen = set(sorted(nanopubs)[::step])
    quads = (
        quad
        for quad in ox.parse(unpacked(folder / "nanopubs.trig.gz"), format=ox.RdfFormat.TRIG)
        if str(quad.graph_name)[1:].partition("#")[0] in chosen
    )
    dataset = rdflib.Dataset()
    dataset.parse(data=ox.serialize(quads, format=ox.RdfFormat.TRIG), format="trig")
    held: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for subject, predicate, value, graph in dataset.quads():
        name = str(graph).partition("#")[0]
        code = name.rpartition("/")[2]
        row = [str(term).replace(code, " ") for term in (graph, subject, predicate)]
        held[name].append((*row, *_object(value, code)))
    wrong = [name for name, rows in held.items() if _code(rows) != name.rpartition("/")[2]]
    assert held.keys() == chosen
    assert wrong == []


def _object(value: object, code: str) -> tuple[str, str, str]:
    if not isinstance(value, rdflib.Literal):
        return "0", str(value).replace(code, " "), ""
    text = str(value)
    kind = f"@{value.language}" if value.language else f"^{value.datatype or _string()}"
    return "1", text, kind


@cache
def _string() -> str:
    return "http://www.w3.org/2001/XMLSchema#string"


def _code(rows: list[tuple[str, ...]]) -> str:
    text = ""
    for graph, subject, predicate, is_literal, value, kind in sorted(rows):
        if is_literal == "1":
            escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
            value = f"{kind} {escaped}"
        text += f"{graph}\n{subject}\n{predicate}\n{value}\n"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest(), altchars=b"-_")
    return "RA" + digest.decode().rstrip("=")
