"""Metrics: counters and histograms in the text format of Prometheus.

Owns the arithmetic and the format, version 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/). Written by hand because it is less
than a library would ask for: no registry of the whole process, no threads, no labels but strings.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Labels = tuple[str, ...]
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a family; `suffix` is that of a histogram's parts."""

    labels: Mapping[str, str]
    value: float
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """All samples of one name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[Sample, ...]


class Counter:
    """Counts by labels, from any thread."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._lock = threading.Lock()
        self._values: dict[Labels, float] = {}

    def add(self, *values: str, amount: float = 1) -> None:
        """Count one more, or an amount."""
        with self._lock:
            self._values[values] = self._values.get(values, 0) + amount

    def family(self) -> Family:
        """Give what was counted."""
        with self._lock:
            held = sorted(self._values.items())
        samples = (Sample(dict(zip(self._labels, key, strict=True)), value) for key, value in held)
        return Family(self._name, "counter", self._text, tuple(samples))


class Histogram:
    """Counts seconds in buckets by labels, from any thread."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._lock = threading.Lock()
        self._values: dict[Labels, list[float]] = {}

    def observe(self, seconds: float, *values: str) -> None:
        """Count a duration."""
        with self._lock:
            cells = self._values.setdefault(values, [0.0] * (len(BUCKETS) + 2))
            for place, bound in enumerate(BUCKETS):
                cells[place] += seconds <= bound
            cells[-2] += 1
            cells[-1] += seconds

    def family(self) -> Family:
        """Give what was counted."""
        with self._lock:
            held = [(key, tuple(cells)) for key, cells in sorted(self._values.items())]
        return Family(self._name, "histogram", self._text, tuple(self._samples(held)))

    def _samples(self, held: Iterable[tuple[Labels, tuple[float, ...]]]) -> Iterator[Sample]:
        for key, cells in held:
            labels = dict(zip(self._labels, key, strict=True))
            bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
            for bound, count in zip(bounds, cells, strict=False):
                yield Sample({**labels, "le": bound}, count, "_bucket")
            yield Sample(labels, cells[-1], "_sum")
            yield Sample(labels, cells[-2], "_count")


def gauge(name: str, text: str, value: float, **labels: str) -> Family:
    """Make a family of one value that may rise and fall."""
    return Family(name, "gauge", text, (Sample(labels, value),))


def render(families: Iterable[Family]) -> str:
    """Give families in the text format."""
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        inner = ",".join(f'{k}="{v.translate(_ESCAPES)}"' for k, v in sample.labels.items())
        labels = f"{{{inner}}}" if inner else ""
        yield f"{family.name}{sample.suffix}{labels} {sample.value:.17g}"
