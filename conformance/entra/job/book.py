"""What came of tasks, written into the state of the job: links, escrows, counts, events."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final

from conformance.entra.job.escrows import after_failure, settled, staged
from conformance.entra.job.model import Counts, Escrow, Link, Pending
from conformance.entra.job.preparation import Preparation
from conformance.entra.job.references import ReferenceOutcome
from conformance.entra.job.standing import Standing
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Outcome, Seen, Task
from conformance.entra.log.model import Action, Event, Problem, Status
from conformance.entra.log.problems import stops_the_job

_COUNTED: Final = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.DISABLE: "disabled",
    Action.DELETE: "deleted",
}


@dataclass(slots=True)
class Book:
    """The record of one cycle. escrowing: failures are remembered, to be tried again; not on demand.

    seen: what came of objects whose references may follow. stopped_by: the problem that put an end to the cycle.
    """

    preparation: Preparation
    random: Random
    escrowing: bool = True
    cycle: str = ""
    tally: Counter[str] = field(default_factory=Counter)
    seen: dict[str, Seen] = field(default_factory=dict)
    stopped_by: Problem | None = None
    _escrowed: set[str] = field(default_factory=set)
    _changes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The cycle has an id."""
        self.cycle = self.cycle or self._guid()
        self._escrowed = self.state.escrowed()

    @property
    def state(self) -> State:
        """The memory of the job."""
        return self.preparation.state

    @property
    def counts(self) -> Counts:
        """What the cycle did so far."""
        return Counts(**self.tally)

    def handled(self, outcome: Outcome) -> Event:
        """The outcome of an object is in the state; its event is to be added to the log."""
        self._count(outcome)
        self._link(outcome)
        found = outcome.problem
        if outcome.failed and found is not None:
            found = self._failed(outcome, lambda before: before.pending if before else Pending(), reference=False)
        elif (before := self._escrow(outcome.task.source_id)) is not None and not before.reference:
            self._put(outcome.task.source_id, settled(before))
        if outcome.manager is not None or outcome.fresh:
            self.seen[outcome.task.source_id] = Seen(outcome.fresh, outcome.manager)
        return self._event(outcome, found)

    def referred(self, found: ReferenceOutcome) -> Event:
        """The outcome of references is in the state; its event is to be added to the log."""
        outcome, id = found.outcome, found.task.source_id
        self._count(outcome, reference=True)
        self.state.set_exported(id, added=found.added, removed=found.removed)
        told = outcome.problem
        if outcome.failed and told is not None:
            told = self._failed(outcome, lambda _: found.pending, reference=True)
        else:
            self.unreferred(id)
        return self._event(outcome, told)

    def unreferred(self, id: str) -> None:
        """No references of the object are left to do."""
        if (before := self._escrow(id)) is not None and before.pending:
            self._put(id, None if before.reference else replace(before, pending=Pending()))

    def nothing(self, id: str) -> None:
        """There is nothing to do with an object, and nothing to try again."""
        self._put(id, None)

    def stage(self, task: Task) -> Event:
        """A deletion waits until it is allowed; its event is to be added to the log (ACC)."""
        self.tally.update(imported=1, staged=1)
        before = self._escrow(task.source_id)
        self._put(task.source_id, staged(before, task.source_id, task.kind, self.preparation.now))
        outcome = Outcome(task, Action.STAGED_DELETE, Status.SKIPPED, list(task.steps), skip_reason="StagedDelete")
        outcome.target_id = task.link.target_id if task.link else ""
        return self._event(outcome, None)

    def _link(self, outcome: Outcome) -> None:
        """The link that stands from now on; a failure of a linked object leaves it as it is."""
        task = outcome.task
        if outcome.deleted:
            self.state.drop_link(task.source_id)
            self.state.forget_exported(task.source_id)
            return
        where = self.preparation.standings.get(task.source_id)
        if where is None or not outcome.target_id or (outcome.failed and task.link):
            return
        link = Link(
            task.source_id,
            task.kind,
            outcome.target_id,
            in_scope=where.in_scope and where.active,
            managed=where.in_scope,
            disabled=self._is_disabled(outcome, where),
        )
        if link != task.link:
            self.state.put_link(link)

    def _is_disabled(self, outcome: Outcome, where: Standing) -> bool:
        """Whether the target has it disabled: now, from before, or because it was provisioned so."""
        link = outcome.task.link
        stays = link is not None and link.disabled and outcome.task.decision.skipped
        return outcome.action is Action.DISABLE or stays or (outcome.fresh and where.soft_deleted)

    def _failed(self, outcome: Outcome, pending: Callable[[Escrow | None], Pending], *, reference: bool) -> Problem:
        """The problem as the log shows it; it is remembered, or puts an end to the cycle."""
        task, found = outcome.task, outcome.problem
        assert found is not None
        if stops_the_job(found):
            self.stopped_by = self.stopped_by or found
            return found
        if not self.escrowing:
            return found
        before = self._escrow(task.source_id)
        if reference and before is not None and not before.reference:
            self._put(task.source_id, replace(before, pending=pending(before)))
            return found
        escrow = after_failure(
            before,
            found,
            source_id=task.source_id,
            kind=task.kind,
            now=self.preparation.now,
            interval=self.preparation.application.settings.interval,
            reference=reference,
            pending=pending(before),
        )
        self._put(task.source_id, escrow)
        return replace(found, reason=f"{found.reason} {_retries(escrow)}")

    def _escrow(self, id: str) -> Escrow | None:
        return self.state.escrow(id) if id in self._escrowed else None

    def _put(self, id: str, escrow: Escrow | None) -> None:
        if not self.escrowing:
            return
        if escrow is not None:
            self.state.put_escrow(escrow)
            self._escrowed.add(id)
        elif id in self._escrowed:
            self.state.drop_escrow(id)
            self._escrowed.discard(id)

    def _count(self, outcome: Outcome, *, reference: bool = False) -> None:
        self.tally.update(requests=len(outcome.exchanges), writes=outcome.writes)
        if outcome.failed:
            self.tally["reference_failed" if reference else "failed"] += 1
        elif outcome.status is Status.SKIPPED:
            self.tally["skipped"] += not reference
            self.tally["unchanged"] += not reference and outcome.skip_reason == "RedundantExport"
        elif outcome.action in _COUNTED and not reference:
            self.tally[_COUNTED[outcome.action]] += 1
        self.tally["exported"] += outcome.writes > 0 and not outcome.failed
        if not reference:
            where = self.preparation.standings.get(outcome.task.source_id)
            self.tally.update(imported=1, entitled=int(where is not None and where.in_scope))

    def _event(self, outcome: Outcome, found: Problem | None) -> Event:
        task = outcome.task
        return Event(
            id=self._guid(),
            at=self.preparation.now,
            cycle=self.cycle,
            change=self._change(task.source_id),
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
            problem=found,
            exchanges=tuple(outcome.exchanges),
        )

    def _change(self, id: str) -> str:
        """The id of the change of an object: its event and that of its references have the same (LOGHOW)."""
        return self._changes.setdefault(id, self._guid())

    def _guid(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))


def _retries(escrow: Escrow) -> str:
    """What the log adds about retries."""
    moment = escrow.next_attempt.strftime("%Y-%m-%dT%H:%M:%SZ")
    times = "once" if escrow.attempts == 1 else f"{escrow.attempts} times"
    return f"It failed {times}; it is tried again after {moment}."
