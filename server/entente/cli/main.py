"""The command `entente`: collects the subcommands and turns errors into lines and exit codes.

A subcommand's module is imported when it is asked for, so that each pays for its own libraries.
Exit codes: 0 good; 1 the data or the query is bad, or the store cannot answer; 2 wrong usage.
"""

import os
import sys
from importlib import import_module
from typing import Any, Final

import click

from entente.core.errors import EntenteError, NotAcceptable, SettingError, SourceError

COMMANDS: Final = (
    "backup",
    "build",
    "check",
    "cite",
    "export",
    "format",
    "load",
    "query",
    "release",
    "restore",
    "serve",
    "stats",
    "terms",
    "token",
)
EPILOG: Final = (
    "Answers go to standard output, talk to standard error. Exit codes: 0 good, 1 the data or the "
    "query is bad, 2 wrong usage. Every setting has an environment variable: see `serve --help`."
)


class Commands(click.Group):
    """The subcommands, one module each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Name the subcommands."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import a subcommand."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"entente.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand; what we foresee becomes a line on standard error, never a stack."""
        try:
            return super().invoke(ctx)
        except SourceError as error:
            for finding in error.findings:
                click.echo(str(finding), err=True)
            count = len(error.findings)
            click.echo(f"entente: {count} error{'s' * (count != 1)}; nothing was built", err=True)
            ctx.exit(1)
        except EntenteError as error:
            click.echo(f"entente: {' '.join(str(error).split())}", err=True)
            ctx.exit(2 if isinstance(error, SettingError | NotAcceptable) else 1)
        except BrokenPipeError:
            # the reader of our output has seen enough; nothing more may be flushed to it
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


def _print_versions(ctx: click.Context, _parameter: click.Parameter, wanted: object) -> None:
    if not wanted:
        return
    from platform import python_version

    from entente.build.freshness import software_versions

    versions = dict(software_versions())
    click.echo(f"entente {versions.pop('entente')} (code {versions.pop('code')})")
    for name, version in sorted({**versions, "python": python_version()}.items()):
        click.echo(f"{name} {version}")
    ctx.exit()


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_versions,
    help="Print the versions of Entente and of its engines.",
)
def main() -> None:
    """Build, check, serve and query the evidence graph."""
