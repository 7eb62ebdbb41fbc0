"""Releases: `/releases/`, the dated dumps in a folder, served as they were written.

Owns the views. A file is served only if its release's manifest names it and it is a regular file of
that very size within the release: no path that a client writes reaches the file system. A release
never changes, so its files may be kept for ever; `latest` leads on to the newest one. What ends in
`.gz` is an archive, not a transfer encoding: its checksum is that of the bytes that arrive.
"""

import hashlib
import re
import stat
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from entente.core.errors import NotFound, ReleaseError
from entente.core.media import GRAPHS, PAGE
from entente.core.releases import (
    DATE,
    NAME,
    SUMS,
    TEXT,
    Release,
    ReleaseFile,
    dates_in,
    read_release,
)
from entente.web.addresses import encode
from entente.web.failures import answer_problem
from entente.web.headers import FOR_EVER, MAY_CHANGE
from entente.web.json_body import JSON, dump
from entente.web.operations import declare
from entente.web.problems import problem_of_status
from entente.web.releases_operations import OPERATIONS, SCHEMAS
from entente.web.variants import LICENSE, choose_among

ROOT: Final = "/releases/"
LATEST: Final = "latest"
CATALOGUE: Final = "catalogue.ttl"
TURTLE: Final = GRAPHS[0]

_RANGE: Final = re.compile(r"bytes=\s*(?:[0-9]+-[0-9]*|-[0-9]+)\s*")
# What a browser should keep as a file, not show.
_KEPT: Final = (".gz", ".csv", ".nt")


class Shelf:
    """The releases in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._read: dict[str, tuple[tuple[int, ...], Release]] = {}

    def all(self) -> list[Release]:
        """Read all releases, newest first; what cannot be read is none."""
        found = []
        for date in dates_in(self._folder):
            with suppress(ReleaseError):
                found.append(self._release(date))
        return found

    def newest(self) -> Release:
        """Read the newest release.

        Raises:
            NotFound: there is none.
        """
        found = self.all()
        if not found:
            raise NotFound("there is no release yet")
        return found[0]

    def release(self, date: str) -> Release:
        """Read a release.

        Raises:
            NotFound: there is none of that date.
        """
        if DATE.fullmatch(date) is None or date not in dates_in(self._folder):
            raise NotFound(f"there is no release {date[:40]!r}")
        try:
            return self._release(date)
        except ReleaseError as error:
            raise NotFound(f"the release {date} cannot be read") from error

    def _release(self, date: str) -> Release:
        """Read a release, once for as long as its manifest is the same file."""
        folder = self._folder / date
        try:
            held = (folder / NAME).stat()
        except OSError as error:
            raise ReleaseError(f"the release {date} is gone") from error
        mark = (held.st_ino, held.st_mtime_ns, held.st_ctime_ns, held.st_size)
        known = self._read.get(date)
        if known is None or known[0] != mark:
            known = self._read[date] = (mark, read_release(folder))
        return known[1]

    def file(self, date: str, name: str) -> tuple[Path, ReleaseFile]:
        """Find a file of a release.

        Raises:
            NotFound: the release does not name it, or it is not what the release says.
        """
        for file in files_of(self.release(date), self._folder / date):
            if file.name == name:
                path = self._folder / date / name
                if _is_plain(path, file.bytes):
                    return path, file
                raise NotFound(f"{name} is not what the release {date} says it is")
        raise NotFound(f"the release {date} has no file {name[:80]!r}")


def files_of(release: Release, folder: Path) -> tuple[ReleaseFile, ...]:
    """Give all files of a release: those that it names, its manifest and its checksums."""
    described = [
        ReleaseFile(
            name=name,
            title=title,
            media_type=media_type,
            compressed=False,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for name, title, media_type in (
            (NAME, "Manifest of the release", JSON.media_type),
            (SUMS, "Checksums, for sha256sum -c", TEXT),
        )
        if _is_plain(folder / name) and (content := (folder / name).read_bytes())
    ]
    return (*release.files, *described)


def releases_blueprint(folder: Path) -> Blueprint:
    """Make the views of the releases in a folder, which may be absent or empty."""
    blueprint = Blueprint("releases", __name__)
    shelf = Shelf(folder)
    declare(blueprint, *OPERATIONS, schemas=SCHEMAS)

    @blueprint.get("/releases")
    @blueprint.get(ROOT, endpoint="slash")
    def index() -> Response:
        found = shelf.all()
        fields = {
            "latest": found[0].date if found else None,
            "releases": [summary_fields(one) for one in found],
        }
        return _answer(fields, "releases.html", releases=found)

    @blueprint.get(f"{ROOT}{LATEST}", defaults={"name": ""})
    @blueprint.get(f"{ROOT}{LATEST}/", defaults={"name": ""}, endpoint="latest_slash")
    @blueprint.get(f"{ROOT}{LATEST}/<path:name>", endpoint="latest_file")
    def latest(name: str) -> Response:
        date = shelf.newest().date
        if name:
            shelf.file(date, name)
        search = request.query_string.decode("ascii", "ignore")
        location = encode(f"{ROOT}{date}/{name}") + (f"?{search}" if search else "")
        response = Response(status=302, headers={"Location": location})
        del response.headers["Content-Type"]
        return response

    @blueprint.get(f"{ROOT}<date>")
    @blueprint.get(f"{ROOT}<date>/", endpoint="listing_slash")
    def listing(date: str) -> Response:
        release = shelf.release(date)
        if choose_among(JSON, PAGE, TURTLE) is TURTLE:
            # the IRI of a release is one of linked data: its description is a file of its own
            response = _send(*shelf.file(date, CATALOGUE), date)
            response.headers["Content-Location"] = f"{ROOT}{date}/{CATALOGUE}"
            response.headers["Cache-Control"] = MAY_CHANGE
            return response
        files = files_of(release, folder.resolve() / date)
        fields = {
            **summary_fields(release),
            "versions": dict(release.versions),
            "files": [file_fields(release, file) for file in files],
        }
        response = _answer(fields, "release.html", release=release, files=files)
        described = f"{ROOT}{date}/{CATALOGUE}"
        response.headers.add("Link", f'<{described}>; rel="describedby"; type="text/turtle"')
        return response

    @blueprint.get(f"{ROOT}<date>/<path:name>")
    def file(date: str, name: str) -> Response:
        path, described = shelf.file(date, name)
        return _send(path, described, date)

    return blueprint


def summary_fields(release: Release) -> dict[str, Any]:
    """Give what a list says of a release."""
    return {
        "date": release.date,
        "iri": release.iri,
        "address": f"{ROOT}{release.date}/",
        "previous": release.previous,
        "dataset": release.dataset,
        "bytes": sum(file.bytes for file in release.files),
        "counts": dict(release.counts),
    }


def file_fields(release: Release, file: ReleaseFile) -> dict[str, Any]:
    """Give what a listing says of a file."""
    return {
        "name": file.name,
        "title": file.title,
        "address": encode(f"{ROOT}{release.date}/{file.name}"),
        "mediaType": file.media_type,
        "compressed": file.compressed,
        "bytes": file.bytes,
        "sha256": file.sha256,
    }


def _answer(fields: dict[str, Any], template: str, **values: object) -> Response:
    """Answer as a page or as JSON; the tag is that of the bytes."""
    offer = choose_among(JSON, PAGE)
    body = render_template(template, **values).encode() if offer is PAGE else dump(fields)
    response = Response(body, content_type=offer.content_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    response.headers.add("Link", f'<{LICENSE}>; rel="license"')
    response.make_conditional(request.environ)
    return response


def _send(path: Path, file: ReleaseFile, date: str) -> Response:
    """Send a file, or the part of it that Range asks for (RFC 9110, section 14)."""
    is_kept = file.name.endswith(_KEPT)
    try:
        response = send_file(
            path,
            mimetype=file.content_type,
            as_attachment=is_kept,
            download_name=path.name if is_kept else None,
            conditional=False,
            etag=file.sha256,
            last_modified=datetime.fromisoformat(date).replace(tzinfo=UTC),
        )
    except OSError as error:
        raise NotFound(f"{file.name} cannot be read any more") from error
    response.content_type = file.content_type
    response.headers["Cache-Control"] = FOR_EVER
    response.headers.add("Link", f'<{ROOT}{date}/>; rel="collection"')
    response.headers.add("Link", f'<{LICENSE}>; rel="license"')
    environ = dict(request.environ)
    if _RANGE.fullmatch(environ.get("HTTP_RANGE", "")) is None:
        # several ranges, another unit or nonsense: all of it is a good answer
        environ.pop("HTTP_RANGE", None)
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=file.bytes)
    except RequestedRangeNotSatisfiable:
        response.close()
        detail = f"the file has {file.bytes} bytes, and none where Range begins"
        response = answer_problem(problem_of_status(416, detail))
        response.headers["Content-Range"] = f"bytes */{file.bytes}"
    return response


def _is_plain(path: Path, size: int | None = None) -> bool:
    """Tell whether a path is a regular file (of a size), with no symbolic link on the way."""
    try:
        held = path.lstat()
        return (
            stat.S_ISREG(held.st_mode)
            and path.resolve() == path
            and (size is None or held.st_size == size)
        )
    except (OSError, ValueError):
        return False
