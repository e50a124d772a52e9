"""Defects of how the operations of a job are carried out: where it ends, in which order, and with which references."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mock_samanage.scim import bulk as messages
from mock_samanage.scim.bulk import BulkOperation
from mock_samanage.scim.errors import Conflict, InvalidValue, ScimError
from mock_samanage.tenant import bulk
from mock_samanage.tenant.bulk import BulkJob, Outcome
from mock_samanage.tenant.bulk_steps import Step
from mock_samanage.tenant.directory import Directory
from tests.mutants.answers import Json
from tests.mutants.mutant import Defect, mutant


class _Fault(Conflict):
    """What a server says that fell over an operation."""

    status = 500


def _before(defect: Defect, prepare: Callable[[BulkJob], None]) -> None:
    """Does something to a job before it runs."""

    def run(self: BulkJob) -> list[Outcome]:
        prepare(self)
        outcomes: list[Outcome] = old(self)
        return outcomes

    old = defect.replace(BulkJob, "run", run)


def _data(defect: Defect, change: Callable[[BulkJob, Json], Json]) -> None:
    """Changes the data of each operation before it is carried out."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        sent = step.operation
        if sent.data is not None:
            sent = BulkOperation(sent.method, sent.path, sent.bulk_id, change(self, sent.data), sent.version)
        outcome: Outcome = old(self, Step(sent, step.target, step.wrong, step.needs))
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(clauses=("7644-3.7-15",), trips=())
def the_first_failure_ends_every_job(defect: Defect) -> None:
    """A job without failOnErrors ends with its first failure."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit or 1

    _before(defect, prepare)


@mutant(clauses=("7644-3.7-16", "7644-3.7-17"), trips=())
def a_job_ends_one_failure_too_late(defect: Defect) -> None:
    """A job tolerates as many failures as failOnErrors says, and ends with the next."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit and job._limit + 1

    _before(defect, prepare)


@mutant(clauses=("7644-3.7-17",), trips=(), only="limits above one")
def every_limit_is_one(defect: Defect) -> None:
    """A job with failOnErrors ends with its first failure, whatever the number is."""

    def prepare(job: BulkJob) -> None:
        job._limit = job._limit and 1

    _before(defect, prepare)


@mutant(clauses=("7644-3.7-16",), trips=(), only="what comes behind the limit")
def a_job_that_has_ended_goes_on_in_silence(defect: Defect) -> None:
    """The results end with the failure that failOnErrors names, and the operations behind it are done."""

    def run(self: BulkJob) -> list[Outcome]:
        limit, self._limit = self._limit, None
        shown: list[Outcome] = []
        for outcome in old(self):
            failures = sum(each.error is not None for each in shown)
            if limit is None or failures < limit:
                shown.append(outcome)
        return shown

    old = defect.replace(BulkJob, "run", run)


def _ordered(defect: Defect, rank: Callable[[Step], int]) -> None:
    """Carries the operations out in the order of a rank; their results keep their places."""

    def run(self: BulkJob) -> list[Outcome]:
        for at in sorted(range(len(self._steps)), key=lambda at: rank(self._steps[at])):
            self._waiting.append(at)
            self._settle()
        self._join()
        return [self._outcomes[at] for at in sorted(self._outcomes)]

    defect.replace(BulkJob, "run", run)


@mutant(clauses=("7644-3.7-19", "7644-3.7-21"), trips=(), only="DELETE")
def deletes_come_first(defect: Defect) -> None:
    """The DELETEs of a job are carried out before everything else."""
    _ordered(defect, lambda step: step.operation.method != "DELETE")


@mutant(clauses=("7644-3.7-21", "7644-3.7-19"), trips=(), only="PUT and PATCH")
def patches_come_before_replaces(defect: Defect) -> None:
    """The PATCHes of a job are carried out before its PUTs."""
    _ordered(defect, lambda step: {"POST": 0, "PATCH": 1, "PUT": 2, "DELETE": 3}.get(step.operation.method, 0))


@mutant(clauses=("7644-3.7-21",), trips=(), only="PATCHes of one resource")
def of_patches_of_one_resource_the_last_counts(defect: Defect) -> None:
    """Of the PATCHes of one resource in a job the last is carried out, the others are reported as done."""

    def attempt(self: BulkJob, step: Step) -> Outcome:
        same = [each for each in self._steps if each.operation.method == "PATCH" and each.target == step.target]
        if step.operation.method == "PATCH" and step.wrong is None and same[-1] is not step and step.target is not None:
            return Outcome(step.operation, 200, step.target.type, step.target.id)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_attempt", attempt)


@mutant(clauses=("7644-3.7-23",), trips=(), only="PATCHes that fail")
def a_failed_patch_in_a_job_is_half_done(defect: Defect) -> None:
    """A PATCH in a job does its operations one by one, so that those before the one that fails stay."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        sent = step.operation
        parts = (sent.data or {}).get("Operations")
        if sent.method != "PATCH" or not isinstance(parts, list) or len(parts) < 2:
            outcome: Outcome = old(self, step)
            return outcome
        for part in parts:
            data = {**(sent.data or {}), "Operations": [part]}
            one = BulkOperation(sent.method, sent.path, sent.bulk_id, data, None)
            outcome = old(self, Step(one, step.target, step.wrong, step.needs))
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(clauses=("7644-3.7.2-01",), trips=(), only="the second and later elements of a list")
def the_first_reference_of_a_list_is_replaced(defect: Defect) -> None:
    """Of the references in a list the first becomes an id, the others are left out."""

    def change(_job: BulkJob, data: Json) -> Json:
        kept = dict(data)
        for name, value in data.items():
            if isinstance(value, list):
                held = [at for at, item in enumerate(value) if messages.references(item)]
                kept[name] = [item for at, item in enumerate(value) if at not in held[1:]]
        return kept

    _data(defect, change)


@mutant(clauses=("7644-3.7.2-02",), trips=(), only="extensions")
def references_in_extensions_stay(defect: Defect) -> None:
    """A reference inside an extension is stored as it was sent."""

    def resolved(value: Any, find: Callable[[str], str], member: str = "") -> Any:
        if not isinstance(value, dict):
            return old(value, find, member)
        return {
            name: item if name.lower().startswith("urn:") else old(item, find, name.lower())
            for name, item in value.items()
        }

    old = defect.replace(bulk, "resolved", resolved)


@mutant(clauses=("7644-3.7.2-01",), trips=(), only="references behind each other")
def references_become_the_last_new_id(defect: Defect) -> None:
    """A reference becomes the id of the resource that was made last, whatever bulkId it names."""

    def find(self: BulkJob, name: str) -> str:
        old(self, name)
        return [*self._made.values()][-1]

    old = defect.replace(BulkJob, "_find", find)


@mutant(clauses=("7644-3.7-19",), trips=(), only="references to later operations")
def references_forward_are_left_out(defect: Defect) -> None:
    """An operation does not wait for what a later one creates; it is done without the reference."""

    def change(job: BulkJob, data: Json) -> Json:
        found: Json = messages.without(data, job._awaited - job._made.keys())
        return found

    defect.replace(BulkJob, "_must_wait", lambda _self, _step, _held: False)
    _data(defect, change)


@mutant(clauses=("7644-3.7.2-03",), trips=(), only="references in paths")
def a_reference_in_a_path_is_the_first_new_resource(defect: Defect) -> None:
    """A bulkId in a path stands for the first resource that the job made."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        target = step.target
        if target is not None and (target.id or "").startswith(messages.PREFIX) and self._made:
            first = next(iter(self._made.values()))
            step = Step(step.operation, type(target)(target.type, first), step.wrong, step.needs)
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(clauses=("7644-3.7.2-03",), trips=(), only="references in paths")
def a_reference_in_a_path_is_a_fault(defect: Defect) -> None:
    """A bulkId in a path makes the server fail."""

    def carried_out(self: BulkJob, step: Step) -> Outcome:
        if step.target is not None and (step.target.id or "").startswith(messages.PREFIX):
            raise _Fault("invalid literal for int().")
        outcome: Outcome = old(self, step)
        return outcome

    old = defect.replace(BulkJob, "_carried_out", carried_out)


@mutant(clauses=("7644-3.7.2-04",), trips=(), only="bulkIds that no operation has")
def references_to_nothing_are_left_out(defect: Defect) -> None:
    """A reference to a bulkId that no operation has is left out, and the operation succeeds."""

    def change(job: BulkJob, data: Json) -> Json:
        found: Json = messages.without(data, messages.references(data) - job._given)
        return found

    _data(defect, change)


@mutant(clauses=("7644-3.7.2-05",), trips=(), only="operations that failed")
def a_reference_to_a_failed_operation_is_another_resource(defect: Defect) -> None:
    """A reference to an operation that failed becomes the id of the resource made last."""

    def find(self: BulkJob, name: str) -> str:
        if name in self._given and name not in self._made and self._made:
            return [*self._made.values()][-1]
        found: str = old(self, name)
        return found

    old = defect.replace(BulkJob, "_find", find)


@mutant(clauses=("7644-3.7.1-01",), trips=(), only="circular references")
def a_circle_is_made_without_its_links(defect: Defect) -> None:
    """Resources that refer to each other are created, and the links between them are left out."""

    def create_together(
        self: Directory, firsts: Sequence[tuple[str, Json]], complete: Callable[[Sequence[str]], Sequence[Json]]
    ) -> Any:
        del complete
        return old(self, firsts, lambda _ids: [body for _, body in firsts])

    old = defect.replace(Directory, "create_together", create_together)


@mutant(clauses=("7644-3.7.1-01",), trips=(), only="the second resource of a circle")
def a_circle_is_linked_one_way(defect: Defect) -> None:
    """Of resources that refer to each other the first has its links."""

    def create_together(
        self: Directory, firsts: Sequence[tuple[str, Json]], complete: Callable[[Sequence[str]], Sequence[Json]]
    ) -> Any:
        return old(self, firsts, lambda ids: [*complete(ids)[:1], *[body for _, body in firsts[1:]]])

    old = defect.replace(Directory, "create_together", create_together)


@mutant(clauses=("7644-3.7.1-01", "7644-3.7.1-02"), trips=(), only="circular references")
def a_circle_is_a_fault(defect: Defect) -> None:
    """Resources that refer to each other make the server fail."""

    def of_all(_error: ScimError, _names: Sequence[str]) -> ScimError:
        return _Fault("maximum recursion depth exceeded.")

    def create_together(_self: Directory, _firsts: Any, _complete: Any) -> Any:
        raise InvalidValue("maximum recursion depth exceeded.")

    defect.replace(bulk, "_of_all", of_all)
    defect.replace(Directory, "create_together", create_together)
