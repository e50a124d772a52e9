"""One cycle: users, then groups, then references; everything, or what changed since the watermark (HOW)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from conformance.entra.directory.model import Change, Kind
from conformance.entra.job.book import Book
from conformance.entra.job.exports import Exporter
from conformance.entra.job.model import Counts
from conformance.entra.job.noted import Noted, note
from conformance.entra.job.reference_exports import ReferenceExporter
from conformance.entra.job.references import ReferenceOutcome, References, ReferenceTask
from conformance.entra.job.tasks import Outcome, Seen, Task, Wanted
from conformance.entra.job.work import Work, referring
from conformance.entra.job.workers import each
from conformance.entra.log.model import Event, Problem

TOGETHER: Final = 200
"""Outcomes written in one transaction."""
OnProgress = Callable[[str, int, int], None]
_Done = TypeVar("_Done", Outcome, ReferenceOutcome)
_Any = TypeVar("_Any", Outcome, ReferenceOutcome, Task)


@dataclass(slots=True)
class Cycle:
    """One cycle under way; `counts` and `stopped_by` are there once it has run.

    forced: no deletion is staged, and those that were are done. over: how many deletions were due, where that was more
    than the threshold.
    """

    book: Book
    exporter: Exporter
    references: ReferenceExporter
    work: Work
    forced: bool = False
    on_progress: OnProgress | None = None
    over: int = 0
    _done: int = 0
    _staged: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The id that its events have."""
        return self.book.cycle

    @property
    def counts(self) -> Counts:
        """What the cycle did so far."""
        return self.book.counts

    @property
    def stopped_by(self) -> Problem | None:
        """The problem that put an end to it, a bad credential for example."""
        return self.book.stopped_by

    def run(self) -> None:
        """The phases in order; it ends early when the job has to stop."""
        if not self.forced:
            self._staged = frozenset(one.source_id for one in self.book.state.staged())
            self.over = self._too_many()
        workers = self.book.preparation.application.settings.concurrency
        for kind, items in self.work.items.items():
            tasks = self._tasks(kind, items)
            self._keep(each(self.exporter.do, tasks, workers=workers), self.book.handled)
        for kind, wanted in self._referring().items():
            found = self._reference_tasks(kind, wanted)
            self._keep(each(self.references.do, found, workers=workers), self.book.referred)
        if self.stopped_by is None:
            note(self.book.state, self._noted(self.work.total))

    def _referring(self) -> Mapping[Kind, Mapping[str, Wanted]]:
        """The references that are looked at: also those to who came too late for them, where a switch says so."""
        preparation = self.book.preparation
        if preparation.dialect["late-references"] == "restart":
            return self.work.references
        return referring(preparation, [id for id, seen in self.book.seen.items() if seen.fresh], self.work)

    def _too_many(self) -> int:
        """How many deletions are due, if that is more than the threshold; counted before anything is sent (ACC).

        Those that are staged already count too.
        """
        preparation = self.book.preparation
        most = preparation.application.settings.deletions
        if most is None:
            return 0
        handled = {id: kind for kind, items in self.work.items.items() for id in items}
        due = self._staged - handled.keys()
        due |= {id for id, kind in handled.items() if preparation.decision(kind, id).counts_as_deletion}
        return len(due) if len(due) > most else 0

    def _tasks(self, kind: Kind, items: Mapping[str, Change | None]) -> Iterator[Task]:
        preparation = self.book.preparation
        for id, change in items.items():
            if self.stopped_by is not None:
                return
            self._tell(kind)
            with preparation.state.database.lock:
                task = preparation.task(kind, id, change)
            if task is None:
                self.book.nothing(id)
            elif task.decision.counts_as_deletion and (self.over or id in self._staged):
                self._write([task], self.book.stage)
            else:
                yield task

    def _tell(self, kind: Kind) -> None:
        self._done += 1
        if self.on_progress:
            self.on_progress(kind, self._done, self.work.total)

    def _reference_tasks(self, kind: Kind, wanted: Mapping[str, Wanted]) -> Iterator[ReferenceTask]:
        preparation, book = self.book.preparation, self.book
        if not any(one.reference for one in preparation.application.schema.objects[kind].attributes):
            return
        found = References(preparation.source, preparation.state, preparation.standings)
        for id, which in wanted.items():
            if self.stopped_by is not None:
                return
            with preparation.state.database.lock:
                task = found.task(kind, id, which, book.seen.get(id, Seen()))
                if task is None:
                    book.unreferred(id)
                    continue
            yield task

    def _keep(self, outcomes: Iterable[_Done | None], record: Callable[[_Done], Event]) -> None:
        """Outcomes are written as they come, many in one transaction; one that ends the cycle at once."""
        some: list[_Done] = []
        for outcome in outcomes:
            if outcome is None:
                continue
            some.append(outcome)
            if len(some) >= TOGETHER or self.exporter.stopped.is_set() or self.references.stopped.is_set():
                self._write(some, record)
                some = []
        self._write(some, record)

    def _write(self, some: Sequence[_Any], record: Callable[[_Any], Event]) -> None:
        """The events, what they change in the state, and how far the cycle is, all at once."""
        if some:
            state = self.book.state
            with state.database.transaction():
                state.add_events([record(one) for one in some])
                note(state, self._noted(self._done))

    def _noted(self, done: int) -> Noted:
        return Noted(self.id, self.work.kind, done, self.work.total, self.book.preparation.now)
