"""Operations of the releases: what `/releases/` takes and gives, for the OpenAPI document.

Owns the schemas of the two JSON answers and the addresses of the files.
"""

from collections.abc import Mapping
from typing import Final

from entente.core.media import PAGE
from entente.web.operations import (
    COUNT,
    DAY,
    TEXT,
    Operation,
    Parameter,
    Schema,
    listed,
    members,
    ref,
)

_DIGEST: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_NUMBERS: Final[Schema] = {"type": "object", "additionalProperties": COUNT}
_SUMMARY: Final[Mapping[str, Schema]] = {
    "date": DAY,
    "iri": ref("Iri"),
    "address": TEXT,
    "previous": {"anyOf": [DAY, {"type": "null"}]},
    "dataset": _DIGEST,
    "bytes": COUNT,
    "counts": _NUMBERS,
}
_PAGE: Final[Mapping[str, Schema]] = {PAGE.media_type: {"type": "string"}}
_DATE: Final = Parameter(
    name="date", description="Day of the release.", schema=DAY, required=True, place="path"
)
_NAME: Final = Parameter(
    name="name",
    description="Name of the file, as the release lists it.",
    required=True,
    place="path",
    example="entente.nq.gz",
)

SCHEMAS: Final[Mapping[str, Schema]] = {
    "ReleaseSummary": members(_SUMMARY),
    "ReleaseFile": members(
        {
            "name": TEXT,
            "title": TEXT,
            "address": TEXT,
            "mediaType": TEXT,
            "compressed": {"type": "boolean"},
            "bytes": COUNT,
            "sha256": _DIGEST,
        }
    ),
    "ReleaseIndex": members(
        {
            "latest": {"anyOf": [DAY, {"type": "null"}]},
            "releases": listed(ref("ReleaseSummary")),
        }
    ),
    "Release": members(
        {
            **_SUMMARY,
            "versions": {"type": "object", "additionalProperties": TEXT},
            "files": listed(ref("ReleaseFile")),
        }
    ),
}
OPERATIONS: Final = (
    Operation(
        path="/releases/",
        summary="The dated dumps that there are, newest first",
        tag="Releases",
        formats=("json", "html"),
        answers={"application/json": ref("ReleaseIndex"), **_PAGE},
    ),
    Operation(
        path="/releases/{date}/",
        summary="The files of a release, with sizes and checksums",
        tag="Releases",
        parameters=(_DATE,),
        formats=("json", "html", "ttl"),
        problems=("not-found",),
        answers={"application/json": ref("Release"), **_PAGE, "text/turtle": {"type": "string"}},
    ),
    Operation(
        path="/releases/{date}/{name}",
        summary="A file of a release; parts of it by Range",
        tag="Releases",
        parameters=(_DATE, _NAME),
        problems=("not-found",),
        answers={"*/*": {}},
        others={206: "The part that Range asks for.", 416: "The file has no such part."},
    ),
    Operation(
        path="/releases/latest/{name}",
        summary="The way to a file of the newest release",
        tag="Releases",
        parameters=(_NAME,),
        problems=("not-found",),
        status=302,
        described="To the file.",
        answers={},
        cached=False,
    ),
)
