"""`entente restore`: a backup made current, also while a server answers from the store."""

from pathlib import Path

import click

from entente.cli.graph import open_snapshots
from entente.cli.options import chosen_settings, settings_options
from entente.store.backup import restore


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the store that is there; it stays beside.")
@settings_options("state", "default_graph")
def command(*, source: Path, force: bool, **values: object) -> None:
    """Hold the backup SOURCE to its digests, then make it current.

    Prints the new revision. A server that runs answers from it within seconds.
    """
    click.echo(restore(open_snapshots(chosen_settings(values)), source, force=force))
