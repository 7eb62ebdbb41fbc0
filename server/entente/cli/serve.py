"""`entente serve`: the graph over HTTP."""

import logging
import threading
from contextlib import ExitStack
from pathlib import Path

import click

from entente.cli.graph import prepare_graph
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.core.errors import EntenteError, SettingError
from entente.core.logs import set_up_logs
from entente.core.settings import Settings


@click.command("serve")
@root_option
@settings_options()
def command(*, root: Path | None, **values: object) -> None:
    """Build what is stale, and serve the graph until SIGINT or SIGTERM.

    Prints the address on standard output once it answers. SIGHUP builds what is stale since; what
    another process builds and loads is served as well, without a dropped request.
    """
    from entente.query.following import Follower
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

    def rebuild() -> None:
        threading.Thread(target=build_anew, args=(place, settings), daemon=True).start()

    with ExitStack() as stack:
        service = stack.enter_context(QueryService(settings, snapshots, queries=place / "queries"))
        writes = None
        if settings.writable:
            writes = stack.enter_context(WriteService(settings, service))
        stack.enter_context(Follower(service, snapshots))
        app = create_app(service, settings, writes=writes)
        serve(app, settings, started=tell, hung_up=rebuild)


def build_anew(place: Path, settings: Settings) -> None:
    """Build and load what is stale while the server goes on; a failure is told in the log."""
    try:
        prepare_graph(place, settings)
    except EntenteError as error:
        logging.getLogger("entente.cli").error("the build failed: %s", error)
