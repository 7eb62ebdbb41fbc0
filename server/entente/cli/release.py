"""`entente release`: the current revision as a dated folder of dumps."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from entente.cli.graph import prepare_graph
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.cli.progress import plural, shown_progress
from entente.core.errors import ReleaseError, SettingError
from entente.core.manifest import read_manifest
from entente.core.settings import Settings
from entente.store.snapshots import Snapshots


@click.command("release")
@root_option
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the releases; the setting `releases` by default, which the server serves.",
)
@click.option("--date", help="Day of the release (YYYY-MM-DD), its name; today in UTC by default.")
@click.option(
    "--since",
    help="The release to compare with: its day, or its folder; the newest earlier one by default.",
)
@settings_options("state", "default_graph")
def command(
    *,
    root: Path | None,
    target: Path | None,
    date: str | None,
    since: str | None,
    **values: object,
) -> None:
    """Write dumps of the current revision in all forms, with checksums and what changed.

    N-Quads, TriG, JSON-LD, Turtle, RDF/XML, RDF 1.2 Turtle, nanopublications and tables. Builds
    what is stale first; accepted changes are in it. Prints the folder of the release. The same
    release made again changes nothing; another of the same day is refused.
    """
    from entente.build.release import make_release, require_date

    settings = chosen_settings(values)
    day = date if date is not None else datetime.now(UTC).date().isoformat()
    try:
        require_date(day)
    except ReleaseError as error:
        raise SettingError(str(error)) from error
    folder = target if target is not None else settings.release_folder
    previous = None
    if since is not None:
        previous = next((p for p in (folder / since, Path(since)) if p.is_dir()), None)
        if previous is None:
            raise SettingError(f"--since is {since!r}; it must be a release's day or folder")
    snapshots = prepare_graph(chosen_root(root), settings)
    started = time.monotonic()
    with shown_progress() as progress:
        made = make_release(
            lines_of_current(snapshots, settings),
            to=folder,
            date=day,
            since=previous,
            progress=progress,
        )
    counts, files = made.release.counts, made.release.files
    size = sum(file.bytes for file in files) / 1_000_000
    words = (
        f"{plural(counts['quads'], 'quad')}, {plural(counts['claims'], 'claim')}, "
        f"{plural(len(files), 'file')}, {size:.1f} MB, {time.monotonic() - started:.1f} s"
    )
    click.echo(words if made.is_new else f"the release is there already: {words}", err=True)
    click.echo(made.folder)


def lines_of_current(snapshots: Snapshots, settings: Settings) -> Iterator[bytes]:
    """Give the current revision as N-Quads: the artifact's, or the store's where it was changed."""
    from entente.store.contents import lines_in

    current = snapshots.current()
    manifest = read_manifest(settings.artifact)
    if current.digest == manifest.digest and not snapshots.pending():
        with (settings.artifact / manifest.files["dataset"]).open("rb") as file:
            yield from file
        return
    with snapshots.hold() as hold:
        yield from lines_in(str(hold.snapshot.quads))
