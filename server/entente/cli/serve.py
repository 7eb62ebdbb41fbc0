"""`entente serve`: the graph over HTTP."""

from contextlib import ExitStack
from pathlib import Path

import click

from entente.cli.graph import prepare_graph
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.core.errors import SettingError
from entente.core.logs import set_up_logs


@click.command("serve")
@root_option
@settings_options()
def command(*, root: Path | None, **values: object) -> None:
    """Build what is stale, and serve the graph until SIGINT or SIGTERM.

    Prints the address on standard output once it answers.
    """
    from entente.query.service import QueryService
    from entente.query.writing import WriteService
    from entente.web.app import create_app
    from entente.web.server import Server, serve

    settings = chosen_settings(values)
    try:
        set_up_logs(level=settings.log_level, form=settings.log_format)
    except ValueError as error:
        raise SettingError(str(error)) from error
    place = chosen_root(root)
    snapshots = prepare_graph(place, settings)

    def tell(server: Server) -> None:
        click.echo(server.url)

    with ExitStack() as stack:
        service = stack.enter_context(QueryService(settings, snapshots, queries=place / "queries"))
        writes = None
        if settings.writable:
            writes = stack.enter_context(WriteService(settings, service))
        serve(create_app(service, settings, writes=writes), settings, started=tell)
