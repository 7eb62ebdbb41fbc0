"""Settings: one table of name, default, environment variable and help.

Owns every number a server's keeper may turn. A command-line option or a test passes a value by
name; else the environment decides; else the default. Must not read files or guess.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from entente.core.errors import SettingError
from entente.core.remotes import read_prefixes
from entente.core.terms import BASE

TYPE_NAMES: Final = {int: "a whole number", float: "a number", str: "text", Path: "a path"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    `minimum` and `maximum` bound numbers; a `switch` is on when its option stands without a value;
    `many` values stand apart by spaces, and the option may be repeated.
    """

    name: str
    default: int | float | str | Path
    help: str
    minimum: float | None = None
    maximum: float = math.inf
    switch: bool = False
    many: bool = False

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return "ENTENTE_" + self.name.upper()


TABLE: Final[tuple[Setting, ...]] = (
    Setting("host", "127.0.0.1", "address to listen on"),
    Setting("port", 8000, "port to listen on; 0 takes a free one", 0, 65535),
    Setting("public_base", BASE, "IRI prefix under which the graph's own IRIs are served"),
    Setting("state", Path(".entente"), "folder of artifact, snapshots and caches"),
    Setting("releases", "", "folder of releases; where empty, `releases` in the state folder"),
    Setting("threads", 32, "requests answered at the same time", 1),
    Setting("connections", 1000, "open connections kept at the same time", 1),
    Setting("readers", 4, "reader processes, one query each", 1),
    Setting("query_seconds", 30.0, "time limit of a query from arrival to last byte", 0.01),
    Setting("query_queue", 200, "queries that may wait for a reader", 0),
    Setting("query_memory", 1024, "memory a reader may take above its start, in MiB", 64),
    Setting("query_bytes", 262_144, "longest query text, in bytes", 1),
    Setting("query_nesting", 128, "deepest nesting of brackets in a query", 1),
    Setting("query_patterns", 100, "most triple patterns in one group of a query", 1),
    Setting("query_chain", 1000, "longest chain of operators in a query", 1),
    Setting("result_bytes", 256 * 1024 * 1024, "longest answer, in bytes", 1),
    Setting("result_rows", 1_000_000, "most rows or triples of an answer", 1),
    Setting("cache_bytes", 64 * 1024 * 1024, "memory for finished answers, in bytes; 0 is none", 0),
    Setting("service", "", "address that SERVICE may ask, with all below it", many=True),
    Setting("service_private", 0, "1 lets SERVICE ask private addresses too", 0, switch=True),
    Setting("service_seconds", 10.0, "how long one SERVICE may take", 0.01),
    Setting("service_bytes", 16 * 1024 * 1024, "longest answer to a SERVICE, in bytes", 1),
    Setting("service_rows", 10_000, "most rows of an answer to a SERVICE", 1),
    Setting("body_bytes", 1024 * 1024, "longest request body, in bytes", 1),
    Setting("client_rate", 0.0, "requests a second that one address may send; 0 is no limit", 0),
    Setting("client_burst", 100, "requests that one address may send at once", 1),
    Setting("proxies", 0, "proxies in front, whose X-Forwarded-For is believed", 0),
    Setting("stop_seconds", 5.0, "how long answers under way may take when the server stops", 0),
    Setting("writable", 0, "1 lets holders of a write token change the graph", 0, switch=True),
    Setting("write_seconds", 60.0, "time limit of a write, the wait for its turn included", 0.01),
    Setting("write_queue", 50, "writes that may wait for their turn", 0),
    Setting("write_memory", 2048, "memory the writer may take above its start, in MiB", 64),
    Setting("write_bytes", 16 * 1024 * 1024, "longest body of a write, in bytes", 1),
    Setting("snapshots", 3, "snapshots that stay on disk, the current one included", 1),
    Setting("reconcile_batch", 50, "reconciliation queries answered at once", 1),
    Setting("default_graph", "union", "what the default graph is: union of all graphs, or own"),
    Setting("log_level", "info", "least important log line: debug, info, warning or error"),
    Setting("log_format", "text", "form of log lines: text or json"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force, one field for each row of `TABLE`."""

    host: str
    port: int
    public_base: str
    state: Path
    releases: str
    threads: int
    connections: int
    readers: int
    query_seconds: float
    query_queue: int
    query_memory: int
    query_bytes: int
    query_nesting: int
    query_patterns: int
    query_chain: int
    result_bytes: int
    result_rows: int
    cache_bytes: int
    service: str
    service_private: int
    service_seconds: float
    service_bytes: int
    service_rows: int
    body_bytes: int
    client_rate: float
    client_burst: int
    proxies: int
    stop_seconds: float
    writable: int
    write_seconds: float
    write_queue: int
    write_memory: int
    write_bytes: int
    snapshots: int
    reconcile_batch: int
    default_graph: str
    log_level: str
    log_format: str

    @property
    def services(self) -> tuple[str, ...]:
        """Addresses that SERVICE may ask, each with all below it."""
        return read_prefixes(self.service)

    @property
    def artifact(self) -> Path:
        """Folder that `build` writes and `store` loads."""
        return self.state / "artifact"

    @property
    def store(self) -> Path:
        """Folder of the numbered snapshots and `current`."""
        return self.state / "store"

    @property
    def tokens(self) -> Path:
        """File of the hashes of tokens."""
        return self.state / "tokens.json"

    @property
    def release_folder(self) -> Path:
        """Folder of the dated releases."""
        return Path(self.releases) if self.releases else self.state / "releases"

    @property
    def cache(self) -> Path:
        """Folder whose content may be deleted at any time."""
        return self.state / "cache"


def read_settings(
    values: Mapping[str, object] | None = None, *, environment: Mapping[str, str] | None = None
) -> Settings:
    """Gather the settings: `values` (None entries ignored), else environment, else defaults.

    Raises:
        SettingError: a name that is not in the table, or a value that does not fit its row.
    """
    given = {name: value for name, value in (values or {}).items() if value not in (None, ())}
    environment = os.environ if environment is None else environment
    known = {setting.name for setting in TABLE}
    if unknown := sorted(set(given) - known):
        raise SettingError(
            f"no setting is called {unknown[0]!r}; known: {', '.join(sorted(known))}"
        )
    chosen = {
        setting.name: _convert(
            setting, given.get(setting.name, environment.get(setting.variable, setting.default))
        )
        for setting in TABLE
    }
    if chosen["default_graph"] not in ("union", "own"):
        raise SettingError(
            f"default_graph (ENTENTE_DEFAULT_GRAPH) is {chosen['default_graph']!r}; "
            "it must be union or own"
        )
    read_prefixes(str(chosen["service"]))
    return Settings(**chosen)  # type: ignore[arg-type]  # _convert gives each row its field's type


def _convert(setting: Setting, value: object) -> int | float | str | Path:
    kind = Path if isinstance(setting.default, Path) else type(setting.default)
    text = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    try:
        converted = kind(text)
    except ValueError as error:
        raise SettingError(
            f"{setting.name} ({setting.variable}) is {value!r}; it must be {TYPE_NAMES[kind]}"
        ) from error
    if setting.minimum is None:
        return converted
    number = float(str(converted))
    if not setting.minimum <= number < math.inf or number > setting.maximum:
        bound = f"at least {setting.minimum:g} is needed"
        if number > setting.maximum:
            bound = f"at most {setting.maximum:g} is possible"
        raise SettingError(f"{setting.name} ({setting.variable}) is {value!r}; {bound}")
    return converted
