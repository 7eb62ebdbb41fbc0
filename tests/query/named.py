"""Small graphs of names, and their indexes, for tests of search and reconciliation."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from entente.query.name_file import NameFile
from entente.store.embedded import load_quads
from entente.store.name_index import write_index
from entente.store.snapshot import LAYOUT

PREFIXES = """
@prefix art: <https://w3id.org/entente/article/> .
@prefix claim: <https://w3id.org/entente/claim/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix graph: <https://w3id.org/entente/graph/> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix voc: <https://w3id.org/entente/vocab/> .
"""
NAMES = """
graph:ontology {
    ent:Place a owl:Class ; skos:prefLabel "Place"@en .
    ent:City a owl:Class ; skos:prefLabel "City"@en ; rdfs:subClassOf ent:Place .
    ent:Factory a owl:Class ; skos:prefLabel "Factory"@en ; rdfs:subClassOf ent:Place .
    ent:locatedIn a owl:ObjectProperty ; skos:prefLabel "located in"@en .
}
graph:vocab { <https://w3id.org/entente/vocab/lifecycle/planned> a skos:Concept ;
    skos:prefLabel "planned"@en ; skos:notation "planned" . }
graph:entities {
    <https://w3id.org/entente/id/place/brasov> a ent:City ; skos:prefLabel "Brasov"@en ;
        skos:altLabel "Brașov"@ro , "Kronstadt"@de ; skos:definition "Town in Romania."@en .
    <https://w3id.org/entente/id/place/kyiv> a ent:City ; skos:prefLabel "Kyiv"@en , "Київ"@uk .
    <https://w3id.org/entente/id/country/ukraine> a ent:Place ; skos:prefLabel "Ukraine"@en ;
        skos:altLabel "Kyiv"@en ; ent:partner <https://w3id.org/entente/id/place/kyiv> ,
            <https://w3id.org/entente/id/place/brasov> ; ent:countryCode "UA" .
    <https://w3id.org/entente/id/facility/brasov-drone-factory> a ent:Factory ;
        skos:prefLabel "Drone factory in Brasov"@en ;
        ent:locatedIn <https://w3id.org/entente/id/place/brasov> .
    <https://w3id.org/entente/id/facility/drone-works> a ent:Factory ;
        skos:prefLabel "Drone works"@en ; skos:hiddenLabel "Dron werks"@en .
    <https://w3id.org/entente/id/person/rustem> a ent:Person ;
        skos:prefLabel "Rustem Umerov"@en ; skos:altLabel "Рустем Умєров"@uk .
}
graph:inferred {
    <https://w3id.org/entente/id/place/brasov> a ent:Place .
    <https://w3id.org/entente/id/place/kyiv> a ent:Place .
}
<https://w3id.org/entente/graph/article/a1> {
    art:a1 a ent:Article ; skos:prefLabel "Report on drones"@en .
    claim:c1 a ent:Claim ; ent:statement "The drone factory stands in Brasov."@en ;
        ent:reportedIn art:a1 .
}
graph:meta { <https://w3id.org/entente/graph/meta#build> rdfs:label "Drone build"@en . }
graph:shapes { <https://w3id.org/entente/shapes/Drone> rdfs:label "Drone shape"@en . }
"""


@contextmanager
def indexed(folder: Path, trig: str = NAMES, *, layout: str = LAYOUT) -> Iterator[NameFile]:
    """Index the names in some TriG."""
    place = store(folder, trig, layout=layout)
    write_index(place, folder / "names.sqlite")
    file = NameFile(folder / "names.sqlite")
    try:
        yield file
    finally:
        file.close()


def store(folder: Path, trig: str, *, layout: str = LAYOUT) -> Path:
    """Write some TriG into a new store."""
    quads = ox.Dataset(ox.parse(PREFIXES + trig, format=ox.RdfFormat.TRIG))
    dataset = folder / "dataset.nq"
    ox.serialize(quads, str(dataset), format=ox.RdfFormat.N_QUADS)
    load_quads(dataset, folder / layout, union=layout == LAYOUT)
    return folder / layout


def many(names: Iterable[str]) -> str:
    """Give TriG of things with these names, the first the best connected."""
    lines = [f'id:n{place} skos:prefLabel "{name}"@en .' for place, name in enumerate(names)]
    count = len(lines)
    lines += [f"id:m{j} ent:partner id:n{i} ." for i in range(count) for j in range(count - i)]
    return "graph:entities { " + "\n".join(lines) + " }"
