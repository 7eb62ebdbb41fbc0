"""Tokens: who may read, write or administer, by a secret that is shown once.

Owns the file of hashes (mode 0600) and the comparison. A token holds 256 random bits, so a plain
SHA-256 is as good as a slow hash: there is no dictionary to try. Knows nothing of HTTP.
"""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from entente.core.errors import NotFound, SettingError, StoreError, TokensUnreadable

Scope = Literal["read", "write", "admin"]

SCOPES: Final[tuple[Scope, ...]] = ("read", "write", "admin")
PREFIX: Final = "entente_"
_DURATION: Final = re.compile(r"([1-9][0-9]{0,5})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known of a token; the secret itself is not. Times are ISO 8601 in UTC."""

    name: str
    scope: Scope
    made: str
    expires: str | None
    hash: str

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires is not None and datetime.fromisoformat(self.expires) <= _now()

    def allows(self, scope: Scope) -> bool:
        """Tell whether its scope covers another: admin covers write, write covers read."""
        return SCOPES.index(scope) <= SCOPES.index(self.scope)


class Tokens:
    """The tokens in one file; read again whenever the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._held: tuple[Token, ...] = ()

    def new(self, name: str, scope: Scope, *, expires: str | None = None) -> str:
        """Make a token and give its secret, which is kept nowhere.

        Args:
            name: who will hold it; no two tokens have the same.
            scope: what it allows.
            expires: how long it is good, such as `90m`, `12h`, `30d` or `4w`; `None` for ever.

        Raises:
            SettingError: the name is taken or no name, or the duration is none.
        """
        if not _NAME.fullmatch(name):
            raise SettingError(
                f"a token cannot be called {name!r}: up to 64 letters, digits, spaces and ._@+-"
            )
        now = _now()
        until = None if expires is None else _after(now, expires)
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._alone():
            held = self._read()
            if any(token.name == name for token in held):
                raise SettingError(f"there is a token called {name!r}: revoke it first")
            token = Token(
                name=name, scope=scope, made=now.isoformat(), expires=until, hash=_hash(secret)
            )
            self._write((*held, token))
        return secret

    def all(self) -> tuple[Token, ...]:
        """Give what is known of every token, expired ones too."""
        return self._read()

    def revoke(self, name: str) -> None:
        """Take a token out of force at once.

        Raises:
            NotFound: none is called so.
        """
        with self._alone():
            held = self._read()
            left = tuple(token for token in held if token.name != name)
            if left == held:
                raise NotFound(f"no token is called {name!r}")
            self._write(left)

    def verify(self, secret: str) -> Token | None:
        """Give the token that a secret belongs to, if it is in force.

        Every hash is compared, each in constant time, so the time taken tells nothing.
        """
        shown = _hash(secret)
        found = None
        for token in self._read():
            if hmac.compare_digest(token.hash, shown) and not token.expired:
                found = token
        return found

    def _read(self) -> tuple[Token, ...]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._seen, self._held = None, ()
            return ()
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen != self._seen:
            try:
                held = tuple(_token(fields) for fields in json.loads(self._path.read_bytes()))
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise TokensUnreadable(
                    "the file of tokens cannot be read: make the tokens anew"
                ) from error
            self._seen, self._held = seen, held
        return self._held

    def _write(self, tokens: tuple[Token, ...]) -> None:
        temporary = self._path.with_name(self._path.name + ".new")
        temporary.unlink(missing_ok=True)
        opened = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            json.dump([asdict(token) for token in tokens], file, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(opened)
        temporary.replace(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        except OSError as error:
            raise StoreError(f"the file of tokens cannot be written: {error.strerror}") from error


def _token(fields: dict[str, object]) -> Token:
    """Read one entry, none but whole ones: what is damaged must not be in force for ever.

    Raises:
        ValueError, TypeError, KeyError: it is damaged.
    """
    token = Token(**fields)  # type: ignore[arg-type]  # what follows holds them to their types
    if not all(isinstance(text, str) for text in (token.name, token.made, token.hash)):
        raise TypeError("a name, a time or a hash is no text")
    if not _NAME.fullmatch(token.name) or token.scope not in SCOPES:
        raise ValueError("there is no such name or scope")
    if token.expires is not None and datetime.fromisoformat(token.expires).tzinfo is None:
        raise ValueError("a time has no zone")
    return token


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _after(start: datetime, expires: str) -> str:
    try:
        return (start + _duration(expires)).isoformat()
    except OverflowError as error:
        raise SettingError(f"{expires!r} is too long: leave it out for a token for ever") from error


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise SettingError(f"{text!r} is no duration: write 90m, 12h, 30d or 4w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
