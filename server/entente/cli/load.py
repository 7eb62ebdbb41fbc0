"""`entente load`: an artifact made current, also while a server answers from the store."""

from pathlib import Path

import click

from entente.cli.graph import open_snapshots
from entente.cli.options import chosen_settings, settings_options


@click.command("load")
@click.option(
    "--artifact",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the artifact; that of the last build by default.",
)
@click.option(
    "--drop-changes",
    is_flag=True,
    help="Load it although it lacks changes that were accepted since the last load.",
)
@settings_options("state", "default_graph", "snapshots")
def command(*, artifact: Path | None, drop_changes: bool, **values: object) -> None:
    """Make an artifact current; a server that runs answers from it within seconds.

    Prints the revision. Refused where accepted changes would be lost: export them first.
    """
    settings = chosen_settings(values)
    snapshot = open_snapshots(settings).load(
        artifact or settings.artifact, drop_changes=drop_changes
    )
    click.echo(snapshot.revision)
