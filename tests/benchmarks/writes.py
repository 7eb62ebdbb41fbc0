"""Writes to the real graph over the write service, as ratios to a build in the same run."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from entente.build.pipeline import build
from entente.core.errors import WriteRefused
from entente.core.places import project_root
from entente.core.settings import read_settings
from entente.core.writes import WriteOutcome, WriteRequest
from entente.query.service import QueryService
from entente.query.writing import WriteService
from entente.store.snapshots import Snapshots

PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX graph: <https://w3id.org/entente/graph/>
"""
BRASOV = "<https://w3id.org/entente/id/place/brasov>"
BROKEN = f"{PREFIXES} DELETE WHERE {{ GRAPH ?g {{ {BRASOV} skos:prefLabel ?l }} }}"

Comparison = tuple[str, Callable[[], object], Callable[[], object]]


def comparisons(state: Path) -> Iterator[Comparison]:
    """Give name, what is measured and what it is compared with; each is to be used at once."""
    settings = read_settings({"state": state / "written"}, environment={})
    apart = read_settings({"state": state / "built"}, environment={})
    build(project_root(), settings, force=True)
    snapshots = Snapshots(settings.store)
    snapshots.load(settings.artifact)
    numbers = itertools.count()

    def whole() -> object:
        return build(project_root(), apart, force=True)

    with QueryService(settings, snapshots) as service, WriteService(settings, service) as writes:
        _wait_until_idle(writes)

        def accepted() -> WriteOutcome:
            data = f'{BRASOV} skos:altLabel "Kronstadt {next(numbers)}"@en'
            text = f"{PREFIXES} INSERT DATA {{ GRAPH graph:entities {{ {data} }} }}"
            outcome = writes.write(WriteRequest(kind="update", text=text))
            assert outcome.published
            return outcome

        def refused() -> None:
            with suppress(WriteRefused):
                writes.write(WriteRequest(kind="update", text=BROKEN))
                raise AssertionError("a broken shape was published")

        yield "write, accepted and served / build", accepted, whole
        yield "write, refused with its report / build", refused, whole
        yield "write, accepted / refused", accepted, refused

    def first() -> None:
        begun = WriteService(settings, service)
        begun.start()
        begun.stop()

    with QueryService(settings, snapshots) as service:
        yield "start of the writer / build", first, whole


def _wait_until_idle(writes: WriteService) -> None:
    """Wait until the writer has warmed up: it uses no more of the processor."""
    used = -1
    while used != (used := _ticks(writes)):
        time.sleep(0.3)


def _ticks(writes: WriteService) -> int:
    fields = Path(f"/proc/{writes.process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
