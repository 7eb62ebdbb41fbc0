"""The press: one write after another, from request to published revision or refusal.

Owns the order: lock, revision, attempt, generated graphs untouched, judgement, generated graphs
renewed, snapshot, log line, switch. Whatever fails, the working copy is as before. Runs in the
writer process only.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import pyoxigraph as ox

from entente.core.errors import (
    EntenteError,
    NotAllowed,
    ReadOnly,
    RevisionConflict,
    StoreUnwritable,
)
from entente.core.manifest import NAME
from entente.core.terms import GRAPH_ONTOLOGY, GRAPH_SHAPES, shorten
from entente.core.writes import Change, WriteOutcome, WriteRequest
from entente.logic.facts import Node
from entente.logic.results import Result
from entente.store.attempt import attempt
from entente.store.copies import write_copy
from entente.store.generated import Generated
from entente.store.judge import Judge
from entente.store.patches import Difference, joined, write_patch
from entente.store.reports import report_of
from entente.store.snapshot import BASE_NAME, CLOSURE_SHAPES_NAME, Snapshot
from entente.store.snapshots import Snapshots
from entente.store.spelling import Spelling, with_rewritings
from entente.store.working import WorkingCopy

LONGEST_DIFFERENCE = 256 * 1024
GOVERNING = frozenset({GRAPH_SHAPES, GRAPH_ONTOLOGY})
"""What writes are judged by; who may change these may let anything in."""


def ignore() -> None:
    """Tell nobody."""


class Press:
    """Publishes writes in one folder of snapshots."""

    def __init__(self, snapshots: Snapshots, *, rules: Path | None = None) -> None:
        self._snapshots = snapshots
        self._rules = rules
        self._snapshot: Snapshot | None = None
        self._working: WorkingCopy
        self._judge: Judge
        self._generated: Generated

    def open(self) -> int:
        """Recover from a crash, read the current revision and give its number.

        Raises:
            StoreError: there is none.
            StoreUnwritable: the folder cannot be written.
        """
        try:
            with self._snapshots.alone():
                return self._follow().revision
        except OSError as error:
            raise StoreUnwritable(f"the store cannot be written: {error.strerror}") from error

    def warm(self) -> None:
        """Do now what would keep the next write waiting."""
        with suppress(EntenteError):  # who writes next is told
            self._judge.warm()
            self._generated.warm()
        self._working.warm()

    def write(
        self,
        request: WriteRequest,
        operations: Sequence[str],
        *,
        spelling: Spelling | None = None,
        committing: Callable[[], None] = ignore,
    ) -> WriteOutcome:
        """Do one write.

        Args:
            request: what is wanted.
            operations: those of an update's text, one by one.
            spelling: has seen the literals of an update.
            committing: told when the judgement is over and the disk is written.

        Raises:
            EntenteError: of the kinds that `WriteService.write` names; nothing has changed.
        """
        started = time.perf_counter()
        spelling = spelling or Spelling()
        try:
            with self._snapshots.alone():
                current = self._follow()
                self._require_revision(request, current)
                generated = self._judge.generated
                asserted = attempt(
                    self._working, request, operations, generated=generated, spelling=spelling
                )
                changed = [asserted]
                try:
                    _require_unforced(asserted, generated | self._judge.generated)
                    if not (request.governs or request.dry_run):
                        _require_ungoverning(asserted)
                    rewritings = spelling.rewritings()
                    outcome = self._publish(request, current, changed, committing, started)
                    return with_rewritings(outcome, rewritings)
                finally:
                    # what was published is in the new state; anything else is taken back
                    if self._snapshot is current:
                        for one in reversed(changed):
                            self._working.undo(one)
                        self._judge.back()
                        self._generated.back()
        except OSError as error:
            raise StoreUnwritable(f"the store cannot be written: {error.strerror}") from error

    def _publish(
        self,
        request: WriteRequest,
        current: Snapshot,
        changed: list[Difference],
        committing: Callable[[], None],
        started: float,
    ) -> WriteOutcome:
        asserted = changed[0]
        results: tuple[Result, ...] = ()
        revision, published = current.revision, False
        if asserted:
            derived, results = self._judge.judge(asserted, revision=revision)
            self._generated.renew(derived, changed)
            if not request.dry_run:
                committing()
                self._snapshot = self._press(request, current, changed)
                self._judge.accept()
                self._generated.accept()
                revision, published = self._snapshot.revision, True
        text = write_patch(asserted).decode()
        return WriteOutcome(
            revision=revision,
            published=published,
            added=len(asserted.added),
            removed=len(asserted.removed),
            created=any(graph.value == request.graph for graph in asserted.created),
            difference=text[:LONGEST_DIFFERENCE],
            truncated=len(text) > LONGEST_DIFFERENCE,
            report=report_of(results),
            seconds=time.perf_counter() - started,
        )

    def _press(
        self, request: WriteRequest, current: Snapshot, changed: list[Difference]
    ) -> Snapshot:
        asserted, whole = changed[0], joined(changed)
        patch = write_patch(asserted, headers=[("previous", str(current.revision))])

        def fill(folder: Path) -> None:
            target = folder / current.quads.name
            write_copy(current.quads, target, whole, union=current.union)
            # copies, not links: a hold locks the manifest, each snapshot has its own
            copyfile(current.path / NAME, folder / NAME)
            if current.closure_shapes.exists():
                copyfile(current.closure_shapes, folder / CLOSURE_SHAPES_NAME)
            (folder / BASE_NAME).write_text(f'{{"revision": {current.base}}}\n')

        def commit(revision: int) -> None:
            change = Change(
                revision=revision,
                time=datetime.now(UTC).isoformat(timespec="milliseconds"),
                who=request.who,
                why=request.why,
                kind=request.kind,
                added=len(asserted.added),
                removed=len(asserted.removed),
                graphs=tuple(sorted(asserted.graphs)),
            )
            self._snapshots.log.append(change, base=current.base, patch=patch)

        return self._snapshots.publish(fill, digest=current.digest, commit=commit)

    def _follow(self) -> Snapshot:
        """Read the current revision, unless it is the one at hand."""
        current = self._snapshots.current()
        if self._snapshot is None or current != self._snapshot:
            self._snapshot = None
            self._working = WorkingCopy(current.quads, union=current.union)
            self._judge = Judge(
                self._working,
                closure_shapes=_subjects(current.closure_shapes),
                rules=self._rules,
            )
            self._generated = Generated(self._working, current.path)
            self._snapshot = current
        return self._snapshot

    def _require_revision(self, request: WriteRequest, current: Snapshot) -> None:
        if request.if_match is not None and current.revision not in request.if_match:
            wanted = ", ".join(map(str, sorted(request.if_match))) or "none"
            raise RevisionConflict(
                f"the dataset has revision {current.revision}, not {wanted}: read it anew",
                revision=current.revision,
            )


def _require_unforced(asserted: Difference, generated: frozenset[ox.NamedNode]) -> None:
    for name in asserted.graphs:
        if name and ox.NamedNode(name) in generated:
            raise ReadOnly(
                f"{shorten(name)} is generated and not written by hand: change the claims, "
                "entities or ontology that it follows from"
            )


def _require_ungoverning(asserted: Difference) -> None:
    for name in sorted(GOVERNING & set(asserted.graphs)):
        raise NotAllowed(
            f"writes are judged by {shorten(name)}: a token of scope admin may change it"
        )


def _subjects(file: Path) -> frozenset[Node]:
    if not file.exists():
        return frozenset()
    quads = ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)
    return frozenset(
        quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode | ox.BlankNode)
    )
