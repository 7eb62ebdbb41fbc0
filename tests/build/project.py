"""A small project: one article, three claims, an ontology of a dozen terms; without errors."""

import hashlib
from pathlib import Path
from typing import Final

TEXT: Final = "Alpha opened a workshop in Beta.\r\nGamma hopes for “more” — soon.\n"
ARTICLE: Final = "2025-01-02-outlet-workshop"

ONTOLOGY: Final = """\
@base <https://w3id.org/entente/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<ontology>
    a owl:Ontology ;
    owl:versionInfo "1.0.0" .

ent:Article a owl:Class .
ent:Claim a owl:Class .
ent:Place a owl:Class .
ent:Facility a owl:Class ; rdfs:subClassOf ent:Place .
ent:Factory a owl:Class ; rdfs:subClassOf ent:Facility .
ent:Person a owl:Class ; owl:disjointWith ent:Place .
ent:Passage a owl:Class .
ent:Tenure a owl:Class .
ent:Post a owl:Class .
ent:TimeExpression a owl:Class .
ent:locatedIn a owl:ObjectProperty , owl:TransitiveProperty .
ent:locatedIn ent:viewPolicy <vocab/view-policy/all> .
ent:lifecycleStatus a owl:ObjectProperty ; ent:viewPolicy <vocab/view-policy/latest> .
ent:relatedTo a owl:ObjectProperty .
ent:articlePart a owl:AnnotationProperty .
ent:charCount a owl:AnnotationProperty .
ent:charEnd a owl:AnnotationProperty .
ent:charStart a owl:AnnotationProperty .
ent:curationStatus a owl:AnnotationProperty .
ent:earliest a owl:AnnotationProperty .
ent:entersView a owl:AnnotationProperty .
ent:evidence a owl:AnnotationProperty .
ent:latest a owl:AnnotationProperty .
ent:modality a owl:AnnotationProperty .
ent:negated a owl:AnnotationProperty .
ent:notBefore a owl:AnnotationProperty .
ent:object a owl:AnnotationProperty .
ent:passageSha256 a owl:AnnotationProperty .
ent:predicate a owl:AnnotationProperty .
ent:reportedIn a owl:AnnotationProperty .
ent:reportedOn a owl:AnnotationProperty .
ent:saidOn a owl:AnnotationProperty .
ent:statement a owl:AnnotationProperty .
ent:subject a owl:AnnotationProperty .
ent:supersedes a owl:AnnotationProperty .
ent:textSha256 a owl:AnnotationProperty .
ent:viewPolicy a owl:AnnotationProperty .
"""

VOCABULARY: Final = """\
@base <https://w3id.org/entente/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<vocab/article-part/body> a skos:Concept .
<vocab/curation-status/accepted> a skos:Concept .
<vocab/curation-status/retracted> a skos:Concept .
<vocab/lifecycle/established> a skos:Concept .
<vocab/lifecycle/planned> a skos:Concept .
<vocab/modality/hoped> a skos:Concept ; ent:entersView false .
<vocab/modality/stated> a skos:Concept ; ent:entersView true .
<vocab/view-policy/all> a skos:Concept .
<vocab/view-policy/latest> a skos:Concept .
"""

SHAPES: Final = """\
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/entente/shapes/> .

shape:Claim
    a sh:NodeShape ;
    sh:property shape:Claim-statement ;
    sh:targetClass ent:Claim .

shape:Claim-statement
    a sh:PropertyShape ;
    sh:message "A claim says in one sentence what the passage says: add ent:statement."@en ;
    sh:minCount 1 ;
    sh:path ent:statement .
"""

CLOSURE_SHAPES: Final = """\
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/entente/shapes/> .

shape:Place
    a sh:NodeShape ;
    sh:message "The IRI of a place begins with id:place/ or id:facility/: rename it."@en ;
    sh:pattern "/id/(place|facility)/" ;
    sh:targetClass ent:Place .
"""

RULE: Final = """\
# call it something else
SELECT ?subject ?problem WHERE {
  ?subject <http://www.w3.org/2004/02/skos/core#prefLabel> "forbidden"@en
  BIND("carries a forbidden name" AS ?problem)
}
"""

QUESTION: Final = """\
# title: One triple
# question: What does the graph say first?
# kind: list
# keywords: triple
SELECT * WHERE { ?s ?p ?o } LIMIT 1
"""

ENTITIES: Final = """\
@base <https://w3id.org/entente/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<id/facility/workshop>
    a ent:Factory ;
    skos:prefLabel "Workshop"@en .

<id/person/gamma>
    a ent:Person ;
    skos:prefLabel "Gamma"@en .

<id/place/beta>
    a ent:Place ;
    skos:prefLabel "Beta"@en ;
    ent:locatedIn <id/place/delta> .

<id/place/delta>
    a ent:Place ;
    skos:prefLabel "Delta"@en .
"""


def passage(start: int, end: int) -> str:
    """Write a passage of the article as Turtle."""
    digest = hashlib.sha256(TEXT[start:end].encode()).hexdigest()
    return f"""\
    <article/{ARTICLE}#char={start},{end}>
        a ent:Passage ;
        ent:charEnd {end} ;
        ent:charStart {start} ;
        ent:passageSha256 "{digest}" .
"""


def claim(number: int, body: str, *, modality: str = "stated", passage: str = "0,32") -> str:
    """Write a claim of the article as Turtle."""
    return f"""\
    claim:2025-01-02-outlet-{number:03d}
        a ent:Claim ;
        {body} ;
        ent:statement "Claim {number} of the little article."@en ;
        ent:articlePart <vocab/article-part/body> ;
        ent:curationStatus <vocab/curation-status/accepted> ;
        ent:evidence <article/{ARTICLE}#char={passage}> ;
        ent:modality <vocab/modality/{modality}> ;
        ent:reportedIn art:{ARTICLE} ;
        ent:reportedOn "2025-01-02"^^xsd:date .
"""


def triple(subject: str, predicate: str, object_: str) -> str:
    """Write what a claim claims."""
    return f"ent:subject {subject} ; ent:predicate {predicate} ; ent:object {object_}"


WORKSHOP_IN_BETA: Final = triple("<id/facility/workshop>", "ent:locatedIn", "<id/place/beta>")
WORKSHOP_STANDS: Final = triple(
    "<id/facility/workshop>", "ent:lifecycleStatus", "<vocab/lifecycle/established>"
)
GAMMA_HOPES: Final = triple("<id/facility/workshop>", "ent:locatedIn", "<id/place/delta>")


def article() -> str:
    """Write the whole article file."""
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    return f"""\
@base <https://w3id.org/entente/> .
@prefix art: <https://w3id.org/entente/article/> .
@prefix claim: <https://w3id.org/entente/claim/> .
@prefix ent: <https://w3id.org/entente/ontology/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<graph/article/{ARTICLE}> {{
    art:{ARTICLE}
        a ent:Article ;
        ent:charCount {len(TEXT)} ;
        ent:textSha256 "{digest}" .

{passage(0, 32)}
{passage(34, 64)}
{claim(1, WORKSHOP_IN_BETA)}
{claim(2, WORKSHOP_STANDS)}
{claim(3, GAMMA_HOPES, modality="hoped", passage="34,64")}}}
"""


def write_project(root: Path) -> Path:
    """Write the project's files below `root` and the article's text beside it."""
    files = {
        "ontology/entente.ttl": ONTOLOGY,
        "ontology/vocab/all.ttl": VOCABULARY,
        "ontology/shapes/asserted/claims.ttl": SHAPES,
        "ontology/shapes/closure/places.ttl": CLOSURE_SHAPES,
        "ontology/checks/names.rq": RULE,
        "data/entities/all.ttl": ENTITIES,
        f"data/articles/2025/{ARTICLE}.trig": article(),
        "queries/questions/places.rq": QUESTION,
        "../texts/workshop.txt": TEXT,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def edit(path: Path, old: str, new: str) -> int:
    """Replace the one occurrence of some text; give the line where it stood."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_bytes(text.replace(old, new).encode())
    return text[: text.index(old)].count("\n") + 1
