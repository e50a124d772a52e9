"""The operations of a bulk request, each carried out as the request it stands for (RFC 7644 section 3.7).

Operations run in the order they were sent. One that needs what a later operation creates runs as soon as that is
there, and those on the same resource wait behind it, so that nothing else changes places. New resources that
refer to each other are made in one transaction; every other operation has one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_samanage.scim.bulk import PREFIX, BulkOperation, BulkRequest, resolved, without
from mock_samanage.scim.cycles import components
from mock_samanage.scim.errors import Conflict, InvalidValue, ScimError, Unavailable
from mock_samanage.store import Busy
from mock_samanage.tenant.bulk_steps import Step, Target, step_of
from mock_samanage.tenant.directory import Directory
from mock_samanage.tenant.resource import Resource
from mock_samanage.tenant.versions import ALWAYS, Preconditions

_NOTHING: frozenset[str] = frozenset()
_OF_THE_CLIENT = frozenset({401, 403})
_BUSY = "Other writers hold the store; send this operation again in a second."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation: its status, the resource it was about, if there is one, and what went wrong.

    `version` is None where the operation failed or left no resource.
    """

    operation: BulkOperation
    status: int
    type: str | None = None
    id: str | None = None
    version: int | None = None
    error: ScimError | None = None


class BulkJob:
    """One bulk request while it runs; `admitted` gives the directory as the client may use it at that moment.

    Each operation asks anew, because one before it may have taken the client's right away.
    """

    def __init__(self, request: BulkRequest, admitted: Callable[[], Directory]) -> None:
        self._steps = [step_of(operation) for operation in request.operations]
        self._limit = request.fail_on_errors
        self._failures = 0
        self._admitted = admitted
        self._awaited = {step.makes for step in self._steps if step.makes is not None}
        self._given = {step.operation.bulk_id for step in self._steps if step.operation.method == "POST"}
        self._made: dict[str, str] = {}  # bulkId -> id
        self._waiting: list[int] = []
        self._outcomes: dict[int, Outcome] = {}

    def run(self) -> list[Outcome]:
        """The outcomes of all operations that were carried out, in the order they were sent."""
        for at in range(len(self._steps)):
            self._waiting.append(at)
            self._settle()
        self._join()
        return [self._outcomes[at] for at in sorted(self._outcomes)]

    @property
    def _stopped(self) -> bool:
        return self._limit is not None and self._failures >= self._limit

    def _settle(self) -> None:
        """Carries out what no longer waits for anything."""
        again = True
        while again:
            again, held = False, set[Target]()
            for at in tuple(self._waiting):
                if self._stopped:
                    return
                step = self._steps[at]
                if self._must_wait(step, held):
                    if step.target is not None and step.target.id is not None:
                        held.add(step.target)
                    continue
                self._waiting.remove(at)
                self._note(at, self._attempt(step))
                again = again or (step.makes is not None and bool(self._waiting))

    def _must_wait(self, step: Step, held: set[Target]) -> bool:
        return not step.needs.isdisjoint(self._awaited) or (bool(held) and step.target in held)

    def _join(self) -> None:
        """Makes the resources that wait for each other, and what waits for those."""
        makers = {name: at for at in self._waiting if (name := self._steps[at].makes) is not None}
        graph = {name: self._steps[at].needs & makers.keys() for name, at in makers.items()}
        for group in components(graph):
            together = sorted(makers[name] for name in group if makers[name] in self._waiting)
            if self._stopped:
                return
            if together:
                self._make_together(together)
                self._settle()

    def _note(self, at: int, outcome: Outcome) -> None:
        self._outcomes[at] = outcome
        self._failures += outcome.error is not None
        name = self._steps[at].makes
        if name is not None:
            self._awaited.discard(name)
            if outcome.error is None and outcome.id is not None:
                self._made[name] = outcome.id

    def _attempt(self, step: Step) -> Outcome:
        try:
            if step.wrong is not None:
                raise step.wrong
            return self._carried_out(step)
        except ScimError as error:
            return self._failure(step, error)
        except Busy:  # the outcomes of the operations before this one still reach the client
            return self._failure(step, Unavailable(_BUSY))

    def _failure(self, step: Step, error: ScimError) -> Outcome:
        target, operation = step.target, step.operation
        if operation.method == "POST" or target is None or target.id is None:
            return Outcome(operation, error.status, error=error)
        known = self._made.get(target.id.removeprefix(PREFIX)) if target.id.startswith(PREFIX) else target.id
        return Outcome(operation, error.status, target.type if known else None, known, error=error)

    def _carried_out(self, step: Step) -> Outcome:
        operation, target = step.operation, step.target
        assert target is not None
        data = resolved(operation.data, self._find)
        directory = self._admitted()
        if target.id is None:
            return _success(operation, 201, directory.create(target.type, data, wanted=_NOTHING))
        id_ = resolved(target.id, self._find)
        match = ALWAYS if operation.version is None else Preconditions(if_match=operation.version)
        if operation.method == "DELETE":
            directory.delete(target.type, id_, match)
            return Outcome(operation, 204, target.type, id_)
        if operation.method == "PUT":
            return _success(operation, 200, directory.replace(target.type, id_, data, match, wanted=_NOTHING))
        changed = directory.patch(target.type, id_, data, match, wanted=_NOTHING)
        return _success(operation, 204 if target.type == "Group" else 200, changed)

    def _make_together(self, together: Sequence[int]) -> None:
        steps = [self._steps[at] for at in together]
        names = [step.operation.bulk_id or "" for step in steps]

        def find_in(made: Mapping[str, str]) -> Callable[[str], str]:
            return lambda name: made.get(name) or self._find(name)

        def complete(ids: Sequence[str]) -> list[dict[str, Any]]:
            find = find_in(dict(zip(names, ids, strict=True)))
            return [resolved(step.operation.data, find) for step in steps]

        self._waiting = [at for at in self._waiting if at not in together]
        try:
            firsts = [
                (step.target.type, resolved(without(step.operation.data or {}, names), self._find))
                for step in steps
                if step.target is not None
            ]
            made = self._admitted().create_together(firsts, complete)
        except ScimError as error:
            self._note_failures(together, _of_all(error, names))
            return
        except Busy:
            self._note_failures(together, Unavailable(_BUSY))
            return
        for at, step, resource in zip(together, steps, made, strict=True):
            self._note(at, _success(step.operation, 201, resource))

    def _note_failures(self, together: Iterable[int], error: ScimError) -> None:
        for at in together:
            self._note(at, self._failure(self._steps[at], error))

    def _find(self, name: str) -> str:
        """The id of the resource that a bulkId stands for."""
        found = self._made.get(name)
        if found is not None:
            return found
        if name in self._given:
            raise Conflict(f"{PREFIX}{name[:80]} stands for nothing, because the operation with that bulkId failed.")
        raise InvalidValue(f"{PREFIX}{name[:80]} stands for nothing; no POST of this request has that bulkId.")


def _success(operation: BulkOperation, status: int, resource: Resource) -> Outcome:
    return Outcome(operation, status, resource.type, resource.id, resource.version)


def _of_all(error: ScimError, names: Sequence[str]) -> ScimError:
    """What to tell of resources that could only be made together; a client that may not is told just that."""
    if len(names) == 1 or error.status in _OF_THE_CLIENT or isinstance(error, Unavailable):
        return error
    listed = ", ".join(names)[:200]
    return Conflict(f"The operations {listed} refer to each other and could not be made together: {error.detail}")
