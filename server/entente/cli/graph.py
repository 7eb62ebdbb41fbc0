"""The graph at hand: the artifact built if stale, its snapshot loaded.

Shared by the commands that answer queries. A source with errors does not take a good graph away:
the last good artifact is served on, and the errors are told.
"""

from pathlib import Path

import click

from entente.build.pipeline import build
from entente.cli.progress import plural, shown_progress
from entente.core.errors import ArtifactError, ChangesPending, SourceError
from entente.core.manifest import read_manifest
from entente.core.settings import Settings
from entente.store.snapshots import Snapshots


def prepare_graph(root: Path, settings: Settings) -> Snapshots:
    """Build and load what is stale.

    Raises:
        SourceError: the sources have errors and there is no earlier artifact.
        ArtifactError, StoreError: the artifact cannot be read or loaded.
    """
    try:
        with shown_progress() as progress:
            build(root, settings, progress=progress)
    except SourceError as error:
        try:
            read_manifest(settings.artifact)
        except ArtifactError:
            raise error from None
        for finding in error.findings:
            click.echo(str(finding), err=True)
        count = plural(len(error.findings), "error")
        click.echo(f"entente: {count} in the sources; going on with the last good build", err=True)
    snapshots = open_snapshots(settings)
    try:
        snapshots.load(settings.artifact)
    except ChangesPending as error:
        click.echo(f"entente: {error}", err=True)
        click.echo("entente: going on with the last build and the accepted changes", err=True)
    return snapshots


def open_snapshots(settings: Settings) -> Snapshots:
    """Give the snapshots as the settings want them."""
    return Snapshots(
        settings.store, union=settings.default_graph == "union", kept=settings.snapshots
    )
