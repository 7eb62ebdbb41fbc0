"""Nanopublications: `/nanopub/RA…`, a claim as it was released, under the name of its content.

Owns the view. A nanopublication is cut out of the newest release that has it, as text: nothing is
parsed. Its name is the digest of its content, so it may be kept for ever; who prefers a page is
sent to the claim's. Known limit: the file of a release is unpacked up to the place.
"""

import gzip
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, request

from entente.core.errors import NotAcceptable, NotFound
from entente.core.media import GRAPHS, PAGE, by_name, negotiate
from entente.core.releases import NAMES, NANOPUB, NANOPUBS
from entente.core.terms import BASE
from entente.web.headers import FOR_EVER
from entente.web.operations import Operation, Parameter, declare
from entente.web.releases import Shelf
from entente.web.variants import LICENSE

CODE: Final = re.compile(r"RA[A-Za-z0-9_-]{43}")
HEAD: Final = "#Head> {"
_TRIG: Final = by_name("trig", GRAPHS)
OPERATION: Final = Operation(
    path="/nanopub/{code}",
    summary="A claim as nanopublication, by the digest of its content",
    tag="Releases",
    parameters=(
        Parameter(
            name="code",
            description="Artifact code of the trusty URI.",
            schema={"type": "string", "pattern": f"^{CODE.pattern}$"},
            required=True,
            place="path",
        ),
    ),
    problems=("not-found",),
    answers={"application/trig": {"type": "string"}},
    others={303: "To the page of the claim, for who prefers a page."},
)


def nanopubs_blueprint(folder: Path) -> Blueprint:
    """Make the view of nanopublications in a folder of releases."""
    blueprint = Blueprint("nanopubs", __name__)
    shelf = Shelf(folder)
    declare(blueprint, OPERATION)
    assert _TRIG is not None
    trig = _TRIG

    @blueprint.get("/nanopub/<code>")
    def nanopub(code: str) -> Response:
        code, _, extension = code.partition(".")
        if CODE.fullmatch(code) is None or extension not in ("", trig.extension):
            raise NotFound("there is no nanopublication of that name")
        offers = (trig, PAGE) if not extension else (trig,)
        offer = trig if extension else negotiate(request.headers.get("Accept"), offers)
        if offer is None:
            types = tuple(each.media_type for each in offers)
            raise NotAcceptable("a nanopublication is TriG", offers=types)
        date, claim = _find(shelf, code)
        if offer is PAGE:
            return Response(status=303, headers={"Location": f"/{claim.removeprefix(BASE)}"})
        path, _ = shelf.file(date, NANOPUBS)
        response = Response("".join(_cut(path, code)), content_type=trig.content_type)
        response.set_etag(code)
        response.headers["Cache-Control"] = FOR_EVER
        response.headers.add("Link", f'<{LICENSE}>; rel="license"')
        response.headers.add("Link", f'</{claim.removeprefix(BASE)}>; rel="about"')
        response.make_conditional(request.environ)
        return response

    return blueprint


def _find(shelf: Shelf, code: str) -> tuple[str, str]:
    """Give the newest release that has a nanopublication, and the IRI of its claim.

    Raises:
        NotFound: none has it.
    """
    wanted = f"\n{NANOPUB}{code},".encode()
    for release in shelf.all():
        try:
            path, _ = shelf.file(release.date, NAMES)
        except NotFound:
            continue  # a release made by an earlier version
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            start = held.find(wanted)
            if start >= 0:
                start += len(wanted)
                return release.date, held[start : held.find(b"\r\n", start)].decode()
    raise NotFound("there is no nanopublication of that name")


def _cut(path: Path, code: str) -> Iterator[str]:
    """Give the prefixes of a file and the four graphs of one nanopublication."""
    mine = f"<{NANOPUB}{code}{HEAD}"
    is_mine = False
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("@prefix"):
                yield line
            elif line.rstrip().endswith(HEAD):
                if is_mine:
                    return
                is_mine = line.startswith(mine)
            if is_mine:
                yield line
