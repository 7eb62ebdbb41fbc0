"""Tokens: shown once, kept as hashes, out of force when revoked or expired."""

import hashlib
import json
from pathlib import Path

import pytest

from entente.core import tokens as module
from entente.core.errors import NotFound, SettingError, StoreError
from entente.core.tokens import Tokens


def test_a_secret_is_known_again_and_stands_nowhere(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens.json")
    secret = tokens.new("ann", "write")
    found = tokens.verify(secret)
    assert found is not None
    assert (found.name, found.scope) == ("ann", "write")
    assert secret not in (tmp_path / "tokens.json").read_text()
    assert (tmp_path / "tokens.json").stat().st_mode & 0o777 == 0o600


def test_another_secret_is_nobodys(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "tokens.json")
    assert tokens.verify("entente_x") is None
    secret = tokens.new("ann", "read")
    assert tokens.verify(secret + "x") is None
    assert tokens.verify("") is None
    assert tokens.verify("ä") is None


def test_a_revoked_token_is_out_of_force_in_another_process_too(tmp_path: Path) -> None:
    here, there = Tokens(tmp_path / "t.json"), Tokens(tmp_path / "t.json")
    secret = here.new("ann", "admin")
    assert there.verify(secret) is not None
    here.revoke("ann")
    assert there.verify(secret) is None
    with pytest.raises(NotFound):
        here.revoke("ann")


def test_an_expired_token_is_out_of_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(tmp_path / "t.json")
    secret = tokens.new("ann", "write", expires="30d")
    later = module._now() + module._duration("31d")
    assert tokens.verify(secret) is not None
    monkeypatch.setattr(module, "_now", lambda: later)
    assert tokens.verify(secret) is None
    assert tokens.all()[0].expired


@pytest.mark.parametrize(
    "duration", ["", "30", "d", "-1d", "1y", "0d", "1 d", "9999999d", "999999w"]
)
def test_a_duration_that_is_none_is_refused(tmp_path: Path, duration: str) -> None:
    with pytest.raises(SettingError):
        Tokens(tmp_path / "t.json").new("ann", "read", expires=duration)


@pytest.mark.parametrize("name", ["", " ann", "a\nb", "x" * 65, "<script>"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingError):
        Tokens(tmp_path / "t.json").new(name, "read")


def test_no_two_tokens_have_one_name(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "t.json")
    tokens.new("ann", "read")
    with pytest.raises(SettingError, match="revoke"):
        tokens.new("ann", "write")


def test_a_wider_scope_covers_a_narrower_one(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "t.json")
    token = tokens.verify(tokens.new("ann", "write"))
    assert token is not None
    assert (token.allows("read"), token.allows("write"), token.allows("admin")) == (
        True,
        True,
        False,
    )


HASH = hashlib.sha256(b"secret").hexdigest()
WHOLE = {"name": "ann", "scope": "write", "made": "x", "expires": None, "hash": HASH}


@pytest.mark.parametrize(
    "damage",
    [
        {"scope": "everything"},
        {"expires": "soon"},
        {"expires": "2099-01-01T00:00:00"},
        {"expires": 5},
        {"name": "a\nb"},
        {"name": None},
        {"hash": 7},
        {"further": 1},
    ],
)
def test_a_damaged_entry_is_told_and_not_in_force(
    tmp_path: Path, damage: dict[str, object]
) -> None:
    """One whose expiry cannot be read must not be good for ever."""
    tokens = Tokens(tmp_path / "t.json")
    (tmp_path / "t.json").write_text(json.dumps([WHOLE]))
    assert tokens.verify("secret") is not None
    (tmp_path / "t.json").write_text(json.dumps([{**WHOLE, **damage}]))
    with pytest.raises(StoreError):
        tokens.verify("secret")


@pytest.mark.parametrize("content", ["[{}]", "", "null", "{}x", "[1]", '"abc"'])
def test_a_damaged_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.json").write_text(content)
    with pytest.raises(StoreError):
        Tokens(tmp_path / "t.json").verify("entente_x")
