"""One cycle: users, then groups, then references; everything, or what changed since the watermark (HOW)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Final, TypeVar

from conformance.entra.application.model import JobSettings
from conformance.entra.directory.model import Change, Kind
from conformance.entra.job.decision import Todo
from conformance.entra.job.escrows import STAGED, after_failure, staged
from conformance.entra.job.exports import Exporter, link_of
from conformance.entra.job.model import Counts, CycleKind, Link
from conformance.entra.job.preparation import Preparation
from conformance.entra.job.references import (
    ReferenceExporter,
    ReferenceOutcome,
    References,
    ReferenceTask,
    in_order,
    pending,
)
from conformance.entra.job.tasks import Outcome, Task
from conformance.entra.job.workers import each
from conformance.entra.log.model import Action, Event, Problem, Status
from conformance.entra.log.problems import problem, stops_the_job

TOGETHER: Final = 200
"""Outcomes written in one transaction."""
OnProgress = Callable[[str, int, int], None]
_COUNTED: Final = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.DISABLE: "disabled",
    Action.DELETE: "deleted",
}
_Done = TypeVar("_Done", Outcome, ReferenceOutcome)
_KINDS: Final = (Kind.USER, Kind.GROUP)


@dataclass(frozen=True, slots=True)
class Work:
    """What a cycle is about: per kind, source id -> its change, None for everything about it."""

    kind: CycleKind
    items: Mapping[Kind, Mapping[str, Change | None]]
    references: Mapping[Kind, Mapping[str, Change | None]]

    @property
    def total(self) -> int:
        """How many objects are handled."""
        return sum(map(len, self.items.values()))


def work_of(preparation: Preparation, *, forced: bool) -> Work:
    """Everything before the first watermark, else the changes and the failures that are due.

    forced: deletions that were staged are handled too.
    """
    source, state = preparation.source, preparation.state
    kinds = [kind for kind in _KINDS if preparation.application.schema.objects[kind].enabled]
    since = state.watermark
    items: dict[Kind, dict[str, Change | None]] = {kind: {} for kind in kinds}
    if since is None:
        for kind in kinds:
            linked_and_gone = [id for id in source.gone(kind) if state.link(id)]
            items[kind] = dict.fromkeys([*source.ids(kind), *linked_and_gone])
        return Work(CycleKind.INITIAL, items, items)
    for change in source.changes(since):
        if change.kind in items:
            items[change.kind][change.id] = change
    references = {kind: dict(found) for kind, found in items.items()}
    due = state.escrows(preparation.now)
    due += [one for one in state.escrows() if forced and one.code == STAGED]
    for escrow in due:
        if escrow.kind in items:
            references[escrow.kind][escrow.source_id] = None
            if not escrow.reference:
                items[escrow.kind][escrow.source_id] = None
    return Work(CycleKind.INCREMENTAL, items, references)


@dataclass(slots=True)
class Cycle:
    """One cycle under way; `counts` and `stopped_by` are there once it has run.

    stopped_by: the problem that put an end to it, a bad credential for example. over: how many deletions were due where
    that was more than the threshold.
    """

    preparation: Preparation
    exporter: Exporter
    references: ReferenceExporter
    work: Work
    now: datetime
    random: Random
    forced: bool = False
    on_progress: OnProgress | None = None
    id: str = ""
    tally: Counter[str] = field(default_factory=Counter)
    stopped_by: Problem | None = None
    over: int = 0
    _seen: dict[str, Outcome] = field(default_factory=dict)
    _done: int = 0

    def __post_init__(self) -> None:
        """The cycle has an id."""
        self.id = self.id or self._guid()

    @property
    def counts(self) -> Counts:
        """What the cycle did so far."""
        return Counts(**self.tally)

    def run(self) -> None:
        """The phases in order; it ends early when the job has to stop."""
        staging = self._too_many()
        for kind, items in self.work.items.items():
            tasks = self._tasks(kind, items, staging=staging)
            workers = self._settings.concurrency
            self._keep(each(self.exporter.do, tasks, workers=workers), self._apply)
        for kind, items in self.work.references.items():
            found = in_order(self._reference_tasks(kind, items))
            self._keep(each(self.references.do, found, workers=self._settings.concurrency), self._apply_references)

    @property
    def _settings(self) -> JobSettings:
        return self.preparation.application.settings

    def _too_many(self) -> bool:
        """Whether more deletions are due than the threshold allows; they are counted before anything is sent (ACC)."""
        most = self._settings.deletions
        if most is None or self.forced:
            return False
        tasks = (self.preparation.task(kind, id, None) for kind, items in self.work.items.items() for id in items)
        due = sum(task is not None and task.decision.counts_as_deletion for task in tasks)
        self.over = due if due > most else 0
        return bool(self.over)

    def _tasks(self, kind: Kind, items: Mapping[str, Change | None], *, staging: bool) -> Iterator[Task]:
        for id, change in items.items():
            if self.stopped_by is not None:
                return
            self._done += 1
            if self.on_progress:
                self.on_progress(kind, self._done, self.work.total)
            with self.preparation.state.database.lock:
                task = self.preparation.task(kind, id, change)
            if task is None:
                continue
            if staging and task.decision.counts_as_deletion:
                self._stage(task)
            else:
                yield task

    def _reference_tasks(self, kind: Kind, items: Mapping[str, Change | None]) -> Iterator[ReferenceTask | None]:
        found = References(self.preparation.source, self.preparation.state, self.preparation.dialect)
        mapping = self.preparation.application.schema.objects[kind]
        if not any(one.reference for one in mapping.attributes):
            return
        for id, change in items.items():
            if self.stopped_by is not None:
                return
            seen = self._seen.get(id)
            with self.preparation.state.database.lock:
                if kind is Kind.USER:
                    yield found.of_user(id, change, seen)
                else:
                    yield found.of_group(id, change, fresh=bool(seen and seen.fresh))

    def _keep(self, outcomes: Iterable[_Done], apply: Callable[[_Done], Event]) -> None:
        """Outcomes are written as they come, many in one transaction."""
        some: list[_Done] = []
        for outcome in outcomes:
            some.append(outcome)
            if len(some) >= TOGETHER:
                self._write(some, apply)
                some = []
        self._write(some, apply)

    def _write(self, some: Sequence[_Done], apply: Callable[[_Done], Event]) -> None:
        if some:
            with self.preparation.state.database.transaction():
                self.preparation.state.add_events([apply(outcome) for outcome in some])

    def _apply(self, outcome: Outcome) -> Event:
        task, state = outcome.task, self.preparation.state
        self._count(outcome)
        self._link(outcome)
        if outcome.problem is None:
            if not (escrow := state.escrow(task.source_id)) or not escrow.reference:
                state.drop_escrow(task.source_id)
        else:
            self._fail(task.source_id, task.kind, outcome.problem)
        if outcome.manager is not None or outcome.fresh:
            self._seen[task.source_id] = outcome
        return self._event(outcome)

    def _link(self, outcome: Outcome) -> None:
        task, state = outcome.task, self.preparation.state
        link = link_of(outcome)
        if link is None:
            if task.link is not None:
                state.drop_link(task.source_id)
                state.forget_exported(task.source_id)
            return
        where = self.preparation.standings.get(task.source_id)
        if where is None or (outcome.problem and task.link):
            return
        left = task.decision.todo is Todo.DISABLE and not where.in_scope
        managed = not left if task.decision.todo is not Todo.SKIP else (task.link.managed if task.link else True)
        state.put_link(
            Link(link.source_id, link.kind, link.target_id, where.in_scope and where.active, managed, link.disabled)
        )

    def _apply_references(self, found: ReferenceOutcome) -> Event:
        task, state = found.outcome.task, self.preparation.state
        self._count(found.outcome, reference=True)
        state.set_exported(task.source_id, added=found.added, removed=found.removed)
        reference: ReferenceTask = found.task
        if found.outcome.problem is not None:
            self._fail(task.source_id, task.kind, found.outcome.problem, reference=True, waiting=reference)
        elif reference.waiting:
            told = problem("ReferenceUnresolved", f"{len(reference.waiting)} referenced objects are not there yet.")
            self._fail(task.source_id, task.kind, told, reference=True, waiting=reference)
        elif (escrow := state.escrow(task.source_id)) and escrow.reference:
            state.drop_escrow(task.source_id)
        return self._event(found.outcome)

    def _fail(
        self, id: str, kind: Kind, found: Problem, *, reference: bool = False, waiting: ReferenceTask | None = None
    ) -> None:
        state = self.preparation.state
        if stops_the_job(found):
            self.stopped_by = self.stopped_by or found
            return
        before = state.escrow(id)
        if before and reference and not before.reference:
            return
        state.put_escrow(
            after_failure(
                before,
                found,
                source_id=id,
                kind=kind,
                now=self.now,
                interval=self._settings.interval,
                reference=reference,
                pending=pending(waiting) if waiting else None,
            )
        )

    def _stage(self, task: Task) -> None:
        self.tally.update(imported=1, staged=1)
        outcome = Outcome(task, Action.STAGED_DELETE, Status.SKIPPED, list(task.steps), skip_reason="StagedDelete")
        with self.preparation.state.database.transaction():
            self.preparation.state.put_escrow(staged(task.source_id, task.kind, self.now))
            self.preparation.state.add_events([self._event(outcome)])

    def _count(self, outcome: Outcome, *, reference: bool = False) -> None:
        self.tally.update(requests=len(outcome.exchanges), writes=outcome.writes)
        if outcome.problem is not None:
            self.tally["reference_failed" if reference else "failed"] += 1
        elif outcome.status is Status.SKIPPED:
            self.tally["skipped"] += 1
        elif outcome.action in _COUNTED and not reference:
            self.tally[_COUNTED[outcome.action]] += 1
        self.tally["exported"] += outcome.writes > 0 and outcome.problem is None
        if not reference:
            where = self.preparation.standings.get(outcome.task.source_id)
            self.tally.update(imported=1, entitled=int(where is not None and where.in_scope))

    def _event(self, outcome: Outcome) -> Event:
        task = outcome.task
        return Event(
            id=self._guid(),
            at=self.now,
            cycle=self.id,
            change=self._guid(),
            kind=task.kind,
            action=outcome.action,
            status=outcome.status,
            source_id=task.source_id,
            source_name=task.name,
            target_id=outcome.target_id,
            target_name=outcome.target_name,
            duration_ms=round(outcome.duration_ms),
            steps=tuple(outcome.steps),
            modified=tuple(outcome.modified),
            skip_reason=outcome.skip_reason,
            problem=outcome.problem,
            exchanges=tuple(outcome.exchanges),
        )

    def _guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
