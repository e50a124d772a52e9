"""Doing a task: matching, creating, updating, disabling, deleting one resource of the target."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from conformance.entra.dialect import Dialect
from conformance.entra.directory.model import Kind
from conformance.entra.job.decision import Todo
from conformance.entra.job.model import Link
from conformance.entra.job.state import State
from conformance.entra.job.tasks import Outcome, Task
from conformance.entra.log.model import Action, ModifiedProperty, Problem, Status, Step, StepType
from conformance.entra.log.problems import of_answer, of_silence, problem
from conformance.entra.values import RoleFlow, Roles, Value
from conformance.entra.wire import groups, queries, users
from conformance.entra.wire.model import Answer, Channel, Difference, NoAnswer, Request
from conformance.entra.wire.reading import current, manager_of, same, text_of
from conformance.entra.wire.shapes import plain


class Failed(Exception):
    """The object fails with a problem; raised inside of an export only."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.reason)
        self.problem = found


class Claims:
    """Which source object a target resource belongs to; safe to share between threads."""

    def __init__(self, state: State) -> None:
        self._state, self._taken = state, dict[tuple[Kind, str], str]()
        self._lock = state.database.lock

    def claim(self, kind: Kind, target_id: str, source_id: str) -> bool:
        """Whether the resource belongs to this source object from now on; not if another one has it."""
        with self._lock:
            link = self._state.link_of_target(kind, target_id)
            owner = self._taken.setdefault((kind, target_id), link.source_id if link else source_id)
        return owner == source_id


class Exporter:
    """Does tasks; one for all threads of a cycle."""

    def __init__(self, channel: Channel, dialect: Dialect, claims: Claims) -> None:
        self._channel, self._dialect, self._claims = channel, dialect, claims
        self.stopped = threading.Event()

    def do(self, task: Task) -> Outcome:
        """What came of the task; it never raises for what the target does."""
        outcome = Outcome(task, steps=list(task.steps), target_id=task.link.target_id if task.link else "")
        try:
            if task.problem:
                _failed(outcome, task.problem)
            else:
                _Export(outcome, self._channel, self._dialect, self._claims).run()
        except Failed as failure:
            _failed(outcome, failure.problem)
        except NoAnswer as silence:
            _failed(outcome, of_silence(silence))
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
        if not self._task.matching:
            raise Failed(problem("ImportSkipped"))
        resource = self._match()
        if resource is None:
            self._step("EntrySynchronizationAdd", StepType.MATCHING, "No resource matches; one is to be created.")
            self._create()
            return
        self._step("EntrySynchronizationUpdate", StepType.MATCHING, f"Resource {resource['id']} matches.")
        self._link(resource)
        self._update(resource, self._task.updated)

    def _match(self) -> Mapping[str, Any] | None:
        for target, value in self._task.matching.items():
            answer = self._send(queries.match(self._task.kind, target, value, self._dialect))
            found = _resources(answer, f"The query for {target} {value!r}")
            if self._task.kind is Kind.GROUP and any(each.get("members") for each in found):
                raise Failed(problem("SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"))
            if len(found) > 1:
                raise Failed(problem("DuplicateTargetEntries", f"{len(found)} resources have {target} {value!r}."))
            if found:
                return found[0]
        return None

    def _create(self) -> None:
        if not self._task.may_create:
            self._skip("AddNotEnabled")
            return
        make = users.create_user if self._task.kind is Kind.USER else groups.create_group
        self._outcome.action = Action.CREATE
        answer = self._send(make(self._task.created, self._dialect))
        if not answer.ok:
            raise Failed(of_answer(answer, "Creating the resource"))
        if not answer.json or not isinstance(answer.json.get("id"), str) or not answer.json["id"]:
            told = "The answer to the create holds no resource with an id."
            raise Failed(problem("SystemForCrossDomainIdentityManagementServiceIncompatible", told))
        self._link(answer.json, fresh=True)
        self._modified((target, None, value) for target, value in self._task.created.items() if value is not None)
        self._step("EntryExportAdd", StepType.EXPORT, f"Resource {self._outcome.target_id} was created.")

    def _link(self, resource: Mapping[str, Any], *, fresh: bool = False) -> None:
        target_id = str(resource["id"])
        if not self._claims.claim(self._task.kind, target_id, self._task.source_id):
            raise Failed(problem("DuplicateSourceEntries", f"Resource {target_id} is linked to another source object."))
        self._outcome.target_id, self._outcome.fresh = target_id, fresh
        self._outcome.target_name = str(resource.get("displayName") or resource.get("userName") or "")

    def _read(self) -> Mapping[str, Any]:
        assert self._task.link is not None
        answer = self._send(queries.read(self._task.kind, self._task.link.target_id))
        if answer.status == 404:
            raise Failed(problem("InvalidAnchor", f"Resource {self._task.link.target_id} is not there any more."))
        if not answer.ok:
            raise Failed(of_answer(answer, "Reading the resource"))
        if answer.json is None:
            raise Failed(problem("SystemForCrossDomainIdentityManagementServiceIncompatible"))
        return answer.json

    def _update(self, resource: Mapping[str, Any], wanted: Mapping[str, Value]) -> None:
        self._see_manager(resource)
        differences = self._differences(resource, wanted) if self._task.may_update else []
        if not differences:
            self._skip("RedundantExport")
            return
        self._outcome.action = Action.UPDATE
        patch = users.patch_user if self._task.kind is Kind.USER else groups.patch_group
        self._write(patch(self._outcome.target_id, differences, self._dialect), "Updating the resource")
        self._modified((each.target, each.old, each.new) for each in differences)
        told = f"Resource {self._outcome.target_id} was updated: {', '.join(each.target for each in differences)}."
        self._step("EntryExportUpdate", StepType.EXPORT, told)

    def _disable(self) -> None:
        """Only what follows IsSoftDeleted is sent; the resource is not read before (HOW)."""
        self._outcome.action = Action.DISABLE
        differences = [Difference(target, "", value) for target, value in self._task.updated.items()]
        self._write(users.patch_user(self._outcome.target_id, differences, self._dialect), "Disabling the resource")
        self._modified((each.target, None, each.new) for each in differences)
        self._step("EntryExportDisable", StepType.EXPORT, f"Resource {self._outcome.target_id} was disabled.")

    def _delete(self) -> None:
        self._outcome.action = Action.DELETE
        make = users.delete_user if self._task.kind is Kind.USER else groups.delete_group
        answer = self._send(make(self._outcome.target_id))
        if not answer.ok and answer.status != 404:
            raise Failed(of_answer(answer, "Deleting the resource"))
        self._outcome.deleted = True
        self._step("EntryExportDelete", StepType.EXPORT, f"Resource {self._outcome.target_id} was deleted.")

    def _differences(self, resource: Mapping[str, Any], wanted: Mapping[str, Value]) -> list[Difference]:
        found = current(resource, wanted)
        return [
            Difference(target, found[target], value)
            for target, value in wanted.items()
            if self._flows(value, found[target]) and not self._equal(target, found[target], value)
        ]

    def _flows(self, new: Value, old: Value) -> bool:
        """Values that are gone are not provisioned, unless the switch says so (MAP, KNOWN)."""
        return new is not None or (old is not None and self._dialect["clearing"] != "stays")

    def _equal(self, target: str, old: Value, new: Value) -> bool:
        if isinstance(new, Roles) and new.flow is RoleFlow.COMPLEX:  # these are only ever added
            held = set(plain(old) if isinstance(old, tuple) else [plain(old)])
            return all(role.value in held for role in new.roles)
        return same(old, new, case_exact=target in self._task.exact)

    def _see_manager(self, resource: Mapping[str, Any]) -> None:
        if self._task.kind is Kind.USER:
            self._outcome.manager = manager_of(resource)

    def _write(self, request: Request, what: str) -> None:
        answer = self._send(request)
        if answer.status == 404:
            raise Failed(problem("InvalidAnchor", f"Resource {self._outcome.target_id} is not there any more."))
        if not answer.ok:
            raise Failed(of_answer(answer, what))

    def _send(self, request: Request) -> Answer:
        return send(self._channel, request, self._outcome)

    def _modified(self, found: Any) -> None:
        self._outcome.modified += [ModifiedProperty(name, text_of(old), text_of(new)) for name, old, new in found]

    def _skip(self, reason: str) -> None:
        self._outcome.status, self._outcome.skip_reason = Status.SKIPPED, reason
        told = f"Nothing was sent: {reason}."
        self._step("EntrySynchronizationSkip", StepType.PROCESSING, told, Status.SKIPPED, {"SkipReason": reason})

    def _step(
        self,
        name: str,
        kind: StepType,
        told: str,
        status: Status = Status.SUCCESS,
        details: Mapping[str, str] | None = None,
    ) -> None:
        self._outcome.steps.append(Step(name, kind, status, told, details or {}))


def send(channel: Channel, request: Request, outcome: Outcome) -> Answer:
    """The answer; the exchange stands in the outcome, also when none came; raises NoAnswer."""
    try:
        answer = channel.send(request)
    except NoAnswer as silence:
        outcome.exchanges.append(
            {"method": request.method, "path": _shown(request), "status": None, "error": str(silence)}
        )
        raise
    outcome.duration_ms += answer.elapsed_ms
    outcome.exchanges.append({"method": request.method, "path": _shown(request), "status": answer.status})
    return answer


def _shown(request: Request) -> str:
    return request.path + (f"?{request.query}" if request.query else "")


def _resources(answer: Answer, what: str) -> list[Mapping[str, Any]]:
    """The resources of a list; anything but a list is no SCIM to the service, a 404 neither (GALTS)."""
    if not answer.ok and answer.status != 404:
        raise Failed(of_answer(answer, what))
    found = answer.json.get("Resources", []) if answer.json else None
    total = answer.json.get("totalResults") if answer.json else None
    if answer.status == 404 or not isinstance(found, list) or not isinstance(total, int):
        told = f"{what} was answered {answer.status} without a list: {answer.body[:200].decode('utf-8', 'replace')}"
        raise Failed(problem("SystemForCrossDomainIdentityManagementServiceIncompatible", told))
    return [each for each in found if isinstance(each, dict) and each.get("id")]


def _failed(outcome: Outcome, found: Problem) -> None:
    outcome.status, outcome.problem = Status.FAILURE, found
    outcome.steps.append(Step("EntryExport", StepType.EXPORT, Status.FAILURE, found.reason, {"ErrorCode": found.code}))


def link_of(outcome: Outcome) -> Link | None:
    """The link that stands after a task, None for none."""
    task = outcome.task
    if outcome.deleted or not outcome.target_id:
        return None
    before = task.link
    disabled = task.decision.todo is Todo.DISABLE and outcome.problem is None
    kept = before.disabled if before and (outcome.problem or task.decision.todo is Todo.SKIP) else False
    return Link(task.source_id, task.kind, outcome.target_id, disabled=disabled or kept)
