"""The release: one revision as a dated folder of dumps, made beside its place and put there whole.

Owns the order of the steps and the promise that equal input gives equal bytes: no clock but the
release's date, no name of a machine. A release is never overwritten: making the same one again does
nothing, making another of the same date is refused. Memory stays small, since the quads wait in a
file; a release needs about five times the dataset's size on disk while it is made.
"""

import fcntl
import gzip
import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from entente import __version__
from entente.build.release_catalogue import catalogue, readme
from entente.build.release_changes import MARKDOWN, write_changes
from entente.build.release_draft import Draft, clear
from entente.build.release_dumps import QUADS, write_dumps
from entente.build.release_nanopubs import write_nanopubs
from entente.build.release_spool import Spool
from entente.build.release_tables import write_tables
from entente.core.errors import ReleaseError
from entente.core.releases import DATE, LAYOUT, Release, ReleaseFile, dates_in, read_release
from entente.core.terms import BASE, GRAPH_ARTICLE, GRAPH_ONTOLOGY, OWL

Progress = Callable[[str], None]

TURTLE: Final = "text/turtle; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Made:
    """A release and its folder; `is_new` is false where the very same one stood there."""

    release: Release
    folder: Path
    is_new: bool


def make_release(
    lines: Iterable[bytes],
    *,
    to: Path,
    date: str,
    since: Path | None = None,
    progress: Progress = lambda _stage: None,
) -> Made:
    """Make a release.

    Args:
        lines: the revision's quads as N-Quads, in any order.
        to: folder of the releases, made where it is absent.
        date: name of the release, `YYYY-MM-DD`.
        since: folder of the release whose facts it is compared with; the newest one of an earlier
            date in `to` where `None`.
        progress: told the name of each step as it begins.

    Raises:
        ReleaseError: the date is none, another release of that date stands there, the one before
            cannot be read, or the quads cannot be written in one of the forms.
    """
    require_date(date)
    with ExitStack() as stack:
        try:
            stack.enter_context(_alone(to))
            draft = Draft(Path(stack.enter_context(_folder(to, date))))
            spools = tempfile.TemporaryDirectory(prefix=".spool-", suffix=".new", dir=to)
            place = Path(stack.enter_context(spools))
            return _make(lines, to, date, since, progress, draft, place)
        except (OSError, sqlite3.Error) as error:
            raise ReleaseError(f"the release cannot be written: {error}") from error


def require_date(date: str) -> None:
    """Refuse what is no day.

    Raises:
        ReleaseError: it is none.
    """
    try:
        if DATE.fullmatch(date) is None:
            raise ValueError
        datetime.strptime(date, "%Y-%m-%d")  # a day has no zone
    except ValueError:
        raise ReleaseError(f"the date is {date!r}; it must be a day such as 2026-11-22") from None


def _make(
    lines: Iterable[bytes],
    to: Path,
    date: str,
    since: Path | None,
    progress: Progress,
    draft: Draft,
    place: Path,
) -> Made:
    if since is None:
        since = next((to / name for name in dates_in(to) if name < date), None)
    progress("reading the graph")
    with ExitStack() as stack:
        now = stack.enter_context(Spool(place / "now.sqlite"))
        now.fill(lines)
        previous, before = None, None
        if since is not None:
            previous = read_release(since)
            before = stack.enter_context(Spool(place / "before.sqlite"))
            before.fill(_quads_of(since, previous))
        progress("writing the dumps")
        write_dumps(now, draft)
        progress("writing nanopublications")
        claims = write_nanopubs(now, draft)
        progress("writing tables")
        rows = write_tables(now, draft, date=date)
        progress("comparing with the release before")
        names = (previous.date if previous is not None else "", date)
        write_changes(now, before, draft, names=names)
        counts = _counts(now, claims=claims, rows=rows)
        described = Release(
            layout=LAYOUT,
            date=date,
            previous=previous.date if previous is not None else None,
            dataset=now.digest,
            counts=counts,
            versions=_versions(now),
            files=_sorted(draft),
        )
        title = "The release for machines (DCAT, VoID)"
        content = catalogue(described, now)
        draft.write("catalogue.ttl", content, title=title, media_type=TURTLE)
    title = "What the release holds, in plain words"
    content = readme(date, counts, draft.files)
    draft.write("README.md", content, title=title, media_type=MARKDOWN)
    release = replace(described, files=_sorted(draft))
    progress("putting the release in its place")
    draft.seal(release)
    is_new = draft.publish(to / date)
    return Made(release, to / date, is_new)


def _counts(now: Spool, *, claims: int, rows: dict[str, int]) -> dict[str, int]:
    graphs = now.graphs()
    apart = {"article", "passage", "claim", "concept", "scheme", "links", "mentions"}
    return {
        "articles": sum(name.startswith(GRAPH_ARTICLE) for name in graphs),
        "claims": claims,
        "graphs": len(graphs),
        "quads": sum(graphs.values()),
        "things": sum(count for name, count in rows.items() if name not in apart),
    }


def _versions(now: Spool) -> dict[str, str]:
    found = {"entente": __version__}
    ontology = now.value(f"{BASE}ontology", f"{OWL}versionInfo", [GRAPH_ONTOLOGY])
    return found if ontology is None else {**found, "ontology": ontology}


def _sorted(draft: Draft) -> tuple[ReleaseFile, ...]:
    return tuple(sorted(draft.files, key=lambda file: file.name))


def _quads_of(folder: Path, release: Release) -> Iterator[bytes]:
    """Read the quads of an earlier release, which must be those it was made with."""
    sums = hashlib.sha256()
    with gzip.open(folder / QUADS) as file:
        for line in file:
            sums.update(line)
            yield line
    if sums.hexdigest() != release.dataset:
        raise ReleaseError(f"{folder / QUADS} was altered: it is not what {release.date} had")


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    """Let one release at a time be made in a folder."""
    to.mkdir(parents=True, exist_ok=True)
    with (to / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        clear(to)
        yield


@contextmanager
def _folder(to: Path, date: str) -> Iterator[str]:
    """Make the folder of the draft, and remove it where the release did not come to its place."""
    folder = to / f".{date}.new"
    folder.mkdir()
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
