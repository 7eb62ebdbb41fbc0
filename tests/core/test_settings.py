"""Where a setting's value comes from, and what a bad one gets."""

from dataclasses import fields
from pathlib import Path

import pytest

from entente.core.errors import SettingError
from entente.core.settings import TABLE, Settings, read_settings


def test_a_default_holds_where_nothing_is_said() -> None:
    assert read_settings(environment={}).port == 8000


def test_the_environment_beats_the_default() -> None:
    assert read_settings(environment={"ENTENTE_PORT": "9000"}).port == 9000


def test_a_given_value_beats_the_environment() -> None:
    assert read_settings({"port": 9001}, environment={"ENTENTE_PORT": "9000"}).port == 9001


def test_an_option_that_was_not_given_leaves_the_environment_in_force() -> None:
    assert read_settings({"port": None}, environment={"ENTENTE_PORT": "9000"}).port == 9000


def test_folders_follow_the_state() -> None:
    settings = read_settings({"state": "/srv/entente"}, environment={})
    assert Path("/srv/entente/store") == settings.store


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("port", "eight", "must be a whole number"),
        ("port", -1, "at least 0"),
        ("port", 65536, "at most 65535"),
        ("query_seconds", 0, "at least 0.01"),
        ("query_seconds", "nan", "at least"),
        ("colour", "blue", "no setting is called 'colour'"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_accepted(name: str, value: object, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        read_settings({name: value}, environment={})


def test_every_row_has_a_field_and_every_field_a_row() -> None:
    assert [row.name for row in TABLE] == [field.name for field in fields(Settings)]
