"""Writing references: managers, and members a batch at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.job.decision import Decision, Todo
from conformance.entra.job.references import Pair, ReferenceOutcome, ReferenceTask
from conformance.entra.job.sending import Failed, failed, send, written
from conformance.entra.job.tasks import Outcome, Task
from conformance.entra.log.model import Action, ModifiedProperty, Status, Step, StepType
from conformance.entra.log.problems import of_silence, problem, stops_the_job
from conformance.entra.wire import groups, manager, queries
from conformance.entra.wire.model import Channel, NoAnswer, Request

MANAGER: Final = "manager"
MEMBERS: Final = "members"
UNRESOLVED: Final = "ReferenceUnresolved"


@dataclass(frozen=True, slots=True)
class ReferenceExporter:
    """Writes references; one for all threads of a cycle. base: the tenant URL. batch: members in one request."""

    channel: Channel
    dialect: Dialect
    base: str = ""
    batch: int = groups.BATCH
    stopped: threading.Event = field(default_factory=threading.Event)

    def do(self, task: ReferenceTask) -> ReferenceOutcome | None:
        """What came of it, None where the cycle has ended; it never raises for what the target does."""
        if self.stopped.is_set():
            return None
        bare = Task(task.source_id, task.name, task.kind, Decision(Todo.UPDATE), task.link)
        found = ReferenceOutcome(task, Outcome(bare, Action.UPDATE, target_id=task.link.target_id))
        try:
            self._manager(task, found) if task.kind is Kind.USER else self._members(task, found)
            _finish(found)
        except Failed as failure:
            failed(found.outcome, failure.problem, StepType.REFERENCE)
        except NoAnswer as silence:
            failed(found.outcome, of_silence(silence), StepType.REFERENCE)
        if stops_the_job(found.outcome.problem):
            self.stopped.set()
        return found

    def _manager(self, task: ReferenceTask, found: ReferenceOutcome) -> None:
        if task.waiting:
            return
        wanted = task.manager.target_id if task.manager else None
        if wanted is None or not self._has(task, MANAGER, wanted, found):
            change = bool(task.had)
            request = manager.set_manager(task.link.target_id, wanted, self.dialect, base=self.base, change=change)
            self._write(request, "Setting the manager", found)
            found.outcome.modified.append(ModifiedProperty(MANAGER, task.had or None, wanted))

    def _members(self, task: ReferenceTask, found: ReferenceOutcome) -> None:
        for some in _batches(task.added, self.batch):
            new = [each for each in some if not self._has(task, MEMBERS, each.target_id, found)]
            ids = [each.target_id for each in new]
            for request in groups.add_members(task.link.target_id, ids, self.dialect, batch=self.batch):
                self._write(request, "Adding members", found)
            found.added += [each.source_id for each in some]
            found.outcome.modified += [ModifiedProperty(MEMBERS, None, each) for each in ids]
        for some in _batches(task.removed, self.batch):
            ids = [each.target_id for each in some]
            for request in groups.remove_members(task.link.target_id, ids, self.dialect, batch=self.batch):
                self._write(request, "Removing members", found)
            found.removed += [each.source_id for each in some]
            found.outcome.modified += [ModifiedProperty(MEMBERS, each, None) for each in ids]

    def _has(self, task: ReferenceTask, attribute: str, target_id: str, found: ReferenceOutcome) -> bool:
        """Whether the target says that the reference is there already, where it is asked at all."""
        if self.dialect["reference-check"] == "off":
            return False
        asked = queries.has_reference(task.kind, task.link.target_id, attribute, target_id, self.dialect)
        answer = send(self.channel, asked, found.outcome)
        return answer.ok and answer.json is not None and answer.json.get("totalResults") == 1

    def _write(self, request: Request, what: str, found: ReferenceOutcome) -> None:
        written(send(self.channel, request, found.outcome), what)


def _finish(found: ReferenceOutcome) -> None:
    """The last step: what was written, or who is not there yet."""
    outcome = found.outcome
    if waiting := found.task.waiting:
        told = f"{len(waiting)} of the referenced objects failed, and are not in the target yet: {', '.join(waiting)}."
        failed(outcome, problem(UNRESOLVED, told), StepType.REFERENCE)
        return
    if not outcome.modified:
        outcome.action, outcome.status, outcome.skip_reason = Action.OTHER, Status.SKIPPED, "RedundantExport"
    told = f"{len(outcome.modified)} references were written."
    outcome.steps.append(Step("EntryExportUpdate", StepType.REFERENCE, outcome.status, told))


def _batches(pairs: Sequence[Pair], size: int) -> Iterator[Sequence[Pair]]:
    return (pairs[at : at + size] for at in range(0, len(pairs), size))
