"""The command `entente`: collects the subcommands."""

import click


@click.group()
def main() -> None:
    """Build, check, serve and query the evidence graph."""
