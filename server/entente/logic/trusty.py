"""Trusty URIs: names of RDF that carry the digest of what they name, by the module RA.

Owns the digest alone. The named thing's own IRI stands in what is digested; where it does, a blank
takes the place of the code (https://github.com/trustyuri/trustyuri-spec, version 1). Known limit:
no blank nodes.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

UNKNOWN: Final = "RA" + "-" * 43
"""Stands in IRIs for a code that is not known yet."""

_Key = tuple[str, str, str, bool, str, str, str]


def artifact_code(quads: Iterable[Quad], *, placeholder: str = UNKNOWN) -> str:
    """Give the code of some quads: `RA` and 43 characters.

    Args:
        quads: in any order, repeated or not.
        placeholder: what stands in their IRIs for the code.

    Raises:
        ValueError: a blank node or a quoted triple.
    """
    sums = hashlib.sha256()
    for key in sorted({_key(quad, placeholder) for quad in quads}):
        graph, subject, predicate, is_literal, value, datatype, language = key
        if is_literal:
            escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
            value = f"@{language} {escaped}" if language else f"^{datatype} {escaped}"
        sums.update(f"{graph}\n{subject}\n{predicate}\n{value}\n".encode())
    code = base64.urlsafe_b64encode(sums.digest()).decode().rstrip("=")
    return f"RA{code}"


def _key(quad: Quad, placeholder: str) -> _Key:
    def iri(node: object) -> str:
        if not isinstance(node, NamedNode):
            raise ValueError(f"{node} has no IRI: only IRIs and literals have a trusty name")
        return node.value.replace(placeholder, " ")

    nodes = iri(quad.graph_name), iri(quad.subject), iri(quad.predicate)
    if isinstance(quad.object, Literal):
        language = (quad.object.language or "").lower()
        datatype = "" if language else quad.object.datatype.value
        return (*nodes, True, quad.object.value, datatype, language)
    return (*nodes, False, iri(quad.object), "", "")
