"""`entente token`: tokens made, listed and revoked."""

import click

from entente.cli.options import chosen_settings, settings_options
from entente.core.tokens import SCOPES, Tokens


@click.group("token")
def command() -> None:
    """Make, list and revoke tokens of the server."""


@command.command("new")
@click.option("--scope", type=click.Choice(SCOPES), required=True, help="What it allows.")
@click.option("--expires", help="How long it is good: 90m, 12h, 30d or 4w. For ever by default.")
@click.option("--name", required=True, help="Who will hold it; the change log says so.")
@settings_options("state")
def new(*, scope: str, expires: str | None, name: str, **values: object) -> None:
    """Make a token and print it, once: only its hash is kept."""
    tokens = Tokens(chosen_settings(values).tokens)
    chosen = next(one for one in SCOPES if one == scope)
    click.echo(tokens.new(name, chosen, expires=expires))
    click.echo("Keep it: it cannot be shown again.", err=True)


@command.command("list")
@settings_options("state")
def show(**values: object) -> None:
    """List the tokens, without their secrets, as tab-separated lines."""
    for token in Tokens(chosen_settings(values).tokens).all():
        until = "for ever" if token.expires is None else token.expires
        state = "expired" if token.expired else until
        click.echo(f"{token.name}\t{token.scope}\t{token.made}\t{state}")


@command.command("revoke")
@click.argument("name")
@settings_options("state")
def revoke(*, name: str, **values: object) -> None:
    """Take a token out of force at once."""
    Tokens(chosen_settings(values).tokens).revoke(name)
    click.echo(f"the token {name!r} is revoked", err=True)
