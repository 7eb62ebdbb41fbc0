"""Access: where the dataset is had, in the words of DCAT and VoID.

Owns the description of the endpoint and of the dumps that the server makes of its revision.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.core.media import GRAPHS
from entente.core.terms import BASE, DCAT, DCTERMS, GRAPH_META, VOID
from entente.logic.facts import TYPE

_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


def describe_access(dataset: str) -> Iterator[Triple]:
    """Say where a dataset is had: by query, and whole in each format."""
    service = GRAPH_META + "#service"
    yield _link(service, TYPE.value, DCAT + "DataService")
    yield _link(service, DCAT + "endpointURL", BASE + "sparql")
    yield _link(service, DCAT + "endpointDescription", BASE + "api/openapi.json")
    yield _link(service, DCAT + "servesDataset", dataset)
    title = Literal("SPARQL endpoint", language="en")
    yield Triple(NamedNode(service), NamedNode(DCTERMS + "title"), title)
    for offer in GRAPHS:
        node = f"{GRAPH_META}#distribution-{offer.name}"
        file = f"{BASE}dataset.{offer.extension}"
        yield _link(dataset, DCAT + "distribution", node)
        yield _link(dataset, VOID + "dataDump", file)
        yield _link(node, TYPE.value, DCAT + "Distribution")
        yield _link(node, DCAT + "downloadURL", file)
        yield _link(node, DCAT + "accessService", service)
        yield _link(node, DCTERMS + "license", _LICENCE)
        media_type = f"https://www.iana.org/assignments/media-types/{offer.media_type}"
        yield _link(node, DCAT + "mediaType", media_type)


def _link(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))
