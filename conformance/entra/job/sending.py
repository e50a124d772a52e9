"""Sending one request for an object: the exchange stands in its outcome, whatever comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from conformance.entra.job.tasks import Outcome
from conformance.entra.log.model import Action, Problem, Status, Step, StepType
from conformance.entra.log.problems import of_answer, problem
from conformance.entra.wire.model import Answer, Channel, NoAnswer, Request

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
SEVERAL = "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"


class Failed(Exception):
    """The object fails with a problem; raised inside of an export only."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.reason)
        self.problem = found


def send(channel: Channel, request: Request, outcome: Outcome) -> Answer:
    """The answer; the exchange stands in the outcome, also when none came; raises NoAnswer."""
    told = {"method": request.method, "path": request.path + (f"?{request.query}" if request.query else "")}
    try:
        answer = channel.send(request)
    except NoAnswer as silence:
        outcome.exchanges.append({**told, "status": None, "error": str(silence)})
        raise
    outcome.duration_ms += answer.elapsed_ms
    outcome.exchanges.append({**told, "status": answer.status})
    return answer


def failed(outcome: Outcome, found: Problem, kind: StepType | None = None) -> None:
    """The outcome is a failure with this problem, in a step of this kind, or of the one that it had come to."""
    outcome.status, outcome.problem = Status.FAILURE, found
    name = f"EntryExport{_WORDS[outcome.action]}"
    if kind is None and outcome.action is Action.OTHER:
        name, kind = f"EntrySynchronization{'Update' if outcome.task.link else 'Add'}", StepType.MATCHING
    details = {"ErrorCode": found.code}
    outcome.steps.append(Step(name, kind or StepType.EXPORT, Status.FAILURE, found.reason, details))


_WORDS: Final = {
    Action.CREATE: "Add",
    Action.UPDATE: "Update",
    Action.DISABLE: "Disable",
    Action.DELETE: "Delete",
    Action.STAGED_DELETE: "Delete",
    Action.OTHER: "",
}


def read(answer: Answer, what: str) -> Mapping[str, Any]:
    """The resource that was read; raises Failed, with InvalidAnchor where it is gone (MAP)."""
    if answer.status == 404:
        raise Failed(problem("InvalidAnchor", of_answer(answer, what).reason))
    if not answer.ok:
        raise Failed(of_answer(answer, what))
    return _resource(answer, what)


def written(answer: Answer, what: str) -> None:
    """Nothing happens for a success; raises Failed.

    A resource that is gone is InvalidAnchor (MAP). Where only the write is refused, it is one of the object, and the
    credential is good.
    """
    if answer.status == 404:
        raise Failed(problem("InvalidAnchor", of_answer(answer, what).reason))
    if answer.status == 403:
        raise Failed(problem("NotPermitted", of_answer(answer, what).reason))
    if not answer.ok:
        raise Failed(of_answer(answer, what))


def _resource(answer: Answer, what: str) -> Mapping[str, Any]:
    """The one resource of an answer; raises Failed for what is none, or more than was asked for (LOGHOW)."""
    if answer.json is None:
        raise Failed(problem(INCOMPATIBLE, f"{what} was answered {answer.status} without a resource: {_shown(answer)}"))
    if isinstance(answer.json.get("Resources"), list):
        raise Failed(problem(SEVERAL, f"{what} was answered with a list."))
    return answer.json


def resources(answer: Answer, what: str) -> tuple[list[Mapping[str, Any]], int]:
    """The resources of a list and how many there are; anything but a list is no SCIM to the service.

    Raises Failed; a 404 is not accepted for no hits (GALTS), nor is a resource without an id (SCIM).
    """
    if not answer.ok and answer.status != 404:
        raise Failed(of_answer(answer, what))
    body = answer.json or {}
    found, total = body.get("Resources", []), body.get("totalResults")
    if answer.status == 404 or not isinstance(found, list) or not isinstance(total, int):
        raise Failed(problem(INCOMPATIBLE, f"{what} was answered {answer.status} without a list: {_shown(answer)}"))
    if not all(isinstance(each, dict) and identified(each) for each in found) or bool(total) is not bool(found):
        raise Failed(problem(INCOMPATIBLE, f"{what} was answered with {total} hits, and not a resource for each."))
    return found, max(total, len(found))


def identified(found: Mapping[str, Any]) -> str:
    """The id of a resource, "" where it has none."""
    id = found.get("id")
    return str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""


def _shown(answer: Answer) -> str:
    return answer.body[:200].decode("utf-8", "replace")
