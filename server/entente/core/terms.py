"""IRIs and prefixes: the one place where a namespace is spelt.

Owns the namespaces of the graph and the prefix table that parsers of parameters, serialisers,
pages and error messages use. Must not know RDF libraries: an IRI is a `str` here.
"""

import re
from typing import Final

BASE: Final = "https://w3id.org/entente/"

ENT: Final = BASE + "ontology/"
VOC: Final = BASE + "vocab/"
ID: Final = BASE + "id/"
ART: Final = BASE + "article/"
CLAIM: Final = BASE + "claim/"
GRAPH: Final = BASE + "graph/"
SHAPE: Final = BASE + "shapes/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SH: Final = "http://www.w3.org/ns/shacl#"
DCTERMS: Final = "http://purl.org/dc/terms/"
PROV: Final = "http://www.w3.org/ns/prov#"
VOID: Final = "http://rdfs.org/ns/void#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
SCHEMA: Final = "https://schema.org/"

PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "art": ART,
    "bibo": "http://purl.org/ontology/bibo/",
    "claim": CLAIM,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "dul": "http://www.ontologydesignpatterns.org/ont/dul/DUL.owl#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "ent": ENT,
    "epo": "http://data.europa.eu/a4g/ontology#",
    "fibo-fnd-agr-agr": "https://spec.edmcouncil.org/fibo/ontology/FND/Agreements/Agreements/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ftm": "https://schema.followthemoney.tech/#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "gist": "https://w3id.org/semanticarts/ns/ontology/gist/",
    "graph": GRAPH,
    "id": ID,
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": PROV,
    "qb": "http://purl.org/linked-data/cube#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "sosa": "http://www.w3.org/ns/sosa/",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "voc": VOC,
    "void": VOID,
    "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "wikibase": "http://wikiba.se/ontology#",
    "xsd": XSD,
}

GRAPH_ONTOLOGY: Final = GRAPH + "ontology"
GRAPH_VOCAB: Final = GRAPH + "vocab"
GRAPH_SHAPES: Final = GRAPH + "shapes"
GRAPH_ENTITIES: Final = GRAPH + "entities"
GRAPH_CURATION: Final = GRAPH + "curation"
GRAPH_BACKGROUND: Final = GRAPH + "background"
GRAPH_CURRENT: Final = GRAPH + "current"
GRAPH_INFERRED: Final = GRAPH + "inferred"
GRAPH_META: Final = GRAPH + "meta"
GRAPH_ARTICLE: Final = GRAPH + "article/"


_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`]*")


def is_absolute(iri: str) -> bool:
    """Tell whether a text is an absolute IRI that can stand between `<` and `>` as it is.

    Of RFC 3987 only what SPARQL's IRIREF asks for is looked at: a scheme, and no character that
    would end or escape the IRI.
    """
    return _ABSOLUTE.fullmatch(iri) is not None


def shorten(iri: str) -> str:
    """Give an IRI as `prefix:local` where a prefix fits, else as `<iri>`.

    The result is for people (messages, tables): a local name is not escaped as Turtle wants it.
    """
    best = max(
        (item for item in PREFIXES.items() if iri.startswith(item[1])),
        key=lambda item: len(item[1]),
        default=None,
    )
    if best is None or len(iri) == len(best[1]):
        return f"<{iri}>"
    return f"{best[0]}:{iri[len(best[1]) :]}"


def expand(name: str) -> str:
    """Give the IRI of `prefix:local`, `<iri>` or an absolute IRI.

    Raises:
        ValueError: the prefix is not in the table, or the name is none of the three forms.
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    if not colon:
        raise ValueError(f"{name!r} is neither prefix:name nor <iri>")
    if local.startswith("//") or prefix in {"urn", "mailto", "tag"}:
        return name
    if prefix not in PREFIXES:
        raise ValueError(f"prefix {prefix!r} is not known; known are {', '.join(PREFIXES)}")
    return PREFIXES[prefix] + local
