"""Structured data: what search engines and assistants read from a page, in schema.org's words.

Owns the mapping from a page to JSON-LD of schema.org, which stands in the page as a block of data.
Its context stands in it, so nobody has to fetch one. Curators weigh what articles say and rate no
truth, so a claim is a Claim and never a ClaimReview. Must not know Flask.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from entente.core.terms import BASE, ENT, OWL, SCHEMA, SKOS, shorten
from entente.query.claims import Claim
from entente.query.results import Iri, Literal, Term
from entente.web.thing import ThingPage
from entente.web.variants import LICENSE

_LINKS: Final = (
    *("url", "sameAs", "license", "additionalType", "contentUrl", "inDefinedTermSet", "target"),
    "usageInfo",
)
CONTEXT: Final[dict[str, object]] = {
    "@vocab": SCHEMA,
    **{name: {"@type": "@id"} for name in _LINKS},
}
# The first that a thing is of; what schema.org has no word for is a Thing.
KINDS: Final = {
    ENT + "Claim": "Claim",
    ENT + "Article": "NewsArticle",
    ENT + "Photograph": "Photograph",
    ENT + "Person": "Person",
    ENT + "Country": "Country",
    ENT + "PublicBody": "GovernmentOrganization",
    ENT + "Organisation": "Organization",
    ENT + "AgentGroup": "Organization",
    ENT + "City": "City",
    ENT + "Place": "Place",
    ENT + "LegislativeMeasure": "Legislation",
    ENT + "Event": "Event",
    ENT + "Initiative": "Project",
    ENT + "Product": "Product",
    ENT + "MonetaryAmount": "MonetaryAmount",
    SKOS + "ConceptScheme": "DefinedTermSet",
    SKOS + "Concept": "DefinedTerm",
    OWL + "Class": "DefinedTerm",
    OWL + "ObjectProperty": "DefinedTerm",
    OWL + "DatatypeProperty": "DefinedTerm",
    OWL + "AnnotationProperty": "DefinedTerm",
}
# Facts that schema.org says in the same way.
PROPERTIES: Final = {
    SCHEMA + "datePublished": "datePublished",
    SCHEMA + "publisher": "publisher",
    SCHEMA + "author": "author",
    SCHEMA + "inLanguage": "inLanguage",
    SCHEMA + "keywords": "keywords",
    SCHEMA + "worksFor": "worksFor",
    SCHEMA + "alumniOf": "alumniOf",
    SCHEMA + "value": "value",
    SCHEMA + "currency": "currency",
    ENT + "publishedAt": "url",
    ENT + "countryCode": "identifier",
    ENT + "locatedIn": "containedInPlace",
    ENT + "occursAt": "location",
    SKOS + "exactMatch": "sameAs",
    SKOS + "inScheme": "inDefinedTermSet",
    SKOS + "notation": "termCode",
}
_LATITUDE: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#lat"
_LONGITUDE: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#long"
MOST_ARTICLES: Final = 50


def describe_thing(page: ThingPage) -> dict[str, object]:
    """Describe the thing of a page."""
    types = [iri.value for iri in page.entity.types]
    kind = next((KINDS[known] for known in KINDS if known in types), "Thing")
    found: dict[str, object] = {
        "@context": CONTEXT,
        "@id": page.entity.iri.value,
        "@type": kind,
        "name": page.title,
    }
    own = [iri for iri in (*page.types, *page.inferred_types) if iri.value.startswith(ENT)]
    if own:
        found["additionalType"] = _few(iri.value for iri in own)
    if page.definition:
        found["description"] = page.definition.value
    if page.spellings:
        found["alternateName"] = _few(spelling.value for spelling in page.spellings)
    found |= _properties(page)
    if kind == "Claim":
        found |= _claim(page)
    elif kind == "DefinedTerm" and "inDefinedTermSet" not in found:
        found["inDefinedTermSet"] = BASE + "ontology"
    articles = _articles(page)
    if articles and kind not in ("Claim", "NewsArticle"):
        found["subjectOf"] = articles
    return found


def describe_dataset(
    home: str, *, title: str, text: str, downloads: Iterable[tuple[str, str]], pages: int
) -> dict[str, object]:
    """Describe the whole, for the home page.

    Args:
        home: address of the home page.
        title: of the dataset.
        text: what the dataset is.
        downloads: address and media type of each.
        pages: how many articles it rests on.
    """
    publisher = {"@type": "Organization", "@id": BASE + "id/org/entente-project"}
    dataset = {
        "@id": BASE + "graph/meta#dataset",
        "@type": "Dataset",
        "name": title,
        "description": text,
        "url": home,
        "license": LICENSE,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "creator": {**publisher, "name": "Entente project"},
        "keywords": "defence industry, Ukraine, Europe, joint production, evidence, linked data",
        "measurementTechnique": f"Claims taken by hand from {pages} news articles, each with its "
        "passage; OWL 2 RL inference; SHACL validation",
        "distribution": [
            {"@type": "DataDownload", "contentUrl": address, "encodingFormat": media_type}
            for address, media_type in downloads
        ],
    }
    site = {"@id": home, "@type": "WebSite", "name": "Entente", "url": home, "about": dataset}
    return {"@context": CONTEXT, **site}


def describe_list(title: str, items: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Describe a list of things, each with IRI and name."""
    entries = [
        {"@type": "ListItem", "position": place, "item": {"@id": iri, "name": name}}
        for place, (iri, name) in enumerate(items, 1)
    ]
    listed = {"@type": "ItemList", "numberOfItems": len(entries), "itemListElement": entries}
    return {"@context": CONTEXT, "@type": "CollectionPage", "name": title, "mainEntity": listed}


def _properties(page: ThingPage) -> dict[str, object]:
    values: dict[str, list[object]] = {}
    plain: dict[str, str] = {}
    for fact in page.entity.facts:
        if fact.inferred:
            continue
        name = PROPERTIES.get(fact.predicate.value)
        if name is not None:
            values.setdefault(name, []).append(_value(name, fact.object, page.labels))
        elif fact.predicate.value in (_LATITUDE, _LONGITUDE):
            plain[fact.predicate.value] = str(fact.object)
    found: dict[str, object] = {name: _few(held) for name, held in values.items()}
    if _LATITUDE in plain and _LONGITUDE in plain:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": plain[_LATITUDE],
            "longitude": plain[_LONGITUDE],
        }
    return found


def _value(name: str, term: Term, labels: Mapping[str, str]) -> object:
    if not isinstance(term, Iri) or name in _LINKS:
        return str(term)
    return {"@id": term.value, "name": labels.get(term.value, shorten(term.value))}


def _claim(page: ThingPage) -> dict[str, object]:
    by_name: dict[str, list[Term]] = {}
    for fact in page.entity.facts:
        by_name.setdefault(fact.predicate.value.removeprefix(ENT), []).append(fact.object)

    def named(name: str, kind: str) -> list[dict[str, object]]:
        return [
            {"@type": kind, "@id": one.value, "name": page.labels.get(one.value, "")}
            for one in by_name.get(name, ())
            if isinstance(one, Iri)
        ]

    found: dict[str, object] = {
        "text": _few(str(one) for one in by_name.get("statement", ()) if isinstance(one, Literal)),
        "appearance": _few(named("reportedIn", "NewsArticle")),
        "author": _few(named("saidBy", "Person")),
        "datePublished": _few(str(one) for one in by_name.get("reportedOn", ())),
        "about": _few(
            {"@id": one.value, "name": page.labels.get(one.value, "")}
            for name in ("subject", "describes")
            for one in by_name.get(name, ())
            if isinstance(one, Iri)
        ),
        "isPartOf": {"@id": BASE + "graph/meta#dataset"},
    }
    return {name: value for name, value in found.items() if value}


def _articles(page: ThingPage) -> list[dict[str, str]]:
    """Give the articles that speak of the thing, by name."""
    entity = page.entity
    claims: set[Claim] = {*entity.describing, *entity.other_claims, *page.said}
    claims |= {claim for fact in entity.facts for claim in fact.claims}
    claims |= {claim for reference in entity.references for claim in reference.claims}
    iris = sorted({claim.article.value for claim in claims if claim.article is not None})
    return [
        {"@type": "NewsArticle", "@id": iri, "name": page.labels.get(iri, shorten(iri))}
        for iri in iris[:MOST_ARTICLES]
    ]


def _few(values: Iterable[object]) -> object:
    """Give the only value, or the list of them."""
    found = list(values)
    return found[0] if len(found) == 1 else found
