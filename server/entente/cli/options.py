"""Options that several commands share, and those that the table of settings gives.

Every row of the table becomes an option with its help, default and environment variable, so no
setting is undocumented.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from entente.core.places import project_root
from entente.core.settings import TABLE, Settings, read_settings

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# On without a value, and with the value that is given.
_SWITCH: Final[dict[str, Any]] = {"is_flag": False, "flag_value": "1"}

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ENTENTE_ROOT",
    help="Folder with ontology, data and queries; the checkout's or the installed ones by default.",
)

sources_option = click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="ENTENTE_SOURCES",
    help="Folder of the articles' texts (*.txt): hold every passage to its text.",
)

reference_option = click.option(
    "--reference",
    is_flag=True,
    help="Use the reference engines, owlrl and pySHACL: slower, for a second opinion.",
)


def settings_options(*names: str) -> Callable[[Decorated], Decorated]:
    """Add an option for each named setting, or for all where none is named."""
    chosen = [setting for setting in TABLE if not names or setting.name in names]

    def decorate(function: Decorated) -> Decorated:
        for setting in reversed(chosen):
            function = click.option(
                "--" + setting.name.replace("_", "-"),
                setting.name,
                **(_SWITCH if setting.switch else {}),
                multiple=setting.many,
                help=f"{setting.help[0].upper()}{setting.help[1:]}. "
                f"[{setting.variable}; default: {setting.default}]",
            )(function)
        return function

    return decorate


def chosen_settings(values: Mapping[str, object]) -> Settings:
    """Gather settings from the options of a command, the environment and the defaults."""
    return read_settings(values)


def chosen_root(given: Path | None) -> Path:
    """Find the project's folder; one that the user names is made absolute."""
    return project_root(given.resolve() if given is not None else None)
