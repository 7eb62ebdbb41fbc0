"""`entente backup`: the graph and its change log in one file, also while it is served."""

from pathlib import Path

import click

from entente.cli.graph import open_snapshots
from entente.cli.options import chosen_settings, settings_options
from entente.store.backup import back_up


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@settings_options("state", "default_graph")
def command(*, target: Path, **values: object) -> None:
    """Write the current revision to the new tar file TARGET (compressed where it ends in gz).

    Tokens are not in it. Prints the revision.
    """
    click.echo(back_up(open_snapshots(chosen_settings(values)), target))
