"""The explainer: a process that says why, from one snapshot that it holds in memory.

Run as `python -m entente.query.explainer PLAN` by a pool, like the readers: it takes jobs whose
text is a JSON object (`entente.query.explain` makes them) and answers with bytes. It starts in
about a second, which loading and reasoning take; answers then take milliseconds. Owns the kinds of
questions. Days of the past are derived on demand, and the last few kept.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from entente.core.errors import QueryRefused, StoreError
from entente.core.messages import Head, Job
from entente.logic.closure import NotCovered
from entente.logic.explanation import Evidence
from entente.logic.explanation_fields import change_fields, explanation_fields, impact_fields
from entente.logic.explanation_prov import to_turtle
from entente.logic.impact import Impacts
from entente.logic.proof_text import read_statement
from entente.query.limits import ReaderPlan
from entente.query.worker import Answering, FrameSink, main
from entente.store.contents import quads_in
from entente.store.patches import Difference, write_patch

DAYS_KEPT: Final = 4


class Explainer:
    """One revision, and a few days of its past."""

    def __init__(self, place: str) -> None:
        self._quads = quads_in(place)
        self._held: OrderedDict[date | None, Impacts] = OrderedDict()
        self._asked: dict[str, Callable[[dict[str, Any]], tuple[str, bytes]]] = {
            "explain": self._explain,
            "impact": self._impact,
            "changes": self._changes,
        }
        self._impacts(None)

    def answer(self, job: Job, output: int) -> None:
        """Answer one question."""
        started = time.perf_counter()
        asked = json.loads(job.query)
        if asked["kind"] not in self._asked:
            raise QueryRefused(f"there is no question called {asked['kind']!r}")
        name, body = self._asked[asked["kind"]](asked)
        sink = FrameSink(output, Head(form="graph", format=name), job.max_bytes)
        sink.write(body)
        sink.end(time.perf_counter() - started)

    def _explain(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        evidence = self._impacts(_day(asked)).evidence
        found = evidence.explain(read_statement(*asked["statement"]))
        if asked.get("format") == "ttl":
            if found.proof is None:
                return "ttl", b""
            return "ttl", to_turtle(found.proof, document=asked["document"])
        return _json(explanation_fields(found, evidence))

    def _impact(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        impacts = self._impacts(_day(asked))
        found = impacts.of(asked["claim"])
        return _json(None if found is None else impact_fields(found, impacts.evidence))

    def _changes(self, asked: dict[str, Any]) -> tuple[str, bytes]:
        before, after = (self._impacts(date.fromisoformat(asked[end])) for end in ("from", "to"))
        if asked["format"] == "json":
            return _json(change_fields(before.evidence, after.evidence))
        old, new = before.evidence.dataset(), after.evidence.dataset()
        headers = (("from", asked["from"]), ("to", asked["to"]))
        return "patch", write_patch(Difference(new - old, old - new), headers=headers)

    def _impacts(self, day: date | None) -> Impacts:
        if day not in self._held:
            try:
                self._held[day] = Impacts(Evidence(self._quads, as_of=day))
            except NotCovered as error:
                raise StoreError(str(error)) from error
            while len(self._held) > DAYS_KEPT:
                oldest = next(known for known in self._held if known is not None)
                del self._held[oldest]
        self._held.move_to_end(day)
        return self._held[day]


def _day(asked: dict[str, Any]) -> date | None:
    return None if asked.get("as_of") is None else date.fromisoformat(asked["as_of"])


def _json(fields: object) -> tuple[str, bytes]:
    return "json", json.dumps(fields, ensure_ascii=False).encode()


def open_explainer(plan: ReaderPlan) -> Answering:
    """Load the snapshot and draw its closure."""
    return Explainer(plan.place).answer


if __name__ == "__main__":
    main(open_explainer)
