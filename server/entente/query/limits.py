"""Limits: what a query and its reader may take, as values that cross to the reader.

Owns the dataclasses; where the numbers come from is `entente.core.settings`.
"""

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:  # a reader imports this module and no settings: it has to start quickly
    from entente.core.settings import Settings


READER: Final = "entente.query.worker"
"""The program of readers; only they can open another snapshot than they began with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLimits:
    """What a query's text may hold: bytes, depth, patterns in one group, operators in a row."""

    length: int = 262_144
    nesting: int = 128
    patterns: int = 100
    chain: int = 1000

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """Take the limits from the settings."""
        return cls(
            length=settings.query_bytes,
            nesting=settings.query_nesting,
            patterns=settings.query_patterns,
            chain=settings.query_chain,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """What SERVICE may do.

    `prefixes` are the addresses it may ask, each with all below it; `private` lets it ask addresses
    that are not of the public internet; `seconds` bounds one SERVICE, `length` its answer in bytes
    and `rows` in rows.
    """

    prefixes: tuple[str, ...] = ()
    private: bool = False
    seconds: float = 10.0
    length: int = 16 * 1024 * 1024
    rows: int = 10_000

    @classmethod
    def of(cls, settings: "Settings") -> Self:
        """Take it from the settings."""
        return cls(
            prefixes=settings.services,
            private=bool(settings.service_private),
            seconds=settings.service_seconds,
            length=settings.service_bytes,
            rows=settings.service_rows,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPlan:
    """All that a reader process needs to know.

    `place` is what `entente.store.embedded.open_source` takes; `program` the module that the
    process runs; `memory` is in MiB above what the
    process has once its snapshot is open; `stack` is in MiB.
    """

    place: str
    revision: int
    program: str = READER
    memory: int = 1024
    stack: int = 256
    limits: QueryLimits = QueryLimits()
    federation: Federation = Federation()

    def leads_to(self, other: "ReaderPlan") -> bool:
        """Tell whether a reader of this plan can go over to another: only the snapshot differs."""
        return self.program == other.program == READER and other == replace(
            self, place=other.place, revision=other.revision
        )

    def encode(self) -> str:
        """Give the plan as one argument of a command line."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what `encode` gave."""
        fields = json.loads(text)
        asked = {**fields["federation"], "prefixes": tuple(fields["federation"]["prefixes"])}
        limits, federation = QueryLimits(**fields["limits"]), Federation(**asked)
        return cls(**{**fields, "limits": limits, "federation": federation})
