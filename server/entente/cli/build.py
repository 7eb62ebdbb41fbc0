"""`entente build`: files to artifact."""

import time
from pathlib import Path

import click

from entente.build.pipeline import build
from entente.cli.options import (
    chosen_root,
    chosen_settings,
    reference_option,
    root_option,
    settings_options,
    sources_option,
)
from entente.cli.progress import plural, shown_progress
from entente.core.manifest import NAME


@click.command("build")
@root_option
@sources_option
@reference_option
@click.option("--force", is_flag=True, help="Build although nothing has changed.")
@settings_options("state")
def command(
    *, root: Path | None, sources: Path | None, reference: bool, force: bool, **values: object
) -> None:
    """Check the sources, derive view and closure, and write the artifact.

    Does nothing where the artifact is what these sources give. Prints the path of the artifact's
    manifest. Sources with errors leave the last good artifact as it is.
    """
    settings = chosen_settings(values)
    started = time.monotonic()
    with shown_progress() as progress:
        manifest = build(
            chosen_root(root),
            settings,
            sources=sources,
            engines="reference" if reference else "auto",
            force=force or reference,
            progress=progress,
        )
    seconds = time.monotonic() - started
    click.echo(
        f"{manifest.facts['quads']} quads in {len(manifest.counts)} graphs, "
        f"{plural(int(manifest.facts['warnings']), 'warning')} (closure: "
        f"{manifest.facts['closure-engine']}; {seconds:.1f} s)",
        err=True,
    )
    if "closure-fallback" in manifest.facts:
        reason = manifest.facts["closure-fallback"]
        click.echo(f"the fast reasoner does not cover {reason}; owlrl took over", err=True)
    click.echo(settings.artifact / NAME)
