"""Addresses: which IRI a path of this host stands for, and where an IRI is shown.

Owns the mapping both ways, and the suffixes that name a format. Nothing here touches files: an
address is looked up in the graph or nowhere.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from entente.core.media import GRAPHS, PAGE, Format

# What RFC 3987 leaves out of IRIs; such a path can name nothing in the graph.
_NOT_IN_IRIS: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff\ufffd]")
_SAFE: Final = "/:@!$&'()*+,;=~-._"
SUFFIXES: Final = {f".{offer.extension}": offer for offer in (*GRAPHS, PAGE)}
# Parts of the graph whose IRIs are documents and answer themselves; things redirect.
DOCUMENTS: Final = ("ontology", "vocab", "article", "claim", "graph", "shapes")


@dataclass(frozen=True, slots=True)
class Address:
    """A path without its suffix, and the format that the suffix named."""

    path: str
    format: Format | None


def split_suffix(path: str) -> Address:
    """Take a suffix such as `.ttl` off a path."""
    stem, dot, extension = path.rpartition(".")
    offer = SUFFIXES.get(dot + extension)
    if offer is None or not stem or stem.endswith("/"):
        return Address(path, None)
    return Address(stem, offer)


def encode(path: str) -> str:
    """Percent-encode a path for a header or a link."""
    return quote(path, safe=_SAFE)


@dataclass(frozen=True, slots=True)
class Addresses:
    """The mapping under one public base (which ends with a slash)."""

    public_base: str

    def iri_of(self, path: str) -> str | None:
        """Give the IRI of a local path (without leading slash); `None` where none can be."""
        if _NOT_IN_IRIS.search(path):
            return None
        return self.public_base + path

    def local(self, iri: str) -> str | None:
        """Give the path of one of our IRIs as `iri_of` takes it; `None` for those of others."""
        return iri.removeprefix(self.public_base) if iri.startswith(self.public_base) else None

    def path_of(self, iri: str) -> str | None:
        """Give the local path (with leading slash, percent-encoded) of one of our IRIs."""
        if not iri.startswith(self.public_base):
            return None
        path, hash_sign, fragment = iri[len(self.public_base) :].partition("#")
        return encode("/" + path) + hash_sign + quote(fragment, safe=_SAFE + "?")

    def link_of(self, iri: str) -> str | None:
        """Give what a page may link for an IRI: local path, or the IRI if http or https."""
        local = self.path_of(iri)
        if local is not None:
            return local
        return iri if iri.lower().startswith(("http://", "https://")) else None
