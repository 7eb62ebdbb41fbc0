"""The framer: a process that gives JSON-LD documents their form, from one snapshot.

Run as `python -m entente.query.framer PLAN` by a pool, like the readers: it takes jobs whose text
is a JSON object (`entente.query.forms` makes them), runs the CONSTRUCT in it and shapes what comes.
Owns the reading of context and frames. A process of its own, because the JSON-LD processor takes
longer to load than a reader to start, and a document may take as long as a query.
"""

import io
import json
import time
from pathlib import Path
from typing import Any, Final

from entente.core.messages import Head, Job
from entente.core.places import project_root
from entente.logic.framing import Framing
from entente.query.guard import inspect
from entente.query.limits import QueryLimits, ReaderPlan
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
    source = open_source(plan.place)
    framing = read_framing(project_root() / "ontology")
    return lambda job, output: _answer(source, framing, job, plan.limits, output)


def _answer(source: Source, framing: Framing, job: Job, limits: QueryLimits, output: int) -> None:
    started = time.perf_counter()
    asked = json.loads(job.query)
    inspect(asked["query"], limits)
    document = io.BytesIO()
    source.evaluate(Question(query=asked["query"])).write(document, "jsonld")
    body = framing.give(
        document.getvalue(), root=asked["root"], form=asked["form"], frame=asked["frame"]
    )
    sink = FrameSink(output, Head(form="graph", format="jsonld"), job.max_bytes)
    sink.write(body)
    sink.end(time.perf_counter() - started)


def _load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


if __name__ == "__main__":
    main(open_framer)
