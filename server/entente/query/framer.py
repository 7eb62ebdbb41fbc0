"""The framer: a process that gives JSON-LD documents their form, from one snapshot.

Run as `python -m entente.query.framer PLAN` by a pool, like the readers: it takes jobs whose text
is a JSON object (`entente.query.forms` makes them), runs the CONSTRUCT in it, shapes what comes and
adds what supports each fact. Owns the reading of context and frames. A process of its own, because
a document may take as long as a query, and its shaping as long again.
"""

import io
import json
import time
from pathlib import Path
from typing import Any, Final

from entente.core.messages import Head, Job
from entente.core.places import project_root
from entente.core.terms import CLAIM
from entente.logic.fact_notes import Notes
from entente.logic.framing import Framing
from entente.query.guard import inspect
from entente.query.library import QueryLibrary
from entente.query.limits import QueryLimits, ReaderPlan
from entente.query.results import Iri, Row, read_rows
from entente.query.support import gather_support, notes_of
from entente.query.worker import Answering, FrameSink, main
from entente.store.embedded import open_source
from entente.store.source import Question, Source

SUFFIX: Final = ".jsonld"


def read_framing(ontology: Path) -> Framing:
    """Read the context and the frames from the folder of the ontology."""
    frames = {path.stem: _load(path) for path in sorted((ontology / "frames").glob("*" + SUFFIX))}
    return Framing(_load(ontology / "context.jsonld")["@context"], frames)


def open_framer(plan: ReaderPlan) -> Answering:
    """Open the snapshot, the context and the frames."""
    return Framer(open_source(plan.place), plan.limits).answer


class Framer:
    """One snapshot, and the forms that its documents may have."""

    def __init__(self, source: Source, limits: QueryLimits) -> None:
        self._source = source
        self._limits = limits
        self._framing = read_framing(project_root() / "ontology")
        self._library = QueryLibrary(project_root() / "queries")

    def answer(self, job: Job, output: int) -> None:
        """Answer with one document."""
        started = time.perf_counter()
        asked = json.loads(job.query)
        query = inspect(asked["query"], self._limits)
        body = self._framing.give(
            self._ask(query, "jsonld"),
            root=asked["root"],
            form=asked["form"],
            frame=asked["frame"],
            notes=self._notes,
        )
        sink = FrameSink(output, Head(form="graph", format="jsonld"), job.max_bytes)
        sink.write(body)
        sink.end(time.perf_counter() - started)

    def _notes(self, things: list[str]) -> Notes:
        """Give what supports the facts of things; claims and passages are themselves what does."""
        found = (one for one in things if not one.startswith((CLAIM, "_:")) and "#" not in one)
        return notes_of(gather_support(found, self._rows))

    def _rows(self, name: str, things: tuple[Iri, ...]) -> list[Row]:
        query = self._library.get(name).with_values({"it": things})
        return read_rows(self._ask(query, "json"))

    def _ask(self, query: str, form: str) -> bytes:
        answer = io.BytesIO()
        self._source.evaluate(Question(query=query)).write(answer, form)
        return answer.getvalue()


def _load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


if __name__ == "__main__":
    main(open_framer)
