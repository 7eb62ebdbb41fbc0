"""The graph at hand: the artifact built if stale, its snapshot loaded.

Shared by the commands that answer queries. Sources with errors do not take a good graph away, nor
does a state folder that cannot be written: what is there is served on, and the reason is told.
"""

from collections.abc import Callable
from pathlib import Path

import click

from entente.build.freshness import fresh_manifest, read_inputs
from entente.build.pipeline import build
from entente.cli.progress import plural, shown_progress
from entente.core.build_record import BuildRecord
from entente.core.errors import ArtifactError, ChangesPending, SourceError, StoreError
from entente.core.manifest import read_manifest
from entente.core.settings import Settings
from entente.store.snapshots import Snapshot, Snapshots

Tell = Callable[[str], None]


def say(line: str) -> None:
    """Tell a person at the terminal."""
    click.echo(line, err=True)


def prepare_graph(
    root: Path, settings: Settings, *, tell: Tell = say, record: BuildRecord | None = None
) -> Snapshots:
    """Build and load what is stale.

    Args:
        root: the project's folder.
        settings: where the state is.
        tell: is told, line by line, why the sources are not what is served.
        record: notes what became of the build.

    Raises:
        SourceError: the sources have errors and there is no earlier artifact.
        ArtifactError, StoreError: the artifact cannot be read or loaded, and nothing was before.
    """
    snapshots = open_snapshots(settings)
    failure = _build(root, settings, snapshots, tell=tell)
    if failure is None:
        failure = _load(settings, snapshots, tell=tell)
    else:
        _load(settings, snapshots, tell=tell)
    if record is not None:
        if failure is None:
            record.succeed()
        else:
            record.fail(failure)
    return snapshots


def open_snapshots(settings: Settings) -> Snapshots:
    """Give the snapshots as the settings want them."""
    return Snapshots(
        settings.store, union=settings.default_graph == "union", kept=settings.snapshots
    )


def _build(root: Path, settings: Settings, snapshots: Snapshots, *, tell: Tell) -> str | None:
    """Build what is stale; give the reason where something earlier is served instead."""
    try:
        with shown_progress() as progress:
            build(root, settings, progress=progress)
    except SourceError as error:
        try:
            read_manifest(settings.artifact)
        except ArtifactError:
            raise error from None
        for finding in error.findings:
            tell(str(finding))
        count = plural(len(error.findings), "error")
        tell(f"{count} in the sources; going on with the last good build")
        return f"{count} in the sources"
    except OSError as error:
        if fresh_manifest(settings.artifact, read_inputs(root)) is not None:
            return None  # a folder that is read-only on purpose
        reason = error.strerror or type(error).__name__
        if snapshots.revisions():
            tell(f"the artifact cannot be written ({reason}); going on with the last good build")
            return "the artifact cannot be written"
        raise StoreError(f"the artifact cannot be written: {reason}") from error
    return None


def _load(settings: Settings, snapshots: Snapshots, *, tell: Tell) -> str | None:
    """Load the artifact; give the reason where something earlier is served instead."""
    try:
        snapshots.load(settings.artifact)
    except ChangesPending as error:
        tell(str(error))
        tell("going on with the last build and the accepted changes")
        return "the new build lacks accepted changes"
    except (ArtifactError, StoreError) as error:
        try:
            current = snapshots.current()
        except StoreError:
            raise error from None
        if _holds(current, settings.artifact):
            return None
        tell(f"{error}; going on with what was loaded before")
        return "the new build cannot be loaded"
    return None


def _holds(current: Snapshot, artifact: Path) -> bool:
    try:
        return current.digest == read_manifest(artifact).digest
    except ArtifactError:
        return False
