"""Standbys of an application: the processes that its views ask, known to who serves it.

Owns where the views leave them and the server finds them, so that it can keep them warm.
"""

from typing import Any, Final

from flask import Blueprint

from entente.query.standby import Standby

_KEY: Final = "entente.standbys"


def standbys_in(app: Any) -> list[Standby]:
    """Give the standbys that an application asks; those that start fastest come first."""
    found: list[Standby] = app.extensions.setdefault(_KEY, [])
    return found


def leave(blueprint: Blueprint, standby: Standby, *, first: bool = False) -> None:
    """Let the application that takes a blueprint know a standby that its views ask.

    Args:
        blueprint: whose views ask.
        standby: which process.
        first: whether it starts fast, and is made ready before the others.
    """

    def note(state: Any) -> None:
        known = standbys_in(state.app)
        known.insert(0 if first else len(known), standby)

    blueprint.record(note)
