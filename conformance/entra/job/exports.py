"""Doing a task: matching, creating, updating, disabling, deleting one resource of the target."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any, Final

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind, Presence
from conformance.entra.directory.store import Source
from conformance.entra.job.decision import Todo
from conformance.entra.job.preparation import IMPORT_SKIPPED
from conformance.entra.job.sending import (
    INCOMPATIBLE,
    SEVERAL,
    Failed,
    failed,
    identified,
    read,
    resources,
    send,
    written,
)
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Outcome, Task
from conformance.entra.log.model import Action, ModifiedProperty, Status, Step, StepType
from conformance.entra.log.problems import of_answer, of_silence, problem, stops_the_job
from conformance.entra.mapping.checks import REQUIRED
from conformance.entra.values import Redacted, RoleFlow, Roles, Value
from conformance.entra.wire import groups, queries, users
from conformance.entra.wire.model import Answer, Channel, Difference, NoAnswer, Request
from conformance.entra.wire.reading import current, manager_of, same, text_of
from conformance.entra.wire.shapes import plain

_SHOWN: Final = ("IsActive", "Assigned", "IsInProvisioningScopeDisplayName")
"""What the portal shows beside the reason of a skip."""


class Claims:
    """Which source object a target resource belongs to; safe to share between threads.

    One that was unassigned, and then is gone for good, is not managed any more (HOW): its resource is free.
    """

    def __init__(self, state: State) -> None:
        self._state, self._taken = state, dict[tuple[Kind, str], str]()
        self._source = Source(state.database)
        self._lock = state.database.lock

    def claim(self, kind: Kind, target_id: str, source_id: str) -> bool:
        """Whether the resource belongs to this source object from now on; not if another one has it."""
        with self._lock:
            link = self._state.link_of_target(kind, target_id)
            if link and not link.managed and self._source.presence(link.source_id) is Presence.HARD_DELETED:
                link = None
            owner = self._taken.setdefault((kind, target_id), link.source_id if link else source_id)
        return owner == source_id


class Exporter:
    """Does tasks; one for all threads of a cycle. `stopped` is set when a problem puts an end to it."""

    def __init__(self, channel: Channel, dialect: Dialect, claims: Claims) -> None:
        self._channel, self._dialect, self._claims = channel, dialect, claims
        self.stopped = threading.Event()

    def do(self, task: Task) -> Outcome | None:
        """What came of the task, None where the cycle has ended; it never raises for what the target does."""
        if self.stopped.is_set():
            return None
        outcome = Outcome(task, steps=list(task.steps), target_id=task.link.target_id if task.link else "")
        try:
            if task.problem:
                failed(outcome, task.problem, StepType.PROCESSING)
            else:
                _Export(outcome, self._channel, self._dialect, self._claims).run()
        except Failed as failure:
            failed(outcome, failure.problem)
        except NoAnswer as silence:
            failed(outcome, of_silence(silence))
        if stops_the_job(outcome.problem):
            self.stopped.set()
        return outcome


class _Export:
    """One task on its way; steps and exchanges go into the outcome as they happen."""

    def __init__(self, outcome: Outcome, channel: Channel, dialect: Dialect, claims: Claims) -> None:
        self._outcome, self._task = outcome, outcome.task
        self._channel, self._dialect, self._claims = channel, dialect, claims

    def run(self) -> None:
        match self._task.decision.todo:
            case Todo.PROVISION:
                self._provision()
            case Todo.UPDATE:
                self._update(self._read(), self._task.updated)
            case Todo.DISABLE:
                self._disable()
            case Todo.DELETE:
                self._delete()
            case _:
                self._skip(self._task.decision.reason)

    def _provision(self) -> None:
        found, asked = self._match()
        if found is None:
            self._step("EntrySynchronizationAdd", StepType.MATCHING, "No resource matches.", details=asked)
            self._create()
            return
        self._step("EntrySynchronizationUpdate", StepType.MATCHING, f"Resource {found['id']} matches.", details=asked)
        self._link(found)
        self._update(found, self._task.updated)

    def _match(self) -> tuple[Mapping[str, Any] | None, Mapping[str, str]]:
        """The resource that matches, and what was asked for with how many hits; the first hit counts (MAP)."""
        asked: dict[str, str] = {}
        for target, value in self._task.matching.items():
            answer = self._send(queries.match(self._task.kind, target, value, self._dialect))
            told = f"The query for {target} {value!r}"
            found, total = resources(answer, told)
            self._without_members(found)
            asked[f"{target} eq {value!r}"] = str(total)
            if total > 1:
                raise Failed(problem("DuplicateTargetEntries", f"{told} has {total} hits."))
            if found:
                return found[0], asked
        return None, asked

    def _without_members(self, found: Iterable[Mapping[str, Any]]) -> None:
        if self._task.kind is Kind.GROUP and any(each.get("members") for each in found):
            raise Failed(problem(SEVERAL, "The target answered with members, which were excluded."))

    def _create(self) -> None:
        if not self._task.may_create:
            self._skip("AddNotEnabled")
            return
        self._outcome.action = Action.CREATE
        if self._task.created.get(needed := REQUIRED[self._task.kind]) is None:
            raise Failed(problem("MissingValues", f"{needed} has no value, and no resource is created without."))
        make = users.create_user if self._task.kind is Kind.USER else groups.create_group
        answer = self._send(make(self._task.created, self._dialect))
        if answer.status == 404:
            raise Failed(of_answer(answer, "Creating the resource"))
        written(answer, "Creating the resource")
        if not answer.json or not identified(answer.json):
            raise Failed(problem(INCOMPATIBLE, "The answer to the create holds no resource with an id."))
        self._link(answer.json)
        self._modified((target, None, value) for target, value in self._task.created.items() if value is not None)
        self._exported("EntryExportAdd", f"Resource {self._outcome.target_id} was created.")

    def _link(self, found: Mapping[str, Any]) -> None:
        target_id = identified(found)
        if not self._claims.claim(self._task.kind, target_id, self._task.source_id):
            raise Failed(problem("DuplicateSourceEntries", f"Resource {target_id} is linked to another source object."))
        self._outcome.target_id, self._outcome.fresh = target_id, True
        self._outcome.target_name = _name(found)

    def _read(self) -> Mapping[str, Any]:
        told = f"Reading resource {self._outcome.target_id}"
        found = read(self._send(queries.read(self._task.kind, self._outcome.target_id)), told)
        self._without_members([found])
        self._outcome.target_name = _name(found)
        return found

    def _update(self, found: Mapping[str, Any], wanted: Mapping[str, Value]) -> None:
        self._see_manager(found)
        if not self._task.may_update:
            self._skip("UpdateNotEnabled")
            return
        differences = self._differences(found, wanted)
        if not differences:
            self._skip("RedundantExport")
            return
        self._outcome.action = Action.UPDATE
        patch = users.patch_user if self._task.kind is Kind.USER else groups.patch_group
        self._write(patch(self._outcome.target_id, differences, self._dialect), "Updating the resource")
        self._modified((each.target, each.old, each.new) for each in differences)
        told = f"Resource {self._outcome.target_id} was updated: {', '.join(each.target for each in differences)}."
        self._exported("EntryExportUpdate", told)

    def _disable(self) -> None:
        """Only what follows IsSoftDeleted is sent; the resource is not read before (HOW)."""
        self._outcome.action = Action.DISABLE
        flowing = {target: value for target, value in self._task.updated.items() if value is not None}
        differences = [Difference(target, "", value) for target, value in flowing.items()]
        self._write(users.patch_user(self._outcome.target_id, differences, self._dialect), "Disabling the resource")
        self._modified((each.target, None, each.new) for each in differences)
        self._exported("EntryExportDisable", f"Resource {self._outcome.target_id} was disabled.")

    def _delete(self) -> None:
        self._outcome.action = Action.DELETE
        make = users.delete_user if self._task.kind is Kind.USER else groups.delete_group
        answer = self._send(make(self._outcome.target_id))
        if answer.status != 404:
            written(answer, "Deleting the resource")
        self._outcome.deleted = True
        self._exported("EntryExportDelete", f"Resource {self._outcome.target_id} was deleted.")

    def _differences(self, found: Mapping[str, Any], wanted: Mapping[str, Value]) -> list[Difference]:
        held = current(found, wanted)
        return [
            Difference(target, held[target], value)
            for target, value in wanted.items()
            if self._flows(value, held[target]) and not self._equal(target, held[target], value)
        ]

    def _flows(self, new: Value, old: Value) -> bool:
        """Values that are gone are not provisioned, unless the switch says so (MAP, KNOWN)."""
        return new is not None or (old is not None and self._dialect["clearing"] != "stays")

    def _equal(self, target: str, old: Value, new: Value) -> bool:
        if isinstance(new, Roles) and new.flow is RoleFlow.COMPLEX:  # these are only ever added
            held = set(plain(old) if isinstance(old, tuple) else [plain(old)])
            return all(role.value in held for role in new.roles)
        return same(old, new, case_exact=target in self._task.exact)

    def _see_manager(self, found: Mapping[str, Any]) -> None:
        if self._task.kind is Kind.USER:
            self._outcome.manager = manager_of(found)

    def _write(self, request: Request, what: str) -> None:
        written(self._send(request), what)

    def _send(self, request: Request) -> Answer:
        return send(self._channel, request, self._outcome)

    def _modified(self, found: Iterable[tuple[str, Value, Value]]) -> None:
        """What the log shows of the values; where the new one is hidden, so is the old one (FUNC, Redact)."""
        for name, old, new in found:
            hidden = old is not None and isinstance(new, Redacted)
            self._outcome.modified.append(ModifiedProperty(name, text_of(new if hidden else old), text_of(new)))

    def _skip(self, reason: str) -> None:
        self._outcome.status, self._outcome.skip_reason = Status.SKIPPED, reason
        self._outcome.problem = problem(IMPORT_SKIPPED) if reason == IMPORT_SKIPPED else None
        scope = next((step.details for step in self._task.steps if step.type is StepType.SCOPING), {})
        details = {"SkipReason": reason, **{name: scope[name] for name in _SHOWN if name in scope}}
        self._step(
            "EntrySynchronizationSkip", StepType.PROCESSING, f"Nothing was sent: {reason}.", Status.SKIPPED, details
        )

    def _exported(self, name: str, told: str) -> None:
        self._step(name, StepType.EXPORT, told, details={"ReportableIdentifier": self._task.reportable})

    def _step(
        self,
        name: str,
        kind: StepType,
        told: str,
        status: Status = Status.SUCCESS,
        details: Mapping[str, str] | None = None,
    ) -> None:
        self._outcome.steps.append(Step(name, kind, status, told, details or {}))


def _name(found: Mapping[str, Any]) -> str:
    return str(found.get("displayName") or found.get("userName") or "")
