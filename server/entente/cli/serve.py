"""`entente serve`: the graph over HTTP."""

import logging
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import Final

import click

from entente.cli.graph import prepare_graph
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.core.build_record import BuildRecord
from entente.core.errors import EntenteError, SettingError
from entente.core.logs import set_up_logs
from entente.core.settings import Settings

LOG: Final = logging.getLogger("entente.cli")


@click.command("serve")
@root_option
@settings_options()
def command(*, root: Path | None, **values: object) -> None:
    """Build what is stale, and serve the graph until SIGINT or SIGTERM.

    Prints the address on standard output once it answers. SIGHUP builds what is stale since; what
    another process builds and loads is served as well, without a dropped request.
    """
    settings = chosen_settings(values)
    try:
        set_up_logs(level=settings.log_level, form=settings.log_format)
    except ValueError as error:
        raise SettingError(str(error)) from error
    place = chosen_root(root)
    record = BuildRecord()
    builder = Builder(place, settings, record)
    signal.signal(signal.SIGHUP, builder.hang_up)  # which would end a process that still starts

    from entente.web.server import Server, bind, listen, serve

    with ExitStack() as stack:
        listener = stack.enter_context(bind(settings))  # a port that is taken is told at once
        snapshots = prepare_graph(place, settings, tell=LOG.error, record=record)
        listen(listener)  # from here on a client waits instead of being refused
        # while the readers start: it takes as long as they do
        threading.Thread(target=import_module, args=("entente.web.app",), daemon=True).start()

        from entente.query.following import Follower
        from entente.query.service import QueryService
        from entente.query.warming import Warmer
        from entente.query.writing import WriteService

        service = stack.enter_context(QueryService(settings, snapshots, queries=place / "queries"))
        from entente.web.app import create_app
        from entente.web.standbys import standbys_in

        writes = None
        if settings.writable:
            writes = WriteService(settings, service)
            stack.callback(writes.stop)
        follower = stack.enter_context(Follower(service, snapshots))
        stack.callback(builder.stop)
        builder.start(follower.look)
        app = create_app(service, settings, writes=writes, record=record)
        stack.enter_context(Warmer(service, standbys_in(app)))

        def tell(server: Server) -> None:
            click.echo(server.url)
            if writes is not None:
                writes.begin()  # not before: it would take the processor from the first answers

        serve(app, settings, listener=listener, started=tell, hung_up=builder.wake)


class Builder:
    """Builds and loads what is stale when asked, one build at a time.

    A build that fails is told in the log and in the record; what was served before is served on.
    """

    def __init__(self, place: Path, settings: Settings, record: BuildRecord) -> None:
        self._place, self._settings, self._record = place, settings, record
        # reentrant, as an event is not: a signal's handler may interrupt itself
        self._wanted: SimpleQueue[None] = SimpleQueue()
        self._stopping = False

    def wake(self) -> None:
        """Ask for a build; of several that are asked for during one, one more is made."""
        self._wanted.put(None)

    def hang_up(self, _number: int, _frame: FrameType | None) -> None:
        """Ask for a build: the handler of a signal."""
        self.wake()

    def start(self, loaded: Callable[[], None]) -> None:
        """Begin.

        Args:
            loaded: called after each build that was loaded.
        """
        self._loaded = loaded
        threading.Thread(target=self._work, name="entente-builder", daemon=True).start()

    def stop(self) -> None:
        """Begin no other build; one that is under way ends with the process."""
        self._stopping = True
        self._wanted.put(None)

    def _work(self) -> None:
        while True:
            self._wanted.get()
            while not self._wanted.empty():  # nobody else takes from it
                self._wanted.get()
            if self._stopping:
                return
            try:
                prepare_graph(self._place, self._settings, tell=LOG.error, record=self._record)
                self._loaded()
            except (EntenteError, OSError) as error:
                self._record.fail("the build failed")
                LOG.error("the build failed: %s", error)
